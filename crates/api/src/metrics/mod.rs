//! Figures about the process, for Prometheus.
//!
//! Labels are few and known beforehand: the pattern of a route and never a path, the class of a status, the kind of a
//! failure. No figure is about a person, a merchant or an address.

mod deliveries;
mod requests;
mod server;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use domain::delivery::DeliveryState;
use postgres::{PgBackend, PoolUse};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

pub use deliveries::{DeliveryBacklog, MeasuredSender};
pub use server::serve;

pub(crate) use requests::measure;

/// How long the backlog may take to be looked at.
const PATIENCE: Duration = Duration::from_secs(1);

/// Upper ends of classes of durations, in seconds: from what memory answers to what a deadline ends.
const SECONDS: [f64; 14] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// What waits to be delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BacklogFigures {
    /// How many deliveries.
    pub pending: u64,
    /// For how long the oldest has waited; nothing, if none waits.
    pub oldest: Duration,
}

/// Tells what waits to be delivered. Implemented by whoever keeps deliveries.
#[async_trait]
pub trait Backlog: Send + Sync {
    /// What waits now; `None` if it cannot be told. May take its time: the caller sets the bound.
    async fn figures(&self) -> Option<BacklogFigures>;
}

/// All figures. Clones share them.
#[derive(Clone)]
pub struct Metrics(Arc<Shared>);

struct Shared {
    registry: Registry,
    requests: Family<RequestLabels, Histogram, fn() -> Histogram>,
    attempts: Family<AttemptLabels, Histogram, fn() -> Histogram>,
    settled: Family<StateLabels, Counter>,
    pool: Family<PoolLabels, Gauge>,
    backlog: Gauge,
    oldest: Gauge<f64, std::sync::atomic::AtomicU64>,
    pools: Mutex<Vec<PgBackend>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    dialect: &'static str,
    route: String,
    status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AttemptLabels {
    result: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StateLabels {
    state: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct PoolLabels {
    state: &'static str,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(SECONDS);
        let mut registry = Registry::with_prefix("clientele");
        let requests = Family::new_with_constructor(histogram);
        let help =
            "How long requests took, by dialect, pattern of the route and class of the status";
        registry.register_with_unit("request_duration", help, Unit::Seconds, requests.clone());
        let attempts = Family::new_with_constructor(histogram);
        let help = "How long attempts to deliver took, by class of the status or kind of failure";
        let name = "delivery_attempt_duration";
        registry.register_with_unit(name, help, Unit::Seconds, attempts.clone());
        let settled = Family::default();
        let help = "Attempts that settled a delivery, by the state that it is in from then on";
        registry.register("deliveries", help, Family::clone(&settled));
        let pool = Family::default();
        let help =
            "Connections to the database that are open or lent, and requests that wait for one";
        registry.register("database_connections", help, Family::clone(&pool));
        let (backlog, oldest) = (Gauge::default(), Gauge::default());
        registry.register("deliveries_pending", "Deliveries that wait", backlog.clone());
        let help = "For how long the oldest delivery that waits has waited";
        registry.register_with_unit("deliveries_oldest_age", help, Unit::Seconds, oldest.clone());
        let pools = Mutex::default();
        Self(Arc::new(Shared {
            registry,
            requests,
            attempts,
            settled,
            pool,
            backlog,
            oldest,
            pools,
        }))
    }
}

impl Metrics {
    /// Has the connections of a backend be counted with the others.
    pub fn watch(&self, backend: PgBackend) {
        self.0.pools.lock().unwrap_or_else(PoisonError::into_inner).push(backend);
    }

    /// Counts what an attempt made of a delivery.
    pub fn settled(&self, state: DeliveryState) {
        self.0.settled.get_or_create(&StateLabels { state: state.name() }).inc();
    }

    fn requested(&self, labels: &RequestLabels, took: Duration) {
        self.0.requests.get_or_create(labels).observe(took.as_secs_f64());
    }

    fn attempted(&self, result: &'static str, took: Duration) {
        self.0.attempts.get_or_create(&AttemptLabels { result }).observe(took.as_secs_f64());
    }

    /// All figures as text, in the format of `OpenMetrics`.
    async fn text(&self, backlog: Option<&dyn Backlog>) -> Option<String> {
        if let Some(backlog) = backlog {
            let figures = tokio::time::timeout(PATIENCE, backlog.figures()).await.ok().flatten();
            // What cannot be told is no number, and what was told before is not told again.
            let pending = figures.and_then(|figures| i64::try_from(figures.pending).ok());
            self.0.backlog.set(pending.unwrap_or(-1));
            let oldest = figures.map_or(f64::NAN, |figures| figures.oldest.as_secs_f64());
            self.0.oldest.set(oldest);
        }
        let used = self.pool_use();
        for (state, count) in [("open", used.open), ("lent", used.lent), ("waiting", used.waiting)]
        {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            self.0.pool.get_or_create(&PoolLabels { state }).set(count);
        }
        let mut text = String::new();
        encode(&mut text, &self.0.registry).ok()?;
        Some(text)
    }

    fn pool_use(&self) -> PoolUse {
        let pools = self.0.pools.lock().unwrap_or_else(PoisonError::into_inner);
        pools.iter().map(PgBackend::usage).fold(PoolUse::default(), |sum, one| PoolUse {
            open: sum.open + one.open,
            lent: sum.lent + one.lent,
            waiting: sum.waiting + one.waiting,
        })
    }
}

/// The class of a status.
fn class(status: u16) -> &'static str {
    match status {
        100..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        500..600 => "5xx",
        _ => "other",
    }
}

#[cfg(test)]
mod tests;
