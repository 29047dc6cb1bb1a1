//! An endpoint that answers as a test wants, and somebody who writes for it.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use crate::delivery::{Fact, Order, Outgoing, RenderError, Rendered, Renderer, Reply, Sender};
use crate::id::DeliveryId;
use crate::secret::SecretError;

/// Takes every delivery and remembers it. It answers 200, unless it was told otherwise.
#[derive(Debug, Default)]
pub struct Sink {
    taken: Mutex<Vec<Outgoing>>,
    answers: Mutex<VecDeque<Reply>>,
    usual: Mutex<Option<Reply>>,
}

impl Sink {
    /// An answer with a status and nothing else.
    pub fn status(status: u16) -> Reply {
        Reply::Answered { status, body: Vec::new(), retry_after: None }
    }

    /// Has it answer the next deliveries so, one after the other.
    pub fn answer(&self, replies: impl IntoIterator<Item = Reply>) {
        held(&self.answers).extend(replies);
    }

    /// Has it answer all others so.
    pub fn answer_always(&self, reply: Reply) {
        *held(&self.usual) = Some(reply);
    }

    /// What it took so far, in order.
    pub fn taken(&self) -> Vec<Outgoing> {
        held(&self.taken).clone()
    }

    /// The same, and forgets it.
    pub fn take(&self) -> Vec<Outgoing> {
        std::mem::take(&mut *held(&self.taken))
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl Sender for Sink {
    async fn send(&self, outgoing: Outgoing) -> Reply {
        held(&self.taken).push(outgoing);
        let next = held(&self.answers).pop_front();
        let usual = || held(&self.usual).clone().unwrap_or(Self::status(200));
        next.unwrap_or_else(usual)
    }
}

/// Writes kind, version and first name of a customer, and tells of no transactions.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainRenderer;

impl Renderer for PlainRenderer {
    fn body(&self, order: Order<'_>) -> Result<Vec<u8>, RenderError> {
        match order.fact {
            Fact::Customer(told) => {
                let (kind, version) = (told.event.kind.name(), told.record.version);
                Ok(format!("{kind} {version} {}", told.record.name.first()).into_bytes())
            }
            Fact::Transaction(_) | Fact::Endpoint(_) => Err(RenderError),
        }
    }

    fn headers(&self, _: Order<'_>, _: DeliveryId, _: &[u8]) -> Result<Vec<Rendered>, SecretError> {
        Ok(Vec::new())
    }
}
