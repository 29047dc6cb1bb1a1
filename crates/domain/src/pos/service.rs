//! Everything one may do with points of sale.

use super::model::PointOfSale;
use crate::id::{MerchantId, PointOfSaleId};
use crate::storage::{Storage, StorageError};

/// A merchant's points of sale.
#[derive(Clone, Debug)]
pub struct PointsOfSale {
    storage: Storage,
}

impl PointsOfSale {
    /// The service on a storage.
    pub fn new(storage: Storage) -> Self {
        Self { storage }
    }

    /// Adds a point of sale.
    pub async fn add(&self, pos: &PointOfSale) -> Result<(), StorageError> {
        self.storage.session().await?.points_of_sale().insert(pos).await
    }

    /// Those of the given ids that exist. Asks nothing of storage when no id is given.
    pub async fn find_many(
        &self,
        merchant: MerchantId,
        ids: &[PointOfSaleId],
    ) -> Result<Vec<PointOfSale>, StorageError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        self.storage.session().await?.points_of_sale().find_many(merchant, ids).await
    }
}
