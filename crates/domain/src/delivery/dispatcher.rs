//! Sending what is due.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use super::model::{Attempt, Endpoint, Next, Outcome, Unwritten};
use super::port::{Order, Outgoing, RenderError, Renderer, Reply, Sender};
use super::retry::RetrySchedule;
use super::work::{Claim, LEASE, Lease, Party, Room, Settlement};
use crate::clock::{Clock, Entropy};
use crate::secret::{SecretError, SecretKeeper};
use crate::storage::{Storage, StorageError};

/// Takes on deliveries that are due, sends them, and stores what came of it. These are three steps, so that whoever
/// drives it can do one for some deliveries while others are at another.
#[derive(Clone)]
pub struct Dispatcher {
    storage: Storage,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    keeper: Arc<dyn SecretKeeper>,
    sender: Arc<dyn Sender>,
    renderer: Arc<dyn Renderer>,
    schedule: RetrySchedule,
}

impl fmt::Debug for Dispatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dispatcher")
    }
}

/// A delivery that was taken on, with everything that an attempt needs.
#[derive(Clone, Debug)]
pub struct Work {
    claim: Claim,
    party: Arc<Party>,
    /// Whether what the subscriber adds to the head can be read.
    is_readable: bool,
}

impl Work {
    /// To whom it goes.
    pub fn endpoint(&self) -> Endpoint {
        self.claim.key.lane.endpoint
    }
}

impl Dispatcher {
    /// The service on its ports, with the vendor's schedule.
    pub fn new(
        storage: Storage,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        keeper: Arc<dyn SecretKeeper>,
        sender: Arc<dyn Sender>,
        renderer: Arc<dyn Renderer>,
    ) -> Self {
        let schedule = RetrySchedule::default();
        Self { storage, clock, entropy, keeper, sender, renderer, schedule }
    }

    /// The same with another schedule.
    #[must_use]
    pub fn with_schedule(mut self, schedule: RetrySchedule) -> Self {
        self.schedule = schedule;
        self
    }

    /// Takes on what is due, as much as there is room for, for [`LEASE`].
    pub async fn claim(&self, room: &Room) -> Result<Vec<Work>, StorageError> {
        let now = self.clock.now();
        let lease = Lease { id: self.entropy.uuid(), until: now + LEASE };
        let mut session = self.storage.session().await?;
        let claims = session.deliveries().claim(now, lease, room).await?;
        if claims.is_empty() {
            return Ok(Vec::new());
        }
        let endpoints: BTreeSet<Endpoint> =
            claims.iter().map(|claim| claim.key.lane.endpoint).collect();
        let endpoints: Vec<Endpoint> = endpoints.into_iter().collect();
        let parties = session.deliveries().parties(&endpoints).await?;
        let opened = |mut party: Party| {
            let is_readable = party.open_headers(&*self.keeper).is_ok();
            (party.endpoint, (Arc::new(party), is_readable))
        };
        let parties: HashMap<Endpoint, (Arc<Party>, bool)> =
            parties.into_iter().map(opened).collect();
        let with_party = |claim: Claim| {
            // Whoever has unsubscribed meanwhile is told nothing; the lane is removed with what else is left.
            let (party, is_readable) = parties.get(&claim.key.lane.endpoint)?;
            Some(Work { claim, party: Arc::clone(party), is_readable: *is_readable })
        };
        Ok(claims.into_iter().filter_map(with_party).collect())
    }

    /// Tries once to deliver. Takes as long as the sender does, and never fails: what went wrong is settled as well.
    pub async fn attempt(&self, work: Work) -> Settlement {
        let Work { mut claim, party, is_readable } = work;
        let at = self.clock.now();
        let frozen = claim.body.take();
        let (number, is_frozen) = (claim.attempt, frozen.is_some());
        let outgoing = if is_readable {
            self.write(&claim, &party, frozen, at)
        } else {
            Err(Unwritten::Unreadable)
        };
        let (outcome, asked_for, body) = match outgoing {
            Ok(outgoing) => {
                let body = (!is_frozen).then(|| outgoing.body.clone());
                let (outcome, asked_for) = read(self.sender.send(outgoing).await);
                (outcome, asked_for, body)
            }
            Err(reason) => (Outcome::Unwritten(reason), None, None),
        };
        let now = self.clock.now();
        let next = self.next(&outcome, number, now, asked_for);
        let retried = matches!(next, Next::Retry { .. } | Next::Parked);
        Settlement {
            id: claim.id,
            key: claim.key,
            lease: claim.lease,
            attempt: Attempt { number, at, took: (now - at).max(Duration::ZERO), outcome },
            next,
            body: body.filter(|_| retried),
        }
    }

    /// Stores what came of attempts.
    pub async fn settle(&self, settlements: &[Settlement]) -> Result<(), StorageError> {
        let now = self.clock.now();
        self.storage.atomically(async |unit| unit.deliveries().settle(settlements, now).await).await
    }

    fn write(
        &self,
        claim: &Claim,
        party: &Party,
        frozen: Option<Vec<u8>>,
        at: OffsetDateTime,
    ) -> Result<Outgoing, Unwritten> {
        let order = Order { merchant: &party.merchant, target: &party.target, fact: &claim.fact };
        let body = match frozen {
            Some(body) => body,
            None => self.renderer.body(order)?,
        };
        Ok(Outgoing {
            id: claim.id,
            at,
            secrets: party.secrets.in_force(at, &*self.keeper)?,
            address: party.target.address().clone(),
            headers: self.renderer.headers(order, claim.id, &body)?,
            body,
        })
    }

    fn next(
        &self,
        outcome: &Outcome,
        number: u32,
        now: OffsetDateTime,
        asked_for: Option<Duration>,
    ) -> Next {
        match outcome {
            Outcome::Answered { status: 200..=299, .. } => Next::Delivered,
            Outcome::Answered { status: 410, .. } | Outcome::Unwritten(Unwritten::Untellable) => {
                Next::Dropped
            }
            _ => {
                let mut dice = [0];
                self.entropy.fill(&mut dice);
                let at = self.schedule.next_attempt(number, now, asked_for, dice[0]);
                at.map_or(Next::Parked, |at| Next::Retry { at })
            }
        }
    }
}

/// What is kept of an answer, and for how long the other side wants to be left alone.
fn read(reply: Reply) -> (Outcome, Option<Duration>) {
    match reply {
        Reply::Answered { status, body, retry_after } => {
            let shown = &body[..body.len().min(Outcome::SHOWN)];
            // No storage takes a zero in a text.
            let body = String::from_utf8_lossy(shown).replace('\0', "\u{fffd}");
            let asked_for = retry_after.and_then(|pause| Duration::try_from(pause).ok());
            (Outcome::Answered { status, body }, asked_for)
        }
        Reply::Failed(failure) => (Outcome::Failed(failure), None),
    }
}

impl From<RenderError> for Unwritten {
    fn from(_: RenderError) -> Self {
        Self::Untellable
    }
}

impl From<SecretError> for Unwritten {
    fn from(_: SecretError) -> Self {
        Self::Unreadable
    }
}
