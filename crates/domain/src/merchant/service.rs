//! Everything one may do with merchants.

use super::application::{Application, ApplicationName};
use super::model::{Merchant, MerchantName};
use crate::id::{ApplicationId, MerchantId};
use crate::network::AddressList;
use crate::storage::{Storage, StorageError};

/// Why a use case on merchants failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MerchantError {
    /// Another merchant or application has the name.
    #[error("the name is taken")]
    NameTaken,
    /// The merchant has no such application, or one that shows no key.
    #[error("there is no such key")]
    NoSuchKey,
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Merchants and their applications.
#[derive(Clone, Debug)]
pub struct Merchants {
    storage: Storage,
}

impl Merchants {
    /// The service on a storage.
    pub fn new(storage: Storage) -> Self {
        Self { storage }
    }

    /// Adds a merchant.
    pub async fn add(&self, merchant: &Merchant) -> Result<(), MerchantError> {
        self.storage.atomically(async |unit| unit.merchants().insert(merchant).await).await
    }

    /// Changes everything about a merchant but its id, its names and when it joined.
    pub async fn update(&self, merchant: &Merchant) -> Result<(), StorageError> {
        self.storage.session().await?.merchants().update(merchant).await
    }

    /// Adds an application.
    pub async fn add_application(&self, application: &Application) -> Result<(), MerchantError> {
        self.storage
            .atomically(async |unit| unit.merchants().insert_application(application).await)
            .await
    }

    /// Lets the API key of an application be shown from these addresses only, or from anywhere again. Processes that
    /// remember the application go on as before until they forget it.
    pub async fn restrict_key(
        &self,
        merchant: MerchantId,
        id: ApplicationId,
        addresses: Option<&AddressList>,
    ) -> Result<(), MerchantError> {
        let mut session = self.storage.session().await?;
        let restricted = session.merchants().restrict_key(merchant, id, addresses).await?;
        if restricted { Ok(()) } else { Err(MerchantError::NoSuchKey) }
    }

    /// The merchant with an id.
    pub async fn find(&self, id: MerchantId) -> Result<Option<Merchant>, StorageError> {
        self.storage.session().await?.merchants().find(id).await
    }

    /// The merchant that a name means.
    pub async fn find_by_name(
        &self,
        name: &MerchantName,
    ) -> Result<Option<Merchant>, StorageError> {
        self.storage.session().await?.merchants().find_by_name(name).await
    }

    /// The application of a merchant.
    pub async fn find_application(
        &self,
        merchant: MerchantId,
        id: ApplicationId,
    ) -> Result<Option<Application>, StorageError> {
        self.storage.session().await?.merchants().find_application(merchant, id).await
    }

    /// The application that a name means.
    pub async fn find_application_by_name(
        &self,
        name: &ApplicationName,
    ) -> Result<Option<Application>, StorageError> {
        self.storage.session().await?.merchants().find_application_by_name(name).await
    }
}
