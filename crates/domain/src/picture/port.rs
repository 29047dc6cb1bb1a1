//! What pictures need from outside: a place for files, somebody who knows formats, and a memory of files that nobody
//! names.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::format::PictureFormat;
use super::path::PicturePath;
use crate::id::MerchantId;
use crate::storage::StorageError;

/// Names a file of a merchant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ObjectKey {
    /// Whose file.
    pub merchant: MerchantId,
    /// Where among the merchant's files.
    pub path: PicturePath,
}

/// Why the object store did not do as it was told. The text is for the log, never for a caller.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ObjectError {
    /// It has no room.
    #[error("the object store is full")]
    Full,
    /// It does not answer, or refuses.
    #[error("the object store is unavailable: {0}")]
    Unavailable(String),
}

/// A place for files.
#[async_trait]
pub trait ObjectStore: Send + Sync {
    /// Keeps a file. It is there as a whole or not at all, also when the machine stops in between.
    async fn put(&self, key: &ObjectKey, content: Vec<u8>) -> Result<(), ObjectError>;

    /// A file's content, if it is there.
    async fn get(&self, key: &ObjectKey) -> Result<Option<Vec<u8>>, ObjectError>;

    /// Removes a file; one that is not there is no error.
    async fn delete(&self, key: &ObjectKey) -> Result<(), ObjectError>;
}

/// A picture with nothing in it but the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CleanPicture {
    /// Its format.
    pub format: PictureFormat,
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
    /// The file.
    pub content: Vec<u8>,
}

/// Why there is no clean picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CleaningError {
    /// The file is no picture of a known format, is broken, or has too many pixels.
    #[error("no picture")]
    NoPicture,
    /// Too much to do for the moment.
    #[error("too many pictures at once")]
    Overloaded,
}

/// Somebody who knows the formats of pictures.
#[async_trait]
pub trait PictureCleaner: Send + Sync {
    /// Reads a file from somebody who may mean harm, and makes a new one that shows the same and tells nothing else:
    /// neither where the picture was taken nor what its sender wrote between the pixels. Bounded in time and memory
    /// whatever the file says; of an animation the first picture is left.
    async fn clean(&self, file: Vec<u8>) -> Result<CleanPicture, CleaningError>;
}

/// Memory of files that no row names.
#[async_trait]
pub trait PictureRepository: Send {
    /// Notes a file that may be removed from a moment on; a note of the same file is replaced.
    async fn note_stray(
        &mut self,
        merchant: MerchantId,
        path: &PicturePath,
        due_at: OffsetDateTime,
    ) -> Result<(), StorageError>;

    /// Takes a note back; says whether there was one.
    async fn take_stray(
        &mut self,
        merchant: MerchantId,
        path: &PicturePath,
    ) -> Result<bool, StorageError>;

    /// At most so many files of all merchants that may be removed at a moment, those first that may for longest.
    async fn list_strays(
        &mut self,
        at: OffsetDateTime,
        most: u32,
    ) -> Result<Vec<ObjectKey>, StorageError>;
}
