//! Webhooks: events become deliveries, deliveries are sent, and what is over is forgotten.

mod delivering;
mod log;
mod signal;

use std::sync::Arc;
use std::time::Duration;

use domain::delivery::{Beyond, Deliveries, FanOut};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use self::delivering::{Delivering, Desk};
use crate::metrics::Metrics;
use crate::services::Services;

pub use signal::announce_events;

/// How often old deliveries are forgotten, and endpoints looked for that fail for long.
const UPKEEP_EVERY: Duration = Duration::from_mins(10);

/// After how many deliveries storage looks at how much waits.
const MANY: usize = 5_000;

/// How soon to look again for events that wait for the end of other transactions; twice as long each time.
const SOON: Duration = Duration::from_millis(2);
const LATEST: Duration = Duration::from_millis(64);

/// Everything about webhooks that goes on by itself, until it is drained.
#[derive(Debug)]
pub struct Webhooks {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

/// What wakes those who wait for something to do.
#[derive(Clone, Debug, Default)]
struct Wake {
    events: Arc<Notify>,
    deliveries: Arc<Notify>,
}

impl Webhooks {
    /// Sets everything to work.
    pub fn start(services: &Services, metrics: Option<Metrics>) -> Self {
        let (stop, stopped) = watch::channel(false);
        let (config, wake) = (Arc::clone(&services.config), Wake::default());
        let mut tasks = JoinSet::new();
        let url = config.database_url.clone();
        tasks.spawn(signal::listen(url, wake.clone(), stopped.clone()));
        let poll = config.webhooks.poll;
        tasks.spawn(fan_out(services.fan_out(), poll, wake.clone(), stopped.clone()));
        let desk = Desk::new(services.dispatcher(), metrics);
        let delivering = Delivering::new(desk, &config.webhooks, wake.deliveries);
        tasks.spawn(delivering.run(stopped.clone()));
        tasks.spawn(keep_up(services.deliveries.clone(), stopped));
        Self { stop, tasks }
    }

    /// Takes on nothing more, and waits for what is underway. What is not done in time is sent again by another process
    /// when its lease ends.
    pub async fn drain(mut self, patience: Duration) {
        self.stop.send_replace(true);
        let done = async { while self.tasks.join_next().await.is_some() {} };
        if timeout(patience, done).await.is_err() {
            tracing::warn!("webhooks were still underway");
        }
    }
}

/// Makes deliveries of events as soon as there are any.
async fn fan_out(fan_out: FanOut, poll: Duration, wake: Wake, mut stop: watch::Receiver<bool>) {
    let (mut answers, mut soon, mut made) = (true, SOON, 0);
    while !*stop.borrow() {
        let beyond = match fan_out.run().await {
            Ok(progress) => {
                answers = true;
                if progress.deliveries > 0 {
                    wake.deliveries.notify_one();
                }
                made += progress.deliveries;
                if made >= MANY {
                    made = 0;
                    if let Err(error) = fan_out.survey().await {
                        tracing::debug!(%error, "what waits was not looked at");
                    }
                }
                if progress.events > 0 {
                    soon = SOON;
                }
                progress.beyond
            }
            Err(error) => {
                // Told once, not at every look.
                if std::mem::take(&mut answers) {
                    tracing::warn!(%error, "events cannot be told for the moment");
                }
                Beyond::Nothing
            }
        };
        match beyond {
            Beyond::More => {}
            Beyond::Waiting => {
                sleep(soon).await;
                soon = (soon * 2).min(LATEST);
            }
            Beyond::Nothing => {
                tokio::select! {
                    () = wake.events.notified() => {}
                    () = sleep(poll) => {}
                    _ = stop.changed() => {}
                }
            }
        }
    }
}

/// Forgets what is over, and names endpoints that fail for long.
async fn keep_up(deliveries: Deliveries, mut stop: watch::Receiver<bool>) {
    let mut ticks = interval(UPKEEP_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stop.changed() => return,
        }
        match deliveries.warn().await {
            Ok(failing) => failing.iter().for_each(log::failing),
            Err(error) => tracing::warn!(%error, "failing webhooks are not looked for"),
        }
        let mut gone = 0;
        loop {
            match deliveries.purge().await {
                Ok(0) => break,
                Ok(count) => gone += count,
                Err(error) => {
                    tracing::warn!(%error, "old deliveries stay for now");
                    break;
                }
            }
            if *stop.borrow() {
                return;
            }
        }
        if gone > 0 {
            tracing::info!(count = gone, "old deliveries forgotten");
        }
    }
}
