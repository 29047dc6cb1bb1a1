//! What can go wrong with a level.

use crate::storage::StorageError;

/// Why a use case on levels failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LevelError {
    /// The merchant has no such level.
    #[error("there is no such level")]
    NotFound,
    /// Customers are on it, so it cannot go.
    #[error("customers are on the level")]
    InUse,
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
