#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod guard;
mod names;
mod sender;
mod sign;

pub use guard::is_public;
pub use sender::{HttpSender, InvalidSettings, SenderSettings};
pub use sign::{signature, standard_signature};
