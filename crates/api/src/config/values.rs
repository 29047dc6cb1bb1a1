//! How single settings are read: units become types, and 0 becomes "none" where it means that.

use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use domain::Secret;
use domain::account::PasswordStrength;
use domain::network::Network;
use serde::{Deserialize, Deserializer, de::Error as _};

const DAY: u64 = 86_400;

/// A word for the strength of passwords.
pub(super) fn password_strength<'de, D: Deserializer<'de>>(
    value: D,
) -> Result<PasswordStrength, D::Error> {
    match String::deserialize(value)?.as_str() {
        "advanced" => Ok(PasswordStrength::Advanced),
        "simple" => Ok(PasswordStrength::Simple),
        other => Err(D::Error::unknown_variant(other, &["advanced", "simple"])),
    }
}

/// A positive number of seconds.
pub(super) fn seconds<'de, D: Deserializer<'de>>(value: D) -> Result<Duration, D::Error> {
    NonZeroU32::deserialize(value).map(|seconds| Duration::from_secs(seconds.get().into()))
}

/// A number of seconds, 0 for none.
pub(super) fn optional_seconds<'de, D: Deserializer<'de>>(
    value: D,
) -> Result<Option<Duration>, D::Error> {
    optional_count(value)
        .map(|count| count.map(|seconds| Duration::from_secs(seconds.get().into())))
}

/// A positive number of milliseconds.
pub(super) fn milliseconds<'de, D: Deserializer<'de>>(value: D) -> Result<Duration, D::Error> {
    NonZeroU32::deserialize(value)
        .map(|milliseconds| Duration::from_millis(milliseconds.get().into()))
}

/// A positive number of days.
pub(super) fn days<'de, D: Deserializer<'de>>(value: D) -> Result<Duration, D::Error> {
    NonZeroU32::deserialize(value).map(|days| Duration::from_secs(u64::from(days.get()) * DAY))
}

/// A number, 0 for none.
pub(super) fn optional_count<'de, D: Deserializer<'de>>(
    value: D,
) -> Result<Option<NonZeroU32>, D::Error> {
    u32::deserialize(value).map(NonZeroU32::new)
}

/// A number, 0 for none.
pub(super) fn optional_size<'de, D: Deserializer<'de>>(
    value: D,
) -> Result<Option<NonZeroUsize>, D::Error> {
    usize::deserialize(value).map(NonZeroUsize::new)
}

/// A text that must not be shown, and must not be empty.
pub(super) fn secret_text<'de, D: Deserializer<'de>>(value: D) -> Result<Secret<String>, D::Error> {
    match String::deserialize(value)? {
        text if text.is_empty() => Err(D::Error::custom("is empty")),
        text => Ok(Secret::new(text)),
    }
}

/// A text that must not be shown; empty for none.
pub(super) fn optional_secret<'de, D: Deserializer<'de>>(
    value: D,
) -> Result<Option<Secret<String>>, D::Error> {
    String::deserialize(value).map(|text| (!text.is_empty()).then(|| Secret::new(text)))
}

/// Networks, each as an address with the number of bits that count.
pub(super) fn networks<'de, D: Deserializer<'de>>(value: D) -> Result<Vec<Network>, D::Error> {
    let texts = Vec::<String>::deserialize(value)?;
    texts.iter().map(|text| text.parse().map_err(D::Error::custom)).collect()
}

/// A text; empty for none.
pub(super) fn optional_text<'de, D: Deserializer<'de>>(
    value: D,
) -> Result<Option<String>, D::Error> {
    String::deserialize(value).map(|text| (!text.is_empty()).then_some(text))
}

/// An IP address and a port; empty for none.
pub(super) fn optional_address<'de, D: Deserializer<'de>>(
    value: D,
) -> Result<Option<SocketAddr>, D::Error> {
    let address = |text: String| {
        text.parse().map_err(|_| D::Error::custom("must be an IP address and a port, or empty"))
    };
    optional_text(value)?.map(address).transpose()
}

/// Headers as `Name: value`, whose values must not be shown.
pub(super) fn headers<'de, D: Deserializer<'de>>(
    value: D,
) -> Result<Vec<(String, Secret<String>)>, D::Error> {
    let header = |line: String| {
        let (name, value) = line.split_once(':')?;
        Some((name.trim().to_owned(), Secret::new(value.trim().to_owned())))
    };
    let headers = Vec::<String>::deserialize(value)?.into_iter().map(header);
    headers.collect::<Option<_>>().ok_or_else(|| D::Error::custom("must be written Name: value"))
}

/// 32 bytes written as 64 hexadecimal digits.
pub(super) fn master_key<'de, D: Deserializer<'de>>(
    value: D,
) -> Result<Secret<[u8; 32]>, D::Error> {
    let text = String::deserialize(value)?;
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let mut key = [0; 32];
    if pairs.len() != key.len() || !rest.is_empty() {
        return Err(D::Error::custom("must be 64 hexadecimal digits"));
    }
    for (byte, [high, low]) in key.iter_mut().zip(pairs) {
        let (high, low) = (char::from(*high).to_digit(16), char::from(*low).to_digit(16));
        let value = high.zip(low).and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        *byte = value.ok_or_else(|| D::Error::custom("must be 64 hexadecimal digits"))?;
    }
    Ok(Secret::new(key))
}
