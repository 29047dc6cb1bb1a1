//! What sellers need from storage.

use async_trait::async_trait;

use super::model::Seller;
use super::service::SellerError;
use crate::id::{MerchantId, SellerId};
use crate::storage::StorageError;

/// Storage of sellers.
#[async_trait]
pub trait SellerRepository: Send {
    /// Stores a new seller.
    async fn insert(&mut self, seller: &Seller) -> Result<(), SellerError>;

    /// The seller with an id, removed ones included.
    async fn find(
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
}
