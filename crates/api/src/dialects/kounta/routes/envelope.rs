//! What every answer below `/v1/companies` has around it: the format that the client takes, and what is left of its
//! quota (contract 1.2, 1.7).

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{ALLOW, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, ResponseError as _};
use domain::budget::Allowance;

use crate::dialects::kounta::errors::{Error, Verbs};
use crate::http::negotiation::{JsonAcceptance, json_acceptance};

/// The suffix that asks for JSON whatever `Accept` says.
pub(super) const JSON: &str = ".json";
/// The suffix that asks for what is not served any more.
pub(super) const XML: &str = ".xml";

/// The suffix of the request's path, for links that must answer the same client: `.json` or nothing.
pub(crate) fn suffix(request: &HttpRequest) -> &'static str {
    if request.match_info().as_str().ends_with(JSON) { JSON } else { "" }
}

/// The answer to OPTIONS: the verbs, without a body. `None` for other verbs.
pub(crate) fn options(request: &HttpRequest, verbs: Verbs) -> Option<HttpResponse> {
    (request.method() == Method::OPTIONS)
        .then(|| HttpResponse::NoContent().insert_header((ALLOW, verbs.header())).finish())
}

/// Middleware: refuses a client that does not take JSON, and adds the state of its quota to the answer.
pub(super) async fn wrap(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    // A path that is not there is not found in any format.
    if !takes_json(&request) && request.match_pattern().is_some() {
        let refusal = Error::NotAcceptable.error_response();
        return Ok(request.into_response(refusal));
    }
    let mut answer = next.call(request).await?.map_into_boxed_body();
    let allowance = answer.request().extensions().get::<Allowance>().copied();
    if let Some(allowance) = allowance {
        let headers = answer.headers_mut();
        let mut tell = |name, value| headers.insert(HeaderName::from_static(name), value);
        tell("x-ratelimit-limit", HeaderValue::from(allowance.limit));
        tell("x-ratelimit-remaining", HeaderValue::from(allowance.remaining));
        tell("x-ratelimit-reset", HeaderValue::from(allowance.reset));
    }
    Ok(answer)
}

fn takes_json(request: &ServiceRequest) -> bool {
    let path = request.match_info().as_str();
    // OPTIONS has no body, so there is nothing to take.
    if path.ends_with(JSON) || request.method() == Method::OPTIONS {
        return true;
    }
    !path.ends_with(XML) && json_acceptance(request.headers()) == JsonAcceptance::Admitted
}
