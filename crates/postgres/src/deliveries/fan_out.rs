//! Who is told, and what comes to be told.

use std::sync::LazyLock;

use diesel::deserialize;
use diesel::pg::Pg;
use diesel::row::Row;
use diesel::sql_types::{
    Array, BigInt, Binary, Bool, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl as _;
use domain::StorageError;
use domain::delivery::{Endpoint, FeedPosition, Listener, NewDelivery, Source, Wants};
use domain::id::{MerchantId, SubscriptionNumber};
use domain::secret::Sealed;
use domain::subscription::{DeliveryAddress, Filter, Topic, Watch};
use time::OffsetDateTime;
use uuid::Uuid;

use super::columns::{endpoint_number, position};
use crate::document::text;
use crate::errors;
use crate::session::{PgSession, read};
use crate::statement::{Columns, FromRow, Statement};

/// The lock of whoever makes deliveries: "fan out" in letters.
pub(super) const LEADER: i64 = 0x0066_616e_206f_7574;

const LEAD: &str = "SELECT transaction_id::text::bigint, merchant_id, subject_id, version, ordinal FROM delivery_cursor \
    WHERE pg_try_advisory_xact_lock($1)";

/// Waits until nobody else makes deliveries, nor forgets a person.
const ALONE: &str = "SELECT 1::bigint FROM pg_advisory_xact_lock($1)";

const FANNED_OUT: &str = "UPDATE delivery_cursor SET transaction_id = $1::text::xid8, merchant_id = $2, subject_id = $3, \
    version = $4, ordinal = $5 WHERE only_one RETURNING 1::bigint";

const SUBSCRIBERS: &str = "SELECT merchant_id, number, topic, watched, sites, other_conditions, created_at, \
    EXISTS (SELECT FROM delivery_endpoints AS told WHERE told.merchant_id = subscriptions.merchant_id \
    AND told.endpoint = subscriptions.number) FROM subscriptions WHERE merchant_id = ANY($1) ORDER BY merchant_id, number";

const PROGRAMMES: &str = "SELECT id, settings ->> 'webhook_url', EXISTS (SELECT FROM delivery_endpoints AS told \
    WHERE told.merchant_id = merchants.id AND told.endpoint = 0) FROM merchants WHERE id = ANY($1) \
    AND settings ->> 'webhook_enabled' = 'true' AND settings ->> 'webhook_url' IS NOT NULL";

const INTRODUCE: &str = "INSERT INTO delivery_endpoints (merchant_id, endpoint, sealed_secret) \
    SELECT * FROM unnest($1, $2, $3) AS new (merchant_id, endpoint, secret) ORDER BY merchant_id, endpoint \
    ON CONFLICT DO NOTHING RETURNING 1::bigint";

static ENQUEUE: LazyLock<String> = LazyLock::new(|| begin("NOTHING"));

static REPLAY: LazyLock<String> = LazyLock::new(|| {
    begin(
        "UPDATE SET state = 'pending', attempts = 0, settled_at = NULL, parked_at = NULL \
         WHERE deliveries.state <> 'pending'",
    )
});

/// Begins deliveries, and opens the lanes of those that were begun. A lane that is there is touched all the same, so that
/// whoever is about to close it is waited for; lanes are touched in the one order in which everybody locks them.
fn begin(on_conflict: &str) -> String {
    let earlier =
        "(excluded.version, excluded.ordinal) < (delivery_lanes.version, delivery_lanes.ordinal)";
    format!(
        "WITH begun AS (INSERT INTO deliveries (merchant_id, endpoint, subject_id, version, ordinal, id, state, \
         attempts, created_at) SELECT merchant_id, endpoint, subject_id, version, ordinal, id, 'pending', 0, at FROM \
         unnest($1, $2, $3, $4, $5, $6) AS new (merchant_id, endpoint, subject_id, version, ordinal, id), \
         (SELECT $7::timestamptz AS at) AS now \
         ON CONFLICT (merchant_id, subject_id, endpoint, version, ordinal) DO {on_conflict} \
         RETURNING merchant_id, endpoint, subject_id, version, ordinal), \
         opened AS (INSERT INTO delivery_lanes (merchant_id, endpoint, subject_id, version, ordinal, due_at) \
         SELECT DISTINCT ON (merchant_id, endpoint, subject_id) merchant_id, endpoint, subject_id, version, ordinal, \
         $7 FROM begun ORDER BY merchant_id, endpoint, subject_id, version, ordinal \
         ON CONFLICT (merchant_id, endpoint, subject_id) DO UPDATE SET \
         version = CASE WHEN {earlier} THEN excluded.version ELSE delivery_lanes.version END, \
         ordinal = CASE WHEN {earlier} THEN excluded.ordinal ELSE delivery_lanes.ordinal END, \
         due_at = CASE WHEN delivery_lanes.lease IS NULL AND {earlier} \
         THEN least(delivery_lanes.due_at, excluded.due_at) ELSE delivery_lanes.due_at END) \
         SELECT count(*) FROM begun"
    )
}

struct Position(FeedPosition);

impl FromRow for Position {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        position(columns).map(Self)
    }
}

struct Subscribed(Listener);

impl FromRow for Subscribed {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let merchant: Uuid = columns.next::<SqlUuid, _>()?;
        let number = SubscriptionNumber::try_from(columns.next::<BigInt, i64>()?)?;
        let topic = columns.next::<Text, String>()?;
        let watched = columns.next::<Array<Text>, Vec<String>>()?;
        let watched =
            watched.iter().map(|name| Watch::named(name)).collect::<Result<Vec<_>, _>>()?;
        let sites = columns.next::<Array<BigInt>, Vec<i64>>()?;
        let filter = Filter::new(watched, sites, text(columns.next::<Text, String>()?)?)?;
        let topic = Topic::named(&topic).ok_or("unknown topic")?;
        Ok(Self(Listener {
            endpoint: Endpoint { merchant: merchant.into(), source: Source::Subscription(number) },
            wants: Wants::Topic(topic, filter),
            since: Some(columns.next::<Timestamptz, _>()?),
            is_known: columns.next::<Bool, _>()?,
        }))
    }
}

/// A merchant's own webhook, if its address is one.
struct Programme(Option<Listener>);

impl FromRow for Programme {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let merchant: Uuid = columns.next::<SqlUuid, _>()?;
        let url = columns.next::<Text, String>()?;
        let is_known = columns.next::<Bool, _>()?;
        let endpoint = Endpoint { merchant: merchant.into(), source: Source::Settings };
        let listener = Listener { endpoint, wants: Wants::Programme, since: None, is_known };
        Ok(Self(DeliveryAddress::try_from(url).ok().map(|_| listener)))
    }
}

impl PgSession {
    /// A plan that was made while the tables were small takes any index for as good as another, and reads everything that
    /// waits for each batch; the server itself would look after a minute only.
    pub(super) async fn analyze(&mut self) -> Result<(), StorageError> {
        let tables = "ANALYZE delivery_lanes, deliveries";
        let done = diesel::sql_query(tables).execute(self.connection()).await;
        done.map(drop).map_err(errors::storage)
    }

    pub(super) async fn try_to_lead(&mut self) -> Result<Option<FeedPosition>, StorageError> {
        let lead = Statement::new(LEAD).bind::<BigInt, _>(LEADER);
        let row: Option<Position> = lead.row(self.connection()).await.map_err(errors::storage)?;
        Ok(row.map(|row| row.0))
    }

    pub(super) async fn move_cursor(&mut self, to: FeedPosition) -> Result<(), StorageError> {
        let update = Statement::new(FANNED_OUT)
            .bind::<Text, _>(to.transaction.to_string())
            .bind::<SqlUuid, _>(Uuid::from(to.merchant))
            .bind::<SqlUuid, _>(to.subject)
            .bind::<BigInt, _>(to.place.version.cast_signed())
            .bind::<SmallInt, _>(to.place.ordinal.cast_signed());
        let moved: Option<i64> = update.row(self.connection()).await.map_err(errors::storage)?;
        moved.map(drop).ok_or_else(|| errors::corrupt("cursor of deliveries"))
    }

    pub(super) async fn listeners_of(
        &mut self,
        merchants: &[MerchantId],
    ) -> Result<Vec<Listener>, StorageError> {
        let merchants: Vec<Uuid> = merchants.iter().copied().map(Uuid::from).collect();
        let of =
            |text: &'static str| Statement::new(text).bind::<Array<SqlUuid>, _>(merchants.clone());
        let subscribed: Vec<Subscribed> =
            read!(self, |connection| of(SUBSCRIBERS).rows(connection).await)?;
        let programmes: Vec<Programme> =
            read!(self, |connection| of(PROGRAMMES).rows(connection).await)?;
        let subscribed = subscribed.into_iter().map(|row| row.0);
        let announced = subscribed.filter(|listener| match &listener.wants {
            Wants::Topic(topic, _) => topic.is_announced(),
            Wants::Programme => true,
        });
        Ok(announced.chain(programmes.into_iter().filter_map(|row| row.0)).collect())
    }

    pub(super) async fn introduce_endpoints(
        &mut self,
        endpoints: &[(Endpoint, Sealed)],
    ) -> Result<(), StorageError> {
        let each = || endpoints.iter();
        let insert = Statement::new(INTRODUCE)
            .bind::<Array<SqlUuid>, _>(
                each().map(|(one, _)| one.merchant.into()).collect::<Vec<Uuid>>(),
            )
            .bind::<Array<BigInt>, _>(
                each().map(|(one, _)| endpoint_number(*one)).collect::<Vec<_>>(),
            )
            .bind::<Array<Binary>, _>(
                each().map(|(_, sealed)| sealed.as_bytes()).collect::<Vec<_>>(),
            );
        let _: Vec<i64> = insert.rows(self.connection()).await.map_err(errors::storage)?;
        Ok(())
    }

    pub(super) async fn enqueue_deliveries(
        &mut self,
        deliveries: &[NewDelivery],
        at: OffsetDateTime,
    ) -> Result<(), StorageError> {
        self.begin_deliveries(&ENQUEUE, deliveries, at).await.map(drop)
    }

    pub(super) async fn replay_deliveries(
        &mut self,
        deliveries: &[NewDelivery],
        at: OffsetDateTime,
    ) -> Result<u64, StorageError> {
        let alone = Statement::new(ALONE).bind::<BigInt, _>(LEADER);
        let _: Option<i64> = alone.row(self.connection()).await.map_err(errors::storage)?;
        self.begin_deliveries(&REPLAY, deliveries, at).await
    }

    async fn begin_deliveries(
        &mut self,
        text: &'static str,
        deliveries: &[NewDelivery],
        at: OffsetDateTime,
    ) -> Result<u64, StorageError> {
        let each = || deliveries.iter();
        let lanes = || each().map(|new| new.key.lane);
        let places = || each().map(|new| new.key.place);
        let insert = Statement::new(text)
            .bind::<Array<SqlUuid>, _>(
                lanes().map(|lane| lane.endpoint.merchant.into()).collect::<Vec<Uuid>>(),
            )
            .bind::<Array<BigInt>, _>(
                lanes().map(|lane| endpoint_number(lane.endpoint)).collect::<Vec<_>>(),
            )
            .bind::<Array<SqlUuid>, _>(lanes().map(|lane| lane.subject.id()).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(
                places().map(|place| place.version.cast_signed()).collect::<Vec<_>>(),
            )
            .bind::<Array<SmallInt>, _>(
                places().map(|place| place.ordinal.cast_signed()).collect::<Vec<_>>(),
            )
            .bind::<Array<SqlUuid>, _>(each().map(|new| new.id.into()).collect::<Vec<Uuid>>())
            .bind::<Timestamptz, _>(at);
        let begun: Option<i64> = insert.row(self.connection()).await.map_err(errors::storage)?;
        Ok(begun.unwrap_or(0).cast_unsigned())
    }
}
