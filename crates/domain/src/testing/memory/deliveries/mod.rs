//! Deliveries and the feed of all events.

mod feed;
mod lanes;
mod listeners;

use std::collections::BTreeSet;

use async_trait::async_trait;
use time::OffsetDateTime;

use super::session::MemorySession;
use super::state::{DeliveryRow, EndpointRow, State};
use crate::delivery::{
    Attempt, Claim, Delivery, DeliveryKey, DeliveryQuery, DeliveryRepository, DeliveryState,
    Endpoint, EndpointHealth, FailingEndpoint, FeedEvent, FeedFilter, FeedPosition, Headline, Lane,
    Lease, Listener, NewDelivery, Party, Room, Settlement, SigningSecrets, Source, Stretch,
    Subject, Warning,
};
use crate::id::{DeliveryId, MerchantId};
use crate::secret::Sealed;
use crate::storage::StorageError;

#[async_trait]
impl DeliveryRepository for MemorySession {
    /// Units of work run one at a time.
    async fn lead_fan_out(&mut self) -> Result<Option<FeedPosition>, StorageError> {
        let reached = self.read(|state| state.fanned_out).await;
        Ok(Some(reached.unwrap_or(FeedPosition::before(0))))
    }

    async fn headlines(
        &mut self,
        after: FeedPosition,
        limit: u32,
    ) -> Result<Stretch<Headline>, StorageError> {
        Ok(self.read(|state| state.headlines(after, limit)).await)
    }

    async fn listeners(&mut self, merchants: &[MerchantId]) -> Result<Vec<Listener>, StorageError> {
        Ok(self.read(|state| state.listeners(merchants)).await)
    }

    async fn introduce(&mut self, endpoints: &[(Endpoint, Sealed)]) -> Result<(), StorageError> {
        let introduce = |state: &mut State| {
            for (endpoint, secret) in endpoints {
                state.endpoints.entry(*endpoint).or_insert_with(|| EndpointRow {
                    secrets: SigningSecrets { current: secret.clone(), previous: None },
                    paused_at: None,
                    failing_since: None,
                    told_at: None,
                    last_attempt_at: None,
                    last_success_at: None,
                });
            }
        };
        self.write(introduce).await;
        Ok(())
    }

    async fn enqueue(
        &mut self,
        deliveries: &[NewDelivery],
        at: OffsetDateTime,
    ) -> Result<(), StorageError> {
        let enqueue = |state: &mut State| {
            for new in deliveries {
                state.begin(*new, at, |_| false);
            }
        };
        self.write(enqueue).await;
        Ok(())
    }

    async fn fanned_out(&mut self, to: FeedPosition) -> Result<(), StorageError> {
        self.write(|state| state.fanned_out = Some(to)).await;
        Ok(())
    }

    async fn survey(&mut self) -> Result<(), StorageError> {
        Ok(())
    }

    async fn claim(
        &mut self,
        now: OffsetDateTime,
        lease: Lease,
        room: &Room,
    ) -> Result<Vec<Claim>, StorageError> {
        Ok(self.write(|state| state.claim(now, lease, room)).await)
    }

    async fn parties(&mut self, endpoints: &[Endpoint]) -> Result<Vec<Party>, StorageError> {
        let parties =
            |state: &State| endpoints.iter().filter_map(|one| state.party(*one)).collect();
        Ok(self.read(parties).await)
    }

    async fn settle(
        &mut self,
        settlements: &[Settlement],
        now: OffsetDateTime,
    ) -> Result<(), StorageError> {
        let settle = |state: &mut State| {
            for settlement in settlements {
                state.settle(settlement, now);
            }
        };
        self.write(settle).await;
        Ok(())
    }

    async fn find_delivery(
        &mut self,
        endpoint: Endpoint,
        id: DeliveryId,
    ) -> Result<Option<Delivery>, StorageError> {
        Ok(self.read(|state| state.deliveries_of(endpoint).find(|one| one.id == id)).await)
    }

    async fn attempts(
        &mut self,
        endpoint: Endpoint,
        id: DeliveryId,
    ) -> Result<Vec<Attempt>, StorageError> {
        let attempts = |state: &State| {
            let own = state.attempts.iter().filter(|(at, of, _)| (*at, *of) == (endpoint, id));
            own.map(|(_, _, attempt)| attempt.clone()).collect::<Vec<_>>()
        };
        let mut attempts = self.read(attempts).await;
        attempts.sort_by_key(|attempt| (attempt.at, attempt.number));
        Ok(attempts)
    }

    async fn deliveries_of(
        &mut self,
        endpoint: Endpoint,
        query: DeliveryQuery,
    ) -> Result<Vec<Delivery>, StorageError> {
        let wanted = |one: &Delivery| {
            query.state.is_none_or(|state| one.state == state)
                && query.since.is_none_or(|since| since <= one.created_at)
                && query.until.is_none_or(|until| one.created_at < until)
                && query.before.is_none_or(|before| one.id < before)
        };
        let list = |state: &State| state.deliveries_of(endpoint).filter(wanted).collect::<Vec<_>>();
        let mut list = self.read(list).await;
        list.sort_by_key(|one| std::cmp::Reverse(one.id));
        list.truncate(usize::try_from(query.limit).unwrap_or(usize::MAX));
        Ok(list)
    }

    async fn replay(
        &mut self,
        deliveries: &[NewDelivery],
        at: OffsetDateTime,
    ) -> Result<u64, StorageError> {
        let settled = |row: &DeliveryRow| row.state != DeliveryState::Pending;
        let replay = |state: &mut State| {
            deliveries.iter().filter(|new| state.begin(**new, at, settled)).count() as u64
        };
        Ok(self.write(replay).await)
    }

    async fn health(
        &mut self,
        merchant: Option<MerchantId>,
    ) -> Result<Vec<EndpointHealth>, StorageError> {
        let health = |state: &State| {
            let endpoints = state.endpoints.keys();
            let wanted = endpoints.filter(|one| merchant.is_none_or(|of| one.merchant == of));
            wanted.filter_map(|endpoint| state.health(*endpoint)).collect()
        };
        Ok(self.read(health).await)
    }

    async fn health_of(
        &mut self,
        endpoint: Endpoint,
    ) -> Result<Option<EndpointHealth>, StorageError> {
        Ok(self.read(|state| state.health(endpoint)).await)
    }

    async fn pause(
        &mut self,
        endpoint: Endpoint,
        since: Option<OffsetDateTime>,
    ) -> Result<(), StorageError> {
        let pause = |state: &mut State| {
            if let Some(row) = state.endpoints.get_mut(&endpoint) {
                row.paused_at = since;
            }
        };
        self.write(pause).await;
        Ok(())
    }

    async fn secrets_held(
        &mut self,
        endpoint: Endpoint,
    ) -> Result<Option<SigningSecrets>, StorageError> {
        Ok(self.read(|state| Some(state.endpoints.get(&endpoint)?.secrets.clone())).await)
    }

    async fn set_secrets(
        &mut self,
        endpoint: Endpoint,
        secrets: &SigningSecrets,
    ) -> Result<(), StorageError> {
        let replace = |state: &mut State| {
            if let Some(row) = state.endpoints.get_mut(&endpoint) {
                row.secrets = secrets.clone();
            }
        };
        self.write(replace).await;
        Ok(())
    }

    async fn facts(
        &mut self,
        after: FeedPosition,
        filter: &FeedFilter,
        limit: u32,
    ) -> Result<Stretch<FeedEvent>, StorageError> {
        Ok(self.read(|state| state.facts(after, filter, limit)).await)
    }

    async fn end_of_feed(&mut self) -> Result<FeedPosition, StorageError> {
        Ok(self.read(|state| FeedPosition::before(state.feed.len() as u64 + 1)).await)
    }

    async fn next_moment(
        &mut self,
        after: FeedPosition,
    ) -> Result<Option<OffsetDateTime>, StorageError> {
        Ok(self.read(|state| state.facts(after, &FeedFilter::default(), 1).begins_at).await)
    }

    async fn feed_at(&mut self, moment: OffsetDateTime) -> Result<FeedPosition, StorageError> {
        Ok(self.read(|state| state.feed_at(moment)).await)
    }

    async fn failing(
        &mut self,
        since: OffsetDateTime,
        told: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<Vec<FailingEndpoint>, StorageError> {
        Ok(self.write(|state| state.failing(since, told, now)).await)
    }

    async fn warn(&mut self, warnings: &[Warning]) -> Result<(), StorageError> {
        let warn = |state: &mut State| {
            for warning in warnings {
                state.warnings.push(warning.clone());
                let subject = Subject::Endpoint(warning.event.id);
                state.note_in_feed(warning.endpoint.merchant, subject, 0, 1);
            }
        };
        self.write(warn).await;
        Ok(())
    }

    async fn purge_deliveries(
        &mut self,
        now: OffsetDateTime,
        settled: OffsetDateTime,
        parked: OffsetDateTime,
    ) -> Result<u64, StorageError> {
        Ok(self.write(|state| state.purge_deliveries(now, settled, parked)).await)
    }
}

impl State {
    /// Takes what was kept of a person out of deliveries.
    pub(super) fn strip_deliveries(&mut self, merchant: MerchantId, subject: Subject) {
        let mut ids = BTreeSet::new();
        for (key, row) in &mut self.deliveries {
            if (key.lane.endpoint.merchant, key.lane.subject) == (merchant, subject) {
                row.body = None;
                row.is_stripped = true;
                ids.insert(row.id);
            }
        }
        for (_, id, attempt) in &mut self.attempts {
            if ids.contains(id) {
                attempt.forget_answer();
            }
        }
    }

    /// Begins a delivery, anew if it is there and may be; tells whether it did.
    fn begin(
        &mut self,
        new: NewDelivery,
        at: OffsetDateTime,
        again: impl Fn(&DeliveryRow) -> bool,
    ) -> bool {
        match self.deliveries.get_mut(&new.key) {
            Some(row) if again(row) => {
                row.state = DeliveryState::Pending;
                row.attempts = 0;
                row.settled_at = None;
            }
            Some(_) => return false,
            None => {
                let row = DeliveryRow {
                    id: new.id,
                    state: DeliveryState::Pending,
                    attempts: 0,
                    body: None,
                    is_stripped: false,
                    created_at: at,
                    settled_at: None,
                };
                self.deliveries.insert(new.key, row);
            }
        }
        self.open_lane(new.key, at);
        true
    }

    fn deliveries_of(&self, endpoint: Endpoint) -> impl Iterator<Item = Delivery> {
        let own = self.deliveries.iter().filter(move |(key, _)| key.lane.endpoint == endpoint);
        own.filter_map(|(key, row)| self.shown(*key, row))
    }

    fn shown(&self, key: DeliveryKey, row: &DeliveryRow) -> Option<Delivery> {
        Some(Delivery {
            id: row.id,
            key,
            kind: self
                .fact(key.lane.endpoint.merchant, key.lane.subject, key.place)?
                .event()
                .kind
                .clone(),
            state: row.state,
            attempts: row.attempts,
            created_at: row.created_at,
            settled_at: row.settled_at,
        })
    }

    fn health(&self, endpoint: Endpoint) -> Option<EndpointHealth> {
        let row = self.endpoints.get(&endpoint)?;
        let in_state = |state: DeliveryState| {
            self.deliveries_of(endpoint).filter(move |one| one.state == state)
        };
        Some(EndpointHealth {
            endpoint,
            paused_at: row.paused_at,
            pending: in_state(DeliveryState::Pending).count() as u64,
            parked: in_state(DeliveryState::Parked).count() as u64,
            oldest_pending_at: in_state(DeliveryState::Pending).map(|one| one.created_at).min(),
            last_attempt_at: row.last_attempt_at,
            last_success_at: row.last_success_at,
            failing_since: row.failing_since,
        })
    }

    fn failing(
        &mut self,
        since: OffsetDateTime,
        told: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Vec<FailingEndpoint> {
        let mut found = Vec::new();
        for (endpoint, row) in &mut self.endpoints {
            let is_untold = row.told_at.is_none_or(|at| at <= told);
            if let Some(failing) = row.failing_since.filter(|at| *at <= since && is_untold) {
                row.told_at = Some(now);
                found.push(FailingEndpoint { endpoint: *endpoint, since: failing });
            }
        }
        found
    }

    fn purge_deliveries(
        &mut self,
        now: OffsetDateTime,
        settled: OffsetDateTime,
        parked: OffsetDateTime,
    ) -> u64 {
        let is_free = |lane: &Lane| {
            let row = self.lanes.get(lane);
            row.is_none_or(|row| row.lease.is_none() || row.due_at <= now)
        };
        let gone: Vec<DeliveryKey> = self
            .deliveries
            .iter()
            .filter(|(key, row)| match row.state {
                DeliveryState::Pending => {
                    let endpoint = key.lane.endpoint;
                    let is_gone =
                        endpoint.source != Source::Settings && self.target(endpoint).is_none();
                    is_gone && is_free(&key.lane)
                }
                DeliveryState::Parked => row.settled_at.is_some_and(|at| at < parked),
                DeliveryState::Delivered | DeliveryState::Dropped => {
                    row.settled_at.is_some_and(|at| at < settled)
                }
            })
            .map(|(key, _)| *key)
            .collect();
        for key in &gone {
            if let Some(row) = self.deliveries.remove(key) {
                self.attempts.retain(|(_, id, _)| *id != row.id);
            }
            self.close_lane(key.lane);
        }
        gone.len() as u64
    }
}
