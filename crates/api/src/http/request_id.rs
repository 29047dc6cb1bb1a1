//! An id for every request, in its answer and its log lines.
//!
//! A caller's `X-Request-Id` is kept if it is short and plain, so that it cannot forge or flood a log; otherwise the
//! process counts, after a random prefix that tells restarts and instances apart.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _};

/// The header that carries the id both ways.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const LONGEST: usize = 64;

/// The id of one request: at most 64 letters, digits, dots, underscores and hyphens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }
}

/// Makes ids, one after the other.
#[derive(Debug)]
pub struct RequestIds {
    prefix: u32,
    next: AtomicU64,
}

impl RequestIds {
    /// Ids that begin with a number of the process's own.
    pub fn new(prefix: u32) -> Self {
        Self { prefix, next: AtomicU64::new(1) }
    }

    /// Ids with a random prefix; should there be no randomness, the process id tells instances apart well enough.
    pub fn random() -> Self {
        let mut prefix = [0; 4];
        Self::new(
            aws_lc_rs::rand::fill(&mut prefix)
                .map_or_else(|_| process::id(), |()| u32::from_ne_bytes(prefix)),
        )
    }

    /// The caller's id if it is sane, else one of ours.
    fn identify(&self, headers: &HeaderMap) -> RequestId {
        let given = headers.get(&REQUEST_ID).filter(|value| is_sane(value.as_bytes()));
        RequestId(given.cloned().unwrap_or_else(|| self.make()))
    }

    fn make(&self) -> HeaderValue {
        let count = self.next.fetch_add(1, Ordering::Relaxed);
        HeaderValue::try_from(format!("{:08x}-{count}", self.prefix))
            .unwrap_or(HeaderValue::from_static("-"))
    }
}

fn is_sane(id: &[u8]) -> bool {
    (1..=LONGEST).contains(&id.len())
        && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(byte))
}

/// Middleware: puts a [`RequestId`] into the request's extensions and its text on the answer.
pub async fn identify(
    ids: Arc<RequestIds>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let id = ids.identify(request.headers());
    request.extensions_mut().insert(id.clone());
    let mut response = next.call(request).await?;
    response.headers_mut().insert(REQUEST_ID, id.0);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identify(ids: &RequestIds, given: &[u8]) -> String {
        let headers: HeaderMap =
            [(REQUEST_ID, HeaderValue::from_bytes(given).unwrap())].into_iter().collect();
        ids.identify(&headers).as_str().to_owned()
    }

    #[test]
    fn a_sane_id_is_kept() {
        let longest = "x".repeat(64);
        for given in ["a", "7f.B_9-c", &longest] {
            assert_eq!(identify(&RequestIds::new(1), given.as_bytes()), given);
        }
    }

    #[test]
    fn any_other_id_is_replaced() {
        for given in [&b""[..], b"a b", b"a\"b", b"a/b", b"\xc5\xbc", &[b'x'; 65]] {
            assert_eq!(identify(&RequestIds::new(0xab), given), "000000ab-1", "{given:?}");
        }
    }

    #[test]
    fn ids_without_a_given_one_differ() {
        let ids = RequestIds::new(0xdead_beef);
        let made: Vec<_> =
            (0..2).map(|_| ids.identify(&HeaderMap::new()).as_str().to_owned()).collect();
        assert_eq!(made, ["deadbeef-1", "deadbeef-2"]);
    }
}
