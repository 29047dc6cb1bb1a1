//! Everything one may do with sellers.

use super::model::Seller;
use crate::id::{MerchantId, SellerId};
use crate::storage::{Storage, StorageError};

/// Why a use case on sellers failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SellerError {
    /// Another seller of the merchant logs in by this e-mail address.
    #[error("the e-mail address is taken")]
    EmailTaken,
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A merchant's sellers.
#[derive(Clone, Debug)]
pub struct Sellers {
    storage: Storage,
}

impl Sellers {
    /// The service on a storage.
    pub fn new(storage: Storage) -> Self {
        Self { storage }
    }

    /// Adds a seller.
    pub async fn add(&self, seller: &Seller) -> Result<(), SellerError> {
        self.storage.session().await?.sellers().insert(seller).await
    }

    /// The seller with an id, removed ones included.
    pub async fn find(
        &self,
        merchant: MerchantId,
        id: SellerId,
    ) -> Result<Option<Seller>, StorageError> {
        self.storage.session().await?.sellers().find(merchant, id).await
    }
}
