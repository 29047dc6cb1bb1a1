#![doc = include_str!("../README.md")]

mod outbox;
mod settings;
mod sms;
mod smtp;

pub use outbox::{Outbox, Sent};
pub use settings::{BodyFormat, InvalidSettings, Security, SmsSettings, SmtpSettings};
pub use sms::SmsGateway;
pub use smtp::Smtp;
