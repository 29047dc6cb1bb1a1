//! What the operator sees and does.

use std::sync::LazyLock;

use diesel::deserialize;
use diesel::pg::Pg;
use diesel::row::Row;
use diesel::sql_types::{
    BigInt, Binary, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use domain::StorageError;
use domain::delivery::{
    Attempt, Delivery, DeliveryKey, DeliveryQuery, DeliveryState, Endpoint, EndpointHealth,
    FailingEndpoint, Lane, Outcome, SigningSecrets,
};
use domain::id::{DeliveryId, MerchantId};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::claim;
use super::columns::{Silence, endpoint, endpoint_number, place, subject};
use crate::customers::event_kind;
use crate::errors;
use crate::session::{PgSession, read};
use crate::statement::{Columns, FromRow, Statement};

/// How many rows one purge removes.
const PURGED: i64 = 1_000;

const DELIVERIES: &str = "SELECT d.merchant_id, d.endpoint, d.subject_id, e.subject, d.version, d.ordinal, d.id, d.state, \
    d.attempts, d.created_at, d.settled_at, e.kind, e.detail FROM deliveries AS d JOIN events AS e \
    ON e.merchant_id = d.merchant_id AND e.customer_id = d.subject_id AND e.version = d.version \
    AND e.ordinal = d.ordinal WHERE d.merchant_id = $1 AND d.endpoint = $2";

static ONE: LazyLock<String> = LazyLock::new(|| format!("{DELIVERIES} AND d.id = $3"));

static LIST: LazyLock<String> = LazyLock::new(|| {
    format!(
        "{DELIVERIES} AND d.id < $3 AND ($4::text IS NULL OR d.state = $4) AND ($5::timestamptz IS NULL OR d.created_at >= $5) \
         AND ($6::timestamptz IS NULL OR d.created_at < $6) ORDER BY d.id DESC LIMIT $7"
    )
});

const ATTEMPTS: &str = "SELECT number, at, took_microseconds, status, answer, failure FROM delivery_attempts \
    WHERE merchant_id = $1 AND endpoint = $2 AND delivery_id = $3 ORDER BY at, number";

/// How endpoints are doing, with what waits for them; lanes lead to what is pending.
static HEALTH: LazyLock<String> = LazyLock::new(|| {
    let most = EndpointHealth::COUNTED;
    format!(
        "SELECT told.merchant_id, told.endpoint, told.paused_at, waiting.pending, waiting.oldest, \
         (SELECT count(*) FROM (SELECT FROM deliveries AS d WHERE d.merchant_id = told.merchant_id \
         AND d.endpoint = told.endpoint AND d.parked_at IS NOT NULL LIMIT {most}) AS parked), told.last_attempt_at, \
         told.last_success_at, told.failing_since FROM delivery_endpoints AS told \
         CROSS JOIN LATERAL (SELECT count(*) AS pending, min(created_at) AS oldest FROM (SELECT d.created_at \
         FROM delivery_lanes AS lane JOIN deliveries AS d ON d.merchant_id = lane.merchant_id \
         AND d.subject_id = lane.subject_id AND d.endpoint = lane.endpoint AND d.state = 'pending' \
         WHERE lane.merchant_id = told.merchant_id AND lane.endpoint = told.endpoint LIMIT {most}) AS pending) AS waiting \
         WHERE "
    )
});

static HEALTH_OF_ALL: LazyLock<String> =
    LazyLock::new(|| format!("{}TRUE ORDER BY told.merchant_id, told.endpoint", *HEALTH));
static HEALTH_OF_MERCHANT: LazyLock<String> =
    LazyLock::new(|| format!("{}told.merchant_id = $1 ORDER BY told.endpoint", *HEALTH));
static HEALTH_OF_ONE: LazyLock<String> =
    LazyLock::new(|| format!("{}told.merchant_id = $1 AND told.endpoint = $2", *HEALTH));

const PAUSE: &str = "UPDATE delivery_endpoints SET paused_at = $1 WHERE merchant_id = $2 AND endpoint = $3 \
    RETURNING 1::bigint";

const SECRETS: &str = "SELECT sealed_secret, sealed_previous_secret, previous_until FROM delivery_endpoints \
    WHERE merchant_id = $1 AND endpoint = $2 FOR UPDATE";

const SET_SECRETS: &str = "UPDATE delivery_endpoints SET sealed_secret = $1, sealed_previous_secret = $2, \
    previous_until = $3 WHERE merchant_id = $4 AND endpoint = $5 RETURNING 1::bigint";

/// Whoever updates first tells; those who waited find it told.
const FAILING: &str = "UPDATE delivery_endpoints SET told_at = $1 WHERE failing_since <= $2 \
    AND (told_at IS NULL OR told_at <= $3) RETURNING merchant_id, endpoint, failing_since";

const PURGE_SETTLED: &str = "WITH old AS MATERIALIZED (SELECT merchant_id, endpoint, id FROM deliveries \
    WHERE created_at < greatest($1::timestamptz, $2::timestamptz) \
    AND ((state IN ('delivered', 'dropped') AND settled_at < $1) OR (state = 'parked' AND settled_at < $2)) \
    ORDER BY created_at LIMIT $3 FOR UPDATE SKIP LOCKED), \
    tries AS (DELETE FROM delivery_attempts AS attempt USING old WHERE attempt.merchant_id = old.merchant_id \
    AND attempt.endpoint = old.endpoint AND attempt.delivery_id = old.id), \
    gone AS (DELETE FROM deliveries AS d USING old WHERE d.merchant_id = old.merchant_id \
    AND d.endpoint = old.endpoint AND d.id = old.id RETURNING 1) SELECT count(*) FROM gone";

/// Whoever unsubscribed is told nothing more: the lanes go with all that waits in them.
const PURGE_ABANDONED: &str = "WITH nobody AS MATERIALIZED (SELECT merchant_id, endpoint FROM delivery_endpoints AS told \
    WHERE endpoint <> 0 AND NOT EXISTS (SELECT FROM subscriptions WHERE number = told.endpoint)), \
    lane AS MATERIALIZED (SELECT free.* FROM nobody CROSS JOIN LATERAL (SELECT merchant_id, endpoint, subject_id \
    FROM delivery_lanes WHERE delivery_lanes.merchant_id = nobody.merchant_id \
    AND delivery_lanes.endpoint = nobody.endpoint AND (lease IS NULL OR due_at <= $1) LIMIT $2 \
    FOR UPDATE SKIP LOCKED) AS free LIMIT $2), \
    closed AS (DELETE FROM delivery_lanes USING lane WHERE delivery_lanes.merchant_id = lane.merchant_id \
    AND delivery_lanes.endpoint = lane.endpoint AND delivery_lanes.subject_id = lane.subject_id RETURNING 1), \
    gone AS (DELETE FROM deliveries AS d USING lane WHERE d.merchant_id = lane.merchant_id \
    AND d.subject_id = lane.subject_id AND d.endpoint = lane.endpoint AND d.state = 'pending' \
    RETURNING d.merchant_id, d.endpoint, d.id), \
    tries AS (DELETE FROM delivery_attempts AS attempt USING gone WHERE attempt.merchant_id = gone.merchant_id \
    AND attempt.endpoint = gone.endpoint AND attempt.delivery_id = gone.id) SELECT count(*) FROM closed";

/// The last that is left of an endpoint.
const PURGE_ENDPOINTS: &str = "DELETE FROM delivery_endpoints AS told WHERE endpoint <> 0 \
    AND (last_attempt_at IS NULL OR last_attempt_at < $1) \
    AND NOT EXISTS (SELECT FROM subscriptions WHERE number = told.endpoint) \
    AND NOT EXISTS (SELECT FROM deliveries AS d WHERE d.merchant_id = told.merchant_id AND d.endpoint = told.endpoint) \
    RETURNING 1::bigint";

struct DeliveryRow(Delivery);

impl FromRow for DeliveryRow {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let endpoint = endpoint(columns)?;
        let subject_id: Uuid = columns.next::<SqlUuid, _>()?;
        let subject = subject(&columns.next::<Text, String>()?, subject_id)?;
        let key = DeliveryKey { lane: Lane { endpoint, subject }, place: place(columns)? };
        let id: Uuid = columns.next::<SqlUuid, _>()?;
        let state = columns.next::<Text, String>()?;
        Ok(Self(Delivery {
            id: id.into(),
            key,
            state: DeliveryState::named(&state).ok_or("unknown state of a delivery")?,
            attempts: columns.next::<Integer, i32>()?.cast_unsigned(),
            created_at: columns.next::<Timestamptz, _>()?,
            settled_at: columns.next::<Nullable<Timestamptz>, _>()?,
            kind: event_kind(columns)?,
        }))
    }
}

struct AttemptRow(Attempt);

impl FromRow for AttemptRow {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let number = columns.next::<Integer, i32>()?.cast_unsigned();
        let at = columns.next::<Timestamptz, _>()?;
        let took = Duration::microseconds(columns.next::<BigInt, _>()?);
        let status: Option<i16> = columns.next::<Nullable<SmallInt>, _>()?;
        let answer: Option<String> = columns.next::<Nullable<Text>, _>()?;
        let failure: Option<String> = columns.next::<Nullable<Text>, _>()?;
        let outcome = match (status, failure) {
            (Some(status), None) => Outcome::Answered {
                status: status.cast_unsigned(),
                body: answer.unwrap_or_default(),
            },
            (None, Some(name)) => match Silence::named(&name)? {
                Silence::Failure(failure) => Outcome::Failed(failure),
                Silence::Unwritten(reason) => Outcome::Unwritten(reason),
            },
            _ => return Err("an attempt without an outcome".into()),
        };
        Ok(Self(Attempt { number, at, took, outcome }))
    }
}

struct HealthRow(EndpointHealth);

impl FromRow for HealthRow {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        Ok(Self(EndpointHealth {
            endpoint: endpoint(columns)?,
            paused_at: columns.next::<Nullable<Timestamptz>, _>()?,
            pending: columns.next::<BigInt, i64>()?.cast_unsigned(),
            oldest_pending_at: columns.next::<Nullable<Timestamptz>, _>()?,
            parked: columns.next::<BigInt, i64>()?.cast_unsigned(),
            last_attempt_at: columns.next::<Nullable<Timestamptz>, _>()?,
            last_success_at: columns.next::<Nullable<Timestamptz>, _>()?,
            failing_since: columns.next::<Nullable<Timestamptz>, _>()?,
        }))
    }
}

struct FailingRow(FailingEndpoint);

impl FromRow for FailingRow {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let endpoint = endpoint(columns)?;
        Ok(Self(FailingEndpoint { endpoint, since: columns.next::<Timestamptz, _>()? }))
    }
}

struct SecretsRow(SigningSecrets);

impl FromRow for SecretsRow {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        claim::secrets(columns).map(Self)
    }
}

/// A statement about an endpoint, whose two columns are its next parameters.
fn of(statement: Statement<'_>, endpoint: Endpoint) -> Statement<'_> {
    statement
        .bind::<SqlUuid, _>(Uuid::from(endpoint.merchant))
        .bind::<BigInt, _>(endpoint_number(endpoint))
}

impl PgSession {
    pub(super) async fn read_delivery(
        &mut self,
        endpoint: Endpoint,
        id: DeliveryId,
    ) -> Result<Option<Delivery>, StorageError> {
        let row: Option<DeliveryRow> = read!(self, |connection| {
            let one = of(Statement::new(ONE.as_str()), endpoint).bind::<SqlUuid, _>(Uuid::from(id));
            one.row(connection).await
        })?;
        Ok(row.map(|row| row.0))
    }

    pub(super) async fn read_deliveries(
        &mut self,
        endpoint: Endpoint,
        query: DeliveryQuery,
    ) -> Result<Vec<Delivery>, StorageError> {
        let rows: Vec<DeliveryRow> = read!(self, |connection| {
            let list = of(Statement::new(LIST.as_str()), endpoint)
                .bind::<SqlUuid, _>(query.before.map_or(Uuid::max(), Uuid::from))
                .bind::<Nullable<Text>, _>(query.state.map(DeliveryState::name))
                .bind::<Nullable<Timestamptz>, _>(query.since)
                .bind::<Nullable<Timestamptz>, _>(query.until)
                .bind::<BigInt, _>(i64::from(query.limit));
            list.rows(connection).await
        })?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }

    pub(super) async fn read_attempts(
        &mut self,
        endpoint: Endpoint,
        id: DeliveryId,
    ) -> Result<Vec<Attempt>, StorageError> {
        let rows: Vec<AttemptRow> = read!(self, |connection| {
            let list = of(Statement::new(ATTEMPTS), endpoint).bind::<SqlUuid, _>(Uuid::from(id));
            list.rows(connection).await
        })?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }

    pub(super) async fn read_health(
        &mut self,
        merchant: Option<MerchantId>,
    ) -> Result<Vec<EndpointHealth>, StorageError> {
        let rows: Vec<HealthRow> = read!(self, |connection| {
            let statement = match merchant {
                Some(merchant) => Statement::new(HEALTH_OF_MERCHANT.as_str())
                    .bind::<SqlUuid, _>(Uuid::from(merchant)),
                None => Statement::new(HEALTH_OF_ALL.as_str()),
            };
            statement.rows(connection).await
        })?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }

    pub(super) async fn read_health_of(
        &mut self,
        endpoint: Endpoint,
    ) -> Result<Option<EndpointHealth>, StorageError> {
        let row: Option<HealthRow> = read!(self, |connection| {
            of(Statement::new(HEALTH_OF_ONE.as_str()), endpoint).row(connection).await
        })?;
        Ok(row.map(|row| row.0))
    }

    pub(super) async fn set_paused(
        &mut self,
        endpoint: Endpoint,
        since: Option<OffsetDateTime>,
    ) -> Result<(), StorageError> {
        let pause = Statement::new(PAUSE).bind::<Nullable<Timestamptz>, _>(since);
        let _: Option<i64> =
            of(pause, endpoint).row(self.connection()).await.map_err(errors::storage)?;
        Ok(())
    }

    pub(super) async fn hold_secrets(
        &mut self,
        endpoint: Endpoint,
    ) -> Result<Option<SigningSecrets>, StorageError> {
        let hold = of(Statement::new(SECRETS), endpoint);
        let row: Option<SecretsRow> = hold.row(self.connection()).await.map_err(errors::storage)?;
        Ok(row.map(|row| row.0))
    }

    pub(super) async fn replace_secrets(
        &mut self,
        endpoint: Endpoint,
        secrets: &SigningSecrets,
    ) -> Result<(), StorageError> {
        let previous = secrets.previous.as_ref();
        let replace = Statement::new(SET_SECRETS)
            .bind::<Binary, _>(secrets.current.as_bytes())
            .bind::<Nullable<Binary>, _>(previous.map(|retired| retired.secret.as_bytes()))
            .bind::<Nullable<Timestamptz>, _>(previous.map(|retired| retired.until));
        let _: Option<i64> =
            of(replace, endpoint).row(self.connection()).await.map_err(errors::storage)?;
        Ok(())
    }

    pub(super) async fn tell_failing(
        &mut self,
        since: OffsetDateTime,
        told: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<Vec<FailingEndpoint>, StorageError> {
        let tell = Statement::new(FAILING)
            .bind::<Timestamptz, _>(now)
            .bind::<Timestamptz, _>(since)
            .bind::<Timestamptz, _>(told);
        let rows: Vec<FailingRow> = tell.rows(self.connection()).await.map_err(errors::storage)?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }

    pub(super) async fn purge_some(
        &mut self,
        now: OffsetDateTime,
        settled: OffsetDateTime,
        parked: OffsetDateTime,
    ) -> Result<u64, StorageError> {
        let old = Statement::new(PURGE_SETTLED)
            .bind::<Timestamptz, _>(settled)
            .bind::<Timestamptz, _>(parked)
            .bind::<BigInt, _>(PURGED);
        let old: Option<i64> = old.row(self.connection()).await.map_err(errors::storage)?;
        let abandoned =
            Statement::new(PURGE_ABANDONED).bind::<Timestamptz, _>(now).bind::<BigInt, _>(PURGED);
        let abandoned: Option<i64> =
            abandoned.row(self.connection()).await.map_err(errors::storage)?;
        let nobody = Statement::new(PURGE_ENDPOINTS).bind::<Timestamptz, _>(settled);
        let _: Vec<i64> = nobody.rows(self.connection()).await.map_err(errors::storage)?;
        Ok((old.unwrap_or(0) + abandoned.unwrap_or(0)).cast_unsigned())
    }
}
