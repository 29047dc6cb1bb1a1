//! What can go wrong with a point of sale.

use crate::storage::StorageError;

/// Why a use case on points of sale failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PointOfSaleError {
    /// The merchant has no such point of sale.
    #[error("there is no such point of sale")]
    NotFound,
    /// Another one of the merchant is called so by tills.
    #[error("the identifier is taken")]
    IdentifierTaken,
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
