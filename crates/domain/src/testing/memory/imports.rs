//! How far imports have come.

use async_trait::async_trait;

use super::session::MemorySession;
use crate::id::MerchantId;
use crate::import::{Import, ImportRepository};
use crate::secret::Fingerprint;
use crate::storage::StorageError;

#[async_trait]
impl ImportRepository for MemorySession {
    async fn begin(&mut self, import: &Import) -> Result<Import, StorageError> {
        let key = (import.merchant, import.fingerprint);
        Ok(self.write(|state| *state.imports.entry(key).or_insert(*import)).await)
    }

    async fn find(
        &mut self,
        merchant: MerchantId,
        fingerprint: Fingerprint,
    ) -> Result<Option<Import>, StorageError> {
        Ok(self.read(|state| state.imports.get(&(merchant, fingerprint)).copied()).await)
    }

    async fn advance(&mut self, before: &Import, after: &Import) -> Result<bool, StorageError> {
        let key = (before.merchant, before.fingerprint);
        let advance = self.write(|state| match state.imports.get_mut(&key) {
            Some(stored) if stored == before => {
                *stored = *after;
                true
            }
            _ => false,
        });
        Ok(advance.await)
    }
}
