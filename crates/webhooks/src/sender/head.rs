//! The head of a delivery.

use domain::delivery::Outgoing;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::sign::standard_signature;

/// Headers that say what the message is, where it goes or who may read it on the way: nobody adds those.
const RESERVED: [&str; 13] = [
    "connection",
    "content-encoding",
    "content-length",
    "cookie",
    "expect",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "http2-settings",
    "via",
];
/// Those that begin so are written here (Standard Webhooks), or meant for somebody on the way.
const RESERVED_STARTS: [&str; 2] = ["webhook-", "proxy-"];

/// All headers but those that the client writes itself: the vendor's in their order, of which the first one of a name
/// stands, and those of Standard Webhooks. What cannot stand in a head is left out, reserved names are too.
pub(super) fn of(outgoing: &Outgoing) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(outgoing.headers.len() + 3);
    for header in &outgoing.headers {
        let name = HeaderName::from_bytes(header.name.as_bytes());
        let value = HeaderValue::from_bytes(header.value.expose().as_bytes());
        let (Ok(name), Ok(mut value)) = (name, value) else { continue };
        if is_reserved(&name) {
            continue;
        }
        value.set_sensitive(true);
        headers.entry(name).or_insert(value);
    }
    for (name, value) in standard(outgoing) {
        headers.insert(name, value);
    }
    headers
}

fn is_reserved(name: &HeaderName) -> bool {
    let name = name.as_str();
    RESERVED.contains(&name) || RESERVED_STARTS.iter().any(|start| name.starts_with(start))
}

fn standard(outgoing: &Outgoing) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
    let id = outgoing.id.to_string();
    let timestamp = outgoing.at.unix_timestamp();
    let sign = |secret| standard_signature(secret, &id, timestamp, &outgoing.body);
    let signatures: Vec<String> = outgoing.secrets.iter().map(sign).collect();
    let signatures = (!signatures.is_empty()).then(|| signatures.join(" "));
    [
        ("webhook-id", Some(id)),
        ("webhook-timestamp", Some(timestamp.to_string())),
        ("webhook-signature", signatures),
    ]
    .into_iter()
    .filter_map(|(name, value)| {
        Some((HeaderName::from_static(name), HeaderValue::try_from(value?).ok()?))
    })
}
