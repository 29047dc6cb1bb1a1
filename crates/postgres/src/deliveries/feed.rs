//! The feed of all events, in the order of the transactions that wrote them.
//!
//! Transactions end in another order than they began. An event is read as soon as no transaction is left that began
//! before the one that wrote it and could still write another: none can ever stand before it then.

use std::sync::LazyLock;

use diesel::deserialize;
use diesel::pg::Pg;
use diesel::row::Row;
use diesel::sql_types::{
    Array, BigInt, Bool, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use domain::StorageError;
use domain::delivery::{Beyond, FeedEvent, FeedFilter, FeedPosition, Headline, Stretch};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::columns::{FACT, fact, position, subject};
use crate::customers::event_kind;
use crate::session::{PgSession, read};
use crate::statement::{Columns, FromRow, Statement};

/// How many events one look at the feed goes through at most, wanted or not.
const SCANNED: u32 = 2_000;

/// By how much an event may be older than its transaction: no unit of work takes longer.
const MARGIN: Duration = Duration::minutes(10);

/// What stands behind a position, whose five parts are the first parameters.
const BEHIND: &str = "transaction_id >= $1::text::xid8 \
    AND (transaction_id, merchant_id, customer_id, version, ordinal) > ($1::text::xid8, $2, $3, $4, $5)";
const SETTLED: &str = "transaction_id < pg_snapshot_xmin(pg_current_snapshot())";
const ORDER: &str = "transaction_id, merchant_id, customer_id, version, ordinal";

static HEADLINES: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT transaction_id::text::bigint, merchant_id, customer_id, version, ordinal, subject, at, kind, detail \
         FROM events WHERE {BEHIND} AND {SETTLED} ORDER BY {ORDER} LIMIT $6"
    )
});

/// The wanted ones of a part of the feed, and its last event in any case.
static FACTS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "WITH scanned AS MATERIALIZED (SELECT {ORDER}, subject, kind, at FROM events WHERE {BEHIND} AND {SETTLED} \
         ORDER BY {ORDER} LIMIT $6), \
         judged AS (SELECT {ORDER}, first_value(at) OVER along AS begins_at, row_number() OVER along AS number, \
         count(*) OVER () AS total, ($7::uuid IS NULL OR merchant_id = $7) \
         AND (cardinality($8::text[]) = 0 OR kind = ANY($8)) \
         AND ($9::uuid IS NULL OR (subject = 'customer' AND customer_id = $9)) AS fits \
         FROM scanned WINDOW along AS (ORDER BY {ORDER})) \
         SELECT judged.transaction_id::text::bigint, judged.merchant_id, judged.customer_id, judged.version, \
         judged.ordinal, judged.begins_at, judged.fits, judged.number, judged.total, {FACT} \
         FROM judged JOIN events AS e ON e.merchant_id = judged.merchant_id AND e.customer_id = judged.customer_id \
         AND e.version = judged.version AND e.ordinal = judged.ordinal \
         WHERE judged.fits OR judged.number = judged.total ORDER BY judged.number LIMIT $10"
    )
});

/// Whether anything is stored behind a position, readable or not.
static ANYTHING: LazyLock<String> = LazyLock::new(|| {
    format!("SELECT 1::bigint FROM events WHERE {BEHIND} ORDER BY transaction_id LIMIT 1")
});

static NEXT: LazyLock<String> = LazyLock::new(|| end_of_first(BEHIND, ORDER));
static FIRST_FROM: LazyLock<String> =
    LazyLock::new(|| end_of_first("transaction_id >= $1::text::xid8", "transaction_id"));

/// When the last event happened of the first transaction that has events of a kind.
fn end_of_first(condition: &str, order: &str) -> String {
    format!(
        "SELECT transaction_id::text::bigint, max(at) FROM events WHERE transaction_id = (SELECT transaction_id \
         FROM events WHERE {condition} ORDER BY {order} LIMIT 1) GROUP BY transaction_id"
    )
}

const END: &str = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint";

struct HeadlineRow(Headline);

impl FromRow for HeadlineRow {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let position = position(columns)?;
        let subject = subject(&columns.next::<Text, String>()?, position.subject)?;
        let at = columns.next::<Timestamptz, _>()?;
        Ok(Self(Headline { position, subject, kind: event_kind(columns)?, at }))
    }
}

struct FactRow {
    told: FeedEvent,
    begins_at: OffsetDateTime,
    fits: bool,
    is_last: bool,
    scanned: i64,
}

impl FromRow for FactRow {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let position = position(columns)?;
        let begins_at = columns.next::<Timestamptz, _>()?;
        let fits = columns.next::<Bool, _>()?;
        let (number, scanned) = (columns.next::<BigInt, i64>()?, columns.next::<BigInt, i64>()?);
        let told = FeedEvent { position, fact: fact(columns)? };
        Ok(Self { told, begins_at, fits, is_last: number == scanned, scanned })
    }
}

/// When the last event of a transaction happened.
struct Moment {
    transaction: u64,
    at: OffsetDateTime,
}

impl FromRow for Moment {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let transaction = columns.next::<BigInt, i64>()?.cast_unsigned();
        Ok(Self { transaction, at: columns.next::<Timestamptz, _>()? })
    }
}

impl PgSession {
    pub(super) async fn read_headlines(
        &mut self,
        after: FeedPosition,
        limit: u32,
    ) -> Result<Stretch<Headline>, StorageError> {
        let rows: Vec<HeadlineRow> = read!(self, |connection| {
            let statement = behind(&HEADLINES, after).bind::<BigInt, _>(i64::from(limit));
            statement.rows(connection).await
        })?;
        let events: Vec<Headline> = rows.into_iter().map(|row| row.0).collect();
        let reached = events.last().map_or(after, |last| last.position);
        let is_full = events.len() as u64 >= u64::from(limit);
        let begins_at = events.first().map(|first| first.at);
        Ok(Stretch { begins_at, reached, beyond: self.beyond(reached, is_full).await?, events })
    }

    pub(super) async fn read_facts(
        &mut self,
        after: FeedPosition,
        filter: &FeedFilter,
        limit: u32,
    ) -> Result<Stretch<FeedEvent>, StorageError> {
        let kinds: Vec<&str> = filter.kinds.iter().map(|kind| kind.as_str()).collect();
        let scanned = SCANNED.max(limit);
        let rows: Vec<FactRow> = read!(self, |connection| {
            let statement = behind(&FACTS, after)
                .bind::<BigInt, _>(i64::from(scanned))
                .bind::<Nullable<SqlUuid>, _>(filter.merchant.map(Uuid::from))
                .bind::<Array<Text>, _>(kinds.clone())
                .bind::<Nullable<SqlUuid>, _>(filter.customer.map(Uuid::from))
                .bind::<BigInt, _>(i64::from(limit.max(1)));
            statement.rows(connection).await
        })?;
        let begins_at = rows.first().map(|first| first.begins_at);
        let reached = rows.last().map_or(after, |last| last.told.position);
        let is_full =
            rows.last().is_some_and(|last| !last.is_last || last.scanned >= i64::from(scanned));
        let events = rows.into_iter().filter(|row| row.fits).map(|row| row.told).collect();
        Ok(Stretch { events, begins_at, reached, beyond: self.beyond(reached, is_full).await? })
    }

    pub(super) async fn read_next_moment(
        &mut self,
        after: FeedPosition,
    ) -> Result<Option<OffsetDateTime>, StorageError> {
        let next: Option<Moment> =
            read!(self, |connection| behind(&NEXT, after).row(connection).await)?;
        Ok(next.map(|next| next.at))
    }

    pub(super) async fn read_end_of_feed(&mut self) -> Result<FeedPosition, StorageError> {
        let end: Option<i64> = read!(self, |connection| Statement::new(END).row(connection).await)?;
        Ok(FeedPosition::before(end.unwrap_or(0).cast_unsigned()))
    }

    /// Halves the numbers of transactions until the first is found that is young enough: times of events follow them
    /// but for the time that a unit of work takes.
    pub(super) async fn find_in_feed(
        &mut self,
        moment: OffsetDateTime,
    ) -> Result<FeedPosition, StorageError> {
        let moment = moment - MARGIN;
        let (mut low, mut high) = (0, self.read_end_of_feed().await?.transaction);
        while low < high {
            let middle = low.midpoint(high);
            let first: Option<Moment> = read!(self, |connection| {
                let statement =
                    Statement::new(FIRST_FROM.as_str()).bind::<Text, _>(middle.to_string());
                statement.row(connection).await
            })?;
            match first {
                Some(first) if first.at < moment => low = first.transaction + 1,
                _ => high = middle,
            }
        }
        Ok(FeedPosition::before(high))
    }

    async fn beyond(
        &mut self,
        reached: FeedPosition,
        is_full: bool,
    ) -> Result<Beyond, StorageError> {
        if is_full {
            return Ok(Beyond::More);
        }
        let anything: Option<i64> =
            read!(self, |connection| behind(&ANYTHING, reached).row(connection).await)?;
        Ok(anything.map_or(Beyond::Nothing, |_| Beyond::Waiting))
    }
}

/// A statement about what stands behind a position.
fn behind(text: &'static str, after: FeedPosition) -> Statement<'static> {
    Statement::new(text)
        .bind::<Text, _>(after.transaction.to_string())
        .bind::<SqlUuid, _>(Uuid::from(after.merchant))
        .bind::<SqlUuid, _>(after.subject)
        .bind::<BigInt, _>(after.place.version.cast_signed())
        .bind::<SmallInt, _>(after.place.ordinal.cast_signed())
}
