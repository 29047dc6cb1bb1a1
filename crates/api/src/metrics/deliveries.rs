//! How attempts to deliver go.

use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use domain::delivery::{Outgoing, Reply, Sender};

use super::{Metrics, class};

/// A sender whose attempts are counted and timed.
pub struct MeasuredSender {
    sender: Arc<dyn Sender>,
    metrics: Metrics,
}

impl MeasuredSender {
    /// Measures a sender.
    pub fn new(sender: Arc<dyn Sender>, metrics: Metrics) -> Self {
        Self { sender, metrics }
    }
}

#[async_trait]
impl Sender for MeasuredSender {
    async fn send(&self, outgoing: Outgoing) -> Reply {
        let began = Instant::now();
        let reply = self.sender.send(outgoing).await;
        let result = match &reply {
            Reply::Answered { status, .. } => class(*status),
            Reply::Failed(failure) => failure.name(),
        };
        self.metrics.attempted(result, began.elapsed());
        reply
    }
}
