//! An outbox that keeps what it is given, for people and tests to look into.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use domain::Clock;
use domain::id::MessageId;
use domain::message::{Channel, DeliveryError, Mail, Mailer, TextMessage, Texter};
use time::OffsetDateTime;

/// How many messages are kept.
const CAPACITY: usize = 1_000;

/// A message that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The message's id.
    pub id: MessageId,
    /// When it was sent.
    pub at: OffsetDateTime,
    /// Which way.
    pub channel: Channel,
    /// The address or the number.
    pub to: String,
    /// Empty for an SMS.
    pub subject: String,
    /// The text.
    pub body: String,
}

type Watcher = Box<dyn Fn(&Sent) + Send + Sync>;

/// Keeps the last thousand messages in memory. Clones share them.
#[derive(Clone)]
pub struct Outbox(Arc<Shared>);

struct Shared {
    clock: Arc<dyn Clock>,
    watcher: Watcher,
    sent: Mutex<VecDeque<Sent>>,
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Outbox")
    }
}

impl Outbox {
    /// An empty outbox.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self::watched(clock, |_| {})
    }

    /// An empty outbox that shows every message to somebody as it comes.
    pub fn watched(clock: Arc<dyn Clock>, watcher: impl Fn(&Sent) + Send + Sync + 'static) -> Self {
        let watcher: Watcher = Box::new(watcher);
        Self(Arc::new(Shared { clock, watcher, sent: Mutex::default() }))
    }

    /// What was sent, newest first.
    pub fn sent(&self) -> Vec<Sent> {
        self.messages().iter().cloned().collect()
    }

    fn keep(&self, id: MessageId, channel: Channel, to: &str, subject: &str, body: &str) {
        let (to, subject, body) = (to.to_owned(), subject.to_owned(), body.to_owned());
        let sent = Sent { id, at: self.0.clock.now(), channel, to, subject, body };
        (self.0.watcher)(&sent);
        let mut messages = self.messages();
        messages.push_front(sent);
        messages.truncate(CAPACITY);
    }

    fn messages(&self) -> MutexGuard<'_, VecDeque<Sent>> {
        self.0.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Mailer for Outbox {
    async fn send(&self, mail: &Mail) -> Result<(), DeliveryError> {
        self.keep(mail.id, Channel::Email, mail.to.as_str(), &mail.subject, &mail.body);
        Ok(())
    }
}

#[async_trait]
impl Texter for Outbox {
    async fn send(&self, text: &TextMessage) -> Result<(), DeliveryError> {
        self.keep(text.id, Channel::Sms, text.to.as_str(), "", &text.body);
        Ok(())
    }
}
