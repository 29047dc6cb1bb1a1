//! What programs want to be told.

use async_trait::async_trait;
use diesel::dsl::{And, Eq};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::SubscriptionNumber;
use domain::secret::Sealed;
use domain::subscription::{
    DeliveryAddress, Filter, Format, Subscriber, Subscription, SubscriptionQuery,
    SubscriptionRepository, Terms, Topic, Watch,
};
use domain::{Page, StorageError, Total};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::document::text;
use crate::errors;
use crate::listing;
use crate::schema::{applications, subscriptions};
use crate::session::{PgSession, read};

#[derive(Queryable, Selectable)]
#[diesel(table_name = subscriptions, check_for_backend(diesel::pg::Pg))]
struct SubscriptionRow {
    merchant_id: Uuid,
    application_id: Uuid,
    number: i64,
    #[diesel(embed)]
    terms: TermsRow,
    created_at: OffsetDateTime,
    updated_at: OffsetDateTime,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(
    table_name = subscriptions,
    check_for_backend(diesel::pg::Pg),
    treat_none_as_default_value = false,
    treat_none_as_null = true
)]
struct TermsRow {
    topic: String,
    address: String,
    format: String,
    sealed_headers: Option<Vec<u8>>,
    watched: Vec<String>,
    sites: Vec<i64>,
    other_conditions: String,
}

#[async_trait]
impl SubscriptionRepository for PgSession {
    async fn insert(
        &mut self,
        subscriber: Subscriber,
        terms: &Terms,
        at: OffsetDateTime,
    ) -> Result<SubscriptionNumber, StorageError> {
        let insert = diesel::insert_into(subscriptions::table).values((
            subscriptions::merchant_id.eq(Uuid::from(subscriber.merchant)),
            subscriptions::application_id.eq(Uuid::from(subscriber.application)),
            TermsRow::from(terms),
            subscriptions::created_at.eq(at),
            subscriptions::updated_at.eq(at),
        ));
        let insert = insert.returning(subscriptions::number);
        let number: i64 = insert.get_result(self.connection()).await.map_err(errors::storage)?;
        SubscriptionNumber::try_from(number).map_err(|_| errors::corrupt("subscription's number"))
    }

    /// The program's row is what those who count wait for.
    async fn count_held(&mut self, subscriber: Subscriber) -> Result<u64, StorageError> {
        let key = (Uuid::from(subscriber.merchant), Uuid::from(subscriber.application));
        let program = applications::table.find(key).select(applications::id).for_no_key_update();
        program.load::<Uuid>(self.connection()).await.map_err(errors::storage)?;
        self.count(subscriber).await
    }

    async fn count(&mut self, subscriber: Subscriber) -> Result<u64, StorageError> {
        let count: i64 = read!(self, |connection| {
            let own = subscriptions::table.filter(of(subscriber));
            own.count().get_result(connection).await
        })?;
        Ok(count.cast_unsigned())
    }

    async fn find(
        &mut self,
        subscriber: Subscriber,
        number: SubscriptionNumber,
    ) -> Result<Option<Subscription>, StorageError> {
        let row: Option<SubscriptionRow> = read!(self, |connection| {
            let row = subscriptions::table.find(key(subscriber, number));
            row.select(SubscriptionRow::as_select()).first(connection).await.optional()
        })?;
        row.map(Subscription::try_from).transpose()
    }

    async fn find_held(
        &mut self,
        subscriber: Subscriber,
        number: SubscriptionNumber,
    ) -> Result<Option<Subscription>, StorageError> {
        let row = subscriptions::table.find(key(subscriber, number));
        let row = row.select(SubscriptionRow::as_select()).for_update();
        let row: Option<SubscriptionRow> =
            row.first(self.connection()).await.optional().map_err(errors::storage)?;
        row.map(Subscription::try_from).transpose()
    }

    async fn update(&mut self, subscription: &Subscription) -> Result<(), StorageError> {
        let row = subscriptions::table.find(key(subscription.subscriber, subscription.number));
        let update = diesel::update(row).set((
            TermsRow::from(&subscription.terms),
            subscriptions::updated_at.eq(subscription.updated_at),
        ));
        update.execute(self.connection()).await.map(drop).map_err(errors::storage)
    }

    async fn delete(
        &mut self,
        subscriber: Subscriber,
        number: SubscriptionNumber,
    ) -> Result<bool, StorageError> {
        let row = subscriptions::table.find(key(subscriber, number));
        let gone = diesel::delete(row).execute(self.connection()).await;
        gone.map(|count| count > 0).map_err(errors::storage)
    }

    async fn page(
        &mut self,
        subscriber: Subscriber,
        query: SubscriptionQuery,
    ) -> Result<Page<Subscription>, StorageError> {
        let after = query.after.map_or(0, i64::from);
        let fitting =
            || subscriptions::table.filter(of(subscriber)).filter(subscriptions::number.gt(after));
        let total: i64 = read!(self, |connection| fitting().count().get_result(connection).await)?;
        let (offset, limit) = listing::bounds(query.page);
        let rows: Vec<SubscriptionRow> = read!(self, |connection| {
            let list = fitting().order(subscriptions::number).offset(offset).limit(limit);
            list.select(SubscriptionRow::as_select()).load(connection).await
        })?;
        let items = rows.into_iter().map(Subscription::try_from).collect::<Result<_, _>>()?;
        Ok(Page { items, total: Total::Exact(total.cast_unsigned()) })
    }
}

type Of = And<Eq<subscriptions::merchant_id, Uuid>, Eq<subscriptions::application_id, Uuid>>;

/// One program's.
fn of(subscriber: Subscriber) -> Of {
    subscriptions::merchant_id
        .eq(Uuid::from(subscriber.merchant))
        .and(subscriptions::application_id.eq(Uuid::from(subscriber.application)))
}

fn key(subscriber: Subscriber, number: SubscriptionNumber) -> (Uuid, Uuid, i64) {
    (subscriber.merchant.into(), subscriber.application.into(), number.into())
}

impl From<&Terms> for TermsRow {
    fn from(terms: &Terms) -> Self {
        let watched = terms.filter.watched().iter();
        Self {
            topic: terms.topic.name().to_owned(),
            address: terms.address.to_string(),
            format: terms.format.name().to_owned(),
            sealed_headers: terms.headers.as_ref().map(|sealed| sealed.as_bytes().to_vec()),
            watched: watched.map(|watch| watch.name().to_owned()).collect(),
            sites: terms.filter.sites().to_vec(),
            other_conditions: terms.filter.others().to_string(),
        }
    }
}

impl TryFrom<SubscriptionRow> for Subscription {
    type Error = StorageError;

    fn try_from(row: SubscriptionRow) -> Result<Self, StorageError> {
        let number = SubscriptionNumber::try_from(row.number);
        Ok(Self {
            subscriber: Subscriber {
                merchant: row.merchant_id.into(),
                application: row.application_id.into(),
            },
            number: number.map_err(|_| errors::corrupt("subscription's number"))?,
            terms: Terms::try_from(row.terms)?,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

impl TryFrom<TermsRow> for Terms {
    type Error = StorageError;

    fn try_from(row: TermsRow) -> Result<Self, StorageError> {
        let watched = row.watched.iter().map(|name| Watch::named(name));
        let watched = watched.collect::<Result<Vec<_>, _>>();
        let watched = watched.map_err(|_| errors::corrupt("filter of a subscription"))?;
        let others = text(row.other_conditions);
        let others = others.map_err(|_| errors::corrupt("filter of a subscription"))?;
        let filter = Filter::new(watched, row.sites, others);
        Ok(Self {
            topic: Topic::named(&row.topic).ok_or_else(|| errors::corrupt("topic"))?,
            address: DeliveryAddress::try_from(row.address)
                .map_err(|_| errors::corrupt("address for deliveries"))?,
            format: Format::named(&row.format).ok_or_else(|| errors::corrupt("format"))?,
            headers: row.sealed_headers.map(Sealed::new),
            filter: filter.map_err(|_| errors::corrupt("filter of a subscription"))?,
        })
    }
}
