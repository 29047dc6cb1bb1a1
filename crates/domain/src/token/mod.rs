//! Tokens: secrets handed out for one purpose, stored as fingerprints.

mod model;
mod port;
mod service;
#[cfg(test)]
mod tests;

pub use model::{Scopes, SigningKeyName, Succession, Token, TokenPurpose};
pub use port::TokenRepository;
pub use service::{NewToken, Renewal, TokenState, Tokens};
