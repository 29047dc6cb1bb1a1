//! What goes to and fro between storage and those who fan out and send.

use std::sync::Arc;

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::model::{Attempt, DeliveryKey, DeliveryState, Endpoint, Fact, Next, Target};
use super::signing::SigningSecrets;
use super::want::Wants;
use crate::event::EventKind;
use crate::id::DeliveryId;
use crate::merchant::Merchant;
use crate::secret::{Sealed, SecretError, SecretKeeper};
use crate::subscription::Headers;

/// For how long a delivery belongs to who claimed it: longer than any attempt takes, which the sender bounds.
pub const LEASE: Duration = Duration::seconds(60);

/// By how much an event can be older than the moment at which it is stored: no unit of work takes longer than ten minutes,
/// and clocks of processes differ. What happened shortly before somebody subscribed is told rather than lost.
const GRACE: Duration = Duration::minutes(15);

/// An endpoint that is to be told now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// Who.
    pub endpoint: Endpoint,
    /// Of what.
    pub wants: Wants,
    /// Since when it wants to be told, if that is known.
    pub since: Option<OffsetDateTime>,
    /// Whether it was told of anything before, so that it has secrets.
    pub is_known: bool,
}

impl Listener {
    /// Whether it is told of an event of a kind, which happened at a time.
    pub fn is_told(&self, kind: &EventKind, at: OffsetDateTime) -> bool {
        self.since.is_none_or(|since| since <= at + GRACE) && self.wants.includes(kind)
    }
}

/// A delivery that comes to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewDelivery {
    /// Its id.
    pub id: DeliveryId,
    /// Which event to whom.
    pub key: DeliveryKey,
}

/// How much somebody can take on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// How many deliveries.
    pub total: usize,
    /// How many of one endpoint at the same time, those underway included.
    pub per_endpoint: usize,
    /// How many are underway already, of the endpoints that have any.
    pub underway: Vec<(Endpoint, usize)>,
}

/// Names one taking on of deliveries: whoever settles one must still hold it under this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lease {
    /// The name.
    pub id: Uuid,
    /// Until when nobody else gets them.
    pub until: OffsetDateTime,
}

/// A delivery that somebody took on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Its id.
    pub id: DeliveryId,
    /// Which event to whom.
    pub key: DeliveryKey,
    /// Under which name it was taken on.
    pub lease: Uuid,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// What was sent before, byte for byte, if it is known.
    pub body: Option<Vec<u8>>,
    /// Of what is told.
    pub fact: Fact,
}

/// What is known of an endpoint when something is sent to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Who.
    pub endpoint: Endpoint,
    /// Whose.
    pub merchant: Arc<Merchant>,
    /// Where and how; a subscription's headers are not in it before they are opened.
    pub target: Target,
    /// What a subscription adds to the head, sealed.
    pub sealed_headers: Option<Sealed>,
    /// What signs.
    pub secrets: SigningSecrets,
}

impl Party {
    /// Opens what a subscription adds to the head.
    ///
    /// # Errors
    /// [`SecretError`] when it was sealed under another master key.
    pub fn open_headers(&mut self, keeper: &dyn SecretKeeper) -> Result<(), SecretError> {
        if let Target::Subscription { headers, .. } = &mut self.target {
            *headers = Headers::open(self.sealed_headers.as_ref(), keeper)?;
        }
        Ok(())
    }
}

/// What is known after an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// Which delivery.
    pub id: DeliveryId,
    /// Which event to whom.
    pub key: DeliveryKey,
    /// Under which name it was taken on.
    pub lease: Uuid,
    /// What was tried.
    pub attempt: Attempt,
    /// What comes next.
    pub next: Next,
    /// The body, if it must be kept for the next attempt and is not kept already.
    pub body: Option<Vec<u8>>,
}

/// A delivery as the operator sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its id: `webhook-id` and `X-Kounta-Delivery-Id` of every attempt.
    pub id: DeliveryId,
    /// Which event to whom.
    pub key: DeliveryKey,
    /// What happened.
    pub kind: EventKind,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried since it was last begun.
    pub attempts: u32,
    /// When it came to be.
    pub created_at: OffsetDateTime,
    /// When it was last settled: delivered, parked or dropped; `None` while it is pending.
    pub settled_at: Option<OffsetDateTime>,
}

/// Which deliveries of an endpoint are wanted, the newest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeliveryQuery {
    /// In which state; in any, if not given.
    pub state: Option<DeliveryState>,
    /// Only those that came to be at this moment or later.
    pub since: Option<OffsetDateTime>,
    /// Only those that came to be before this moment.
    pub until: Option<OffsetDateTime>,
    /// Only those that came to be before this one.
    pub before: Option<DeliveryId>,
    /// How many at most.
    pub limit: u32,
}

/// How an endpoint is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointHealth {
    /// Who.
    pub endpoint: Endpoint,
    /// Since when nothing is sent, by the operator's wish.
    pub paused_at: Option<OffsetDateTime>,
    /// How many deliveries wait, counted up to [`EndpointHealth::COUNTED`].
    pub pending: u64,
    /// How many are parked, counted up to [`EndpointHealth::COUNTED`].
    pub parked: u64,
    /// Since when the one that has waited longest waits, as far as they were counted.
    pub oldest_pending_at: Option<OffsetDateTime>,
    /// When something was last tried.
    pub last_attempt_at: Option<OffsetDateTime>,
    /// When something last arrived.
    pub last_success_at: Option<OffsetDateTime>,
    /// Since when nothing has arrived; `None` while things do.
    pub failing_since: Option<OffsetDateTime>,
}

impl EndpointHealth {
    /// How far is counted: beyond, counting would take longer than the answer is worth.
    pub const COUNTED: u64 = 10_000;
}

/// An endpoint that has failed for a long time, told once a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailingEndpoint {
    /// Who.
    pub endpoint: Endpoint,
    /// Since when nothing has arrived.
    pub since: OffsetDateTime,
}
