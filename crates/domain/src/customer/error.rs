//! What can go wrong with a customer.

use super::identifier::Identifier;
use super::metadata::TooManyEntries;
use super::port::WriteError;
use crate::storage::StorageError;

/// Why a use case on customers failed. Nothing was stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CustomerError {
    /// No live customer of this merchant is meant.
    #[error("no such customer")]
    NotFound,
    /// Other customers hold identifiers that the caller insists on; in the order of [`Identifier`]'s list.
    #[error("held by another customer: {0:?}")]
    Taken(Vec<Identifier>),
    /// The merchant has no level that a new customer may start from, and the caller's contract needs one (OL E10).
    #[error("no level to start from")]
    NoStartLevel,
    /// The level is unknown, or not active where it must be.
    #[error("no such level")]
    UnknownLevel,
    /// The level was not assigned by hand (OL E23).
    #[error("the level was not assigned by hand")]
    NoManualLevel,
    /// The point of sale is unknown.
    #[error("no such point of sale")]
    UnknownPointOfSale,
    /// The seller is unknown.
    #[error("no such seller")]
    UnknownSeller,
    /// A name and one way of contact must remain (KO 2.4).
    #[error("a first name and one contact are required")]
    Incomplete,
    /// Too many metadata entries (MO 2.1).
    #[error(transparent)]
    Metadata(#[from] TooManyEntries),
    /// The wallet's status was set by the operator of the service (KC 2.4).
    #[error("the wallet status is not the caller's to change")]
    WalletLocked,
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<WriteError> for CustomerError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Taken(identifier) => Self::Taken(vec![identifier]),
            WriteError::Stale => Self::NotFound,
            WriteError::Storage(error) => Self::Storage(error),
        }
    }
}
