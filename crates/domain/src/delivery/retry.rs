//! When a delivery that did not arrive is tried again.

use std::num::NonZeroU32;

use time::{Duration, OffsetDateTime};

/// How often a delivery is tried. The delays below come to 87 hours, and to 78 when chance shortens all of them.
pub const ATTEMPTS: u32 = 15;

/// For how long a delivery that never arrived is kept for the operator.
pub const PARKED_FOR: Duration = Duration::days(30);

/// The longest that an endpoint may ask to be left alone for.
pub const LONGEST_PAUSE: Duration = Duration::hours(24);

/// The vendor's delays (KO 3.7), the last of which goes on until three days are over.
const DELAYS: [Duration; 7] = [
    Duration::seconds(5),
    Duration::minutes(1),
    Duration::minutes(5),
    Duration::minutes(30),
    Duration::hours(2),
    Duration::hours(5),
    Duration::hours(10),
];

/// The vendor's schedule; for tests, faster by a factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetrySchedule {
    divided_by: NonZeroU32,
}

impl Default for RetrySchedule {
    fn default() -> Self {
        Self::divided_by(NonZeroU32::MIN)
    }
}

impl RetrySchedule {
    /// The schedule with every delay so many times shorter.
    pub fn divided_by(divided_by: NonZeroU32) -> Self {
        Self { divided_by }
    }

    /// When to try again after the attempt of that number, from 1, failed: a tenth sooner or later as `dice` falls, so
    /// that an endpoint that comes back is not met by everything at once, and no sooner than it asked for. `None` after
    /// the last one.
    pub fn next_attempt(
        self,
        attempt: u32,
        now: OffsetDateTime,
        asked_for: Option<Duration>,
        dice: u8,
    ) -> Option<OffsetDateTime> {
        if attempt >= ATTEMPTS {
            return None;
        }
        let at = usize::try_from(attempt.saturating_sub(1)).unwrap_or(usize::MAX);
        let delay = DELAYS.get(at).or(DELAYS.last()).copied().unwrap_or(LONGEST_PAUSE);
        let scattered: Duration = delay * (2295 + 2 * i32::from(dice)) / 2550;
        let asked_for = asked_for.unwrap_or_default().clamp(Duration::ZERO, LONGEST_PAUSE);
        Some(now + scattered.max(asked_for) / self.divided_by.get())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-03-02 08:15:00 UTC);

    const VENDORS: RetrySchedule = RetrySchedule { divided_by: NonZeroU32::MIN };

    fn delay(attempt: u32, dice: u8) -> Duration {
        VENDORS.next_attempt(attempt, NOW, None, dice).unwrap() - NOW
    }

    #[test]
    fn a_test_need_not_wait_for_days() {
        let fast = RetrySchedule::divided_by(NonZeroU32::new(1_000).unwrap());
        let delay = fast.next_attempt(5, NOW, None, 255).unwrap() - NOW;
        assert_eq!(delay, Duration::milliseconds(7_920));
    }

    #[test]
    fn the_delays_are_the_vendors_and_then_ten_hours_each() {
        let seconds = [5, 60, 300, 1_800, 7_200, 18_000];
        let seconds = seconds.into_iter().chain([36_000; 8]);
        for (attempt, expected) in (1..ATTEMPTS).zip(seconds) {
            let expected = Duration::seconds(expected);
            assert_eq!(delay(attempt, 0), expected * 9 / 10, "{attempt}");
            assert_eq!(delay(attempt, 255), expected * 11 / 10, "{attempt}");
        }
        assert_eq!(VENDORS.next_attempt(ATTEMPTS, NOW, None, 0), None);
    }

    #[test]
    fn even_the_shortest_schedule_takes_three_days() {
        let total: Duration = (1..ATTEMPTS).map(|attempt| delay(attempt, 0)).sum();
        assert!(total >= Duration::hours(72), "{total}");
    }

    #[test]
    fn an_endpoint_may_ask_for_a_longer_pause_of_a_day_at_most() {
        let after = |asked| VENDORS.next_attempt(1, NOW, Some(asked), 0).unwrap() - NOW;
        assert_eq!(after(Duration::seconds(-7)), Duration::milliseconds(4_500));
        assert_eq!(after(Duration::seconds(1)), Duration::milliseconds(4_500));
        assert_eq!(after(Duration::minutes(2)), Duration::minutes(2));
        assert_eq!(after(Duration::days(400)), LONGEST_PAUSE);
    }

    proptest! {
        #[test]
        fn chance_moves_an_attempt_by_a_tenth_at_most(attempt in 1..ATTEMPTS, dice: u8) {
            let delay = delay(attempt, dice);
            prop_assert!(super::tests::delay(attempt, 0) <= delay);
            prop_assert!(delay <= super::tests::delay(attempt, 255));
        }
    }
}
