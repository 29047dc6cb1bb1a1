//! Messages to people: what is to be sent to whom, kept until it was.

mod address;
mod builtin;
mod links;
mod model;
mod owner;
mod port;
mod retry;
mod route;
mod service;
mod template;

pub use address::{MailAddress, NotAnAddress, TextNumber};
pub use links::Links;
pub use model::{Claim, InvalidContent, Message, MessageContent, MessageKind};
pub use port::{DeliveryError, Mail, Mailer, MessageRepository, TextMessage, Texter};
pub use retry::{ATTEMPTS, LEASE};
pub use route::Channel;
pub use service::{Delivery, Gateways, Messages, Outcome};
pub use template::{InvalidTemplate, Template, TemplateName};
