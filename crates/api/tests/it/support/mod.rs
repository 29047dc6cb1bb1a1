//! What every black-box test starts from.

mod server;

pub(crate) use server::{Server, ServerOptions};
