//! What merchants need from storage.

use async_trait::async_trait;

use super::application::{Application, ApplicationName};
use super::model::{Merchant, MerchantName};
use super::service::MerchantError;
use crate::id::{ApplicationId, MerchantId};
use crate::network::AddressList;
use crate::storage::StorageError;

/// Storage of merchants and applications. Names are unique over all merchants. What is stored under names is stored in
/// a unit of work, so that a refusal leaves nothing.
#[async_trait]
pub trait MerchantRepository: Send {
    /// Stores a new merchant under all of its names.
    async fn insert(&mut self, merchant: &Merchant) -> Result<(), MerchantError>;

    /// Stores what may change about a merchant: everything but its id, its names and when it joined.
    async fn update(&mut self, merchant: &Merchant) -> Result<(), StorageError>;

    /// The merchant with an id.
    async fn find(&mut self, id: MerchantId) -> Result<Option<Merchant>, StorageError>;

    /// All merchants, for what is done for each of them.
    async fn list(&mut self) -> Result<Vec<Merchant>, StorageError>;

    /// The merchant that a name means.
    async fn find_by_name(&mut self, name: &MerchantName)
    -> Result<Option<Merchant>, StorageError>;

    /// Stores a new application under its name.
    async fn insert_application(&mut self, application: &Application) -> Result<(), MerchantError>;

    /// Stores where the API key of a merchant's application may be shown from; says whether there is one.
    async fn restrict_key(
        &mut self,
        merchant: MerchantId,
        id: ApplicationId,
        addresses: Option<&AddressList>,
    ) -> Result<bool, StorageError>;

    /// The application of a merchant.
    async fn find_application(
        &mut self,
        merchant: MerchantId,
        id: ApplicationId,
    ) -> Result<Option<Application>, StorageError>;

    /// The application that a name means.
    async fn find_application_by_name(
        &mut self,
        name: &ApplicationName,
    ) -> Result<Option<Application>, StorageError>;
}
