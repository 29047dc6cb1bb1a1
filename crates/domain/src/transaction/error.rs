//! What can go wrong with a transaction.

use crate::storage::StorageError;

/// Why a use case on transactions failed (OL 4.6). Nothing was stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransactionError {
    /// Another transaction of the merchant has this document number.
    #[error("the document number is taken")]
    DocumentTaken,
    /// The merchant takes no returns.
    #[error("returns are not taken")]
    ReturnsOff,
    /// The transaction that is named does not exist.
    #[error("there is no such transaction")]
    NotFound,
    /// What is returned is a return itself.
    #[error("a return revises a sale")]
    WrongType,
    /// What is returned was bought by somebody else.
    #[error("the sale belongs to another customer")]
    WrongOwner,
    /// The transaction has a customer already.
    #[error("the transaction has a customer")]
    Assigned,
    /// There is no such customer, or nobody of that name any more.
    #[error("there is no such customer")]
    UnknownCustomer,
    /// The merchant has no such point of sale.
    #[error("there is no such point of sale")]
    UnknownPointOfSale,
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
