//! What came of attempts.

use std::collections::BTreeMap;

use diesel::sql_types::{
    Array, BigInt, Binary, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use domain::StorageError;
use domain::delivery::{DeliveryState, Endpoint, Next, Outcome, Settlement};
use time::OffsetDateTime;
use uuid::Uuid;

use super::columns::endpoint_number;
use super::fan_out::LEADER;
use crate::errors;
use crate::session::PgSession;
use crate::statement::Statement;

/// Locks the lanes that are still held, in the one order in which everybody locks them. What follows in the transaction
/// sees everything that was put into them before.
const LOCK: &str = "SELECT 1::bigint FROM delivery_lanes AS lane JOIN unnest($1, $2, $3, $4) \
    AS given (merchant_id, endpoint, subject_id, lease) ON lane.merchant_id = given.merchant_id \
    AND lane.endpoint = given.endpoint AND lane.subject_id = given.subject_id AND lane.lease = given.lease \
    ORDER BY lane.merchant_id, lane.endpoint, lane.subject_id FOR UPDATE OF lane";

/// Notes every attempt; of those whose lanes are held, settles the delivery and has the lane go on with the next one
/// that is pending, or end. What was answered to whoever lost the lane may be about a person who is none any more, and
/// is not kept.
const SETTLE: &str = "WITH given AS MATERIALIZED (SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, \
    $13, $14, $15, $16) AS given (merchant_id, endpoint, subject_id, lease, id, version, ordinal, number, at, took, \
    status, answer, failure, state, retry_at, body)), \
    held AS MATERIALIZED (SELECT given.*, lane.version AS from_version, lane.ordinal AS from_ordinal FROM given \
    JOIN delivery_lanes AS lane ON lane.merchant_id = given.merchant_id AND lane.endpoint = given.endpoint \
    AND lane.subject_id = given.subject_id AND lane.lease = given.lease), \
    settled AS (UPDATE deliveries SET state = held.state, attempts = held.number, \
    body = CASE WHEN NOT deliveries.stripped THEN COALESCE(deliveries.body, held.body) END, \
    settled_at = CASE WHEN held.state <> 'pending' THEN $17::timestamptz END, \
    parked_at = CASE WHEN held.state = 'parked' THEN $17 END FROM held \
    WHERE deliveries.merchant_id = held.merchant_id AND deliveries.endpoint = held.endpoint \
    AND deliveries.id = held.id RETURNING deliveries.merchant_id, deliveries.endpoint, deliveries.id, \
    deliveries.stripped), \
    tried AS (INSERT INTO delivery_attempts (merchant_id, endpoint, delivery_id, lease, at, number, took_microseconds, \
    status, answer, failure) SELECT given.merchant_id, given.endpoint, given.id, given.lease, given.at, given.number, given.took, \
    given.status, CASE WHEN NOT settled.stripped THEN given.answer WHEN given.answer IS NOT NULL THEN '' END, \
    given.failure FROM given LEFT JOIN settled ON settled.merchant_id = given.merchant_id \
    AND settled.endpoint = given.endpoint AND settled.id = given.id ON CONFLICT DO NOTHING), \
    following AS MATERIALIZED (SELECT held.*, next.version AS next_version, next.ordinal AS next_ordinal FROM held \
    LEFT JOIN LATERAL (SELECT version, ordinal FROM deliveries WHERE deliveries.merchant_id = held.merchant_id \
    AND deliveries.subject_id = held.subject_id AND deliveries.endpoint = held.endpoint \
    AND (deliveries.version, deliveries.ordinal) >= (held.from_version, held.from_ordinal) \
    AND deliveries.state = 'pending' AND (held.state = 'pending' \
    OR (deliveries.version, deliveries.ordinal) <> (held.version, held.ordinal)) \
    ORDER BY deliveries.version, deliveries.ordinal LIMIT 1) AS next ON TRUE), \
    ended AS (DELETE FROM delivery_lanes AS lane USING following WHERE lane.merchant_id = following.merchant_id \
    AND lane.endpoint = following.endpoint AND lane.subject_id = following.subject_id \
    AND following.next_version IS NULL), \
    moved AS (UPDATE delivery_lanes AS lane SET version = following.next_version, ordinal = following.next_ordinal, \
    lease = NULL, due_at = CASE WHEN (following.next_version, following.next_ordinal) = \
    (following.version, following.ordinal) THEN COALESCE(following.retry_at, $17) ELSE $17 END FROM following \
    WHERE lane.merchant_id = following.merchant_id AND lane.endpoint = following.endpoint \
    AND lane.subject_id = following.subject_id AND following.next_version IS NOT NULL) \
    SELECT count(*) FROM held";

/// Notes how endpoints are doing, no more often than once a second while nothing changes: others settle as well.
const NOTE: &str = "WITH held AS MATERIALIZED (SELECT told.merchant_id, told.endpoint, given.at, given.success, \
    given.failure FROM delivery_endpoints AS told JOIN unnest($1, $2, $3, $4, $5) \
    AS given (merchant_id, endpoint, at, success, failure) ON told.merchant_id = given.merchant_id \
    AND told.endpoint = given.endpoint WHERE told.last_attempt_at IS NULL \
    OR told.last_attempt_at + interval '1 second' < given.at \
    OR (given.success IS NOT NULL AND (told.failing_since IS NOT NULL OR told.last_success_at IS NULL)) \
    OR (given.success IS NULL AND given.failure IS NOT NULL AND told.failing_since IS NULL) \
    ORDER BY told.merchant_id, told.endpoint FOR UPDATE OF told) \
    UPDATE delivery_endpoints AS told SET last_attempt_at = greatest(told.last_attempt_at, held.at), \
    last_success_at = greatest(told.last_success_at, held.success), \
    failing_since = CASE WHEN held.success IS NULL THEN COALESCE(told.failing_since, held.failure) END, \
    told_at = CASE WHEN held.success IS NULL THEN told.told_at END FROM held \
    WHERE told.merchant_id = held.merchant_id AND told.endpoint = held.endpoint RETURNING 1::bigint";

/// Waits until nobody makes deliveries, and has nobody make any before the transaction ends: whatever is made before can be
/// seen and stripped, and whatever is made after is made of events that are stripped.
const HOLD_UP: &str = "SELECT 1::bigint FROM pg_advisory_xact_lock_shared($1)";

/// Locks the lanes of subjects, and of what subjects bought, in the one order in which everybody locks them, so that whoever
/// settles is waited for. Whoever forgets a customer goes on to its transactions.
const LOCK_OF_SUBJECTS: &str = "SELECT 1::bigint FROM delivery_lanes AS lane WHERE (merchant_id, endpoint, subject_id) IN \
    (SELECT merchant_id, endpoint, subject_id FROM deliveries WHERE merchant_id = $1 AND subject_id = ANY($2 || ARRAY(\
    SELECT id FROM transactions WHERE merchant_id = $1 AND customer_id = ANY($2)))) \
    ORDER BY merchant_id, endpoint, subject_id FOR UPDATE";

/// Takes what was kept of subjects out of deliveries, and has nothing be kept of them any more.
const STRIP: &str = "UPDATE deliveries SET body = NULL, stripped = TRUE WHERE merchant_id = $1 \
    AND subject_id = ANY($2) RETURNING 1::bigint";
const STRIP_ATTEMPTS: &str = "UPDATE delivery_attempts SET answer = '' FROM deliveries \
    WHERE deliveries.merchant_id = $1 AND deliveries.subject_id = ANY($2) \
    AND delivery_attempts.merchant_id = deliveries.merchant_id AND delivery_attempts.endpoint = deliveries.endpoint \
    AND delivery_attempts.delivery_id = deliveries.id AND delivery_attempts.answer <> '' RETURNING 1::bigint";

/// What is sent of subjects from now on is written from the events as they are now, and kept no more.
pub(crate) async fn strip(
    connection: &mut diesel_async::AsyncPgConnection,
    merchant: domain::id::MerchantId,
    subjects: Vec<Uuid>,
) -> Result<(), StorageError> {
    let hold_up = Statement::new(HOLD_UP).bind::<BigInt, _>(LEADER);
    let _: Option<i64> = hold_up.row(connection).await.map_err(errors::storage)?;
    for text in [LOCK_OF_SUBJECTS, STRIP, STRIP_ATTEMPTS] {
        let strip = Statement::new(text)
            .bind::<SqlUuid, _>(Uuid::from(merchant))
            .bind::<Array<SqlUuid>, _>(subjects.clone());
        let _: Vec<i64> = strip.rows(connection).await.map_err(errors::storage)?;
    }
    Ok(())
}

impl PgSession {
    pub(super) async fn settle_all(
        &mut self,
        settlements: &[Settlement],
        now: OffsetDateTime,
    ) -> Result<(), StorageError> {
        let lock = lanes(Statement::new(LOCK), settlements);
        let _: Vec<i64> = lock.rows(self.connection()).await.map_err(errors::storage)?;
        let settle = bound(lanes(Statement::new(SETTLE), settlements), settlements);
        let settle = settle.bind::<Timestamptz, _>(now);
        let _: Option<i64> = settle.row(self.connection()).await.map_err(errors::storage)?;
        let note = Health::of(settlements);
        let _: Vec<i64> = note.rows(self.connection()).await.map_err(errors::storage)?;
        Ok(())
    }
}

/// The first four parameters: the lanes and who holds them.
fn lanes<'a>(statement: Statement<'a>, settlements: &'a [Settlement]) -> Statement<'a> {
    let each = || settlements.iter().map(|one| one.key.lane);
    statement
        .bind::<Array<SqlUuid>, _>(
            each().map(|lane| lane.endpoint.merchant.into()).collect::<Vec<Uuid>>(),
        )
        .bind::<Array<BigInt>, _>(
            each().map(|lane| endpoint_number(lane.endpoint)).collect::<Vec<_>>(),
        )
        .bind::<Array<SqlUuid>, _>(each().map(|lane| lane.subject.id()).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(settlements.iter().map(|one| one.lease).collect::<Vec<_>>())
}

/// The deliveries, what was tried and what comes next.
fn bound<'a>(statement: Statement<'a>, settlements: &'a [Settlement]) -> Statement<'a> {
    let each = || settlements.iter();
    let places = || each().map(|one| one.key.place);
    let attempts = || each().map(|one| &one.attempt);
    let (status, rest): (Vec<_>, Vec<_>) =
        attempts().map(|one| outcome_columns(&one.outcome)).unzip();
    let (answers, failures): (Vec<_>, Vec<_>) = rest.into_iter().unzip();
    let micros =
        |took: time::Duration| i64::try_from(took.whole_microseconds()).unwrap_or(i64::MAX);
    let retry_at = |next: Next| match next {
        Next::Retry { at } => Some(at),
        _ => None,
    };
    statement
        .bind::<Array<SqlUuid>, _>(each().map(|one| one.id.into()).collect::<Vec<Uuid>>())
        .bind::<Array<BigInt>, _>(
            places().map(|place| place.version.cast_signed()).collect::<Vec<_>>(),
        )
        .bind::<Array<SmallInt>, _>(
            places().map(|place| place.ordinal.cast_signed()).collect::<Vec<_>>(),
        )
        .bind::<Array<Integer>, _>(
            attempts().map(|one| one.number.cast_signed()).collect::<Vec<_>>(),
        )
        .bind::<Array<Timestamptz>, _>(attempts().map(|one| one.at).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(attempts().map(|one| micros(one.took)).collect::<Vec<_>>())
        .bind::<Array<Nullable<SmallInt>>, _>(status)
        .bind::<Array<Nullable<Text>>, _>(answers)
        .bind::<Array<Nullable<Text>>, _>(failures)
        .bind::<Array<Text>, _>(
            each().map(|one| DeliveryState::from(one.next).name()).collect::<Vec<_>>(),
        )
        .bind::<Array<Nullable<Timestamptz>>, _>(
            each().map(|one| retry_at(one.next)).collect::<Vec<_>>(),
        )
        .bind::<Array<Nullable<Binary>>, _>(
            each().map(|one| one.body.as_deref()).collect::<Vec<_>>(),
        )
}

type OutcomeColumns<'a> = (Option<i16>, (Option<&'a str>, Option<&'static str>));

fn outcome_columns(outcome: &Outcome) -> OutcomeColumns<'_> {
    match outcome {
        Outcome::Answered { status, body } => {
            (Some(status.cast_signed()), (Some(body.as_str()), None))
        }
        Outcome::Failed(failure) => (None, (None, Some(failure.name()))),
        Outcome::Unwritten(reason) => (None, (None, Some(reason.name()))),
    }
}

/// What a batch tells of an endpoint.
struct Health {
    at: OffsetDateTime,
    success: Option<OffsetDateTime>,
    failure: Option<OffsetDateTime>,
}

impl Health {
    fn of(settlements: &[Settlement]) -> Statement<'static> {
        let mut all: BTreeMap<Endpoint, Self> = BTreeMap::new();
        for settlement in settlements {
            let at = settlement.attempt.at;
            let blank = Self { at, success: None, failure: None };
            let health = all.entry(settlement.key.lane.endpoint).or_insert(blank);
            health.at = health.at.max(at);
            match settlement.attempt.outcome {
                Outcome::Unwritten(_) => {}
                _ if settlement.next == Next::Delivered => {
                    health.success = health.success.max(Some(at));
                }
                _ => health.failure = Some(health.failure.map_or(at, |first| first.min(at))),
            }
        }
        let each = || all.iter();
        Statement::new(NOTE)
            .bind::<Array<SqlUuid>, _>(
                each().map(|(one, _)| one.merchant.into()).collect::<Vec<Uuid>>(),
            )
            .bind::<Array<BigInt>, _>(
                each().map(|(one, _)| endpoint_number(*one)).collect::<Vec<_>>(),
            )
            .bind::<Array<Timestamptz>, _>(each().map(|(_, one)| one.at).collect::<Vec<_>>())
            .bind::<Array<Nullable<Timestamptz>>, _>(
                each().map(|(_, one)| one.success).collect::<Vec<_>>(),
            )
            .bind::<Array<Nullable<Timestamptz>>, _>(
                each().map(|(_, one)| one.failure).collect::<Vec<_>>(),
            )
    }
}
