//! Saved payment methods: masked cards with the tokens that stand for them in payments (MO 2.9).
//!
//! A customer who is deleted, anonymized or erased has none: storage takes them away in the same statement. The full
//! number of a card has no place here, not even in passing.

mod card;
mod error;
mod model;
mod port;
mod service;
#[cfg(test)]
mod tests;

pub use card::{
    CardToken, Expiry, InvalidCardToken, InvalidExpiry, InvalidMaskedNumber, MaskedNumber,
};
pub use error::PaymentMethodError;
pub use model::{KeptToken, NewPaymentMethod, PaymentMethod};
pub use port::PaymentMethodRepository;
pub use service::PaymentMethods;
