//! What points of sale need from storage.

use async_trait::async_trait;

use super::error::PointOfSaleError;
use super::model::PointOfSale;
use super::query::PointOfSaleQuery;
use crate::id::{MerchantId, PointOfSaleId};
use crate::page::Page;
use crate::storage::StorageError;

/// Storage of points of sale.
#[async_trait]
pub trait PointOfSaleRepository: Send {
    /// Stores a new point of sale.
    async fn insert(&mut self, pos: &PointOfSale) -> Result<(), PointOfSaleError>;

    /// Stores what became of a point of sale.
    async fn update(&mut self, pos: &PointOfSale) -> Result<(), PointOfSaleError>;

    /// Those of the given ids that exist.
    async fn find_many(
        &mut self,
        merchant: MerchantId,
        ids: &[PointOfSaleId],
    ) -> Result<Vec<PointOfSale>, StorageError>;

    /// The one that tills call so, letter for letter.
    async fn find_by_identifier(
        &mut self,
        merchant: MerchantId,
        identifier: &str,
    ) -> Result<Option<PointOfSale>, StorageError>;

    /// One part of a list and the size of the whole.
    async fn page(
        &mut self,
        merchant: MerchantId,
        query: &PointOfSaleQuery,
    ) -> Result<Page<PointOfSale>, StorageError>;
}
