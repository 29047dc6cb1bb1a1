//! What can go wrong with a seller.

use crate::storage::StorageError;

/// Why a use case on sellers failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SellerError {
    /// The merchant has no such seller, or none that may still be changed.
    #[error("there is no such seller")]
    NotFound,
    /// Another seller of the merchant logs in by this e-mail address.
    #[error("the e-mail address is taken")]
    EmailTaken,
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
