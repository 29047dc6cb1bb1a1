//! What can go wrong, and how Monri says it (MO 1.6).

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use domain::StorageError;
use domain::customer::CustomerError;
use domain::secret::SecretError;

use super::mapping;
use super::wire::{ErrorBody, Status};
use crate::http::raw_body::BodyError;

/// Why a request was not fulfilled.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// No usable credentials, or such as do not reach this far: the vendor knows no 403.
    #[error("Unauthorized")]
    Unauthorized,
    /// There is no such route.
    #[error("Not found")]
    UnknownRoute,
    /// The route does not know the verb; it knows these.
    #[error("Method not allowed")]
    MethodNotAllowed(&'static str),
    /// No customer of the merchant is meant.
    #[error("Customer not found")]
    CustomerNotFound,
    /// The body could not be read.
    #[error("{}", body_sentence(*.0))]
    Body(#[from] BodyError),
    /// The body calls itself something other than JSON.
    #[error("Content type is not application/json")]
    ContentType,
    /// The body is no JSON.
    #[error("Request body is not valid JSON")]
    Malformed,
    /// The body is no JSON object.
    #[error("Request body is not a JSON object")]
    NotAnObject,
    /// Members or parameters are unacceptable; at least one, in the order of the contract.
    #[error("invalid")]
    Invalid(Vec<Problem>),
    /// Storage did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A stored secret could not be read.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The domain refused what this contract never asks of it: a defect.
    #[error("unexpected: {0}")]
    Unexpected(CustomerError),
}

/// One member or parameter and what is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    /// The name on the wire.
    pub(super) member: &'static str,
    /// What is wrong with it.
    pub(super) fault: Fault,
}

/// What can be wrong with a member or parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Of a wrong type, or with content that cannot be kept.
    Invalid,
    /// Missing where it must not be.
    Blank,
    /// More characters than this.
    TooLong(usize),
    /// Fewer characters than this.
    TooShort(usize),
    /// Another customer has it.
    Taken,
    /// No number.
    NotANumber,
    /// A number above this.
    Above(u64),
    /// More keys than this.
    TooManyKeys(usize),
}

impl From<CustomerError> for Error {
    fn from(error: CustomerError) -> Self {
        match error {
            CustomerError::NotFound => Self::CustomerNotFound,
            // The only identifier that this contract insists on.
            CustomerError::Taken(_) => {
                Problem { member: "merchant_customer_id", fault: Fault::Taken }.into()
            }
            CustomerError::Metadata(_) => {
                let fault = Fault::TooManyKeys(domain::customer::Metadata::MOST);
                Problem { member: "metadata", fault }.into()
            }
            CustomerError::Storage(error) => Self::Storage(error),
            error @ (CustomerError::NoStartLevel
            | CustomerError::UnknownLevel
            | CustomerError::NoManualLevel
            | CustomerError::UnknownPointOfSale
            | CustomerError::UnknownSeller
            | CustomerError::Incomplete
            | CustomerError::WalletLocked) => Self::Unexpected(error),
        }
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Invalid(vec![problem])
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::UnknownRoute | Self::CustomerNotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Body(BodyError::TooLarge) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Body(BodyError::TooSlow) => StatusCode::REQUEST_TIMEOUT,
            Self::Body(BodyError::Encoded) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Body(BodyError::Malformed)
            | Self::ContentType
            | Self::Malformed
            | Self::NotAnObject
            | Self::Invalid(_) => StatusCode::BAD_REQUEST,
            Self::Storage(StorageError::Unavailable(_)) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Storage(StorageError::Failed(_)) | Self::Secret(_) | Self::Unexpected(_) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }

    fn error_response(&self) -> HttpResponse {
        let code = self.status_code();
        let (status, errors) = match self {
            Self::Storage(_) | Self::Secret(_) | Self::Unexpected(_) => {
                tracing::error!(error = %self, "request failed");
                (Status::Error, vec!["Internal server error".to_owned()])
            }
            Self::Invalid(problems) => {
                (Status::InvalidRequest, problems.iter().map(Problem::to_string).collect())
            }
            sentence => (Status::InvalidRequest, vec![sentence.to_string()]),
        };
        let mut response =
            mapping::response(code, &ErrorBody { status, message: errors.join(", "), errors });
        if let Self::MethodNotAllowed(allowed) = self {
            response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
        }
        response
    }
}

fn body_sentence(error: BodyError) -> &'static str {
    match error {
        BodyError::TooLarge => "Request body is too large",
        BodyError::TooSlow => "Request body came too slowly",
        BodyError::Encoded => "Request body must not have a content coding",
        BodyError::Malformed => "Request body is incomplete",
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let characters = |count| if count == 1 { "character" } else { "characters" };
        write!(f, "{} ", spoken(self.member))?;
        match self.fault {
            Fault::Invalid => f.write_str("is invalid"),
            Fault::Blank => f.write_str("can't be blank"),
            Fault::TooLong(most) => {
                write!(f, "is too long (maximum is {most} {})", characters(most))
            }
            Fault::TooShort(least) => {
                write!(f, "is too short (minimum is {least} {})", characters(least))
            }
            Fault::Taken => f.write_str("has already been taken"),
            Fault::NotANumber => f.write_str("is not a number"),
            Fault::Above(most) => write!(f, "must be less than or equal to {most}"),
            Fault::TooManyKeys(most) => write!(f, "has too many keys (maximum is {most})"),
        }
    }
}

/// `merchant_customer_id` is spoken `Merchant customer`, as Rails does it.
fn spoken(member: &str) -> String {
    let words = member.strip_suffix("_id").unwrap_or(member).replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The verbs that a resource knows, as its `Allow` header says them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Allowed(pub(super) &'static str);

/// Answers a path below the dialect's prefixes that is no route.
pub(super) async fn unknown_route() -> Result<HttpResponse, Error> {
    Err(Error::UnknownRoute)
}

/// Answers a verb that a route does not know.
pub(super) async fn unknown_method(request: HttpRequest) -> Result<HttpResponse, Error> {
    let allowed = request.app_data::<Allowed>().map_or("", |allowed| allowed.0);
    Err(Error::MethodNotAllowed(allowed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_spoken_as_rails_speaks_them() {
        for (member, fault, sentence) in [
            ("name", Fault::TooLong(50), "Name is too long (maximum is 50 characters)"),
            ("city", Fault::TooShort(3), "City is too short (minimum is 3 characters)"),
            ("zip_code", Fault::TooShort(1), "Zip code is too short (minimum is 1 character)"),
            ("merchant_customer_id", Fault::Taken, "Merchant customer has already been taken"),
            ("metadata", Fault::Invalid, "Metadata is invalid"),
            ("metadata", Fault::TooManyKeys(50), "Metadata has too many keys (maximum is 50)"),
            ("limit", Fault::NotANumber, "Limit is not a number"),
            ("limit", Fault::Above(1000), "Limit must be less than or equal to 1000"),
            ("grant_type", Fault::Blank, "Grant type can't be blank"),
            ("client_id", Fault::Blank, "Client can't be blank"),
        ] {
            assert_eq!(Problem { member, fault }.to_string(), sentence);
        }
    }

    #[test]
    fn no_error_of_ours_shows_its_cause() {
        for error in [
            Error::from(StorageError::Failed("relation does not exist".to_owned())),
            Error::from(SecretError::Unreadable),
            Error::from(CustomerError::UnknownLevel),
        ] {
            assert_eq!(error.status_code(), StatusCode::INTERNAL_SERVER_ERROR);
            assert_eq!(error.error_response().status(), StatusCode::INTERNAL_SERVER_ERROR);
        }
    }
}
