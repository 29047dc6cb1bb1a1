//! From events to deliveries.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use super::feed::{Beyond, Headline};
use super::model::{DeliveryKey, Endpoint, Lane};
use super::signing;
use super::work::{Listener, NewDelivery};
use crate::clock::{Clock, Entropy};
use crate::id::MerchantId;
use crate::secret::{Sealed, SecretError, SecretKeeper};
use crate::storage::{Storage, StorageError, UnitOfWork};

/// How many events are fanned out at once.
const BATCH: u32 = 1_000;

/// Makes deliveries of events, in the order of the feed, each event once.
#[derive(Clone)]
pub struct FanOut {
    storage: Storage,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    keeper: Arc<dyn SecretKeeper>,
}

/// What one batch came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many events were looked at.
    pub events: usize,
    /// How many deliveries were made of them.
    pub deliveries: usize,
    /// What comes behind them. `Waiting` as well while somebody else makes deliveries, or forgets a person.
    pub beyond: Beyond,
}

/// Why events are not fanned out for the moment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FanOutError {
    /// A new secret could not be sealed.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl fmt::Debug for FanOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FanOut")
    }
}

impl FanOut {
    /// The service on its ports.
    pub fn new(
        storage: Storage,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        keeper: Arc<dyn SecretKeeper>,
    ) -> Self {
        Self { storage, clock, entropy, keeper }
    }

    /// Fans out the next events, if no other process does.
    ///
    /// # Errors
    /// Nothing was fanned out then, and the same events come again.
    pub async fn run(&self) -> Result<Progress, FanOutError> {
        self.storage.atomically(async |unit| self.batch(unit).await).await
    }

    /// Has storage look at how much waits: worth it whenever thousands of deliveries have come together.
    pub async fn survey(&self) -> Result<(), StorageError> {
        self.storage.session().await?.deliveries().survey().await
    }

    async fn batch(&self, unit: &mut UnitOfWork) -> Result<Progress, FanOutError> {
        let idle = Progress { events: 0, deliveries: 0, beyond: Beyond::Nothing };
        let Some(after) = unit.deliveries().lead_fan_out().await? else {
            return Ok(Progress { beyond: Beyond::Waiting, ..idle });
        };
        let stretch = unit.deliveries().headlines(after, BATCH).await?;
        if stretch.reached == after {
            return Ok(Progress { beyond: stretch.beyond, ..idle });
        }
        let merchants: BTreeSet<MerchantId> =
            stretch.events.iter().map(|told| told.position.merchant).collect();
        let merchants: Vec<MerchantId> = merchants.into_iter().collect();
        let listeners = unit.deliveries().listeners(&merchants).await?;
        let deliveries = self.matched(&stretch.events, &listeners);
        if !deliveries.is_empty() {
            let strangers = self.introductions(&listeners, &deliveries)?;
            if !strangers.is_empty() {
                unit.deliveries().introduce(&strangers).await?;
            }
            unit.deliveries().enqueue(&deliveries, self.clock.now()).await?;
        }
        unit.deliveries().fanned_out(stretch.reached).await?;
        let (events, beyond) = (stretch.events.len(), stretch.beyond);
        Ok(Progress { events, deliveries: deliveries.len(), beyond })
    }

    fn matched(&self, events: &[Headline], listeners: &[Listener]) -> Vec<NewDelivery> {
        let mut of: BTreeMap<MerchantId, Vec<&Listener>> = BTreeMap::new();
        for listener in listeners {
            of.entry(listener.endpoint.merchant).or_default().push(listener);
        }
        let for_one = |told: &Headline| {
            let listeners = of.get(&told.position.merchant).into_iter().flatten();
            let wanting = listeners.filter(|listener| listener.is_told(&told.kind, told.at));
            let endpoints = wanting.map(|listener| listener.endpoint);
            endpoints.map(|endpoint| self.delivery(endpoint, told)).collect::<Vec<_>>()
        };
        events.iter().flat_map(for_one).collect()
    }

    fn delivery(&self, endpoint: Endpoint, told: &Headline) -> NewDelivery {
        let lane = Lane { endpoint, subject: told.subject };
        let key = DeliveryKey { lane, place: told.position.place };
        NewDelivery { id: self.entropy.uuid().into(), key }
    }

    fn introductions(
        &self,
        listeners: &[Listener],
        deliveries: &[NewDelivery],
    ) -> Result<Vec<(Endpoint, Sealed)>, SecretError> {
        let told: BTreeSet<Endpoint> = deliveries.iter().map(|new| new.key.lane.endpoint).collect();
        let unknown = listeners.iter().filter(|listener| !listener.is_known);
        let unknown = unknown.map(|listener| listener.endpoint).filter(|one| told.contains(one));
        unknown
            .map(|endpoint| Ok((endpoint, self.keeper.seal(&signing::new_secret(&*self.entropy))?)))
            .collect()
    }
}
