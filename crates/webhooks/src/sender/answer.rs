//! What is read of an answer: its status, how long to wait, and the beginning of its body.

use std::time::Duration;

use domain::delivery::{LONGEST_PAUSE, Reply};
use reqwest::Response;
use reqwest::header::RETRY_AFTER;
use time::OffsetDateTime;

/// How much of a body is read, in bytes. The connection is dropped after it.
const MOST: usize = 16 * 1024;

/// Reads an answer to a delivery that was sent at `at`.
pub(super) async fn read(mut response: Response, at: OffsetDateTime) -> reqwest::Result<Reply> {
    let status = response.status().as_u16();
    let retry_after = response.headers().get(RETRY_AFTER);
    let retry_after = retry_after.and_then(|value| pause(value.to_str().ok()?, at));
    let mut body = Vec::new();
    while body.len() < MOST {
        let Some(chunk) = response.chunk().await? else { break };
        let room = MOST - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
    }
    Ok(Reply::Answered { status, body, retry_after })
}

/// For how long `Retry-After` asks to wait: seconds, or until a date of HTTP in any of its three forms. Never longer than
/// anybody may ask for; `None` if it is neither.
fn pause(raw: &str, at: OffsetDateTime) -> Option<Duration> {
    let raw = raw.trim();
    let longest = LONGEST_PAUSE.unsigned_abs();
    if !raw.is_empty() && raw.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are a long time.
        return Some(raw.parse().map_or(longest, Duration::from_secs).min(longest));
    }
    let until = OffsetDateTime::from(httpdate::parse_http_date(raw).ok()?);
    Some(Duration::try_from(until - at).unwrap_or_default().min(longest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    const AT: OffsetDateTime = datetime!(1994-11-06 08:49:00 UTC);

    #[test]
    fn a_pause_is_a_number_of_seconds_or_ends_at_a_date() {
        for (raw, seconds) in [
            ("0", 0),
            ("120", 120),
            (" 7 ", 7),
            ("86400", 86_400),
            ("86401", 86_400),
            ("99999999999999999999999999", 86_400),
            ("Sun, 06 Nov 1994 08:49:37 GMT", 37),
            ("Sunday, 06-Nov-94 08:49:37 GMT", 37),
            ("Sun Nov  6 08:49:37 1994", 37),
            ("Sun, 06 Nov 1994 08:48:59 GMT", 0),
            ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
        ] {
            assert_eq!(pause(raw, AT), Some(Duration::from_secs(seconds)), "{raw}");
        }
        for raw in ["", "-1", "+5", "1.5", "soon", "6 Nov 1994", "1994-11-06T08:49:37Z"] {
            assert_eq!(pause(raw, AT), None, "{raw}");
        }
    }

    proptest! {
        #[test]
        fn nobody_can_ask_for_more_than_a_day(raw in "[0-9]{0,40}|[ -~]{0,40}") {
            prop_assert!(pause(&raw, AT).is_none_or(|pause| pause <= LONGEST_PAUSE));
        }
    }
}
