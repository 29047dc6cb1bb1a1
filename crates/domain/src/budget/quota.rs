//! Requests a minute, counted over all processes.

use std::num::NonZeroU32;
use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use super::model::BudgetRule;
use super::port::Drawn;
use crate::clock::Clock;
use crate::id::{ApplicationId, MerchantId};
use crate::secret::SecretKeeper;
use crate::storage::{Storage, StorageError};

/// How long a window is, in seconds. Windows are the minutes of the clock, for everybody alike.
const WINDOW: i64 = 60;

/// What requests are counted against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Quota {
    /// The rule that limits, by a name that no other rule or budget has.
    pub rule: &'static str,
    /// The program whose requests count together.
    pub application: ApplicationId,
}

/// The state of a quota after a request was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Whether this request is within the limit.
    pub allowed: bool,
    /// Requests a minute.
    pub limit: u32,
    /// Requests left in this window.
    pub remaining: u32,
    /// Unix seconds at which the window ends.
    pub reset: i64,
    /// Seconds until then, at least 1.
    pub retry_after: i64,
}

impl Allowance {
    /// The state after so many requests in the window that ends at `reset`.
    pub fn after(used: u32, limit: NonZeroU32, reset: i64, now: OffsetDateTime) -> Self {
        let limit = limit.get();
        Self {
            allowed: used <= limit,
            limit,
            remaining: limit.saturating_sub(used),
            reset,
            retry_after: (reset - now.unix_timestamp()).max(1),
        }
    }
}

/// When the window of a moment ends, in Unix seconds.
pub fn window_end(now: OffsetDateTime) -> i64 {
    let now = now.unix_timestamp();
    now - now.rem_euclid(WINDOW) + WINDOW
}

/// Counts requests in storage, so that all processes together let through what one would.
#[derive(Clone)]
pub struct Quotas {
    storage: Storage,
    clock: Arc<dyn Clock>,
    keeper: Arc<dyn SecretKeeper>,
}

impl std::fmt::Debug for Quotas {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Quotas")
    }
}

impl Quotas {
    /// The service on its ports.
    pub fn new(storage: Storage, clock: Arc<dyn Clock>, keeper: Arc<dyn SecretKeeper>) -> Self {
        Self { storage, clock, keeper }
    }

    /// Counts one request of a merchant's program.
    pub async fn count(
        &self,
        merchant: MerchantId,
        quota: Quota,
        limit: NonZeroU32,
    ) -> Result<Allowance, StorageError> {
        let now = self.clock.now();
        let reset = window_end(now);
        let window = Duration::seconds(WINDOW);
        let rule = BudgetRule { name: quota.rule, limit: limit.get(), window };
        // Each window has a budget of its own, which ends after it: so its end is the clock's, not a minute after the
        // first request.
        let subject = self.keeper.fingerprint(&format!("{} {reset}", quota.application));
        let mut session = self.storage.session().await?;
        let drawn = session.budgets().draw(merchant, &[rule.of(subject)], now).await?;
        let used = match drawn {
            Drawn::Granted(used) => used.first().copied().unwrap_or_default(),
            Drawn::Refused(_) => limit.get().saturating_add(1),
        };
        Ok(Allowance::after(used, limit, reset, now))
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::testing::{CountingKeeper, FixedClock, MemoryBackend, an_id};

    #[tokio::test]
    async fn two_processes_let_through_what_one_would() {
        let storage = Storage::new(MemoryBackend::default());
        let clock = Arc::new(FixedClock::at(datetime!(2026-05-01 10:00:40 UTC)));
        let keeper = Arc::new(CountingKeeper::default());
        let process =
            || Quotas::new(storage.clone(), Arc::clone(&clock) as _, Arc::clone(&keeper) as _);
        let (first, second) = (process(), process());
        let (merchant, quota) = (an_id(), Quota { rule: "test", application: an_id() });
        let limit = NonZeroU32::new(3).unwrap();
        let mut seen = Vec::new();
        for quotas in [&first, &second, &first, &second] {
            let allowance = quotas.count(merchant, quota, limit).await.unwrap();
            seen.push((allowance.allowed, allowance.remaining, allowance.retry_after));
        }
        assert_eq!(seen, [(true, 2, 20), (true, 1, 20), (true, 0, 20), (false, 0, 20)]);
        clock.advance(Duration::seconds(20));
        let next = second.count(merchant, quota, limit).await.unwrap();
        assert_eq!((next.allowed, next.remaining, next.retry_after), (true, 2, 60));
    }
}
