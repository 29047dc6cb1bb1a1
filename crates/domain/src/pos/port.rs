//! What points of sale need from storage.

use async_trait::async_trait;

use super::model::PointOfSale;
use crate::id::{MerchantId, PointOfSaleId};
use crate::storage::StorageError;

/// Storage of points of sale.
#[async_trait]
pub trait PointOfSaleRepository: Send {
    /// Stores a new point of sale.
    async fn insert(&mut self, pos: &PointOfSale) -> Result<(), StorageError>;

    /// Those of the given ids that exist.
    async fn find_many(
        &mut self,
        merchant: MerchantId,
        ids: &[PointOfSaleId],
    ) -> Result<Vec<PointOfSale>, StorageError>;
}
