//! How attempts to deliver go, and what waits for one.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use domain::Clock;
use domain::delivery::{Deliveries, Outgoing, Reply, Sender};

use super::{Backlog, BacklogFigures, Metrics, class};

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

/// What waits, out of how all endpoints are doing. Of each endpoint so many are counted as the operator is shown.
pub struct DeliveryBacklog {
    deliveries: Deliveries,
    clock: Arc<dyn Clock>,
}

impl DeliveryBacklog {
    /// Looks at the deliveries of all merchants.
    pub fn new(deliveries: Deliveries, clock: Arc<dyn Clock>) -> Self {
        Self { deliveries, clock }
    }
}

#[async_trait]
impl Backlog for DeliveryBacklog {
    async fn figures(&self) -> Option<BacklogFigures> {
        let endpoints = self.deliveries.endpoints(None).await.ok()?;
        let began = endpoints.iter().filter_map(|health| health.oldest_pending_at).min();
        let oldest = began.map(|began| Duration::try_from(self.clock.now() - began));
        Some(BacklogFigures {
            pending: endpoints.iter().map(|health| health.pending).sum(),
            oldest: oldest.and_then(Result::ok).unwrap_or_default(),
        })
    }
}
