//! The index that parts of texts are found by. Changes of customers do not write into it: its trigrams would cost a create
//! as much as everything else together. They leave an entry, and many entries are worked off at once.

use diesel::deserialize;
use diesel::pg::Pg;
use diesel::row::Row;
use diesel::sql_types::BigInt;
use domain::StorageError;

use crate::errors;
use crate::pool::PgBackend;
use crate::statement::{Columns, FromRow, Statement};

/// How many entries are worked off in one transaction: enough for the index to take each trigram once for many
/// customers, and done within a second or two.
const BATCH: i64 = 5_000;

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
            if batch < BATCH {
                return Ok(done);
            }
        }
    }

    async fn sort_in_batch(&self) -> Result<i64, StorageError> {
        let statement =
            Statement::new("SELECT sort_in_customer_texts($1)").bind::<BigInt, _>(BATCH);
        let mut connection = self.connection().await?;
        let done: Option<Done> = statement.row(&mut connection).await.map_err(errors::storage)?;
        Ok(done.map_or(0, |done| done.0))
    }
}

struct Done(i64);

impl FromRow for Done {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        Ok(Self(columns.next::<BigInt, _>()?))
    }
}
