//! How far imports have come.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::StorageError;
use domain::id::MerchantId;
use domain::import::{Import, ImportRepository};
use domain::secret::Fingerprint;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::errors;
use crate::schema::imports;
use crate::session::{PgSession, read};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = imports, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false)]
struct ImportRecord {
    merchant_id: Uuid,
    fingerprint: Vec<u8>,
    processed: i64,
    stored: i64,
    begun_at: OffsetDateTime,
    finished_at: Option<OffsetDateTime>,
}

#[async_trait]
impl ImportRepository for PgSession {
    async fn begin(&mut self, import: &Import) -> Result<Import, StorageError> {
        let insert = diesel::insert_into(imports::table).values(ImportRecord::from(import));
        let insert = insert.on_conflict_do_nothing();
        insert.execute(self.connection()).await.map_err(errors::storage)?;
        let stored = self.find(import.merchant, import.fingerprint).await?;
        stored.ok_or_else(|| errors::corrupt("import"))
    }

    async fn find(
        &mut self,
        merchant: MerchantId,
        fingerprint: Fingerprint,
    ) -> Result<Option<Import>, StorageError> {
        let record: Option<ImportRecord> = read!(self, |connection| {
            let record = imports::table.find((Uuid::from(merchant), fingerprint.as_ref()));
            record.select(ImportRecord::as_select()).first(connection).await.optional()
        })?;
        record.map(Import::try_from).transpose()
    }

    async fn advance(&mut self, before: &Import, after: &Import) -> Result<bool, StorageError> {
        let (before, after) = (ImportRecord::from(before), ImportRecord::from(after));
        let place = imports::processed.eq(before.processed).and(imports::stored.eq(before.stored));
        let is_where_it_was =
            place.and(imports::finished_at.is_not_distinct_from(before.finished_at));
        let row = imports::table.find((before.merchant_id, before.fingerprint));
        let update = diesel::update(row.filter(is_where_it_was)).set((
            imports::processed.eq(after.processed),
            imports::stored.eq(after.stored),
            imports::finished_at.eq(after.finished_at),
        ));
        let moved = update.execute(self.connection()).await.map_err(errors::storage)?;
        Ok(moved == 1)
    }
}

impl From<&Import> for ImportRecord {
    fn from(import: &Import) -> Self {
        Self {
            merchant_id: import.merchant.into(),
            fingerprint: import.fingerprint.as_ref().to_vec(),
            processed: import.processed.cast_signed(),
            stored: import.stored.cast_signed(),
            begun_at: import.begun_at,
            finished_at: import.finished_at,
        }
    }
}

impl TryFrom<ImportRecord> for Import {
    type Error = StorageError;

    fn try_from(record: ImportRecord) -> Result<Self, StorageError> {
        let bytes = <[u8; 32]>::try_from(record.fingerprint.as_slice());
        Ok(Self {
            merchant: record.merchant_id.into(),
            fingerprint: bytes.map_err(|_| errors::corrupt("fingerprint"))?.into(),
            processed: record.processed.cast_unsigned(),
            stored: record.stored.cast_unsigned(),
            begun_at: record.begun_at,
            finished_at: record.finished_at,
        })
    }
}
