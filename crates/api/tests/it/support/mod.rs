//! What every black-box test starts from.

mod post;
mod server;

pub(crate) use post::Sent;
pub(crate) use server::{Server, ServerOptions};
