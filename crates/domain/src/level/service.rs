//! Everything one may do with levels.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::error::LevelError;
use super::ladder::Ladder;
use super::model::Level;
use super::terms::LevelTerms;
use crate::clock::{Clock, Entropy};
use crate::customer::Criterion;
use crate::id::{LevelId, MerchantId};
use crate::storage::{Storage, StorageError};

/// A merchant's levels. Changes move no customer: they count from each customer's next change on (OL 4.2).
#[derive(Clone)]
pub struct Levels {
    storage: Storage,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl fmt::Debug for Levels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Levels")
    }
}

impl Levels {
    /// The service on its ports.
    pub fn new(storage: Storage, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self { storage, clock, entropy }
    }

    /// Adds a level as it is.
    pub async fn add(&self, level: &Level) -> Result<(), StorageError> {
        self.storage.session().await?.levels().insert(level).await
    }

    /// All levels of a merchant, ready for the rules.
    pub async fn ladder(&self, merchant: MerchantId) -> Result<Ladder, StorageError> {
        self.storage.session().await?.levels().list(merchant).await.map(Ladder::new)
    }

    /// How many live customers are on each level; levels without any are left out.
    pub async fn customer_counts(
        &self,
        merchant: MerchantId,
    ) -> Result<BTreeMap<LevelId, u64>, StorageError> {
        self.storage.session().await?.customers().count_by_level(merchant).await
    }

    /// Makes a level.
    pub async fn create(
        &self,
        merchant: MerchantId,
        terms: LevelTerms,
    ) -> Result<LevelId, StorageError> {
        let now = self.clock.now();
        let blank = Level {
            merchant,
            id: LevelId::from(self.entropy.uuid()),
            condition: terms.condition,
            reward: terms.reward.clone(),
            special_rewards: Vec::new(),
            min_order: None,
            active: terms.active,
            texts: BTreeMap::new(),
            photo: None,
            created_at: now,
        };
        let level = terms.replace(&blank, now, &*self.entropy);
        self.add(&level).await?;
        Ok(level.id)
    }

    /// Replaces a level's terms.
    pub async fn replace(
        &self,
        merchant: MerchantId,
        id: LevelId,
        terms: LevelTerms,
    ) -> Result<(), LevelError> {
        let now = self.clock.now();
        self.change(merchant, id, |level| terms.replace(&level, now, &*self.entropy)).await
    }

    /// Says whether the rules may choose a level.
    pub async fn set_active(
        &self,
        merchant: MerchantId,
        id: LevelId,
        active: bool,
    ) -> Result<(), LevelError> {
        self.change(merchant, id, |level| Level { active, ..level }).await
    }

    /// Removes a level that no customer is on.
    pub async fn delete(&self, merchant: MerchantId, id: LevelId) -> Result<(), LevelError> {
        self.storage
            .atomically(async |unit| {
                let found = unit.levels().find_to_change(merchant, id).await?;
                let found = found.ok_or(LevelError::NotFound)?;
                if unit.customers().count(merchant, &[Criterion::Level(id)]).await? > 0 {
                    return Err(LevelError::InUse);
                }
                if let Some(photo) = found.photo {
                    unit.pictures().note_stray(merchant, &photo, self.clock.now()).await?;
                }
                Ok(unit.levels().delete(merchant, id).await?)
            })
            .await
    }

    async fn change(
        &self,
        merchant: MerchantId,
        id: LevelId,
        change: impl FnOnce(Level) -> Level,
    ) -> Result<(), LevelError> {
        self.storage
            .atomically(async |unit| {
                let found = unit.levels().find_to_change(merchant, id).await?;
                let level = change(found.ok_or(LevelError::NotFound)?);
                Ok(unit.levels().update(&level).await?)
            })
            .await
    }
}
