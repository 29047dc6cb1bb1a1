//! What can go wrong, as problem details (RFC 9457).

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use domain::StorageError;
use domain::delivery::{DeliveriesError, Unwritten};
use domain::secret::SecretError;

use super::wire::Problem;
use crate::http::raw_body::BodyError;

/// The media type of every refusal.
const PROBLEM: &str = "application/problem+json";

/// Why a request was not fulfilled.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// No key, or another one.
    #[error("the operator's key is missing or wrong")]
    Unauthorized,
    /// There is no such route.
    #[error("no such resource")]
    UnknownRoute,
    /// The route does not know the verb; it knows these.
    #[error("the resource does not know the method")]
    MethodNotAllowed(&'static str),
    /// There is no such merchant, or it is told of nothing under that name.
    #[error("no such endpoint")]
    NoSuchEndpoint,
    /// The endpoint has no such delivery, or not any more.
    #[error("no such delivery")]
    NoSuchDelivery,
    /// What is asked for lies further back than anything is kept.
    #[error("further back than anything is kept")]
    TooOld,
    /// A parameter, or a member of the body, is unacceptable.
    #[error("`{0}` is not valid")]
    Invalid(&'static str),
    /// The body could not be read.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The endpoint cannot be told of the sample.
    #[error("the endpoint is told of nothing that could be tried")]
    Untellable,
    /// A stored secret could not be read.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// Storage did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The services are not where they belong: a defect.
    #[error("the services are not wired")]
    Unwired,
}

impl From<DeliveriesError> for Error {
    fn from(error: DeliveriesError) -> Self {
        match error {
            DeliveriesError::NoSuchEndpoint => Self::NoSuchEndpoint,
            DeliveriesError::NoSuchDelivery => Self::NoSuchDelivery,
            DeliveriesError::TooOld => Self::TooOld,
            DeliveriesError::Secret(error) => Self::Secret(error),
            DeliveriesError::Storage(error) => Self::Storage(error),
        }
    }
}

impl From<Unwritten> for Error {
    fn from(reason: Unwritten) -> Self {
        match reason {
            Unwritten::Untellable => Self::Untellable,
            Unwritten::Unreadable => Self::Secret(SecretError::Unreadable),
        }
    }
}

impl Error {
    /// The kind of the problem, for programs; it never changes.
    fn code(&self) -> &'static str {
        match self {
            Self::Unauthorized => "unauthorized",
            Self::UnknownRoute => "unknown-route",
            Self::MethodNotAllowed(_) => "method-not-allowed",
            Self::NoSuchEndpoint => "no-such-endpoint",
            Self::NoSuchDelivery => "no-such-delivery",
            Self::TooOld => "too-old",
            Self::Invalid(_) => "invalid",
            Self::Body(_) => "unreadable-body",
            Self::Untellable => "untellable",
            Self::Storage(StorageError::Unavailable(_)) => "unavailable",
            Self::Secret(_) | Self::Storage(StorageError::Failed(_)) | Self::Unwired => "internal",
        }
    }

    /// What is said of it: never what happened inside.
    fn detail(&self) -> String {
        match self.status_code() {
            StatusCode::INTERNAL_SERVER_ERROR => "an internal error".to_owned(),
            StatusCode::SERVICE_UNAVAILABLE => "the database does not answer; try again".to_owned(),
            _ => self.to_string(),
        }
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::UnknownRoute | Self::NoSuchEndpoint | Self::NoSuchDelivery => {
                StatusCode::NOT_FOUND
            }
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Untellable => StatusCode::CONFLICT,
            Self::TooOld => StatusCode::GONE,
            Self::Body(BodyError::TooLarge) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Body(BodyError::TooSlow) => StatusCode::REQUEST_TIMEOUT,
            Self::Body(BodyError::Encoded) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Invalid(_) | Self::Body(BodyError::Malformed) => StatusCode::BAD_REQUEST,
            Self::Storage(StorageError::Unavailable(_)) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Secret(_) | Self::Storage(StorageError::Failed(_)) | Self::Unwired => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }

    fn error_response(&self) -> HttpResponse {
        let status = self.status_code();
        if status.is_server_error() {
            tracing::error!(error = %self, "request failed");
        }
        let mut response = HttpResponse::build(status);
        response.content_type(PROBLEM);
        match self {
            Self::Unauthorized => {
                response.insert_header((WWW_AUTHENTICATE, "Bearer realm=\"ops\""));
            }
            Self::MethodNotAllowed(verbs) => {
                response.insert_header((ALLOW, HeaderValue::from_static(verbs)));
            }
            Self::Storage(StorageError::Unavailable(_)) => {
                response.insert_header((RETRY_AFTER, "1"));
            }
            _ => {}
        }
        let problem = Problem {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            code: self.code(),
            detail: self.detail(),
        };
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        response.body(body)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;
    use serde_json::{Value, json};

    use super::*;

    async fn shown(error: Error) -> (u16, Value) {
        let response = error.error_response();
        let status = response.status().as_u16();
        assert_eq!(response.headers().get("content-type").unwrap(), PROBLEM);
        let body = to_bytes(response.into_body()).await.ok().unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }

    #[actix_web::test]
    async fn a_refusal_is_a_problem_with_a_code() {
        let expected = json!({
            "type": "about:blank", "title": "Not Found", "status": 404, "code": "no-such-endpoint",
            "detail": "no such endpoint"
        });
        assert_eq!(shown(Error::NoSuchEndpoint).await, (404, expected));
    }

    #[actix_web::test]
    async fn what_happened_inside_is_not_told() {
        for (error, status) in [
            (Error::Storage(StorageError::Unavailable("10.0.0.7 refused".into())), 503),
            (Error::Storage(StorageError::Failed("column secret".into())), 500),
            (Error::Secret(SecretError::Unreadable), 500),
            (Error::Unwired, 500),
        ] {
            let (found, body) = shown(error).await;
            assert_eq!(found, status);
            let text = body.to_string();
            for inside in ["10.0.0.7", "column", "secret", "wired"] {
                assert!(!text.contains(inside), "{text}");
            }
        }
    }
}
