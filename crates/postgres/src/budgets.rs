//! Budgets and lines.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::row::Row;
use diesel::sql_types::{Array, Binary, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::StorageError;
use domain::budget::{Budget, BudgetRepository, Drawn};
use domain::id::MerchantId;
use domain::secret::Fingerprint;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::errors;
use crate::schema::budgets;
use crate::session::{PgSession, read};
use crate::statement::{Columns, FromRow, Statement};

/// Rows are locked in one order, so that two draws never wait for each other.
const DRAW: &str = "\
    INSERT INTO budgets (merchant_id, kind, subject, used, allowed, ends_at) \
    SELECT $1, kind, subject, 1, allowed, $2 + seconds * interval '1 second' \
    FROM unnest($3, $4, $5, $6) AS wanted (kind, subject, allowed, seconds) WHERE allowed > 0 ORDER BY kind, subject \
    ON CONFLICT (merchant_id, kind, subject) DO UPDATE SET allowed = excluded.allowed, \
    used = CASE WHEN budgets.ends_at <= $2 THEN 1 ELSE budgets.used + 1 END, \
    ends_at = CASE WHEN budgets.ends_at <= $2 THEN excluded.ends_at ELSE budgets.ends_at END \
    WHERE budgets.ends_at <= $2 OR budgets.used < excluded.allowed RETURNING kind, subject, used";

const SPENT: &str = "\
    SELECT max(CASE WHEN wanted.allowed = 0 THEN given.moment + wanted.seconds * interval '1 second' \
    ELSE budgets.ends_at END) FROM (SELECT $1::uuid AS merchant, $2::timestamptz AS moment) AS given \
    CROSS JOIN unnest($3, $4, $5, $6) AS wanted (kind, subject, allowed, seconds) LEFT JOIN budgets \
    ON budgets.merchant_id = given.merchant AND budgets.kind = wanted.kind AND budgets.subject = wanted.subject \
    WHERE wanted.allowed = 0 OR budgets.ends_at > given.moment AND budgets.used >= wanted.allowed";

const GIVE_BACK: &str = "\
    UPDATE budgets SET used = GREATEST(budgets.used - $1, 0) FROM unnest($2, $3) AS wanted (kind, subject) \
    WHERE budgets.merchant_id = $4 AND budgets.kind = wanted.kind AND budgets.subject = wanted.subject \
    AND budgets.ends_at > $5";

const LINE_UP: &str = "\
    INSERT INTO budgets (merchant_id, kind, subject, used, allowed, ends_at) \
    VALUES ($1, $2, $3, 0, 0, $4 + $5 * interval '1 second') ON CONFLICT (merchant_id, kind, subject) \
    DO UPDATE SET ends_at = GREATEST(budgets.ends_at, $4) + $5 * interval '1 second' \
    WHERE budgets.ends_at <= $4 + $6 * interval '1 second' RETURNING ends_at";

#[async_trait]
impl BudgetRepository for PgSession {
    async fn draw(
        &mut self,
        merchant: MerchantId,
        budgets: &[Budget],
        now: OffsetDateTime,
    ) -> Result<Drawn, StorageError> {
        let draw = wanted(DRAW, merchant, budgets, now);
        let drawn: Vec<Count> = draw.rows(self.connection()).await.map_err(errors::storage)?;
        let used = |budget: &Budget| {
            let own = drawn
                .iter()
                .find(|row| row.kind == budget.rule.name && row.subject == budget.subject.as_ref());
            own.map(|row| row.used.cast_unsigned())
        };
        let (granted, refused): (Vec<_>, Vec<_>) =
            budgets.iter().copied().partition(|budget| used(budget).is_some());
        if refused.is_empty() {
            return Ok(Drawn::Granted(granted.iter().filter_map(used).collect()));
        }
        let until = self.spent_until(merchant, &refused, now).await?;
        Ok(Drawn::Refused(until.unwrap_or(now)))
    }

    async fn spent_until(
        &mut self,
        merchant: MerchantId,
        budgets: &[Budget],
        now: OffsetDateTime,
    ) -> Result<Option<OffsetDateTime>, StorageError> {
        let row: Option<Moment> = read!(self, |connection| {
            wanted(SPENT, merchant, budgets, now).row(connection).await
        })?;
        Ok(row.and_then(|Moment(until)| until))
    }

    async fn give_back(
        &mut self,
        merchant: MerchantId,
        budgets: &[Budget],
        draws: u32,
        now: OffsetDateTime,
    ) -> Result<(), StorageError> {
        let (kinds, subjects) = keys(budgets);
        let give = Statement::new(GIVE_BACK)
            .bind::<Integer, _>(count(draws))
            .bind::<Array<Text>, _>(kinds)
            .bind::<Array<Binary>, _>(subjects)
            .bind::<SqlUuid, _>(Uuid::from(merchant))
            .bind::<Timestamptz, _>(now);
        give.execute(self.connection()).await.map(drop).map_err(errors::storage)
    }

    async fn line_up(
        &mut self,
        merchant: MerchantId,
        (name, subject): (&'static str, Fingerprint),
        length: Duration,
        patience: Duration,
        now: OffsetDateTime,
    ) -> Result<Option<OffsetDateTime>, StorageError> {
        let line_up = Statement::new(LINE_UP)
            .bind::<SqlUuid, _>(Uuid::from(merchant))
            .bind::<Text, _>(name)
            .bind::<Binary, _>(subject.as_ref().to_vec())
            .bind::<Timestamptz, _>(now)
            .bind::<Integer, _>(seconds(length))
            .bind::<Integer, _>(seconds(patience));
        let row: Option<Moment> = line_up.row(self.connection()).await.map_err(errors::storage)?;
        let ends = row.and_then(|Moment(ends)| ends);
        Ok(ends.map(|ends| ends - Duration::seconds(seconds(length).into())))
    }

    async fn purge(&mut self, ended_before: OffsetDateTime) -> Result<u64, StorageError> {
        let delete = diesel::delete(budgets::table.filter(budgets::ends_at.lt(ended_before)));
        delete.execute(self.connection()).await.map(|count| count as u64).map_err(errors::storage)
    }
}

/// A statement whose parameters are the merchant, the moment, and the budgets column by column.
fn wanted<'a>(
    text: &'static str,
    merchant: MerchantId,
    budgets: &[Budget],
    now: OffsetDateTime,
) -> Statement<'a> {
    let (kinds, subjects) = keys(budgets);
    let allowed: Vec<i32> = budgets.iter().map(|budget| count(budget.rule.limit)).collect();
    let windows: Vec<i32> = budgets.iter().map(|budget| seconds(budget.rule.window)).collect();
    Statement::new(text)
        .bind::<SqlUuid, _>(Uuid::from(merchant))
        .bind::<Timestamptz, _>(now)
        .bind::<Array<Text>, _>(kinds)
        .bind::<Array<Binary>, _>(subjects)
        .bind::<Array<Integer>, _>(allowed)
        .bind::<Array<Integer>, _>(windows)
}

fn keys(budgets: &[Budget]) -> (Vec<&'static str>, Vec<Vec<u8>>) {
    budgets.iter().map(|budget| (budget.rule.name, budget.subject.as_ref().to_vec())).unzip()
}

fn count(limit: u32) -> i32 {
    i32::try_from(limit).unwrap_or(i32::MAX)
}

fn seconds(duration: Duration) -> i32 {
    i32::try_from(duration.whole_seconds()).unwrap_or(i32::MAX)
}

struct Count {
    kind: String,
    subject: Vec<u8>,
    used: i32,
}

impl FromRow for Count {
    fn from_row<'a>(
        columns: &mut Columns<'_, impl Row<'a, diesel::pg::Pg>>,
    ) -> diesel::deserialize::Result<Self> {
        Ok(Self {
            kind: columns.next::<Text, _>()?,
            subject: columns.next::<Binary, _>()?,
            used: columns.next::<Integer, _>()?,
        })
    }
}

struct Moment(Option<OffsetDateTime>);

impl FromRow for Moment {
    fn from_row<'a>(
        columns: &mut Columns<'_, impl Row<'a, diesel::pg::Pg>>,
    ) -> diesel::deserialize::Result<Self> {
        columns.next::<Nullable<Timestamptz>, _>().map(Self)
    }
}
