//! Reading the log.

use std::fmt;

use super::log::{AuditEntry, AuditQuery};
use crate::id::MerchantId;
use crate::page::Page;
use crate::storage::{Storage, StorageError};

/// A merchant's audit log.
#[derive(Clone)]
pub struct AuditLog(Storage);

impl fmt::Debug for AuditLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuditLog")
    }
}

impl AuditLog {
    /// The service on its storage.
    pub fn new(storage: Storage) -> Self {
        Self(storage)
    }

    /// One part of the log and the size of the whole.
    pub async fn page(
        &self,
        merchant: MerchantId,
        query: &AuditQuery,
    ) -> Result<Page<AuditEntry>, StorageError> {
        self.0.session().await?.audit().log(merchant, query).await
    }
}
