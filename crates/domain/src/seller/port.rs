//! What sellers need from storage.

use async_trait::async_trait;

use super::error::SellerError;
use super::model::Seller;
use super::query::SellerQuery;
use crate::id::{MerchantId, SellerId};
use crate::page::Page;
use crate::storage::StorageError;

/// Storage of sellers.
#[async_trait]
pub trait SellerRepository: Send {
    /// Stores a new seller.
    async fn insert(&mut self, seller: &Seller) -> Result<(), SellerError>;

    /// Stores what became of a seller.
    async fn update(&mut self, seller: &Seller) -> Result<(), SellerError>;

    /// The seller with an id, removed ones included.
    async fn find(
        &mut self,
        merchant: MerchantId,
        id: SellerId,
    ) -> Result<Option<Seller>, StorageError>;

    /// The same, kept from other changes until the unit of work ends.
    async fn find_to_change(
        &mut self,
        merchant: MerchantId,
        id: SellerId,
    ) -> Result<Option<Seller>, StorageError>;

    /// The seller who logs in by an e-mail address in its normal form; removed ones log in no more.
    async fn find_by_email(
        &mut self,
        merchant: MerchantId,
        email_key: &str,
    ) -> Result<Option<Seller>, StorageError>;

    /// One part of a list and the size of the whole.
    async fn page(
        &mut self,
        merchant: MerchantId,
        query: &SellerQuery,
    ) -> Result<Page<Seller>, StorageError>;
}
