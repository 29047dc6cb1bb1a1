//! What levels need from storage.

use async_trait::async_trait;

use super::model::Level;
use crate::id::{LevelId, MerchantId};
use crate::storage::StorageError;

/// Storage of levels.
#[async_trait]
pub trait LevelRepository: Send {
    /// Stores a new level.
    async fn insert(&mut self, level: &Level) -> Result<(), StorageError>;

    /// All levels of a merchant, by condition.
    async fn list(&mut self, merchant: MerchantId) -> Result<Vec<Level>, StorageError>;

    /// The level with an id, kept from other changes until the unit of work ends.
    async fn find_to_change(
        &mut self,
        merchant: MerchantId,
        id: LevelId,
    ) -> Result<Option<Level>, StorageError>;

    /// Stores what became of a level; one that is not there any more stays away.
    async fn update(&mut self, level: &Level) -> Result<(), StorageError>;

    /// Removes a level.
    async fn delete(&mut self, merchant: MerchantId, id: LevelId) -> Result<(), StorageError>;
}
