//! Everything one may do with levels.

use super::ladder::Ladder;
use super::model::Level;
use crate::id::MerchantId;
use crate::storage::{Storage, StorageError};

/// A merchant's levels.
#[derive(Clone, Debug)]
pub struct Levels {
    storage: Storage,
}

impl Levels {
    /// The service on a storage.
    pub fn new(storage: Storage) -> Self {
        Self { storage }
    }

    /// Adds a level.
    pub async fn add(&self, level: &Level) -> Result<(), StorageError> {
        self.storage.session().await?.levels().insert(level).await
    }

    /// All levels of a merchant, ready for the rules.
    pub async fn ladder(&self, merchant: MerchantId) -> Result<Ladder, StorageError> {
        self.storage.session().await?.levels().list(merchant).await.map(Ladder::new)
    }
}
