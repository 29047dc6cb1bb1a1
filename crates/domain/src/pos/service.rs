//! Everything one may do with points of sale.

use super::error::PointOfSaleError;
use super::model::PointOfSale;
use super::query::PointOfSaleQuery;
use crate::id::{MerchantId, PointOfSaleId};
use crate::page::Page;
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
    pub async fn add(&self, pos: &PointOfSale) -> Result<(), PointOfSaleError> {
        self.storage.session().await?.points_of_sale().insert(pos).await
    }

    /// Replaces what is known of a point of sale.
    pub async fn replace(&self, pos: &PointOfSale) -> Result<(), PointOfSaleError> {
        self.storage.session().await?.points_of_sale().update(pos).await
    }

    /// The point of sale with an id.
    pub async fn find(
        &self,
        merchant: MerchantId,
        id: PointOfSaleId,
    ) -> Result<PointOfSale, PointOfSaleError> {
        let found = self.find_many(merchant, &[id]).await?;
        found.into_iter().next().ok_or(PointOfSaleError::NotFound)
    }

    /// The point of sale that tills call so, letter for letter.
    pub async fn find_by_identifier(
        &self,
        merchant: MerchantId,
        identifier: &str,
    ) -> Result<PointOfSale, PointOfSaleError> {
        let mut session = self.storage.session().await?;
        let found = session.points_of_sale().find_by_identifier(merchant, identifier).await?;
        found.ok_or(PointOfSaleError::NotFound)
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

    /// One part of a list and the size of the whole.
    pub async fn page(
        &self,
        merchant: MerchantId,
        query: &PointOfSaleQuery,
    ) -> Result<Page<PointOfSale>, StorageError> {
        self.storage.session().await?.points_of_sale().page(merchant, query).await
    }
}
