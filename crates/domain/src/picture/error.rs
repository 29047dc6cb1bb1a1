//! What can go wrong with a picture.

use super::port::{CleaningError, ObjectError};
use crate::customer::CustomerError;
use crate::storage::StorageError;

/// Why a picture was not kept, shown or removed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// There is no such customer or level, or it has no picture.
    #[error("there is no such picture")]
    NotFound,
    /// More bytes than a picture may have.
    #[error("the picture has too many bytes")]
    TooLarge,
    /// No picture of a known format, or one that is broken or too large to be looked at.
    #[error("this is no picture")]
    NoPicture,
    /// Fewer pixels than asked for.
    #[error("the picture is too small")]
    TooSmall {
        /// Which way.
        side: Side,
        /// So many pixels.
        pixels: u32,
    },
    /// Too many pictures are looked at for the moment.
    #[error("too many pictures at once")]
    Overloaded,
    /// The object store failed.
    #[error(transparent)]
    Objects(#[from] ObjectError),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The customer could not be changed.
    #[error(transparent)]
    Customer(CustomerError),
}

/// A side of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// From left to right.
    Width,
    /// From top to bottom.
    Height,
}

impl From<CleaningError> for PictureError {
    fn from(error: CleaningError) -> Self {
        match error {
            CleaningError::NoPicture => Self::NoPicture,
            CleaningError::Overloaded => Self::Overloaded,
        }
    }
}

impl From<CustomerError> for PictureError {
    fn from(error: CustomerError) -> Self {
        match error {
            CustomerError::NotFound => Self::NotFound,
            CustomerError::Storage(error) => Self::Storage(error),
            other => Self::Customer(other),
        }
    }
}
