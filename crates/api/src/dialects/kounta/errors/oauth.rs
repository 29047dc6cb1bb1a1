//! Errors of the two OAuth endpoints (contract 1.5). Here the words "invalid" and "expired" belong to the protocol.

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CACHE_CONTROL, HeaderValue, PRAGMA};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use domain::StorageError;
use domain::account::LoginError;
use domain::budget::Allowance;
use domain::secret::SecretError;
use time::OffsetDateTime;

use super::{Error, Verbs};
use crate::dialects::kounta::wire::ErrorBody;
use crate::http::raw_body::BodyError;

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// Why no token was handed out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokenError {
    /// Another verb than POST.
    #[error("The request method must be POST when requesting an access token")]
    NotPost(Verbs),
    /// No grant type.
    #[error("The grant type was not specified in the request")]
    NoGrantType,
    /// A grant type that we do not know; holds its beginning.
    #[error("Grant type \"{0}\" not supported")]
    UnsupportedGrantType(String),
    /// No client credentials anywhere.
    #[error("Client credentials were not found in the headers or body")]
    NoClient,
    /// Client credentials that do not belong together.
    #[error("The client credentials are invalid")]
    UnknownClient,
    /// A parameter that the grant type needs.
    #[error("Missing parameter: \"{0}\" is required")]
    Missing(&'static str),
    /// No such code, or another client's.
    #[error("Authorization code doesn't exist or is invalid for the client")]
    UnknownCode,
    /// A code that came too late.
    #[error("The authorization code has expired")]
    ExpiredCode,
    /// Another redirect address than the one the code was sent to.
    #[error("The redirect URI is missing or do not match")]
    RedirectMismatch,
    /// No such refresh token, or another client's.
    #[error("Invalid refresh token")]
    UnknownRefreshToken,
    /// Anything that is not about OAuth.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<StorageError> for TokenError {
    fn from(error: StorageError) -> Self {
        Self::Other(error.into())
    }
}

impl From<BodyError> for TokenError {
    fn from(error: BodyError) -> Self {
        Self::Other(error.into())
    }
}

impl TokenError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotPost(_) | Self::NoGrantType | Self::Missing(_) | Self::Other(_) => {
                "invalid_request"
            }
            Self::UnsupportedGrantType(_) => "unsupported_grant_type",
            Self::NoClient | Self::UnknownClient => "invalid_client",
            Self::UnknownCode | Self::ExpiredCode | Self::UnknownRefreshToken => "invalid_grant",
            Self::RedirectMismatch => "redirect_uri_mismatch",
        }
    }
}

impl ResponseError for TokenError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotPost(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Other(error) => error.status_code(),
            _ => StatusCode::BAD_REQUEST,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = match self {
            Self::Other(error) => error.error_response(),
            told => HttpResponseBuilder::new(self.status_code()).json(ErrorBody {
                error: told.code(),
                error_description: told.to_string(),
                error_uri: matches!(told, Self::RedirectMismatch)
                    .then_some("http://tools.ietf.org/html/rfc6749#section-4.1.3"),
            }),
        };
        let headers = answer.headers_mut();
        headers.insert(CACHE_CONTROL, NO_STORE);
        headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
        if let Self::NotPost(verbs) = self {
            headers.insert(ALLOW, verbs.header());
        }
        answer
    }
}

/// Why an application was not authorized, where the browser cannot be sent back to it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AuthorizeError {
    /// No such client.
    #[error("The client id supplied is invalid")]
    UnknownClient,
    /// Not an address that the client registered.
    #[error("The redirect URI provided is missing or does not match")]
    RedirectMismatch,
    /// Anything that is not about OAuth.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<StorageError> for AuthorizeError {
    fn from(error: StorageError) -> Self {
        Self::Other(error.into())
    }
}

impl From<BodyError> for AuthorizeError {
    fn from(error: BodyError) -> Self {
        Self::Other(error.into())
    }
}

impl From<SecretError> for AuthorizeError {
    fn from(error: SecretError) -> Self {
        let text = error.to_string();
        Self::Other(Error::Storage(match error {
            SecretError::Overloaded => StorageError::Unavailable(text),
            SecretError::Unreadable => StorageError::Failed(text),
        }))
    }
}

impl AuthorizeError {
    /// A failed login that is no wrong password; `None` for a wrong one.
    pub(crate) fn of_login(error: LoginError, now: OffsetDateTime) -> Option<Self> {
        match error {
            LoginError::BadCredentials | LoginError::Inactive => None,
            LoginError::TooMany { retry_after } => {
                let retry_after = retry_after.whole_seconds().max(1);
                let reset = now.unix_timestamp() + retry_after;
                let (allowed, limit, remaining) = (false, 0, 0);
                let spent = Allowance { allowed, limit, remaining, reset, retry_after };
                Some(Error::RateLimited(spent).into())
            }
            LoginError::Secret(error) => Some(error.into()),
            LoginError::Storage(error) => Some(error.into()),
        }
    }
}

impl ResponseError for AuthorizeError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::UnknownClient | Self::RedirectMismatch => StatusCode::BAD_REQUEST,
            Self::Other(error) => error.status_code(),
        }
    }

    fn error_response(&self) -> HttpResponse {
        let (error, error_uri) = match self {
            Self::Other(error) => return error.error_response(),
            Self::UnknownClient => ("invalid_client", None),
            Self::RedirectMismatch => {
                ("redirect_uri_mismatch", Some("http://tools.ietf.org/html/rfc6749#section-3.1.2"))
            }
        };
        HttpResponseBuilder::new(self.status_code()).json(ErrorBody {
            error,
            error_description: self.to_string(),
            error_uri,
        })
    }
}
