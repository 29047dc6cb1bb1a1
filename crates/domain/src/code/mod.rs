//! Codes and links in messages: secrets for one use, one purpose, one account and one value (`domain.md` §8).

mod error;
mod limits;
mod mint;
mod model;
mod port;
mod service;

pub use error::CodeError;
pub use mint::{is_code, is_link};
pub use model::{CodePurpose, NewCode, Redeemed};
pub use port::{CodeRepository, Put};
pub use service::{Codes, Guess, Pace, ResetTarget};
