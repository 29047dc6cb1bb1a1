//! The points ledger.

mod balance;
mod query;
mod row;

use std::sync::LazyLock;

use async_trait::async_trait;
use diesel::deserialize;
use diesel::pg::Pg;
use diesel::row::Row;
use diesel::sql_types::{Array, BigInt, Timestamptz, Uuid as SqlUuid};
use domain::customer::{CustomerWrite, Stored, WriteError};
use domain::id::{CustomerId, MerchantId, TransferId};
use domain::money::Amount;
use domain::points::{
    Due, Imbalance, ListedTransfer, PointsRepository, SpentPoints, Transfer, TransferQuery,
};
use domain::{Page, StorageError, Total};
use time::OffsetDateTime;
use uuid::Uuid;

pub(crate) use self::row::{bind_transfers, insert};
use crate::customers;
use crate::session::{PgSession, read};
use crate::statement::{Columns, FromRow, Statement};

static FIND_MANY: LazyLock<String> = LazyLock::new(|| {
    format!("SELECT {} FROM points_transfers WHERE merchant_id = $1 AND id = ANY($2)", row::COLUMNS)
});

/// What is before a transfer in the order of spending decides whether it is still needed.
static OLDEST_ACTIVE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {columns} FROM (SELECT {columns}, sum(remaining) OVER (ORDER BY created_at, id) - remaining AS before \
         FROM points_transfers WHERE merchant_id = $1 AND customer_id = $2 AND state = 'active' AND remaining > 0) \
         AS active WHERE before < $3 ORDER BY created_at, id",
        columns = row::COLUMNS
    )
});

const EXPIRING: &str = "SELECT expires_at, sum(remaining)::bigint FROM points_transfers \
    WHERE merchant_id = $1 AND customer_id = $2 AND state = 'active' AND remaining > 0 AND expires_at > $3 \
    GROUP BY expires_at ORDER BY expires_at";

const SPENT: &str = "SELECT count(*), COALESCE(sum(value), 0)::bigint FROM points_transfers \
    WHERE merchant_id = $1 AND NOT is_adding AND peer_id IS NULL";

#[async_trait]
impl PointsRepository for PgSession {
    async fn book(
        &mut self,
        write: &CustomerWrite,
        transfers: &[Transfer],
    ) -> Result<Stored, WriteError> {
        let stored = customers::book(self.connection(), write, transfers).await;
        self.note_events();
        stored
    }

    async fn find_many(
        &mut self,
        merchant: MerchantId,
        ids: &[TransferId],
    ) -> Result<Vec<Transfer>, StorageError> {
        let ids: Vec<Uuid> = ids.iter().copied().map(Uuid::from).collect();
        let find = || {
            Statement::new(FIND_MANY.as_str())
                .bind::<SqlUuid, _>(Uuid::from(merchant))
                .bind::<Array<SqlUuid>, _>(ids.clone())
        };
        read!(self, |connection| find().rows(connection).await)
    }

    async fn oldest_active(
        &mut self,
        merchant: MerchantId,
        customer: CustomerId,
        amount: Amount,
    ) -> Result<Vec<Transfer>, StorageError> {
        let list = || {
            of_customer(&OLDEST_ACTIVE, merchant, customer)
                .bind::<BigInt, _>(amount.ten_thousandths())
        };
        read!(self, |connection| list().rows(connection).await)
    }

    async fn expiring(
        &mut self,
        merchant: MerchantId,
        customer: CustomerId,
        after: OffsetDateTime,
    ) -> Result<Vec<(OffsetDateTime, Amount)>, StorageError> {
        let sums = || of_customer(EXPIRING, merchant, customer).bind::<Timestamptz, _>(after);
        let sums: Vec<Sum> = read!(self, |connection| sums().rows(connection).await)?;
        Ok(sums.into_iter().map(|sum| (sum.0, sum.1)).collect())
    }

    async fn list_due(
        &mut self,
        merchant: MerchantId,
        due: Due,
        most: u32,
    ) -> Result<Vec<Transfer>, StorageError> {
        read!(self, |connection| query::due(merchant, due, most).rows(connection).await)
    }

    async fn page(
        &mut self,
        merchant: MerchantId,
        query: &TransferQuery,
    ) -> Result<Page<ListedTransfer>, StorageError> {
        let total: Option<i64> = read!(self, |connection| {
            query::count(merchant, &query.criteria).row(connection).await
        })?;
        let total = total.unwrap_or(0).cast_unsigned();
        let listed: Vec<query::Listed> = if total > query.page.offset {
            read!(self, |connection| query::list(merchant, query).rows(connection).await)?
        } else {
            Vec::new()
        };
        let items = listed.into_iter().map(|listed| listed.0).collect();
        Ok(Page { items, total: Total::Exact(total) })
    }

    async fn spent(&mut self, merchant: MerchantId) -> Result<SpentPoints, StorageError> {
        let sum = || Statement::new(SPENT).bind::<SqlUuid, _>(Uuid::from(merchant));
        let spent: Option<Spent> = read!(self, |connection| sum().row(connection).await)?;
        Ok(spent.map(|spent| spent.0).unwrap_or_default())
    }

    async fn imbalances(&mut self, merchant: MerchantId) -> Result<Vec<Imbalance>, StorageError> {
        let found: Vec<balance::Found> =
            read!(self, |connection| { balance::imbalances(merchant).rows(connection).await })?;
        Ok(found.into_iter().map(|found| found.0).collect())
    }
}

fn of_customer(
    text: &'static str,
    merchant: MerchantId,
    customer: CustomerId,
) -> Statement<'static> {
    Statement::new(text)
        .bind::<SqlUuid, _>(Uuid::from(merchant))
        .bind::<SqlUuid, _>(Uuid::from(customer))
}

/// How many points expire at a moment.
struct Sum(OffsetDateTime, Amount);

impl FromRow for Sum {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let at = columns.next::<Timestamptz, _>()?;
        Ok(Self(at, Amount::from_ten_thousandths(columns.next::<BigInt, _>()?)))
    }
}

/// What was spent.
struct Spent(SpentPoints);

impl FromRow for Spent {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let transfers = columns.next::<BigInt, i64>()?.cast_unsigned();
        let points = Amount::from_ten_thousandths(columns.next::<BigInt, _>()?);
        Ok(Self(SpentPoints { transfers, points }))
    }
}
