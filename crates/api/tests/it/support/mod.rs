//! What every black-box test starts from.

mod outbox;
mod post;
mod server;

pub(crate) use post::Sent;
pub(crate) use server::{Server, ServerOptions};
