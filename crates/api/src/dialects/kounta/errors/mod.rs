//! Errors in the vendor's shape: `error` and `error_description` (contract 1.9).
//!
//! A client refreshes its token and repeats the call, without end, when an error says "invalid" or "expired". Outside
//! the answers about credentials (contract 1.5) no text here may hold either word, and none repeats what a caller sent.

mod oauth;
mod violation;
mod webhook;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError};
use domain::StorageError;
use domain::budget::Allowance;
use domain::customer::CustomerError;

pub(super) use oauth::{AuthorizeError, TokenError};
pub(super) use violation::{Kind, Violation};
pub(super) use webhook::WebhookRule;

use super::wire::ErrorBody;
use crate::http::raw_body::BodyError;

/// Why a call was not served.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// No credentials.
    #[error("Authentication is required")]
    Unauthenticated,
    /// A scheme that is none of ours, or a header that says nothing usable.
    #[error("Malformed auth header")]
    MalformedAuthorization,
    /// A token that nobody was given, or that was taken back.
    #[error("The access token provided is invalid")]
    UnknownToken,
    /// A token that did work.
    #[error("The access token provided has expired")]
    ExpiredToken,
    /// A client id and secret that do not belong together.
    #[error("The client credentials are invalid")]
    UnknownClient,
    /// Another company, or something the caller may not do.
    #[error("This application has no access to the company")]
    Forbidden,
    /// What stands for the company is no company id.
    #[error("Company not found")]
    CompanyNotFound,
    /// No live customer of the company.
    #[error("Customer not found")]
    CustomerNotFound,
    /// No address of the customer.
    #[error("Address not found")]
    AddressNotFound,
    /// No webhook of the application.
    #[error("Webhook not found")]
    WebhookNotFound,
    /// No such path.
    #[error("Resource not found")]
    UnknownRoute,
    /// The path knows only these verbs.
    #[error("The method is not allowed on this resource")]
    MethodNotAllowed(Verbs),
    /// The client does not take JSON.
    #[error("Responses are available as application/json only")]
    NotAcceptable,
    /// Too many requests in this minute.
    #[error("Rate limit reached, retry after the reset time")]
    RateLimited(Allowance),
    /// The request breaks a rule of the contract.
    #[error(transparent)]
    Refused(#[from] Violation),
    /// The body could not be read.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// Storage did not answer, or failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// What cannot happen did; the text is for the log.
    #[error("{0}")]
    Unexpected(&'static str),
}

/// The verbs of a path, as the `Allow` header lists them. Every resource carries its own as `app_data`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verbs(pub(super) &'static str);

impl Verbs {
    /// Those of the resource that the request found.
    pub(super) fn of(request: &HttpRequest) -> Self {
        request.app_data::<Self>().copied().unwrap_or(Self("OPTIONS"))
    }

    /// The header's value.
    pub(super) fn header(self) -> HeaderValue {
        HeaderValue::from_static(self.0)
    }
}

impl From<CustomerError> for Error {
    fn from(error: CustomerError) -> Self {
        match error {
            CustomerError::NotFound => Self::CustomerNotFound,
            // The mobile number is all that this dialect demands for itself.
            CustomerError::Taken(_) => Self::Refused(Violation::MobileTaken),
            CustomerError::Incomplete => Self::Refused(Violation::ContactRequired),
            CustomerError::Storage(error) => Self::Storage(error),
            CustomerError::NoStartLevel
            | CustomerError::UnknownLevel
            | CustomerError::NoManualLevel
            | CustomerError::UnknownPointOfSale
            | CustomerError::UnknownSeller
            | CustomerError::Metadata(_)
            | CustomerError::WalletLocked => {
                Self::Unexpected("a rule about something that this dialect never writes")
            }
        }
    }
}

impl Error {
    /// The first of the two texts, where it is not the reason phrase of the status.
    fn code(&self) -> Option<&'static str> {
        match self {
            Self::MalformedAuthorization => Some("invalid_request"),
            Self::UnknownToken | Self::ExpiredToken => Some("invalid_token"),
            Self::UnknownClient => Some("invalid_client"),
            _ => None,
        }
    }

    /// The second of the two texts.
    fn description(&self) -> String {
        match self {
            Self::Body(BodyError::TooLarge) => "The request body is too large".to_owned(),
            Self::Body(BodyError::TooSlow) => "The request body came too slowly".to_owned(),
            Self::Body(BodyError::Encoded) => {
                "The request body must not have a content coding".to_owned()
            }
            Self::Body(BodyError::Malformed) => "The request body is incomplete".to_owned(),
            Self::Storage(StorageError::Unavailable(_)) => {
                "The service is temporarily unavailable".to_owned()
            }
            Self::Storage(StorageError::Failed(_)) | Self::Unexpected(_) => {
                "The request could not be served".to_owned()
            }
            told => told.to_string(),
        }
    }

    fn challenge(&self) -> Option<String> {
        match self {
            Self::Unauthenticated => Some(r#"Bearer realm="Service""#.to_owned()),
            Self::UnknownToken | Self::ExpiredToken => Some(format!(
                r#"Bearer realm="Service", error="invalid_token", error_description="{self}""#
            )),
            Self::UnknownClient => Some(r#"Basic realm="Service""#.to_owned()),
            _ => None,
        }
    }

    fn log(&self) {
        match self {
            Self::Storage(error) => tracing::error!(error = %error, "a request met storage"),
            Self::Unexpected(what) => tracing::error!(what, "a request met a defect"),
            _ => {}
        }
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Unauthenticated
            | Self::UnknownToken
            | Self::ExpiredToken
            | Self::UnknownClient => StatusCode::UNAUTHORIZED,
            Self::MalformedAuthorization | Self::Refused(_) | Self::Body(BodyError::Malformed) => {
                StatusCode::BAD_REQUEST
            }
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::CompanyNotFound
            | Self::CustomerNotFound
            | Self::AddressNotFound
            | Self::WebhookNotFound
            | Self::UnknownRoute => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::RateLimited(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Body(BodyError::TooLarge) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Body(BodyError::TooSlow) => StatusCode::REQUEST_TIMEOUT,
            Self::Body(BodyError::Encoded) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Storage(StorageError::Unavailable(_)) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Storage(StorageError::Failed(_)) | Self::Unexpected(_) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }

    fn error_response(&self) -> HttpResponse {
        self.log();
        let status = self.status_code();
        let mut answer = HttpResponseBuilder::new(status);
        if let Some(challenge) = self.challenge() {
            answer.insert_header((WWW_AUTHENTICATE, challenge));
        }
        match self {
            Self::MethodNotAllowed(verbs) => drop(answer.insert_header((ALLOW, verbs.header()))),
            Self::RateLimited(allowance) => {
                answer.insert_header((RETRY_AFTER, allowance.retry_after));
            }
            _ => {}
        }
        answer.json(ErrorBody {
            error: self.code().or(status.canonical_reason()).unwrap_or_default(),
            error_description: self.description(),
            error_uri: None,
        })
    }
}

#[cfg(test)]
mod tests;
