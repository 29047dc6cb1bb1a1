//! Deliveries of events, and the feed of all events.
//!
//! Everything comes and goes in batches: one statement for each step, whatever the number of deliveries.

mod claim;
mod columns;
mod fan_out;
mod feed;
mod operator;
mod restored;
mod settle;
mod warnings;

use async_trait::async_trait;
use domain::StorageError;
use domain::delivery::{
    Attempt, Claim, Delivery, DeliveryQuery, DeliveryRepository, Endpoint, EndpointHealth,
    FailingEndpoint, FeedEvent, FeedFilter, FeedPosition, Headline, Lease, Listener, NewDelivery,
    Party, Room, Settlement, SigningSecrets, Stretch, Warning,
};
use domain::id::{DeliveryId, MerchantId};
use domain::secret::Sealed;
use time::OffsetDateTime;

pub(crate) use self::restored::carry_over;
pub(crate) use self::settle::strip;
use crate::session::PgSession;

#[async_trait]
impl DeliveryRepository for PgSession {
    async fn lead_fan_out(&mut self) -> Result<Option<FeedPosition>, StorageError> {
        self.try_to_lead().await
    }

    async fn headlines(
        &mut self,
        after: FeedPosition,
        limit: u32,
    ) -> Result<Stretch<Headline>, StorageError> {
        self.read_headlines(after, limit).await
    }

    async fn listeners(&mut self, merchants: &[MerchantId]) -> Result<Vec<Listener>, StorageError> {
        self.listeners_of(merchants).await
    }

    async fn introduce(&mut self, endpoints: &[(Endpoint, Sealed)]) -> Result<(), StorageError> {
        self.introduce_endpoints(endpoints).await
    }

    async fn enqueue(
        &mut self,
        deliveries: &[NewDelivery],
        at: OffsetDateTime,
    ) -> Result<(), StorageError> {
        self.enqueue_deliveries(deliveries, at).await
    }

    async fn fanned_out(&mut self, to: FeedPosition) -> Result<(), StorageError> {
        self.move_cursor(to).await
    }

    async fn survey(&mut self) -> Result<(), StorageError> {
        self.analyze().await
    }

    async fn claim(
        &mut self,
        now: OffsetDateTime,
        lease: Lease,
        room: &Room,
    ) -> Result<Vec<Claim>, StorageError> {
        self.claim_due(now, lease, room).await
    }

    async fn parties(&mut self, endpoints: &[Endpoint]) -> Result<Vec<Party>, StorageError> {
        self.find_parties(endpoints).await
    }

    async fn settle(
        &mut self,
        settlements: &[Settlement],
        now: OffsetDateTime,
    ) -> Result<(), StorageError> {
        self.settle_all(settlements, now).await
    }

    async fn find_delivery(
        &mut self,
        endpoint: Endpoint,
        id: DeliveryId,
    ) -> Result<Option<Delivery>, StorageError> {
        self.read_delivery(endpoint, id).await
    }

    async fn attempts(
        &mut self,
        endpoint: Endpoint,
        id: DeliveryId,
    ) -> Result<Vec<Attempt>, StorageError> {
        self.read_attempts(endpoint, id).await
    }

    async fn deliveries_of(
        &mut self,
        endpoint: Endpoint,
        query: DeliveryQuery,
    ) -> Result<Vec<Delivery>, StorageError> {
        self.read_deliveries(endpoint, query).await
    }

    async fn replay(
        &mut self,
        deliveries: &[NewDelivery],
        at: OffsetDateTime,
    ) -> Result<u64, StorageError> {
        self.replay_deliveries(deliveries, at).await
    }

    async fn health(
        &mut self,
        merchant: Option<MerchantId>,
    ) -> Result<Vec<EndpointHealth>, StorageError> {
        self.read_health(merchant).await
    }

    async fn health_of(
        &mut self,
        endpoint: Endpoint,
    ) -> Result<Option<EndpointHealth>, StorageError> {
        self.read_health_of(endpoint).await
    }

    async fn pause(
        &mut self,
        endpoint: Endpoint,
        since: Option<OffsetDateTime>,
    ) -> Result<(), StorageError> {
        self.set_paused(endpoint, since).await
    }

    async fn secrets_held(
        &mut self,
        endpoint: Endpoint,
    ) -> Result<Option<SigningSecrets>, StorageError> {
        self.hold_secrets(endpoint).await
    }

    async fn set_secrets(
        &mut self,
        endpoint: Endpoint,
        secrets: &SigningSecrets,
    ) -> Result<(), StorageError> {
        self.replace_secrets(endpoint, secrets).await
    }

    async fn facts(
        &mut self,
        after: FeedPosition,
        filter: &FeedFilter,
        limit: u32,
    ) -> Result<Stretch<FeedEvent>, StorageError> {
        self.read_facts(after, filter, limit).await
    }

    async fn end_of_feed(&mut self) -> Result<FeedPosition, StorageError> {
        self.read_end_of_feed().await
    }

    async fn next_moment(
        &mut self,
        after: FeedPosition,
    ) -> Result<Option<OffsetDateTime>, StorageError> {
        self.read_next_moment(after).await
    }

    async fn feed_at(&mut self, moment: OffsetDateTime) -> Result<FeedPosition, StorageError> {
        self.find_in_feed(moment).await
    }

    async fn failing(
        &mut self,
        since: OffsetDateTime,
        told: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<Vec<FailingEndpoint>, StorageError> {
        self.tell_failing(since, told, now).await
    }

    async fn warn(&mut self, warnings: &[Warning]) -> Result<(), StorageError> {
        self.store_warnings(warnings).await
    }

    async fn purge_deliveries(
        &mut self,
        now: OffsetDateTime,
        settled: OffsetDateTime,
        parked: OffsetDateTime,
    ) -> Result<u64, StorageError> {
        self.purge_some(now, settled, parked).await
    }
}
