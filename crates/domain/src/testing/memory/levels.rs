//! Levels.

use async_trait::async_trait;

use super::session::MemorySession;
use super::state::State;
use crate::id::{LevelId, MerchantId};
use crate::level::{Level, LevelRepository};
use crate::storage::StorageError;

#[async_trait]
impl LevelRepository for MemorySession {
    async fn insert(&mut self, level: &Level) -> Result<(), StorageError> {
        self.write(|state| state.levels.push(level.clone())).await;
        Ok(())
    }

    async fn list(&mut self, merchant: MerchantId) -> Result<Vec<Level>, StorageError> {
        let list = |state: &State| {
            let own = state.levels.iter().filter(|level| level.merchant == merchant);
            let mut levels: Vec<_> = own.cloned().collect();
            levels.sort_by_key(|level| (level.condition, level.created_at, level.id));
            levels
        };
        Ok(self.read(list).await)
    }

    async fn find_to_change(
        &mut self,
        merchant: MerchantId,
        id: LevelId,
    ) -> Result<Option<Level>, StorageError> {
        let is_meant = |level: &&Level| (level.merchant, level.id) == (merchant, id);
        Ok(self.read(|state| state.levels.iter().find(is_meant).cloned()).await)
    }

    async fn update(&mut self, level: &Level) -> Result<(), StorageError> {
        let update = |state: &mut State| {
            let is_meant = |old: &&mut Level| (old.merchant, old.id) == (level.merchant, level.id);
            if let Some(old) = state.levels.iter_mut().find(is_meant) {
                *old = level.clone();
            }
        };
        self.write(update).await;
        Ok(())
    }

    async fn delete(&mut self, merchant: MerchantId, id: LevelId) -> Result<(), StorageError> {
        let others = |level: &Level| (level.merchant, level.id) != (merchant, id);
        self.write(|state| state.levels.retain(others)).await;
        Ok(())
    }
}
