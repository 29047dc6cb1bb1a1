//! Taking on what is due, and what is known of those it goes to.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, LazyLock};

use diesel::deserialize;
use diesel::pg::Pg;
use diesel::row::Row;
use diesel::sql_types::{
    Array, BigInt, Binary, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use domain::StorageError;
use domain::delivery::{
    Claim, DeliveryKey, Endpoint, Lane, Lease, Party, Retired, Room, SigningSecrets, Source, Target,
};
use domain::id::{LevelId, MerchantId};
use domain::merchant::Merchant;
use domain::secret::Sealed;
use domain::subscription::{DeliveryAddress, Format, Headers, Topic};
use time::OffsetDateTime;
use uuid::Uuid;

use super::columns::{FACT, endpoint, endpoint_number, fact, place};
use crate::session::{PgSession, read};
use crate::statement::{Columns, FromRow, Statement};
use crate::{errors, levels, merchants};

/// Goes from endpoint to endpoint, not from lane to lane, so that one with many lanes costs no more than one with few;
/// takes those first that have been due longest, each with no more than its share; and locks no more lanes than it
/// takes. The first deliveries of the lanes come with their events.
static CLAIM: LazyLock<String> = LazyLock::new(|| {
    format!(
        "WITH RECURSIVE waiting AS ((SELECT merchant_id, endpoint FROM delivery_lanes \
         ORDER BY merchant_id, endpoint LIMIT 1) UNION ALL SELECT further.merchant_id, further.endpoint FROM waiting \
         CROSS JOIN LATERAL (SELECT merchant_id, endpoint FROM delivery_lanes WHERE (merchant_id, endpoint) > \
         (waiting.merchant_id, waiting.endpoint) ORDER BY merchant_id, endpoint LIMIT 1) AS further), \
         turns AS MATERIALIZED (SELECT waiting.merchant_id, waiting.endpoint, \
         $1 - COALESCE(busy.underway, 0) AS share FROM waiting JOIN delivery_endpoints AS told \
         ON told.merchant_id = waiting.merchant_id AND told.endpoint = waiting.endpoint \
         CROSS JOIN LATERAL (SELECT due_at FROM delivery_lanes AS lane WHERE lane.merchant_id = waiting.merchant_id \
         AND lane.endpoint = waiting.endpoint AND lane.due_at <= $2 ORDER BY due_at LIMIT 1) AS first \
         LEFT JOIN unnest($3, $4, $5) AS busy (merchant_id, endpoint, underway) \
         ON busy.merchant_id = waiting.merchant_id AND busy.endpoint = waiting.endpoint \
         WHERE told.paused_at IS NULL AND COALESCE(busy.underway, 0) < $1 AND CASE waiting.endpoint \
         WHEN 0 THEN EXISTS (SELECT FROM merchants WHERE id = waiting.merchant_id \
         AND settings ->> 'webhook_enabled' = 'true' AND settings ->> 'webhook_url' IS NOT NULL) \
         ELSE EXISTS (SELECT FROM subscriptions WHERE number = waiting.endpoint \
         AND subscriptions.merchant_id = waiting.merchant_id) END ORDER BY first.due_at LIMIT $6), \
         due AS MATERIALIZED (SELECT lane.* FROM turns CROSS JOIN LATERAL (SELECT merchant_id, endpoint, subject_id \
         FROM delivery_lanes WHERE delivery_lanes.merchant_id = turns.merchant_id \
         AND delivery_lanes.endpoint = turns.endpoint AND due_at <= $2 ORDER BY due_at LIMIT turns.share \
         FOR UPDATE SKIP LOCKED) AS lane LIMIT $6), \
         taken AS (UPDATE delivery_lanes AS lane SET due_at = $7, lease = $8 FROM due \
         WHERE lane.merchant_id = due.merchant_id AND lane.endpoint = due.endpoint \
         AND lane.subject_id = due.subject_id \
         RETURNING lane.merchant_id, lane.endpoint, lane.subject_id, lane.version, lane.ordinal) \
         SELECT first.merchant_id, first.endpoint, first.version, first.ordinal, first.id, first.attempts, first.body, \
         {FACT} FROM taken CROSS JOIN LATERAL (SELECT * FROM deliveries WHERE deliveries.merchant_id = taken.merchant_id \
         AND deliveries.subject_id = taken.subject_id AND deliveries.endpoint = taken.endpoint \
         AND (deliveries.version, deliveries.ordinal) >= (taken.version, taken.ordinal) \
         AND deliveries.state = 'pending' ORDER BY deliveries.version, deliveries.ordinal LIMIT 1) AS first \
         JOIN events AS e ON e.merchant_id = first.merchant_id AND e.customer_id = first.subject_id \
         AND e.version = first.version AND e.ordinal = first.ordinal"
    )
});

const PARTIES: &str = "SELECT told.merchant_id, told.endpoint, told.sealed_secret, told.sealed_previous_secret, \
    told.previous_until, subscription.application_id, subscription.topic, subscription.address, subscription.format, \
    subscription.sealed_headers, application.sealed_signature_token \
    FROM unnest($1, $2) AS wanted (merchant_id, endpoint) JOIN delivery_endpoints AS told \
    ON told.merchant_id = wanted.merchant_id AND told.endpoint = wanted.endpoint \
    LEFT JOIN subscriptions AS subscription ON subscription.number = wanted.endpoint \
    AND subscription.merchant_id = wanted.merchant_id \
    LEFT JOIN applications AS application ON application.merchant_id = subscription.merchant_id \
    AND application.id = subscription.application_id";

/// A claim whose lease is not noted yet.
struct ClaimRow(Claim);

impl FromRow for ClaimRow {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let (endpoint, place) = (endpoint(columns)?, place(columns)?);
        let id: Uuid = columns.next::<SqlUuid, _>()?;
        let attempts = columns.next::<Integer, i32>()?.cast_unsigned();
        let body: Option<Vec<u8>> = columns.next::<Nullable<Binary>, _>()?;
        let fact = fact(columns)?;
        let key = DeliveryKey { lane: Lane { endpoint, subject: fact.subject() }, place };
        Ok(Self(Claim {
            id: id.into(),
            key,
            lease: Uuid::nil(),
            attempt: attempts + 1,
            body,
            fact,
        }))
    }
}

/// What is stored of an endpoint.
struct PartyRow {
    endpoint: Endpoint,
    secrets: SigningSecrets,
    subscribed: Option<Subscribed>,
}

struct Subscribed {
    application: Uuid,
    topic: Topic,
    address: DeliveryAddress,
    format: Format,
    sealed_headers: Option<Sealed>,
    signature_token: Option<Sealed>,
}

impl FromRow for PartyRow {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let endpoint = endpoint(columns)?;
        let secrets = secrets(columns)?;
        let subscribed = match columns.next::<Nullable<SqlUuid>, Option<Uuid>>()? {
            Some(application) => Some(Subscribed {
                application,
                topic: Topic::named(&columns.next::<Text, String>()?).ok_or("unknown topic")?,
                address: DeliveryAddress::try_from(columns.next::<Text, String>()?)?,
                format: Format::named(&columns.next::<Text, String>()?).ok_or("unknown format")?,
                sealed_headers: sealed(columns)?,
                signature_token: sealed(columns)?,
            }),
            None => None,
        };
        Ok(Self { endpoint, secrets, subscribed })
    }
}

/// The secrets of an endpoint, from the current one, the previous one and the end of that.
pub(super) fn secrets<'a>(
    columns: &mut Columns<'_, impl Row<'a, Pg>>,
) -> deserialize::Result<SigningSecrets> {
    let current = Sealed::new(columns.next::<Binary, _>()?);
    let previous = sealed(columns)?;
    let until: Option<OffsetDateTime> = columns.next::<Nullable<Timestamptz>, _>()?;
    let retired = previous.zip(until).map(|(secret, until)| Retired { secret, until });
    Ok(SigningSecrets { current, previous: retired })
}

fn sealed<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Option<Sealed>> {
    Ok(columns.next::<Nullable<Binary>, Option<Vec<u8>>>()?.map(Sealed::new))
}

impl PgSession {
    pub(super) async fn claim_due(
        &mut self,
        now: OffsetDateTime,
        lease: Lease,
        room: &Room,
    ) -> Result<Vec<Claim>, StorageError> {
        let count = |size: usize| i64::try_from(size).unwrap_or(i64::MAX);
        let busy = || room.underway.iter();
        let claim = Statement::new(CLAIM.as_str())
            .bind::<BigInt, _>(count(room.per_endpoint))
            .bind::<Timestamptz, _>(now)
            .bind::<Array<SqlUuid>, _>(
                busy().map(|(one, _)| one.merchant.into()).collect::<Vec<Uuid>>(),
            )
            .bind::<Array<BigInt>, _>(
                busy().map(|(one, _)| endpoint_number(*one)).collect::<Vec<_>>(),
            )
            .bind::<Array<BigInt>, _>(busy().map(|(_, size)| count(*size)).collect::<Vec<_>>())
            .bind::<BigInt, _>(count(room.total))
            .bind::<Timestamptz, _>(lease.until)
            .bind::<SqlUuid, _>(lease.id);
        let rows: Vec<ClaimRow> = claim.rows(self.connection()).await.map_err(errors::storage)?;
        Ok(rows.into_iter().map(|row| Claim { lease: lease.id, ..row.0 }).collect())
    }

    pub(super) async fn find_parties(
        &mut self,
        endpoints: &[Endpoint],
    ) -> Result<Vec<Party>, StorageError> {
        let rows: Vec<PartyRow> = read!(self, |connection| {
            let statement = Statement::new(PARTIES)
                .bind::<Array<SqlUuid>, _>(
                    endpoints.iter().map(|one| one.merchant.into()).collect::<Vec<Uuid>>(),
                )
                .bind::<Array<BigInt>, _>(
                    endpoints.iter().map(|one| endpoint_number(*one)).collect::<Vec<_>>(),
                );
            statement.rows(connection).await
        })?;
        let ids: BTreeSet<Uuid> = rows.iter().map(|row| row.endpoint.merchant.into()).collect();
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let merchants = merchants::find_many(self.connection(), &ids).await?;
        let merchants = merchants.into_iter().map(|one| (one.id, Arc::new(one))).collect();
        let levels = self.level_names(&rows, &merchants).await?;
        Ok(rows.into_iter().filter_map(|row| row.party(&merchants, &levels)).collect())
    }

    /// The names of levels, in their merchants' first languages, of those merchants whose webhook tells of levels.
    async fn level_names(
        &mut self,
        rows: &[PartyRow],
        merchants: &HashMap<MerchantId, Arc<Merchant>>,
    ) -> Result<HashMap<MerchantId, BTreeMap<LevelId, String>>, StorageError> {
        let telling = rows.iter().filter(|row| row.endpoint.source == Source::Settings);
        let telling: Vec<Uuid> = telling.map(|row| row.endpoint.merchant.into()).collect();
        let mut names: HashMap<MerchantId, BTreeMap<LevelId, String>> = HashMap::new();
        if telling.is_empty() {
            return Ok(names);
        }
        for level in levels::of_many(self.connection(), &telling).await? {
            let merchant = merchants.get(&level.merchant);
            let language = merchant.and_then(|merchant| merchant.languages.first());
            let name = level.name(language, None).to_owned();
            names.entry(level.merchant).or_default().insert(level.id, name);
        }
        Ok(names)
    }
}

impl PartyRow {
    fn party(
        self,
        merchants: &HashMap<MerchantId, Arc<Merchant>>,
        levels: &HashMap<MerchantId, BTreeMap<LevelId, String>>,
    ) -> Option<Party> {
        let Self { endpoint, secrets, subscribed } = self;
        let merchant = Arc::clone(merchants.get(&endpoint.merchant)?);
        let (target, sealed_headers) = match (endpoint.source, subscribed) {
            (Source::Settings, _) => {
                let levels = levels.get(&endpoint.merchant).cloned().unwrap_or_default();
                (settings_target(&merchant, levels)?, None)
            }
            (Source::Subscription(number), Some(subscribed)) => {
                let target = Target::Subscription {
                    application: subscribed.application.into(),
                    number,
                    topic: subscribed.topic,
                    format: subscribed.format,
                    address: subscribed.address,
                    headers: Headers::default(),
                    signature_token: subscribed.signature_token,
                };
                (target, subscribed.sealed_headers)
            }
            (Source::Subscription(_), None) => return None,
        };
        Some(Party { endpoint, merchant, target, sealed_headers, secrets })
    }
}

fn settings_target(merchant: &Merchant, levels: BTreeMap<LevelId, String>) -> Option<Target> {
    let webhook = &merchant.settings.webhook;
    let url = webhook.url.as_ref().filter(|_| webhook.enabled)?;
    let name = webhook.header_name.as_ref().filter(|name| !name.is_empty());
    let header = name.map(|name| {
        let value = webhook.header_value.as_ref().map(ToString::to_string);
        (name.to_string(), value.unwrap_or_default())
    });
    let address = DeliveryAddress::try_from(url.to_string()).ok()?;
    Some(Target::Settings { address, header, levels })
}
