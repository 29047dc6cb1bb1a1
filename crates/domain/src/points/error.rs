//! What can go wrong with points.

use super::booking::{NotCancelable, NotEnough};
use crate::storage::StorageError;

/// Why a use case on points failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PointsError {
    /// No such transfer.
    #[error("there is no such transfer")]
    NotFound,
    /// No such customer, or one who may not earn or may not spend (OL `customerStatusesEarning`,
    /// `customerStatusesSpending`).
    #[error("the customer is unknown or may not do this")]
    NotAllowed,
    /// Fewer points are available than are to be spent.
    #[error(transparent)]
    NotEnough(#[from] NotEnough),
    /// The transfer stays.
    #[error(transparent)]
    NotCancelable(#[from] NotCancelable),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
