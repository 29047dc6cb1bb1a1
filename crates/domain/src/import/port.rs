//! What imports need from storage.

use async_trait::async_trait;

use super::model::Import;
use crate::id::MerchantId;
use crate::secret::Fingerprint;
use crate::storage::StorageError;

/// Storage of how far imports have come.
#[async_trait]
pub trait ImportRepository: Send {
    /// Stores a new import, unless the merchant has one of that file; returns what is stored then.
    async fn begin(&mut self, import: &Import) -> Result<Import, StorageError>;

    /// The merchant's import of a file.
    async fn find(
        &mut self,
        merchant: MerchantId,
        fingerprint: Fingerprint,
    ) -> Result<Option<Import>, StorageError>;

    /// Moves an import on, in the unit of work of the rows that it has dealt with; false if it is not where it was
    /// `before`, because somebody else moved it.
    async fn advance(&mut self, before: &Import, after: &Import) -> Result<bool, StorageError>;
}
