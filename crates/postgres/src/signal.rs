//! Word between processes that events were stored. It may be lost, and comes more often than there are events: whoever
//! listens looks for itself, and also when nothing was heard for a while.

use std::fmt;
use std::time::Duration;

use diesel_async::{AsyncPgConnection, SimpleAsyncConnection as _};
use futures_util::StreamExt as _;

use crate::connect::{self, ConnectError};

const ANNOUNCE: &str = "NOTIFY clientele_events";
const LISTEN: &str = "LISTEN clientele_events";

/// How long a connection may be silent before it is asked whether it lives.
const SILENCE: Duration = Duration::from_secs(30);

/// Spreads the word, on a connection of its own: a transaction that did would make all commits wait for one another.
pub struct EventAnnouncer(AsyncPgConnection);

/// Hears the word, on a connection of its own.
pub struct EventListener(AsyncPgConnection);

impl fmt::Debug for EventAnnouncer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventAnnouncer")
    }
}

impl fmt::Debug for EventListener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventListener")
    }
}

impl EventAnnouncer {
    /// Connects.
    pub async fn open(url: &str) -> Result<Self, ConnectError> {
        Ok(Self(connect::open(url).await?))
    }

    /// Says that there are events. After an error another announcer is needed.
    pub async fn announce(&mut self) -> Result<(), ConnectError> {
        run(&mut self.0, ANNOUNCE).await
    }
}

impl EventListener {
    /// Connects, and hears everything that is said from now on.
    pub async fn open(url: &str) -> Result<Self, ConnectError> {
        let mut connection = connect::open(url).await?;
        run(&mut connection, LISTEN).await?;
        Ok(Self(connection))
    }

    /// Waits until there are events. After an error another listener is needed.
    pub async fn heard(&mut self) -> Result<(), ConnectError> {
        loop {
            let word = {
                let mut words = std::pin::pin!(self.0.notifications_stream());
                tokio::time::timeout(SILENCE, words.next()).await
            };
            match word {
                Ok(Some(Ok(_))) => return Ok(()),
                Ok(Some(Err(error))) => return Err(ConnectError::Unreachable(error.to_string())),
                Ok(None) => return Err(ConnectError::Unreachable("closed".to_owned())),
                Err(_) => run(&mut self.0, "SELECT 1").await?,
            }
        }
    }
}

async fn run(connection: &mut AsyncPgConnection, statement: &str) -> Result<(), ConnectError> {
    let outcome = connection.batch_execute(statement).await;
    outcome.map_err(|error| ConnectError::Unreachable(error.to_string()))
}
