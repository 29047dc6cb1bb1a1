//! Everything that can go wrong, and how this contract says so (1.7 and 2.6).

mod locale;
mod polish;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError};
use domain::StorageError;
use domain::account::LoginError;
use domain::code::CodeError;
use domain::customer::{CustomerError, SearchError};
use domain::level::LevelError;
use domain::points::PointsError;
use domain::secret::SecretError;
use time::Duration;

pub(super) use locale::speak;

use super::auth::jwt::TokenError;
use super::wire::error::{
    AuthenticationErrorBody, FormErrorBody, HttpError, HttpErrorBody, NamedErrorBody,
};
use crate::http::form::FormError;
use crate::http::json::JsonError;
use crate::http::multipart::MultipartError;
use crate::http::raw_body::BodyError;

/// Why a request was refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// No such store, customer or route.
    #[error("not found")]
    NotFound,
    /// The caller may not do this.
    #[error("forbidden")]
    Forbidden,
    /// The route knows other methods.
    #[error("method not allowed")]
    MethodNotAllowed(&'static str),
    /// Unreadable body or parameters.
    #[error("bad request")]
    BadRequest,
    /// The body did not come.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// A body in a form that nobody reads here.
    #[error("unsupported media type")]
    UnsupportedMediaType,
    /// A form with errors.
    #[error("form with errors")]
    Form(Box<FormErrorBody>),
    /// Something outside of any form is missing or wrong, told in a small object of its own (contract 1.7).
    #[error("{field}: {message}")]
    Refused {
        /// The only key of the object.
        field: &'static str,
        /// What is wrong.
        message: &'static str,
    },
    /// A request that is refused without a word (contract E26 to E28).
    #[error("refused without a word")]
    Silent,
    /// Too much of it for now.
    #[error("too many requests")]
    TooMany(Duration),
    /// A lasting key that nobody has (contract 2.4).
    #[error("unknown key")]
    UnknownKey,
    /// No credentials.
    #[error("no credentials")]
    Unauthenticated,
    /// A token that is none of ours.
    #[error("invalid token")]
    InvalidToken,
    /// A token that was good once.
    #[error("expired token")]
    ExpiredToken,
    /// A good token of somebody who is gone or switched off.
    #[error("the user of the token is gone")]
    UserGone,
    /// A login with a wrong name or password.
    #[error("bad credentials")]
    BadCredentials,
    /// A refresh token that does not work.
    #[error("bad refresh token")]
    BadRefreshToken,
    /// A login of a seller who is switched off (contract 2.1).
    #[error("inactive seller")]
    InactiveSeller,
    /// One part of a company without the other, which breaks the vendor's server, and by contract ours (E12).
    #[error("half a company")]
    HalfCompany,
    /// The domain refused something that this contract never asks for.
    #[error(transparent)]
    Unexpected(CustomerError),
    /// The server was put together without its services.
    #[error("the services are missing")]
    Unwired,
    /// A token could not be signed.
    #[error(transparent)]
    Signing(#[from] jsonwebtoken::errors::Error),
    /// A password could not be checked.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// An uploaded file could not be laid aside or read again.
    #[error(transparent)]
    File(#[from] std::io::Error),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Error {
    /// Something that is told in the words of `message`, under the key `error`.
    pub(super) fn told(message: &'static str) -> Self {
        Self::Refused { field: "error", message }
    }

    /// A form with errors.
    pub(super) fn form(body: FormErrorBody) -> Self {
        Self::Form(Box::new(body))
    }
}

impl From<FormError> for Error {
    fn from(error: FormError) -> Self {
        match error {
            FormError::Malformed | FormError::TooDeep | FormError::TooManyKeys => Self::BadRequest,
        }
    }
}

impl From<JsonError> for Error {
    fn from(error: JsonError) -> Self {
        match error {
            JsonError::Malformed | JsonError::TooDeep => Self::BadRequest,
        }
    }
}

impl From<MultipartError> for Error {
    fn from(error: MultipartError) -> Self {
        match error {
            MultipartError::Body(error) => Self::Body(error),
            MultipartError::TooManyParts
            | MultipartError::HeaderTooLarge
            | MultipartError::PartTooLarge => Self::Body(BodyError::TooLarge),
            MultipartError::NoBoundary
            | MultipartError::Incomplete
            | MultipartError::Malformed
            | MultipartError::Unnamed
            | MultipartError::NoText => Self::BadRequest,
        }
    }
}

impl From<TokenError> for Error {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Invalid => Self::InvalidToken,
            TokenError::Expired => Self::ExpiredToken,
        }
    }
}

impl From<LoginError> for Error {
    fn from(error: LoginError) -> Self {
        match error {
            LoginError::BadCredentials => Self::BadCredentials,
            LoginError::Inactive => Self::InactiveSeller,
            LoginError::TooMany { retry_after } => Self::TooMany(retry_after),
            LoginError::Secret(error) => Self::Secret(error),
            LoginError::Storage(error) => Self::Storage(error),
        }
    }
}

/// What reading and deleting can come to; writes answer through their form (`mapping::refused_write`).
impl From<CustomerError> for Error {
    fn from(error: CustomerError) -> Self {
        match error {
            CustomerError::NotFound => Self::NotFound,
            CustomerError::Storage(error) => Self::Storage(error),
            error @ (CustomerError::Taken(_)
            | CustomerError::NoStartLevel
            | CustomerError::UnknownLevel
            | CustomerError::NoManualLevel
            | CustomerError::UnknownPointOfSale
            | CustomerError::UnknownSeller
            | CustomerError::Incomplete
            | CustomerError::Metadata(_)
            | CustomerError::WalletLocked) => Self::Unexpected(error),
        }
    }
}

/// What codes come to where no form is to blame.
impl From<CodeError> for Error {
    fn from(error: CodeError) -> Self {
        match error {
            CodeError::OverBudget { retry_after } => Self::TooMany(retry_after),
            CodeError::Unknown => Self::NotFound,
            CodeError::TooSoon | CodeError::Unreachable | CodeError::Weak(_) => Self::Silent,
            CodeError::Customer(error) => error.into(),
            CodeError::Secret(error) => Self::Secret(error),
            CodeError::Storage(error) => Self::Storage(error),
        }
    }
}

/// What reading, activating and removing can come to; forms answer through themselves.
impl From<LevelError> for Error {
    fn from(error: LevelError) -> Self {
        match error {
            LevelError::NotFound => Self::NotFound,
            LevelError::InUse => Self::told("Customers are on this level"),
            LevelError::Storage(error) => Self::Storage(error),
        }
    }
}

/// What moving points can come to where no form is to blame.
impl From<PointsError> for Error {
    fn from(error: PointsError) -> Self {
        match error {
            PointsError::NotFound | PointsError::NotAllowed => Self::NotFound,
            PointsError::NotEnough(_) => Self::told("not enough points"),
            PointsError::NotCancelable(_) => Self::told("this transfer cannot be canceled"),
            PointsError::Storage(error) => Self::Storage(error),
        }
    }
}

impl From<SearchError> for Error {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::TooMany => Self::told("too many results"),
            SearchError::Storage(error) => Self::Storage(error),
        }
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::UnknownKey => StatusCode::FORBIDDEN,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::BadRequest
            | Self::Form(_)
            | Self::Refused { .. }
            | Self::Silent
            | Self::InactiveSeller
            | Self::Body(BodyError::Malformed) => StatusCode::BAD_REQUEST,
            Self::UnsupportedMediaType | Self::Body(BodyError::Encoded) => {
                StatusCode::UNSUPPORTED_MEDIA_TYPE
            }
            Self::Body(BodyError::TooLarge) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Body(BodyError::TooSlow) => StatusCode::REQUEST_TIMEOUT,
            Self::Unauthenticated
            | Self::InvalidToken
            | Self::ExpiredToken
            | Self::UserGone
            | Self::BadCredentials
            | Self::BadRefreshToken => StatusCode::UNAUTHORIZED,
            Self::Storage(StorageError::Unavailable(_)) | Self::Secret(SecretError::Overloaded) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::HalfCompany
            | Self::Unexpected(_)
            | Self::Unwired
            | Self::Signing(_)
            | Self::File(_)
            | Self::Storage(StorageError::Failed(_))
            | Self::Secret(SecretError::Unreadable) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let status = self.status_code();
        let mut answer = HttpResponse::build(status);
        match self {
            Self::Form(body) => answer.json(body),
            Self::Refused { field, message } => {
                answer.json(NamedErrorBody([(*field, *message)].into()))
            }
            Self::Silent => answer.finish(),
            Self::UnknownKey => authentication(&mut answer, None, "Username could not be found."),
            Self::TooMany(wait) => {
                let seconds = wait.whole_seconds() + i64::from(wait.subsec_nanoseconds() > 0);
                http(answer.insert_header((RETRY_AFTER, seconds.max(1).to_string())), status)
            }
            Self::Unauthenticated => refused(&mut answer, None, "Authentication Required"),
            Self::InvalidToken => refused(&mut answer, Some(status), "Invalid JWT Token"),
            Self::ExpiredToken => refused(&mut answer, Some(status), "Expired JWT Token"),
            Self::UserGone => refused(&mut answer, Some(status), ""),
            Self::BadCredentials => authentication(&mut answer, None, "Bad credentials"),
            Self::BadRefreshToken => authentication(&mut answer, Some(status), "Bad credentials"),
            Self::InactiveSeller => authentication(&mut answer, None, "Your account is not active"),
            Self::MethodNotAllowed(allowed) => {
                http(answer.insert_header((ALLOW, *allowed)), status)
            }
            Self::NotFound
            | Self::Forbidden
            | Self::BadRequest
            | Self::Body(_)
            | Self::UnsupportedMediaType
            | Self::HalfCompany => http(&mut answer, status),
            Self::Unexpected(_)
            | Self::Unwired
            | Self::Signing(_)
            | Self::Secret(_)
            | Self::File(_)
            | Self::Storage(_) => {
                tracing::error!(error = %self, "a request could not be served");
                http(&mut answer, status)
            }
        }
    }
}

/// The answer to a request without usable credentials.
fn refused(
    answer: &mut HttpResponseBuilder,
    code: Option<StatusCode>,
    message: &'static str,
) -> HttpResponse {
    authentication(answer.insert_header((WWW_AUTHENTICATE, "Bearer")), code, message)
}

fn authentication(
    answer: &mut HttpResponseBuilder,
    code: Option<StatusCode>,
    message: &'static str,
) -> HttpResponse {
    answer.json(AuthenticationErrorBody { code: code.map(|code| code.as_u16()), message })
}

fn http(answer: &mut HttpResponseBuilder, status: StatusCode) -> HttpResponse {
    let message = status.canonical_reason().unwrap_or_default();
    answer.json(HttpErrorBody { error: HttpError { code: status.as_u16(), message } })
}

/// The methods of a route, for those that come with another one.
#[derive(Clone, Copy)]
pub(super) struct Allowed(pub(super) &'static str);

/// Answers a path that nobody has.
pub(super) async fn unknown_route() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}

/// Answers a known path with a method that it does not have.
pub(super) async fn unknown_method(request: HttpRequest) -> Result<HttpResponse, Error> {
    Err(Error::MethodNotAllowed(request.app_data::<Allowed>().map_or("", |allowed| allowed.0)))
}
