//! When a message that could not be sent is tried again.

use time::{Duration, OffsetDateTime};

/// How often sending one message is tried. With the delays below that takes about seven hours.
pub const ATTEMPTS: u32 = 12;

/// For how long a message belongs to who claimed it. Sending by both channels, one after the other, takes less: each
/// gateway bounds its time to a minute.
pub const LEASE: Duration = Duration::minutes(5);

const FIRST_DELAY: Duration = Duration::seconds(10);
const LONGEST_DELAY: Duration = Duration::hours(1);

/// When to try again after the attempt of that number failed: three times as long after every failure, at most an hour,
/// a quarter more or less as `dice` falls, so that a gateway that comes back is not met by everybody at once. `None` to
/// give up: after the last attempt, and when the message would be of no use by then.
pub(super) fn next_attempt(
    attempt: u32,
    now: OffsetDateTime,
    expires_at: Option<OffsetDateTime>,
    dice: u8,
) -> Option<OffsetDateTime> {
    if attempt >= ATTEMPTS {
        return None;
    }
    let next = now + scattered(delay(attempt), dice);
    expires_at.is_none_or(|end| next < end).then_some(next)
}

/// When to look again for a gateway that is not there yet.
pub(super) fn next_look(now: OffsetDateTime, dice: u8) -> OffsetDateTime {
    now + scattered(LONGEST_DELAY, dice)
}

fn delay(attempt: u32) -> Duration {
    let factor = 3_i32.saturating_pow(attempt.saturating_sub(1));
    FIRST_DELAY.checked_mul(factor).map_or(LONGEST_DELAY, |delay| delay.min(LONGEST_DELAY))
}

fn scattered(delay: Duration, dice: u8) -> Duration {
    delay * (768 + 2 * i32::from(dice)) / 1024
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-03-02 08:15:00 UTC);
    const MIDDLE: u8 = 128;

    #[test]
    fn delays_grow_threefold_up_to_an_hour() {
        let delays: Vec<i64> = (1..ATTEMPTS)
            .map(|attempt| {
                (next_attempt(attempt, NOW, None, MIDDLE).unwrap() - NOW).whole_seconds()
            })
            .collect();
        assert_eq!(delays, [10, 30, 90, 270, 810, 2430, 3600, 3600, 3600, 3600, 3600]);
    }

    #[test]
    fn the_last_attempt_is_followed_by_none() {
        assert_eq!(next_attempt(ATTEMPTS, NOW, None, MIDDLE), None);
        assert_eq!(next_attempt(u32::MAX, NOW, None, MIDDLE), None);
    }

    #[test]
    fn chance_moves_a_delay_by_a_quarter_at_most() {
        let at = |dice| next_attempt(3, NOW, None, dice).unwrap() - NOW;
        assert_eq!(at(0), Duration::milliseconds(67_500));
        assert!(at(u8::MAX) > Duration::seconds(112) && at(u8::MAX) < Duration::seconds(113));
    }

    #[test]
    fn nothing_is_tried_after_it_expired() {
        let end = NOW + Duration::seconds(30);
        assert!(next_attempt(1, NOW, Some(end), MIDDLE).is_some());
        assert_eq!(next_attempt(2, NOW, Some(end), MIDDLE), None);
    }
}
