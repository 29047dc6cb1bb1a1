//! What the process does besides answering requests.

mod webhooks;

use std::time::Duration;

use domain::code::Codes;
use domain::job::DailyJobs;
use domain::message::{Delivery, Messages, Outcome};
use domain::picture::Pictures;
use domain::token::Tokens;
use postgres::PgBackend;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::services::Services;

pub use webhooks::{Webhooks, announce_events};

/// How often expired tokens are forgotten.
const PURGE_EVERY: Duration = Duration::from_mins(10);

/// How often it is looked whether a day began: also how late a job begins at most.
const JOBS_EVERY: Duration = Duration::from_mins(1);

/// How often changed texts are brought into the search index; until then a search looks at each of them.
const SORT_IN_EVERY: Duration = Duration::from_secs(1);

/// What is looked after once in a while, until it is dropped. Nothing is lost when it ends halfway: every step is a unit of
/// work of its own, and the next process goes on.
#[derive(Debug)]
pub struct Upkeep(#[expect(dead_code, reason = "held for its end")] JoinSet<()>);

impl Upkeep {
    /// Sets it to work. What was due while no process ran is done at once.
    pub fn start(services: &Services, search_index: PgBackend) -> Self {
        let mut tasks = JoinSet::new();
        tasks.spawn(forget_tokens(services.tokens.clone()));
        tasks.spawn(forget_codes(services.codes.clone()));
        tasks.spawn(sweep_pictures(services.pictures.clone()));
        tasks.spawn(run_daily_jobs(services.jobs.clone()));
        tasks.spawn(sort_in_texts(search_index));
        Self(tasks)
    }
}

/// Does some work again and again, and says what came of it where there was any.
async fn every<Done, Error, Work>(
    period: Duration,
    work: impl Fn() -> Work,
    done: fn(Done),
    failed: fn(Error),
) where
    Done: Default + PartialEq,
    Work: Future<Output = Result<Done, Error>>,
{
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match work().await {
            Ok(count) if count == Done::default() => {}
            Ok(count) => done(count),
            Err(error) => failed(error),
        }
    }
}

async fn run_daily_jobs(jobs: DailyJobs) {
    let work = || async { jobs.run_due().await };
    every(
        JOBS_EVERY,
        work,
        |count| tracing::info!(count, "customers changed by daily jobs"),
        |error| tracing::warn!(%error, "daily jobs wait for the next try"),
    )
    .await;
}

async fn forget_tokens(tokens: Tokens) {
    let work = || async { tokens.purge().await };
    every(
        PURGE_EVERY,
        work,
        |count| tracing::info!(count, "expired tokens forgotten"),
        |error| tracing::warn!(%error, "expired tokens stay for now"),
    )
    .await;
}

async fn forget_codes(codes: Codes) {
    let work = || async { codes.purge().await };
    every(
        PURGE_EVERY,
        work,
        |count| tracing::info!(count, "old codes and budgets forgotten"),
        |error| tracing::warn!(%error, "old codes and budgets stay for now"),
    )
    .await;
}

/// Removes files that no row names.
async fn sweep_pictures(pictures: Pictures) {
    let work = || async { pictures.sweep().await };
    every(
        PURGE_EVERY,
        work,
        |count| tracing::info!(count, "files without a row removed"),
        |error| tracing::warn!(%error, "files without a row stay for now"),
    )
    .await;
}

/// Keeps the search index up with the customers.
async fn sort_in_texts(backend: PgBackend) {
    let work = || async { backend.sort_in_texts().await };
    every(
        SORT_IN_EVERY,
        work,
        |count| tracing::debug!(count, "changed texts brought into the search index"),
        |error| tracing::warn!(%error, "changed texts wait for the search index"),
    )
    .await;
}

/// The senders of messages, at work until they are drained.
#[derive(Debug)]
pub struct Sending {
    stop: watch::Sender<bool>,
    senders: JoinSet<()>,
}

impl Sending {
    /// Sets as many senders to work as the operator wants; none while there is no way out for messages, which then wait.
    pub fn start(services: &Services) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut senders = JoinSet::new();
        let config = &services.config.messages;
        if services.ports.gateways.is_empty() {
            tracing::warn!("neither a mail server nor an SMS gateway is set up: messages wait");
            return Self { stop, senders };
        }
        for _ in 0..config.senders.get() {
            senders.spawn(send_messages(services.messages.clone(), config.poll, stopped.clone()));
        }
        Self { stop, senders }
    }

    /// Takes on no further message, and waits for those underway. What is not done in time is tried again by another
    /// process when its lease ends.
    pub async fn drain(mut self, patience: Duration) {
        self.stop.send_replace(true);
        let done = async { while self.senders.join_next().await.is_some() {} };
        if timeout(patience, done).await.is_err() {
            tracing::warn!("a message was still underway");
        }
    }
}

/// Sends what is due, and looks again after a while when nothing is.
async fn send_messages(messages: Messages, poll: Duration, mut stop: watch::Receiver<bool>) {
    let mut answers = true;
    while !*stop.borrow() {
        let idle = match messages.send_next().await {
            Ok(delivery) => {
                answers = true;
                delivery.as_ref().map(tell).is_none()
            }
            Err(error) => {
                // Told once, not at every look.
                if std::mem::take(&mut answers) {
                    tracing::warn!(%error, "messages cannot be sent for the moment");
                }
                true
            }
        };
        if idle {
            // Both ends mean the same: look again, or see that it is over.
            let _ = timeout(poll, stop.changed()).await;
        }
    }
}

/// A line for the log: which message, and never whose or what.
fn tell(delivery: &Delivery) {
    let Delivery { merchant, id, kind, attempt, outcome } = delivery;
    let (merchant, kind) = (tracing::field::display(merchant), kind.name());
    match outcome {
        Outcome::Sent(channel) => tracing::info!(
            merchant.id = merchant, message.id = %id, kind, attempt, channel = channel.name(),
            "message sent"
        ),
        Outcome::PutOff { until, reason } => tracing::warn!(
            merchant.id = merchant, message.id = %id, kind, attempt, %until, reason,
            "message put off"
        ),
        Outcome::Dropped(reason) => tracing::warn!(
            merchant.id = merchant, message.id = %id, kind, attempt, reason, "message dropped"
        ),
    }
}
