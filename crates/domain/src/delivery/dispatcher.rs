//! Sending what is due.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use super::model::{Attempt, Endpoint, Fact, Next, Outcome, Trial, Unwritten};
use super::port::{Order, Outgoing, RenderError, Renderer, Reply, Sender};
use super::retry::RetrySchedule;
use super::sample::sample;
use super::work::{Claim, LEASE, Lease, Party, Room, Settlement};
use crate::clock::{Clock, Entropy};
use crate::id::DeliveryId;
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
            self.write(&party, &claim.fact, claim.id, frozen, at)
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
        let next = self.next(&outcome, number, self.clock.now(), asked_for);
        let retried = matches!(next, Next::Retry { .. } | Next::Parked);
        Settlement {
            id: claim.id,
            key: claim.key,
            lease: claim.lease,
            attempt: Attempt { number, at, took: self.since(at), outcome },
            next,
            body: body.filter(|_| retried),
        }
    }

    /// Sends a sample to somebody, at once and beside everything that waits, under an id of its own. Nothing is stored.
    ///
    /// # Errors
    /// [`Unwritten`] when there is nothing that could be sent.
    pub async fn try_out(&self, party: &Party) -> Result<Trial, Unwritten> {
        let at = self.clock.now();
        let event = self.entropy.uuid().into();
        let fact = sample(party.endpoint.merchant, &party.target, event, at);
        let id = self.entropy.uuid().into();
        let outgoing = self.write(party, &fact, id, None, at)?;
        let (outcome, _) = read(self.sender.send(outgoing).await);
        Ok(Trial { id, took: self.since(at), outcome })
    }

    /// Stores what came of attempts.
    pub async fn settle(&self, settlements: &[Settlement]) -> Result<(), StorageError> {
        let now = self.clock.now();
        self.storage.atomically(async |unit| unit.deliveries().settle(settlements, now).await).await
    }

    fn write(
        &self,
        party: &Party,
        fact: &Fact,
        id: DeliveryId,
        frozen: Option<Vec<u8>>,
        at: OffsetDateTime,
    ) -> Result<Outgoing, Unwritten> {
        let order = Order { merchant: &party.merchant, target: &party.target, fact };
        let body = match frozen {
            Some(body) => body,
            None => self.renderer.body(order)?,
        };
        Ok(Outgoing {
            id,
            at,
            secrets: party.secrets.in_force(at, &*self.keeper)?,
            address: party.target.address().clone(),
            headers: self.renderer.headers(order, id, &body)?,
            body,
        })
    }

    /// How long something took; clocks that are set back count nothing.
    fn since(&self, at: OffsetDateTime) -> Duration {
        (self.clock.now() - at).max(Duration::ZERO)
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
            let asked_for = retry_after.and_then(|pause| Duration::try_from(pause).ok());
            (Outcome::Answered { status, body: beginning(&body) }, asked_for)
        }
        Reply::Failed(failure) => (Outcome::Failed(failure), None),
    }
}

/// So much of an answer as is shown; what is no text is replaced, and no character is cut in two.
fn beginning(body: &[u8]) -> String {
    let shown = String::from_utf8_lossy(&body[..body.len().min(Outcome::SHOWN)]);
    let is_cut = body.len() > Outcome::SHOWN;
    let whole = shown.strip_suffix(char::REPLACEMENT_CHARACTER).filter(|_| is_cut);
    // No storage takes a zero in a text.
    whole.unwrap_or(&shown).replace('\0', "\u{fffd}")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_answer_the_beginning_is_shown_as_whole_characters() {
        let long = "ż".repeat(600);
        for (body, expected) in [
            (&b""[..], ""),
            (b"ok", "ok"),
            (b"a\xffb", "a\u{fffd}b"),
            (b"a\0b", "a\u{fffd}b"),
            (&[&b"a"[..], long.as_bytes()].concat(), &["a", &"ż".repeat(511)].concat()),
        ] {
            assert_eq!(beginning(body), expected);
        }
        assert!(beginning(&[0xff; 4096]).chars().count() <= Outcome::SHOWN);
    }
}
