//! Merchants and their applications.

use async_trait::async_trait;

use super::session::MemorySession;
use super::state::State;
use crate::id::{ApplicationId, MerchantId};
use crate::merchant::{
    Application, ApplicationName, Credentials, Merchant, MerchantError, MerchantName,
    MerchantRepository,
};
use crate::network::AddressList;
use crate::storage::StorageError;

#[async_trait]
impl MerchantRepository for MemorySession {
    async fn insert(&mut self, merchant: &Merchant) -> Result<(), MerchantError> {
        let insert = |state: &mut State| {
            let is_taken = |other: &Merchant| {
                other.store_code == merchant.store_code
                    || other.company_id == merchant.company_id
                    || other.institution == merchant.institution
            };
            if state.merchants.values().any(is_taken) {
                return Err(MerchantError::NameTaken);
            }
            state.merchants.insert(merchant.id, merchant.clone());
            Ok(())
        };
        self.write(insert).await
    }

    async fn update(&mut self, merchant: &Merchant) -> Result<(), StorageError> {
        let update = |state: &mut State| {
            if let Some(known) = state.merchants.get_mut(&merchant.id) {
                *known = Merchant {
                    store_code: known.store_code.clone(),
                    company_id: known.company_id,
                    institution: known.institution.clone(),
                    created_at: known.created_at,
                    ..merchant.clone()
                };
            }
        };
        self.write(update).await;
        Ok(())
    }

    async fn find(&mut self, id: MerchantId) -> Result<Option<Merchant>, StorageError> {
        Ok(self.read(|state| state.merchants.get(&id).cloned()).await)
    }

    async fn list(&mut self) -> Result<Vec<Merchant>, StorageError> {
        Ok(self.read(|state| state.merchants.values().cloned().collect()).await)
    }

    async fn find_by_name(
        &mut self,
        name: &MerchantName,
    ) -> Result<Option<Merchant>, StorageError> {
        let is_meant = |merchant: &&Merchant| match name {
            MerchantName::StoreCode(code) => merchant.store_code.as_str() == code,
            MerchantName::Company(id) => merchant.company_id == *id,
            MerchantName::Institution(id) => merchant.institution.as_str() == id,
        };
        Ok(self.read(|state| state.merchants.values().find(is_meant).cloned()).await)
    }

    async fn insert_application(&mut self, application: &Application) -> Result<(), MerchantError> {
        let insert = |state: &mut State| {
            let name = application.credentials.name();
            if state.applications.values().any(|other| other.credentials.name() == name) {
                return Err(MerchantError::NameTaken);
            }
            let key = (application.merchant, application.id);
            state.applications.insert(key, application.clone());
            Ok(())
        };
        self.write(insert).await
    }

    async fn restrict_key(
        &mut self,
        merchant: MerchantId,
        id: ApplicationId,
        addresses: Option<&AddressList>,
    ) -> Result<bool, StorageError> {
        let restrict = |state: &mut State| {
            let application = state.applications.get_mut(&(merchant, id));
            match application.map(|application| &mut application.credentials) {
                Some(Credentials::ApiKey { addresses: listed, .. }) => {
                    *listed = addresses.cloned();
                    true
                }
                _ => false,
            }
        };
        Ok(self.write(restrict).await)
    }

    async fn find_application(
        &mut self,
        merchant: MerchantId,
        id: ApplicationId,
    ) -> Result<Option<Application>, StorageError> {
        Ok(self.read(|state| state.applications.get(&(merchant, id)).cloned()).await)
    }

    async fn find_application_by_name(
        &mut self,
        name: &ApplicationName,
    ) -> Result<Option<Application>, StorageError> {
        let is_meant = |application: &&Application| application.credentials.name() == *name;
        Ok(self.read(|state| state.applications.values().find(is_meant).cloned()).await)
    }
}
