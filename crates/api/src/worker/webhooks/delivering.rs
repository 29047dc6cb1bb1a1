//! The loop that sends: it takes on deliveries while others are being sent and yet others are settled, each in batches
//! as large as what has come together meanwhile.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domain::StorageError;
use domain::delivery::{Dispatcher, Endpoint, Room, Settlement, Work};
use tokio::sync::{Notify, watch};
use tokio::task::{Id, JoinSet};
use tokio::time::sleep;

use super::log;
use crate::config::WebhooksConfig;
use crate::metrics::Metrics;

/// How long storage is left alone that did not take what came of attempts.
const PAUSE: Duration = Duration::from_millis(200);

/// How many times as many as are sent at once may wait to be settled before no more are taken on.
const UNSETTLED: usize = 4;

/// How often settling is tried before it is left to the end of the leases.
const TRIES: u32 = 20;

/// A step that came to its end.
enum Step {
    Claimed(Result<Vec<Work>, StorageError>),
    Attempted(Box<Settlement>),
    Settled,
}

/// What a task is there for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Errand {
    Claim,
    Attempt(Endpoint),
    Settle,
}

/// Whether storage did what it was last asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Storage {
    Answers,
    Fails,
}

/// Where deliveries are taken from and where what came of them goes.
#[derive(Clone)]
pub(super) struct Desk {
    dispatcher: Dispatcher,
    metrics: Option<Metrics>,
}

/// What is underway.
pub(super) struct Delivering {
    desk: Desk,
    concurrency: usize,
    share: usize,
    poll: Duration,
    wake: Arc<Notify>,
    steps: JoinSet<Step>,
    errands: HashMap<Id, Errand>,
    attempted: Vec<Settlement>,
    /// Whether something may be due.
    is_hungry: bool,
    storage: Storage,
}

impl Delivering {
    pub(super) fn new(desk: Desk, config: &WebhooksConfig, wake: Arc<Notify>) -> Self {
        Self {
            desk,
            concurrency: config.concurrency.get(),
            share: config.share(),
            poll: config.poll,
            wake,
            steps: JoinSet::new(),
            errands: HashMap::new(),
            attempted: Vec::new(),
            is_hungry: true,
            storage: Storage::Answers,
        }
    }

    /// Sends until it is told to stop and nothing is underway any more.
    pub(super) async fn run(mut self, mut end: watch::Receiver<bool>) {
        loop {
            let is_stopping = *end.borrow();
            self.settle();
            if !is_stopping {
                self.claim();
            } else if self.steps.is_empty() {
                return;
            }
            tokio::select! {
                Some(ended) = self.steps.join_next_with_id() => match ended {
                    Ok((id, step)) => {
                        self.errands.remove(&id);
                        self.finish(step);
                    }
                    Err(error) => {
                        self.errands.remove(&error.id());
                        tracing::error!(%error, "a delivery was given up");
                    }
                },
                () = self.wake.notified() => self.is_hungry = true,
                () = sleep(self.poll) => self.is_hungry = true,
                _ = end.changed(), if !is_stopping => {}
            }
        }
    }

    /// Takes on what is due, if there is room.
    fn claim(&mut self) {
        let has_backlog = self.attempted.len() > self.concurrency * UNSETTLED;
        if !self.is_hungry || has_backlog || self.is_about(Errand::Claim) {
            return;
        }
        let mut busy: HashMap<Endpoint, usize> = HashMap::new();
        for errand in self.errands.values() {
            if let Errand::Attempt(endpoint) = errand {
                *busy.entry(*endpoint).or_default() += 1;
            }
        }
        let total = self.concurrency.saturating_sub(busy.values().sum());
        if total == 0 {
            return;
        }
        let room = Room { total, per_endpoint: self.share, underway: busy.into_iter().collect() };
        let dispatcher = self.desk.dispatcher.clone();
        self.is_hungry = false;
        self.spawn(Errand::Claim, async move { Step::Claimed(dispatcher.claim(&room).await) });
    }

    fn is_about(&self, errand: Errand) -> bool {
        self.errands.values().any(|one| *one == errand)
    }

    /// Whatever becomes of a task, its errand ends with it.
    fn spawn(&mut self, errand: Errand, step: impl Future<Output = Step> + Send + 'static) {
        let task = self.steps.spawn(step);
        self.errands.insert(task.id(), errand);
    }

    /// Stores what has come together, if nothing is being stored.
    fn settle(&mut self) {
        if self.attempted.is_empty() || self.is_about(Errand::Settle) {
            return;
        }
        let (batch, desk) = (std::mem::take(&mut self.attempted), self.desk.clone());
        self.spawn(Errand::Settle, async move {
            desk.store(&batch).await;
            Step::Settled
        });
    }

    fn finish(&mut self, step: Step) {
        match step {
            Step::Claimed(Ok(work)) => {
                self.storage = Storage::Answers;
                self.is_hungry |= !work.is_empty();
                for one in work {
                    self.attempt(one);
                }
            }
            Step::Claimed(Err(error)) => {
                // Told once, not at every look.
                if std::mem::replace(&mut self.storage, Storage::Fails) == Storage::Answers {
                    tracing::warn!(%error, "webhooks cannot be sent for the moment");
                }
            }
            Step::Attempted(settlement) => {
                self.attempted.push(*settlement);
            }
            // Lanes that went on are due again, and endpoints have room again.
            Step::Settled => self.is_hungry = true,
        }
    }

    fn attempt(&mut self, work: Work) {
        let (endpoint, dispatcher) = (work.endpoint(), self.desk.dispatcher.clone());
        let attempt = async move { Step::Attempted(Box::new(dispatcher.attempt(work).await)) };
        self.spawn(Errand::Attempt(endpoint), attempt);
    }
}

impl Desk {
    pub(super) fn new(dispatcher: Dispatcher, metrics: Option<Metrics>) -> Self {
        Self { dispatcher, metrics }
    }

    /// Stores what came of attempts. What storage does not take for a while is sent again when the leases end.
    async fn store(&self, batch: &[Settlement]) {
        for _ in 0..TRIES {
            match self.dispatcher.settle(batch).await {
                Ok(()) => {
                    self.tell(batch);
                    return;
                }
                Err(StorageError::Unavailable(_)) => sleep(PAUSE).await,
                Err(error) => {
                    tracing::error!(%error, count = batch.len(), "attempts cannot be stored");
                    return;
                }
            }
        }
        tracing::warn!(count = batch.len(), "attempts could not be stored in time");
    }

    fn tell(&self, batch: &[Settlement]) {
        for settlement in batch {
            log::settled(settlement);
            if let Some(metrics) = &self.metrics {
                metrics.settled(settlement.next.into());
            }
        }
    }
}

#[cfg(test)]
mod tests;
