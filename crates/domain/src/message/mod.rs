//! Messages to people: what is to be sent to whom, kept until it was.

mod model;
mod port;

pub use model::{InvalidContent, Message, MessageContent, MessageKind};
pub use port::MessageRepository;
