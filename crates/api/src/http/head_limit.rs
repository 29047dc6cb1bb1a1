//! A bound on the request head.
//!
//! The HTTP library has its own, fixed bounds of 128 KiB and 96 header lines, above which it answers 431 and closes;
//! they cannot be set. The bound that an operator sets lies below them and is checked once the head is parsed, before any
//! route or extractor sees it.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{RequestHead, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};

/// Bytes of a header line besides name and value: `: ` and CR LF.
const LINE: usize = 4;

/// Middleware: answers 414 to a request target over half of `limit` bytes and 431 to a head over `limit`, and closes.
pub async fn enforce<B: MessageBody + 'static>(
    limit: usize,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    match excess(request.head(), limit) {
        None => next.call(request).await.map(ServiceResponse::map_into_left_body),
        Some(status) => {
            let refusal = HttpResponse::build(status).force_close().finish();
            Ok(request.into_response(refusal).map_into_right_body())
        }
    }
}

fn excess(head: &RequestHead, limit: usize) -> Option<StatusCode> {
    let target = head.uri.path_and_query().map_or(0, |target| target.as_str().len());
    let lines: usize =
        head.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + LINE).sum();
    if target > limit / 2 {
        Some(StatusCode::URI_TOO_LONG)
    } else if head.method.as_str().len() + target + lines > limit {
        Some(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_target_may_take_half_and_all_lines_together_the_whole() {
        let path = |length: usize| format!("/{}", "a".repeat(length - 1));
        for (target, value, expected) in [
            (50, 0, None),
            (51, 0, Some(StatusCode::URI_TOO_LONG)),
            (50, 40, None),
            (50, 41, Some(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE)),
            (1, 90, Some(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE)),
        ] {
            let value = "v".repeat(value);
            let request = TestRequest::get()
                .uri(&path(target))
                .insert_header(("n01", value.as_str()))
                .to_request();
            assert_eq!(excess(request.head(), 100), expected, "{target} {}", value.len());
        }
    }
}
