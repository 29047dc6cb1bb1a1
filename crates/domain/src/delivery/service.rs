//! What the operator sees and does.

use std::fmt;
use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use super::feed::{Beyond, FeedEvent, FeedFilter, FeedPosition, Headline};
use super::model::{Attempt, DeliveryKey, Endpoint, Lane, Warning};
use super::retry::PARKED_FOR;
use super::signing::{self, SigningSecrets};
use super::want::Wants;
use super::work::{Delivery, DeliveryQuery, EndpointHealth, FailingEndpoint, NewDelivery, Party};
use crate::access::Actor;
use crate::clock::{Clock, Entropy};
use crate::event::{Event, EventKind};
use crate::id::{DeliveryId, MerchantId};
use crate::secret::{Secret, SecretError, SecretKeeper};
use crate::storage::{Storage, StorageError, UnitOfWork};

/// How many events a replay looks at in one unit of work.
const REPLAY_BATCH: u32 = 1_000;

/// For how long an endpoint may fail before the operator is told, and how often that is.
const PATIENCE: Duration = Duration::days(1);

/// The operator's side of deliveries: who is told, how that goes, and the feed of all events.
#[derive(Clone)]
pub struct Deliveries {
    storage: Storage,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    keeper: Arc<dyn SecretKeeper>,
    retention: Duration,
}

/// Why the operator cannot have it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeliveriesError {
    /// Nobody is told under this name: no subscription has the number, or the settings name no webhook that is enabled.
    #[error("no such endpoint")]
    NoSuchEndpoint,
    /// The endpoint has no such delivery, or not any more.
    #[error("no such delivery")]
    NoSuchDelivery,
    /// The position, or the time, lies further back than events are told for: what came next is not told any more.
    #[error("further back than events are told for")]
    TooOld,
    /// A secret could not be sealed.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A part of the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedPage {
    /// The wanted events, in the order of the feed.
    pub events: Vec<FeedEvent>,
    /// Where to go on, whether or not there were any.
    pub next: FeedPosition,
    /// Whether it pays to go on at once: there is more to look at, though perhaps nothing that is wanted.
    pub has_more: bool,
}

impl fmt::Debug for Deliveries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Deliveries")
    }
}

impl Deliveries {
    /// The service on its ports. `retention` is for how long settled deliveries are kept and events are told.
    pub fn new(
        storage: Storage,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        keeper: Arc<dyn SecretKeeper>,
        retention: Duration,
    ) -> Self {
        Self { storage, clock, entropy, keeper, retention }
    }

    /// How the endpoints of a merchant, or of all, are doing: those that were told of anything within the retention.
    pub async fn endpoints(
        &self,
        merchant: Option<MerchantId>,
    ) -> Result<Vec<EndpointHealth>, DeliveriesError> {
        Ok(self.storage.session().await?.deliveries().health(merchant).await?)
    }

    /// How one endpoint is doing.
    ///
    /// # Errors
    /// [`DeliveriesError::NoSuchEndpoint`] also before it was told of anything.
    pub async fn endpoint(&self, endpoint: Endpoint) -> Result<EndpointHealth, DeliveriesError> {
        let found = self.storage.session().await?.deliveries().health_of(endpoint).await?;
        found.ok_or(DeliveriesError::NoSuchEndpoint)
    }

    /// Deliveries of an endpoint, the newest first. The id of the last one goes on where a page ends.
    pub async fn page(
        &self,
        endpoint: Endpoint,
        query: DeliveryQuery,
    ) -> Result<Vec<Delivery>, DeliveriesError> {
        Ok(self.storage.session().await?.deliveries().deliveries_of(endpoint, query).await?)
    }

    /// One delivery with everything that was tried, in the order of time.
    ///
    /// # Errors
    /// [`DeliveriesError::NoSuchDelivery`].
    pub async fn find(
        &self,
        endpoint: Endpoint,
        id: DeliveryId,
    ) -> Result<(Delivery, Vec<Attempt>), DeliveriesError> {
        let mut session = self.storage.session().await?;
        let found = session.deliveries().find_delivery(endpoint, id).await?;
        let delivery = found.ok_or(DeliveriesError::NoSuchDelivery)?;
        let attempts = session.deliveries().attempts(endpoint, id).await?;
        Ok((delivery, attempts))
    }

    /// Sends one delivery again, with the same id and body, as if it had never been tried; one that waits is left alone.
    /// Says whether it was settled before.
    ///
    /// # Errors
    /// [`DeliveriesError::NoSuchDelivery`].
    pub async fn replay(
        &self,
        endpoint: Endpoint,
        id: DeliveryId,
    ) -> Result<bool, DeliveriesError> {
        let again = async |unit: &mut UnitOfWork| {
            let found = unit.deliveries().find_delivery(endpoint, id).await?;
            let Delivery { key, .. } = found.ok_or(DeliveriesError::NoSuchDelivery)?;
            let now = self.clock.now();
            Ok::<_, DeliveriesError>(
                unit.deliveries().replay(&[NewDelivery { id, key }], now).await?,
            )
        };
        Ok(self.storage.atomically(again).await? > 0)
    }

    /// Sends everything again that happened at a time or later and that the endpoint wants by now: what arrived before
    /// under the same id as then. Each customer's events go out in their order. Tells how many deliveries were begun.
    ///
    /// It goes through all events since then, and can be asked again if it is cut short: what waits is left alone.
    ///
    /// # Errors
    /// [`DeliveriesError::NoSuchEndpoint`]; [`DeliveriesError::TooOld`] for a time before the retention.
    pub async fn replay_since(
        &self,
        endpoint: Endpoint,
        since: OffsetDateTime,
    ) -> Result<u64, DeliveriesError> {
        if since < self.oldest() {
            return Err(DeliveriesError::TooOld);
        }
        let wants = self.wants(endpoint).await?;
        let mut session = self.storage.session().await?;
        let mut at = session.deliveries().feed_at(since).await?;
        let end = session.deliveries().end_of_feed().await?;
        drop(session);
        let mut begun = 0;
        while at < end {
            let step = async |unit: &mut UnitOfWork| {
                self.replay_step(unit, endpoint, &wants, since, at).await
            };
            let (count, reached) = self.storage.atomically(step).await?;
            begun += count;
            if reached == at {
                break;
            }
            at = reached;
        }
        Ok(begun)
    }

    /// Sends nothing to an endpoint until it is resumed. Its deliveries wait; what is underway comes to its end.
    ///
    /// # Errors
    /// [`DeliveriesError::NoSuchEndpoint`].
    pub async fn pause(&self, endpoint: Endpoint) -> Result<(), DeliveriesError> {
        self.set_paused(endpoint, Some(self.clock.now())).await
    }

    /// Goes on with what waits for an endpoint.
    ///
    /// # Errors
    /// [`DeliveriesError::NoSuchEndpoint`].
    pub async fn resume(&self, endpoint: Endpoint) -> Result<(), DeliveriesError> {
        self.set_paused(endpoint, None).await
    }

    /// Gives an endpoint a new secret and returns it: it can be read this once. The one before signs for another
    /// [`super::OVERLAP`] beside it.
    ///
    /// # Errors
    /// [`DeliveriesError::NoSuchEndpoint`].
    pub async fn rotate_secret(
        &self,
        endpoint: Endpoint,
    ) -> Result<Secret<Vec<u8>>, DeliveriesError> {
        self.wants(endpoint).await?;
        let secret = signing::new_secret(&*self.entropy);
        let sealed = self.keeper.seal(&secret)?;
        let rotate = async |unit: &mut UnitOfWork| {
            let deliveries = unit.deliveries();
            match deliveries.secrets_held(endpoint).await? {
                Some(secrets) => {
                    let secrets: SigningSecrets = secrets.rotated(sealed, self.clock.now());
                    deliveries.set_secrets(endpoint, &secrets).await?;
                }
                None => deliveries.introduce(&[(endpoint, sealed)]).await?,
            }
            Ok::<_, DeliveriesError>(())
        };
        self.storage.atomically(rotate).await?;
        Ok(secret)
    }

    /// What is known of an endpoint, with its headers opened, to send it something out of turn. One that was told of nothing
    /// yet has its secret from then on.
    ///
    /// # Errors
    /// [`DeliveriesError::NoSuchEndpoint`].
    pub async fn party(&self, endpoint: Endpoint) -> Result<Party, DeliveriesError> {
        let find = async |unit: &mut UnitOfWork| unit.deliveries().parties(&[endpoint]).await;
        let mut found: Vec<Party> = self.introduced(endpoint, find).await?;
        let mut party = found.pop().ok_or(DeliveriesError::NoSuchEndpoint)?;
        party.open_headers(&*self.keeper)?;
        Ok(party)
    }

    /// The wanted events behind a position, or from the oldest that is told, in the order of the feed and without gaps.
    ///
    /// # Errors
    /// [`DeliveriesError::TooOld`] when events behind the position are not told any more, or when it lies beyond the end, as
    /// one of another database may.
    pub async fn feed(
        &self,
        after: Option<FeedPosition>,
        filter: &FeedFilter,
        limit: u32,
    ) -> Result<FeedPage, DeliveriesError> {
        let mut session = self.storage.session().await?;
        let oldest = self.oldest();
        let begins = match after {
            Some(position) => position,
            None => session.deliveries().feed_at(oldest).await?,
        };
        let stretch = session.deliveries().facts(begins, filter, limit).await?;
        let is_elsewhere = stretch.events.is_empty()
            && stretch.beyond == Beyond::Nothing
            && begins > session.deliveries().end_of_feed().await?;
        if is_elsewhere {
            return Err(DeliveriesError::TooOld);
        }
        // Events of one transaction are in no order of time.
        if after.is_some() && stretch.begins_at.is_some_and(|at| at < oldest) {
            let next = session.deliveries().next_moment(begins).await?;
            if next.is_some_and(|at| at < oldest) {
                return Err(DeliveriesError::TooOld);
            }
        }
        let young = |told: &FeedEvent| told.fact.event().at >= oldest;
        Ok(FeedPage {
            events: stretch.events.into_iter().filter(young).collect(),
            next: stretch.reached,
            has_more: stretch.beyond == Beyond::More,
        })
    }

    /// Where the feed ends now: what happens from now on comes behind it.
    pub async fn end_of_feed(&self) -> Result<FeedPosition, DeliveriesError> {
        Ok(self.storage.session().await?.deliveries().end_of_feed().await?)
    }

    /// The endpoints that nothing has reached for a day or longer. Each is named once a day, to whoever asks first and in
    /// the feed.
    pub async fn warn(&self) -> Result<Vec<FailingEndpoint>, DeliveriesError> {
        let now = self.clock.now();
        let long_ago = now - PATIENCE;
        let warn = async |unit: &mut UnitOfWork| {
            let failing = unit.deliveries().failing(long_ago, long_ago, now).await?;
            let warnings: Vec<Warning> =
                failing.iter().map(|endpoint| self.warning(endpoint, now)).collect();
            unit.deliveries().warn(&warnings).await?;
            Ok::<_, StorageError>(failing)
        };
        Ok(self.storage.atomically(warn).await?)
    }

    /// Forgets some of what is kept for too long, with its attempts: settled deliveries after the retention, parked ones
    /// after [`PARKED_FOR`], and what is left of endpoints that do not exist any more. Tells how many; 0 when all is done.
    pub async fn purge(&self) -> Result<u64, DeliveriesError> {
        let now = self.clock.now();
        let purge = async |unit: &mut UnitOfWork| {
            unit.deliveries().purge_deliveries(now, now - self.retention, now - PARKED_FOR).await
        };
        Ok(self.storage.atomically(purge).await?)
    }

    fn oldest(&self) -> OffsetDateTime {
        self.clock.now() - self.retention
    }

    async fn wants(&self, endpoint: Endpoint) -> Result<Wants, DeliveriesError> {
        let mut session = self.storage.session().await?;
        let listeners = session.deliveries().listeners(&[endpoint.merchant]).await?;
        let found = listeners.into_iter().find(|listener| listener.endpoint == endpoint);
        found.map(|listener| listener.wants).ok_or(DeliveriesError::NoSuchEndpoint)
    }

    fn warning(&self, failing: &FailingEndpoint, at: OffsetDateTime) -> Warning {
        let kind = EventKind::EndpointFailing { since: failing.since };
        let event = Event { id: self.entropy.uuid().into(), kind, actor: Actor::System, at };
        Warning { event, endpoint: failing.endpoint }
    }

    async fn set_paused(
        &self,
        endpoint: Endpoint,
        since: Option<OffsetDateTime>,
    ) -> Result<(), DeliveriesError> {
        let pause = async |unit: &mut UnitOfWork| unit.deliveries().pause(endpoint, since).await;
        self.introduced(endpoint, pause).await
    }

    /// Does something in one unit of work with an endpoint that is told of things, also if it was not told of any yet.
    async fn introduced<T>(
        &self,
        endpoint: Endpoint,
        act: impl AsyncFnOnce(&mut UnitOfWork) -> Result<T, StorageError>,
    ) -> Result<T, DeliveriesError> {
        self.wants(endpoint).await?;
        let sealed = self.keeper.seal(&signing::new_secret(&*self.entropy))?;
        let introduce = async |unit: &mut UnitOfWork| {
            unit.deliveries().introduce(&[(endpoint, sealed)]).await?;
            act(unit).await
        };
        Ok(self.storage.atomically(introduce).await?)
    }

    async fn replay_step(
        &self,
        unit: &mut UnitOfWork,
        endpoint: Endpoint,
        wants: &Wants,
        since: OffsetDateTime,
        at: FeedPosition,
    ) -> Result<(u64, FeedPosition), DeliveriesError> {
        let stretch = unit.deliveries().headlines(at, REPLAY_BATCH).await?;
        let wanted = |told: &&Headline| {
            told.position.merchant == endpoint.merchant
                && told.at >= since
                && wants.includes(&told.kind)
        };
        let again: Vec<NewDelivery> = stretch
            .events
            .iter()
            .filter(wanted)
            .map(|told| {
                let lane = Lane { endpoint, subject: told.subject };
                let key = DeliveryKey { lane, place: told.position.place };
                NewDelivery { id: self.entropy.uuid().into(), key }
            })
            .collect();
        if again.is_empty() {
            return Ok((0, stretch.reached));
        }
        let sealed = self.keeper.seal(&signing::new_secret(&*self.entropy))?;
        let begun = unit.deliveries().replay(&again, self.clock.now()).await?;
        // Afterwards, as whoever fans out does it while nobody else makes deliveries.
        unit.deliveries().introduce(&[(endpoint, sealed)]).await?;
        Ok((begun, stretch.reached))
    }
}
