//! Requests counted per key in fixed windows of a minute.
//!
//! Counted in the memory of this process: two processes allow twice the figure. What must hold over all of them is counted
//! by `domain::budget::Quotas` as well. Windows begin with the minute of the clock for every key alike, so that a new minute
//! forgets everything at once and nothing has to be swept.

use std::collections::HashMap;
use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

use domain::budget::{Allowance, window_end};
use time::OffsetDateTime;

/// Counts requests by key, for at most a fixed number of keys a minute.
#[derive(Debug)]
pub struct RateLimiter<K> {
    capacity: usize,
    window: Mutex<Window<K>>,
}

#[derive(Debug)]
struct Window<K> {
    ends: i64,
    counts: HashMap<K, u32>,
}

impl<K: Eq + Hash> RateLimiter<K> {
    /// Remembers at most `capacity` keys a minute. Requests of further keys are allowed uncounted: refusing them would
    /// let one caller with many keys shut out all others.
    pub fn new(capacity: usize) -> Self {
        Self { capacity, window: Mutex::new(Window { ends: i64::MIN, counts: HashMap::new() }) }
    }

    /// Counts one request. A clock that goes back stays in the window it was in.
    pub fn count(&self, key: K, limit: NonZeroU32, now: OffsetDateTime) -> Allowance {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        if now.unix_timestamp() >= window.ends {
            window.ends = window_end(now);
            window.counts.clear();
        }
        let full = window.counts.len() >= self.capacity;
        let used = match window.counts.get_mut(&key) {
            Some(used) => {
                *used = used.saturating_add(1);
                *used
            }
            None if full => 1,
            None => *window.counts.entry(key).or_insert(1),
        };
        Allowance::after(used, limit, window.ends, now)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const START: OffsetDateTime = datetime!(2024-05-01 10:00:40 UTC);
    const TWO: NonZeroU32 = NonZeroU32::new(2).unwrap();

    #[test]
    fn requests_are_allowed_up_to_the_limit_and_again_in_the_next_minute() {
        let limiter = RateLimiter::new(10);
        let reset = datetime!(2024-05-01 10:01 UTC).unix_timestamp();
        let seen: Vec<_> = (0..3).map(|_| limiter.count("a", TWO, START)).collect();
        let expected =
            |allowed, remaining| Allowance { allowed, limit: 2, remaining, reset, retry_after: 20 };
        assert_eq!(seen, [expected(true, 1), expected(true, 0), expected(false, 0)]);
        assert!(!limiter.count("a", TWO, datetime!(2024-05-01 10:00:59.999 UTC)).allowed);
        let next = limiter.count("a", TWO, datetime!(2024-05-01 10:01 UTC));
        assert_eq!(
            (next.allowed, next.remaining, next.reset, next.retry_after),
            (true, 1, reset + 60, 60)
        );
    }

    #[test]
    fn keys_do_not_count_for_each_other() {
        let limiter = RateLimiter::new(10);
        assert!((0..2).all(|_| limiter.count("a", TWO, START).allowed));
        assert_eq!(limiter.count("b", TWO, START).remaining, 1);
    }

    #[test]
    fn a_clock_that_goes_back_does_not_open_a_new_window() {
        let limiter = RateLimiter::new(10);
        assert!((0..2).all(|_| limiter.count("a", TWO, START).allowed));
        assert!(!limiter.count("a", TWO, datetime!(2024-05-01 09:59 UTC)).allowed);
    }

    #[test]
    fn beyond_the_capacity_new_keys_pass_and_known_ones_still_count() {
        let limiter = RateLimiter::new(1);
        assert!((0..2).all(|_| limiter.count(0, TWO, START).allowed));
        assert!((1..100).all(|key| limiter.count(key, TWO, START).allowed));
        assert!(!limiter.count(0, TWO, START).allowed);
        assert_eq!(limiter.window.lock().unwrap().counts.len(), 1);
    }
}
