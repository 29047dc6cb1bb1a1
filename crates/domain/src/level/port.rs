//! What levels need from storage.

use async_trait::async_trait;

use super::model::Level;
use crate::id::MerchantId;
use crate::storage::StorageError;

/// Storage of levels.
#[async_trait]
pub trait LevelRepository: Send {
    /// Stores a new level.
    async fn insert(&mut self, level: &Level) -> Result<(), StorageError>;

    /// All levels of a merchant, by condition.
    async fn list(&mut self, merchant: MerchantId) -> Result<Vec<Level>, StorageError>;
}
