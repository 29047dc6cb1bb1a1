//! Everything one may do with sellers.

use std::fmt;
use std::sync::Arc;

use super::error::SellerError;
use super::model::{Seller, SellerTerms};
use super::query::SellerQuery;
use crate::access::Actor;
use crate::account::Password;
use crate::clock::{Clock, Entropy};
use crate::id::{MerchantId, SellerId};
use crate::page::Page;
use crate::secret::{Secret, SecretKeeper};
use crate::storage::{Storage, StorageError};
use crate::token::TokenPurpose;

/// A merchant's sellers.
#[derive(Clone)]
pub struct Sellers {
    storage: Storage,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    keeper: Arc<dyn SecretKeeper>,
}

impl fmt::Debug for Sellers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sellers")
    }
}

impl Sellers {
    /// The service on its ports.
    pub fn new(
        storage: Storage,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        keeper: Arc<dyn SecretKeeper>,
    ) -> Self {
        Self { storage, clock, entropy, keeper }
    }

    /// Adds a seller as it is.
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

    /// One part of a list of sellers who were not removed, and the size of the whole.
    pub async fn page(
        &self,
        merchant: MerchantId,
        query: &SellerQuery,
    ) -> Result<Page<Seller>, StorageError> {
        self.storage.session().await?.sellers().page(merchant, query).await
    }

    /// Makes a seller with a password, whose strength is nobody's business (OL 2.5).
    pub async fn register(
        &self,
        merchant: MerchantId,
        terms: SellerTerms,
        password: Secret<String>,
    ) -> Result<SellerId, SellerError> {
        let password = Password::chosen(&*self.keeper, password).await?;
        let id = SellerId::from(self.entropy.uuid());
        let seller = terms.settle(merchant, id);
        self.storage
            .atomically(async |unit| {
                unit.sellers().insert(&seller).await?;
                let actor = Actor::Seller(id);
                Ok::<_, SellerError>(
                    unit.accounts().set_password(merchant, actor, &password).await?,
                )
            })
            .await?;
        Ok(id)
    }

    /// Replaces what is known of a seller, and the password if one is given. A new password ends every session.
    pub async fn replace(
        &self,
        merchant: MerchantId,
        id: SellerId,
        terms: SellerTerms,
        password: Option<Secret<String>>,
    ) -> Result<(), SellerError> {
        let password = match password {
            Some(password) => Some(Password::chosen(&*self.keeper, password).await?),
            None => None,
        };
        self.change(merchant, id, password.as_ref(), |seller| terms.replace(&seller)).await
    }

    /// Says whether logins and tokens of a seller work.
    pub async fn set_active(
        &self,
        merchant: MerchantId,
        id: SellerId,
        active: bool,
    ) -> Result<(), SellerError> {
        self.change(merchant, id, None, |seller| Seller { active, ..seller }).await
    }

    /// Removes a seller for good: the record stays for the history, the e-mail address is free for a successor. Whoever
    /// was removed before stays so.
    pub async fn remove(&self, merchant: MerchantId, id: SellerId) -> Result<(), SellerError> {
        let now = self.clock.now();
        let removal = |seller| Seller { deleted_at: Some(now), ..seller };
        let removed = self.change(merchant, id, None, removal);
        match removed.await {
            Err(SellerError::NotFound) if self.find(merchant, id).await?.is_some() => Ok(()),
            outcome => outcome,
        }
    }

    /// Changes a seller who was not removed. Who is shut out or gets another password stays logged in nowhere.
    async fn change(
        &self,
        merchant: MerchantId,
        id: SellerId,
        password: Option<&Password>,
        change: impl FnOnce(Seller) -> Seller,
    ) -> Result<(), SellerError> {
        let actor = Actor::Seller(id);
        self.storage
            .atomically(async |unit| {
                let found = unit.sellers().find_to_change(merchant, id).await?;
                let found = found.filter(|seller| seller.deleted_at.is_none());
                let seller = change(found.ok_or(SellerError::NotFound)?);
                unit.sellers().update(&seller).await?;
                if let Some(password) = password {
                    unit.accounts().set_password(merchant, actor, password).await?;
                }
                if password.is_some() || !seller.active || seller.deleted_at.is_some() {
                    unit.tokens().revoke(merchant, actor, TokenPurpose::Refresh).await?;
                }
                Ok(())
            })
            .await
    }
}
