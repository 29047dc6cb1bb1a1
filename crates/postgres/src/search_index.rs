//! The index that parts of texts are found by. Changes of customers do not write into it: its trigrams would cost a create
//! as much as everything else together. They leave an entry, and many entries are worked off at once.

use diesel::sql_types::{BigInt, Integer};
use diesel_async::RunQueryDsl as _;
use domain::StorageError;

use crate::errors;
use crate::pool::PgBackend;

/// How many entries are worked off in one transaction: enough for the index to take each trigram once for many
/// customers, and done within a second or two.
const BATCH: i32 = 5_000;

impl PgBackend {
    /// Brings all texts that have changed into the search index, a batch at a time, and says of how many changes; 0 when
    /// nothing waits, or when somebody else is at it.
    ///
    /// Searches are right without it, but slow while thousands of changes wait.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when the database is, or when the same customers are being changed: later then.
    pub async fn sort_in_texts(&self) -> Result<u64, StorageError> {
        let mut done = 0;
        loop {
            let batch = self.sort_in_batch().await?;
            done += batch.cast_unsigned();
            if batch < i64::from(BATCH) {
                return Ok(done);
            }
        }
    }

    async fn sort_in_batch(&self) -> Result<i64, StorageError> {
        let call = diesel::dsl::sql::<BigInt>("sort_in_customer_texts(")
            .bind::<Integer, _>(BATCH)
            .sql(")");
        let mut connection = self.connection().await?;
        diesel::select(call).get_result(&mut connection).await.map_err(errors::storage)
    }
}
