//! What deliveries need from storage.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::feed::{FeedEvent, FeedFilter, FeedPosition, Headline, Stretch};
use super::model::{Attempt, Endpoint, Warning};
use super::signing::SigningSecrets;
use super::work::{
    Claim, Delivery, DeliveryQuery, EndpointHealth, FailingEndpoint, Lease, Listener, NewDelivery,
    Party, Room, Settlement,
};
use crate::id::{DeliveryId, MerchantId};
use crate::secret::Sealed;
use crate::storage::StorageError;

/// Storage of deliveries, and the feed of all events.
#[async_trait]
pub trait DeliveryRepository: Send {
    /// Becomes the one who fans out, for the rest of the unit of work, and tells how far was fanned out; `None` while
    /// somebody else is.
    async fn lead_fan_out(&mut self) -> Result<Option<FeedPosition>, StorageError>;

    /// The next events behind a position, `limit` at most. No event will ever stand between those that are returned: what
    /// could still be preceded by another is left for later.
    async fn headlines(
        &mut self,
        after: FeedPosition,
        limit: u32,
    ) -> Result<Stretch<Headline>, StorageError>;

    /// Who of these merchants is to be told, and of what.
    async fn listeners(&mut self, merchants: &[MerchantId]) -> Result<Vec<Listener>, StorageError>;

    /// Gives endpoints that have none a secret, each its own.
    async fn introduce(&mut self, endpoints: &[(Endpoint, Sealed)]) -> Result<(), StorageError>;

    /// Stores deliveries, due at once; those of an event to an endpoint that have one stay as they are.
    async fn enqueue(
        &mut self,
        deliveries: &[NewDelivery],
        at: OffsetDateTime,
    ) -> Result<(), StorageError>;

    /// Stores how far was fanned out.
    async fn fanned_out(&mut self, to: FeedPosition) -> Result<(), StorageError>;

    /// Has storage look at how much waits, so that it finds what waits in a way that suits as much. Changes nothing.
    async fn survey(&mut self) -> Result<(), StorageError>;

    /// Takes on the deliveries that come first in their lanes, of the lanes that are due at `now`, as many as there is
    /// room for. Nobody else gets anything of these lanes before the lease ends, unless they are settled. Endpoints that
    /// are paused or do not exist any more have no turn; of the others, those that have been due longest are first.
    async fn claim(
        &mut self,
        now: OffsetDateTime,
        lease: Lease,
        room: &Room,
    ) -> Result<Vec<Claim>, StorageError>;

    /// What is known of endpoints; nothing of those that do not exist any more.
    async fn parties(&mut self, endpoints: &[Endpoint]) -> Result<Vec<Party>, StorageError>;

    /// Stores what came of attempts, in a unit of work. Whose lease was taken by somebody else has the attempt noted and
    /// changes nothing. A lane goes on with its next delivery at `now`, or is gone with its last.
    async fn settle(
        &mut self,
        settlements: &[Settlement],
        now: OffsetDateTime,
    ) -> Result<(), StorageError>;

    /// One delivery of an endpoint.
    async fn find_delivery(
        &mut self,
        endpoint: Endpoint,
        id: DeliveryId,
    ) -> Result<Option<Delivery>, StorageError>;

    /// What was tried for one delivery, in the order of time.
    async fn attempts(
        &mut self,
        endpoint: Endpoint,
        id: DeliveryId,
    ) -> Result<Vec<Attempt>, StorageError>;

    /// Deliveries of an endpoint, the newest first.
    async fn deliveries_of(
        &mut self,
        endpoint: Endpoint,
        query: DeliveryQuery,
    ) -> Result<Vec<Delivery>, StorageError>;

    /// Begins deliveries anew, due at `at`: those that are settled under the ids that they have, those that never were
    /// under the given ones. Those that wait stay as they are. Tells how many were begun.
    async fn replay(
        &mut self,
        deliveries: &[NewDelivery],
        at: OffsetDateTime,
    ) -> Result<u64, StorageError>;

    /// How the endpoints that were told of anything are doing, of a merchant or of all.
    async fn health(
        &mut self,
        merchant: Option<MerchantId>,
    ) -> Result<Vec<EndpointHealth>, StorageError>;

    /// How one endpoint is doing; `None` if it was told of nothing yet.
    async fn health_of(
        &mut self,
        endpoint: Endpoint,
    ) -> Result<Option<EndpointHealth>, StorageError>;

    /// Stores since when nothing is sent to an endpoint that has a secret.
    async fn pause(
        &mut self,
        endpoint: Endpoint,
        since: Option<OffsetDateTime>,
    ) -> Result<(), StorageError>;

    /// The secrets of an endpoint, which nobody else changes until the unit of work ends.
    async fn secrets_held(
        &mut self,
        endpoint: Endpoint,
    ) -> Result<Option<SigningSecrets>, StorageError>;

    /// Replaces the secrets of an endpoint that has some.
    async fn set_secrets(
        &mut self,
        endpoint: Endpoint,
        secrets: &SigningSecrets,
    ) -> Result<(), StorageError>;

    /// The wanted events behind a position, `limit` at most. Looks at a bounded number of events, so that the answer may
    /// be short of what there is; it goes on where it ended. No gap, as with [`DeliveryRepository::headlines`].
    async fn facts(
        &mut self,
        after: FeedPosition,
        filter: &FeedFilter,
        limit: u32,
    ) -> Result<Stretch<FeedEvent>, StorageError>;

    /// A position with every event behind it that can still come.
    async fn end_of_feed(&mut self) -> Result<FeedPosition, StorageError>;

    /// When the last event happened of the storage transaction whose events come next behind a position.
    async fn next_moment(
        &mut self,
        after: FeedPosition,
    ) -> Result<Option<OffsetDateTime>, StorageError>;

    /// A position with every event behind it that happened at a moment or later.
    async fn feed_at(&mut self, moment: OffsetDateTime) -> Result<FeedPosition, StorageError>;

    /// Endpoints that have failed since `since` or longer and were not told of since `told`; they are told of now.
    async fn failing(
        &mut self,
        since: OffsetDateTime,
        told: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<Vec<FailingEndpoint>, StorageError>;

    /// Stores words to the operator, in the feed of all events.
    async fn warn(&mut self, warnings: &[Warning]) -> Result<(), StorageError>;

    /// Removes a bounded number of deliveries with their attempts: settled before `settled`, parked before `parked`, and
    /// all that wait at `now` for endpoints that do not exist any more. Tells how many; 0 means that there are no more.
    async fn purge_deliveries(
        &mut self,
        now: OffsetDateTime,
        settled: OffsetDateTime,
        parked: OffsetDateTime,
    ) -> Result<u64, StorageError>;
}
