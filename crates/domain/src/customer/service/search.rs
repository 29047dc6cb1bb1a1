//! Finding customers at a till (OL E33).

use super::Customers;
use crate::customer::model::Customer;
use crate::customer::query::{Criterion, CustomerQuery, Sort, SortKey};
use crate::id::MerchantId;
use crate::page::PageRequest;
use crate::storage::StorageError;

/// The most customers that one search finds.
pub const MOST_FOUND: u64 = 1000;

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
        criteria: Vec<Criterion>,
    ) -> Result<Vec<Customer>, SearchError> {
        let query = CustomerQuery {
            criteria,
            sort: Sort { key: SortKey::LastAndFirstName, descending: false },
            page: PageRequest::first(MOST_FOUND + 1),
        };
        let found = self.list(merchant, &query).await?;
        let most = usize::try_from(MOST_FOUND).unwrap_or(usize::MAX);
        if found.len() > most { Err(SearchError::TooMany) } else { Ok(found) }
    }
}
