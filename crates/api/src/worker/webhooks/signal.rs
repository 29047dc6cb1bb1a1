//! Word of events, from those who store them to those who tell of them.

use std::sync::Arc;
use std::time::Duration;

use domain::Secret;
use postgres::{ConnectError, EventAnnouncer, EventListener};
use tokio::sync::{Notify, watch};
use tokio::time::{sleep, timeout};

use super::Wake;

/// How often the word is spread at most, however many events there are.
const BREATH: Duration = Duration::from_millis(5);

/// How long to wait before another connection is tried.
const PAUSE: Duration = Duration::from_secs(1);

/// Spreads the word whenever this process has stored events, until it ends.
pub async fn announce_events(url: Secret<String>, events: Arc<Notify>) {
    let mut announcer: Option<EventAnnouncer> = None;
    loop {
        events.notified().await;
        if let Err(error) = announce(&url, &mut announcer).await {
            tracing::debug!(%error, "nobody is told of events for the moment");
            announcer = None;
            sleep(PAUSE).await;
        }
        sleep(BREATH).await;
    }
}

async fn announce(
    url: &Secret<String>,
    announcer: &mut Option<EventAnnouncer>,
) -> Result<(), ConnectError> {
    match announcer {
        Some(open) => open.announce().await,
        None => announcer.insert(EventAnnouncer::open(url.expose()).await?).announce().await,
    }
}

/// Wakes everybody who waits whenever word of events comes.
pub(super) async fn listen(url: Secret<String>, wake: Wake, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let ended = tokio::select! {
            ended = hear(&url, &wake) => ended,
            _ = stop.changed() => return,
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "no word of events comes for the moment");
        }
        let _ = timeout(PAUSE, stop.changed()).await;
    }
}

async fn hear(url: &Secret<String>, wake: &Wake) -> Result<(), ConnectError> {
    let mut listener = EventListener::open(url.expose()).await?;
    loop {
        // What came before the connection was there is found by looking.
        wake.events.notify_one();
        wake.deliveries.notify_one();
        listener.heard().await?;
    }
}
