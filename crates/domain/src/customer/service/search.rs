//! Finding customers at a till (OL E33).

use super::Customers;
use crate::customer::model::Customer;
use crate::customer::query::{Criterion, MOST_FOUND};
use crate::id::MerchantId;
use crate::storage::StorageError;

/// Why a search found nobody.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SearchError {
    /// More than [`MOST_FOUND`] customers fit: nobody reads that many at a till.
    #[error("too many customers fit")]
    TooMany,
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Customers {
    /// Every live customer that fits, by last name, first name and id.
    pub async fn search(
        &self,
        merchant: MerchantId,
        criteria: &[Criterion],
    ) -> Result<Vec<Customer>, SearchError> {
        let mut session = self.storage.session().await?;
        let found = session.customers().search(merchant, criteria, MOST_FOUND).await?;
        found.ok_or(SearchError::TooMany)
    }
}
