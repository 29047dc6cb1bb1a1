//! What every black-box test starts from.

mod outbox;
mod server;

pub(crate) use server::{Server, ServerOptions};
