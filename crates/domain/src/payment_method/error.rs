//! What can go wrong with a payment method.

use crate::secret::SecretError;
use crate::storage::StorageError;

/// Why a use case on payment methods failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaymentMethodError {
    /// The merchant has no such customer, or one that is deleted or anonymized.
    #[error("there is no such customer")]
    CustomerNotFound,
    /// The token stands for a card of another of the merchant's customers.
    #[error("the token belongs to another customer")]
    TokenTaken,
    /// The token could not be sealed.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
