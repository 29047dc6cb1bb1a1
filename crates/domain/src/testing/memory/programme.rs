//! Levels, points of sale and sellers.

use async_trait::async_trait;

use super::session::MemorySession;
use super::state::State;
use crate::id::{MerchantId, PointOfSaleId, SellerId};
use crate::level::{Level, LevelRepository};
use crate::pos::{PointOfSale, PointOfSaleRepository};
use crate::seller::{Seller, SellerError, SellerRepository};
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
            levels.sort_by_key(|level| (level.condition, level.id));
            levels
        };
        Ok(self.read(list).await)
    }
}

#[async_trait]
impl PointOfSaleRepository for MemorySession {
    async fn insert(&mut self, pos: &PointOfSale) -> Result<(), StorageError> {
        let insert = |state: &mut State| {
            let is_taken = |other: &PointOfSale| {
                other.merchant == pos.merchant && other.identifier == pos.identifier
            };
            if state.points_of_sale.iter().any(is_taken) {
                return Err(StorageError::Failed("the till's identifier is in use".to_owned()));
            }
            state.points_of_sale.push(pos.clone());
            Ok(())
        };
        self.write(insert).await
    }

    async fn find_many(
        &mut self,
        merchant: MerchantId,
        ids: &[PointOfSaleId],
    ) -> Result<Vec<PointOfSale>, StorageError> {
        let is_meant = |pos: &&PointOfSale| pos.merchant == merchant && ids.contains(&pos.id);
        let find = |state: &State| state.points_of_sale.iter().filter(is_meant).cloned().collect();
        Ok(self.read(find).await)
    }
}

#[async_trait]
impl SellerRepository for MemorySession {
    async fn insert(&mut self, seller: &Seller) -> Result<(), SellerError> {
        let insert = |state: &mut State| {
            let key = seller.email.key().unwrap_or_default();
            if seller.deleted_at.is_none() && state.seller_by_email(seller.merchant, &key).is_some()
            {
                return Err(SellerError::EmailTaken);
            }
            state.sellers.insert((seller.merchant, seller.id), seller.clone());
            Ok(())
        };
        self.write(insert).await
    }

    async fn find(
        &mut self,
        merchant: MerchantId,
        id: SellerId,
    ) -> Result<Option<Seller>, StorageError> {
        Ok(self.read(|state| state.sellers.get(&(merchant, id)).cloned()).await)
    }

    async fn find_by_email(
        &mut self,
        merchant: MerchantId,
        email_key: &str,
    ) -> Result<Option<Seller>, StorageError> {
        Ok(self.read(|state| state.seller_by_email(merchant, email_key).cloned()).await)
    }
}

impl State {
    /// The seller who logs in by an address: one who was not removed.
    fn seller_by_email(&self, merchant: MerchantId, key: &str) -> Option<&Seller> {
        self.sellers.values().find(|seller| {
            seller.merchant == merchant
                && seller.deleted_at.is_none()
                && seller.email.key().as_deref() == Some(key)
        })
    }
}
