//! Time and random bytes from the operating system.

use std::sync::atomic::{AtomicU64, Ordering};

use domain::{Clock, Entropy};
use time::OffsetDateTime;
use uuid::Uuid;

/// The operating system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the port that everyone else asks")]
    fn now(&self) -> OffsetDateTime {
        let now = OffsetDateTime::now_utc();
        now.replace_nanosecond(now.microsecond() * 1000).unwrap_or(now)
    }
}

/// The operating system's random bytes; ids are version 7 UUIDs that grow even within one millisecond.
#[derive(Debug, Default)]
pub struct SystemEntropy {
    last: AtomicU64,
}

impl SystemEntropy {
    /// Milliseconds since 1970 in the upper 48 bits and a counter in the lower 12, never the same twice.
    fn stamp(&self) -> u64 {
        let millis =
            u64::try_from(SystemClock.now().unix_timestamp_nanos() / 1_000_000).unwrap_or(0) << 12;
        let next = |last: u64| Some(millis.max(last + 1));
        let last = self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).unwrap_or(0);
        millis.max(last + 1)
    }
}

impl Entropy for SystemEntropy {
    fn uuid(&self) -> Uuid {
        let stamp = self.stamp();
        let mut bytes = [0; 16];
        self.fill(&mut bytes[8..]);
        bytes[..6].copy_from_slice(&(stamp >> 12).to_be_bytes()[2..]);
        bytes[6..8].copy_from_slice(&(0x7000 | (stamp & 0x0fff) as u16).to_be_bytes());
        bytes[8] = bytes[8] & 0x3f | 0x80;
        Uuid::from_bytes(bytes)
    }

    fn fill(&self, bytes: &mut [u8]) {
        // A system without random bytes cannot keep a single promise of this service.
        getrandom::fill(bytes)
            .unwrap_or_else(|error| panic!("the operating system gives no random bytes: {error}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_version_seven_and_grow() {
        let entropy = SystemEntropy::default();
        let ids: Vec<_> = (0..5000).map(|_| entropy.uuid()).collect();
        assert!(ids.is_sorted());
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
    }
}
