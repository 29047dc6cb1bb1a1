//! A request body as bytes, bounded in size and in time.
//!
//! The HTTP library bounds neither: a body may drip for ever. Dialects read bodies only through here, so that size, time
//! and coding are refused alike everywhere, each in the vendor's own shape.

use std::pin::pin;
use std::time::Duration;

use actix_web::error::PayloadError;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _};

/// How much body, and how slowly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyLimits {
    /// Bytes at most.
    pub bytes: usize,
    /// Time from the first look at the body to its end.
    pub time: Duration,
}

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// More bytes than allowed, announced or sent: 413.
    #[error("the request body is too large")]
    TooLarge,
    /// Not complete in time: 408.
    #[error("the request body came too slowly")]
    TooSlow,
    /// A content coding; request bodies are never inflated: 415.
    #[error("the request body has a content coding")]
    Encoded,
    /// Broken framing, or the client went away: 400.
    #[error("the request body is incomplete or broken")]
    Malformed,
}

/// Reads a body to its end.
///
/// A body that is announced as too large is refused before a byte of it is read.
pub async fn read<S>(headers: &HeaderMap, body: S, limits: BodyLimits) -> Result<Bytes, BodyError>
where
    S: Stream<Item = Result<Bytes, PayloadError>>,
{
    announced(headers, limits.bytes)?;
    match tokio::time::timeout(limits.time, collect(body, limits.bytes)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(BodyError::TooSlow),
    }
}

/// Refuses what the headers alone tell: a coding, or more bytes than these.
pub(super) fn announced(headers: &HeaderMap, bytes: usize) -> Result<(), BodyError> {
    if headers
        .get_all(CONTENT_ENCODING)
        .any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
    {
        return Err(BodyError::Encoded);
    }
    let announced =
        headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > bytes) {
        return Err(BodyError::TooLarge);
    }
    Ok(())
}

/// Most bodies arrive in one piece, which is handed on without a copy.
async fn collect(
    body: impl Stream<Item = Result<Bytes, PayloadError>>,
    limit: usize,
) -> Result<Bytes, BodyError> {
    let mut body = pin!(body);
    let mut first = Bytes::new();
    let mut joined = BytesMut::new();
    while let Some(piece) = body.next().await {
        let piece = piece.map_err(|_| BodyError::Malformed)?;
        if first.len().max(joined.len()) + piece.len() > limit {
            return Err(BodyError::TooLarge);
        }
        if first.is_empty() {
            first = piece;
        } else {
            if joined.is_empty() {
                joined.extend_from_slice(&first);
            }
            joined.extend_from_slice(&piece);
        }
    }
    Ok(if joined.is_empty() { first } else { joined.freeze() })
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};
    use futures_util::stream;

    use super::*;

    const LIMITS: BodyLimits = BodyLimits { bytes: 8, time: Duration::from_secs(30) };

    fn headers(pairs: &[(HeaderName, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    async fn read_pieces(headers: &HeaderMap, pieces: &[&'static str]) -> Result<Bytes, BodyError> {
        let pieces: Vec<_> =
            pieces.iter().map(|piece| Ok(Bytes::from_static(piece.as_bytes()))).collect();
        read(headers, stream::iter(pieces), LIMITS).await
    }

    #[tokio::test]
    async fn pieces_are_joined_in_order() {
        for pieces in [&["abcdefgh"][..], &["abcd", "efgh"], &["", "ab", "", "cd", "ef", "gh"]] {
            assert_eq!(
                read_pieces(&HeaderMap::new(), pieces).await,
                Ok(Bytes::from_static(b"abcdefgh")),
                "{pieces:?}"
            );
        }
        assert_eq!(read_pieces(&HeaderMap::new(), &[]).await, Ok(Bytes::new()));
    }

    #[tokio::test]
    async fn one_byte_over_the_limit_is_too_large_however_it_comes() {
        for pieces in [&["abcdefghi"][..], &["abcdefgh", "i"], &["abcd", "efgh", "i"]] {
            assert_eq!(
                read_pieces(&HeaderMap::new(), pieces).await,
                Err(BodyError::TooLarge),
                "{pieces:?}"
            );
        }
    }

    #[tokio::test]
    async fn an_announced_excess_is_refused_unread() {
        for length in ["9", "18446744073709551615"] {
            let headers = headers(&[(CONTENT_LENGTH, length)]);
            let never = stream::poll_fn(|_| panic!("must not be read"));
            assert_eq!(read(&headers, never, LIMITS).await, Err(BodyError::TooLarge), "{length}");
        }
    }

    #[tokio::test]
    async fn content_codings_are_refused() {
        for (coding, expected) in
            [("gzip", false), ("gzip, gzip", false), ("identity", true), ("Identity", true)]
        {
            let outcome = read_pieces(&headers(&[(CONTENT_ENCODING, coding)]), &["ab"]).await;
            assert_eq!(outcome.is_ok(), expected, "{coding}: {outcome:?}");
        }
    }

    #[tokio::test]
    async fn a_body_that_stops_coming_is_too_slow() {
        let limits = BodyLimits { time: Duration::from_millis(5), ..LIMITS };
        let body = stream::once(async { Ok(Bytes::from_static(b"ab")) }).chain(stream::pending());
        assert_eq!(read(&HeaderMap::new(), body, limits).await, Err(BodyError::TooSlow));
    }

    #[tokio::test]
    async fn a_broken_body_is_malformed() {
        let body =
            stream::iter([Ok(Bytes::from_static(b"ab")), Err(PayloadError::Incomplete(None))]);
        assert_eq!(read(&HeaderMap::new(), body, LIMITS).await, Err(BodyError::Malformed));
    }
}
