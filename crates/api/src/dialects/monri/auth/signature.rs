//! The `WP3-v2.1` signature: a SHA-512 over key and request (MO 1.3).

use std::time::Duration;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{Context, SHA512, SHA512_OUTPUT_LEN};
use time::OffsetDateTime;

const SCHEME: &str = "WP3-v2.1";

/// Digits of a timestamp at most.
const LONGEST_TIMESTAMP: usize = 16;

/// From here on a timestamp counts milliseconds: as seconds it would lie in the year 5138.
const FIRST_MILLISECONDS: u64 = 100_000_000_000;

/// What a client put into the header.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Signature<'a> {
    /// The public name of the signer.
    pub(super) token: &'a str,
    /// The time as it was written: the digest covers these digits.
    timestamp: &'a str,
    digest: [u8; SHA512_OUTPUT_LEN],
}

impl<'a> Signature<'a> {
    /// Reads a header: four parts with a blank between each two.
    pub(super) fn parse(header: &'a str) -> Option<Self> {
        let mut parts = header.trim_matches([' ', '\t']).split(' ');
        let (scheme, token, timestamp, digest) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let digits = 1..=LONGEST_TIMESTAMP;
        let well_formed = parts.next().is_none()
            && scheme == SCHEME
            && !token.is_empty()
            && digits.contains(&timestamp.len())
            && timestamp.bytes().all(|byte| byte.is_ascii_digit());
        if well_formed { Some(Self { token, timestamp, digest: bytes(digest)? }) } else { None }
    }

    /// Whether the clocks of signer and service differ by no more than allowed; any difference is, if `skew` is none.
    pub(super) fn is_current(&self, now: OffsetDateTime, skew: Option<Duration>) -> bool {
        let Some(skew) = skew else { return true };
        let Ok(given) = self.timestamp.parse::<u64>() else { return false };
        let seconds = if given < FIRST_MILLISECONDS { given } else { given / 1000 };
        let Ok(now) = u64::try_from(now.unix_timestamp()) else { return false };
        now.abs_diff(seconds) <= skew.as_secs()
    }

    /// Whether the signer knew the key and meant this request. `target` is the request target as received, query and
    /// percent-encoding included.
    pub(super) fn fits(&self, key: &[u8], target: &str, body: &[u8]) -> bool {
        let mut context = Context::new(&SHA512);
        for part in [key, self.timestamp.as_bytes(), self.token.as_bytes(), target.as_bytes(), body]
        {
            context.update(part);
        }
        verify_slices_are_equal(context.finish().as_ref(), &self.digest).is_ok()
    }
}

/// Hexadecimal digits of either case.
fn bytes(hex: &str) -> Option<[u8; SHA512_OUTPUT_LEN]> {
    let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
    let mut bytes = [0; SHA512_OUTPUT_LEN];
    if pairs.len() != bytes.len() || !rest.is_empty() {
        return None;
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        let digits = (char::from(*high).to_digit(16)?, char::from(*low).to_digit(16)?);
        *byte = u8::try_from(digits.0 * 16 + digits.1).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests;
