//! How many customers are on each level.

use std::collections::BTreeMap;

use diesel::deserialize;
use diesel::pg::Pg;
use diesel::row::Row;
use diesel::sql_types::{BigInt, Uuid as SqlUuid};
use domain::StorageError;
use domain::id::{LevelId, MerchantId};
use uuid::Uuid;

use crate::session::{PgSession, read};
use crate::statement::{Columns, FromRow, Statement};

const COUNTS: &str = "SELECT level_id, count(*) FROM customers \
    WHERE merchant_id = $1 AND level_id IS NOT NULL AND deleted_at IS NULL GROUP BY level_id";

struct LevelCount {
    level: LevelId,
    customers: i64,
}

impl FromRow for LevelCount {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let level = LevelId::from(columns.next::<SqlUuid, Uuid>()?);
        Ok(Self { level, customers: columns.next::<BigInt, _>()? })
    }
}

/// Levels with live customers, each with their number.
pub(super) async fn count_by_level(
    session: &mut PgSession,
    merchant: MerchantId,
) -> Result<BTreeMap<LevelId, u64>, StorageError> {
    let counts = || Statement::new(COUNTS).bind::<SqlUuid, _>(Uuid::from(merchant));
    let rows: Vec<LevelCount> = read!(session, |connection| counts().rows(connection).await)?;
    Ok(rows.into_iter().map(|row| (row.level, row.customers.cast_unsigned())).collect())
}
