//! What the audit needs from storage.

use async_trait::async_trait;

use super::log::{AuditEntry, AuditQuery};
use super::model::View;
use crate::id::{CustomerId, MerchantId};
use crate::page::Page;
use crate::storage::StorageError;

/// Storage of the audit.
#[async_trait]
pub trait AuditRepository: Send {
    /// Stores looks, all or none; those that are stored already stay as they are, so that a batch may be tried again.
    async fn note_views(&mut self, views: &[View]) -> Result<(), StorageError>;

    /// The looks at one customer, oldest first.
    async fn views(
        &mut self,
        merchant: MerchantId,
        customer: CustomerId,
    ) -> Result<Vec<View>, StorageError>;

    /// One part of the log, the newest entries first. An answer reaches back over [`AUDIT_REACH`](super::AUDIT_REACH)
    /// changes and as many looks of the customer and the time that are asked for, and no further.
    async fn log(
        &mut self,
        merchant: MerchantId,
        query: &AuditQuery,
    ) -> Result<Page<AuditEntry>, StorageError>;
}
