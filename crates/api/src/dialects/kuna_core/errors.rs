//! What can go wrong, in the vendor's words (contract 1.4).

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use domain::StorageError;
use domain::account::LoginError;
use domain::customer::CustomerError;
use domain::secret::SecretError;
use time::Duration;

use super::wire::{ErrorBody, ErrorEntry, ErrorExtensions};
use crate::http::raw_body::BodyError;

/// Why a call failed. What it prints is what the caller reads; a cause that is ours goes to the log alone.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// Members that break a rule, in the order of the contract's field table.
    #[error("invalid members")]
    Invalid(Vec<Problem>),
    /// The body is no JSON object, or one that nests too deeply.
    #[error("request body must be a JSON object")]
    NotAnObject,
    /// The body is of a type, or in a coding, that is not read.
    #[error("request body must be application/json without a content coding")]
    UnsupportedMediaType,
    /// The body is too large.
    #[error("request body is too large")]
    TooLarge,
    /// The body came too slowly.
    #[error("request body was not received in time")]
    TooSlow,
    /// No credentials, or none that work.
    #[error("Unauthorized")]
    Unauthorized,
    /// The caller may not do this.
    #[error("Forbidden")]
    Forbidden,
    /// The key may not be shown from where the caller is.
    #[error("IP address is not in the white list of the key")]
    AddressNotListed,
    /// The status of the wallet is not the institution's to change.
    #[error("wallet status was set by Kuna and cannot be changed")]
    WalletLocked,
    /// No such customer.
    #[error("Customer not found")]
    NotFound,
    /// No such route.
    #[error("Route not found")]
    UnknownRoute,
    /// The e-mail address is another customer's.
    #[error("email is already used by another customer")]
    EmailTaken,
    /// Too many logins failed.
    #[error("Too many requests")]
    TooMany(Duration),
    /// Something this service needs is overloaded or away.
    #[error("Service unavailable")]
    Unavailable(#[source] Cause),
    /// A defect.
    #[error("Internal server error")]
    Internal(#[source] Cause),
}

/// What is behind a failure of ours; for the log.
pub(crate) type Cause = Box<dyn std::error::Error + Send + Sync>;

/// What is wrong with one member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The member.
    pub(super) field: &'static str,
    /// What is wrong, as the rest of a sentence that begins with the member.
    pub(super) message: String,
}

impl Error {
    /// Status and code (contract 1.4); the codes of 408, 415 and 503 are ours.
    fn kind(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Invalid(_) | Self::NotAnObject => {
                (StatusCode::BAD_REQUEST, "ARGUMENT_VALIDATION_ERROR")
            }
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "UNAUTHORIZED"),
            Self::Forbidden | Self::WalletLocked => (StatusCode::FORBIDDEN, "FORBIDDEN"),
            Self::AddressNotListed => (StatusCode::FORBIDDEN, "IP_NOT_IN_WHITE_LIST"),
            Self::NotFound | Self::UnknownRoute => (StatusCode::NOT_FOUND, "NOT_FOUND"),
            Self::TooSlow => (StatusCode::REQUEST_TIMEOUT, "REQUEST_TIMEOUT"),
            Self::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_REQUESTS"),
            Self::EmailTaken => (StatusCode::CONFLICT, "CUSTOMER_ALREADY_EXISTS"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE"),
            Self::UnsupportedMediaType => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE")
            }
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_ERROR"),
            Self::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE"),
        }
    }

    fn body(&self) -> ErrorBody {
        let (_, code) = self.kind();
        let entry = |message, field| ErrorEntry {
            code,
            message,
            field,
            extensions: ErrorExtensions { code },
        };
        let errors = match self {
            Self::Invalid(problems) => problems
                .iter()
                .map(|Problem { field, message }| entry(format!("{field} {message}"), Some(*field)))
                .collect(),
            Self::EmailTaken => vec![entry(self.to_string(), Some("email"))],
            _ => vec![entry(self.to_string(), None)],
        };
        ErrorBody { errors }
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        self.kind().0
    }

    fn error_response(&self) -> HttpResponse {
        if let Self::Internal(cause) | Self::Unavailable(cause) = self {
            tracing::error!(error = %cause, "a call failed");
        }
        let mut response = HttpResponse::build(self.status_code());
        if matches!(self, Self::Unavailable(_)) {
            response.insert_header((RETRY_AFTER, HeaderValue::from_static("1")));
        }
        if let Self::TooMany(wait) = self {
            let seconds = wait.whole_seconds() + i64::from(wait.subsec_nanoseconds() > 0);
            response.insert_header((RETRY_AFTER, seconds.max(1).to_string()));
        }
        response.json(self.body())
    }
}

impl actix_web::Responder for Error {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _request: &actix_web::HttpRequest) -> HttpResponse {
        self.error_response()
    }
}

impl From<BodyError> for Error {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooLarge => Self::TooLarge,
            BodyError::TooSlow => Self::TooSlow,
            BodyError::Encoded => Self::UnsupportedMediaType,
            BodyError::Malformed => Self::NotAnObject,
        }
    }
}

impl From<StorageError> for Error {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Unavailable(_) => Self::Unavailable(error.into()),
            StorageError::Failed(_) => Self::Internal(error.into()),
        }
    }
}

impl From<SecretError> for Error {
    fn from(error: SecretError) -> Self {
        match error {
            SecretError::Overloaded => Self::Unavailable(error.into()),
            SecretError::Unreadable => Self::Internal(error.into()),
        }
    }
}

impl From<LoginError> for Error {
    fn from(error: LoginError) -> Self {
        match error {
            LoginError::BadCredentials | LoginError::Inactive => Self::Unauthorized,
            LoginError::TooMany { retry_after } => Self::TooMany(retry_after),
            LoginError::Secret(error) => error.into(),
            LoginError::Storage(error) => error.into(),
        }
    }
}

impl From<CustomerError> for Error {
    fn from(error: CustomerError) -> Self {
        match error {
            CustomerError::NotFound => Self::NotFound,
            // The e-mail address is the only identifier that this dialect insists on.
            CustomerError::Taken(_) => Self::EmailTaken,
            CustomerError::WalletLocked => Self::WalletLocked,
            CustomerError::Storage(error) => error.into(),
            // No command of this dialect names a level, a till, a seller or metadata.
            CustomerError::NoStartLevel
            | CustomerError::UnknownLevel
            | CustomerError::NoManualLevel
            | CustomerError::UnknownPointOfSale
            | CustomerError::UnknownSeller
            | CustomerError::Incomplete
            | CustomerError::Metadata(_) => Self::Internal(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::customer::Identifier;
    use serde_json::{Value, json};

    use super::*;

    fn body(error: &Error) -> Value {
        serde_json::to_value(error.body()).unwrap()
    }

    #[test]
    fn every_bad_member_has_an_entry_of_its_own() {
        let problem = |field, message: &str| Problem { field, message: message.to_owned() };
        let error = Error::Invalid(vec![
            problem("email", "must be a valid email"),
            problem("country", "is required"),
        ]);
        assert_eq!(
            serde_json::to_string(&error.body()).unwrap(),
            r#"{"errors":[{"code":"ARGUMENT_VALIDATION_ERROR","message":"email must be a valid email","field":"email","extensions":{"code":"ARGUMENT_VALIDATION_ERROR"}},{"code":"ARGUMENT_VALIDATION_ERROR","message":"country is required","field":"country","extensions":{"code":"ARGUMENT_VALIDATION_ERROR"}}]}"#
        );
    }

    #[test]
    fn a_taken_address_is_a_conflict_that_names_the_field() {
        let error = Error::from(CustomerError::Taken(vec![Identifier::Email]));
        assert_eq!(error.status_code(), StatusCode::CONFLICT);
        assert_eq!(
            body(&error),
            json!({"errors": [{
                "code": "CUSTOMER_ALREADY_EXISTS",
                "message": "email is already used by another customer",
                "field": "email",
                "extensions": {"code": "CUSTOMER_ALREADY_EXISTS"},
            }]})
        );
    }

    #[test]
    fn causes_of_ours_are_not_told() {
        for (cause, status) in [
            (StorageError::Unavailable("host db-7".to_owned()), 503),
            (StorageError::Failed("column secret".to_owned()), 500),
        ] {
            let error = Error::from(cause);
            assert_eq!(error.status_code(), status);
            let told = body(&error).to_string();
            assert!(!told.contains("db-7") && !told.contains("secret"), "{told}");
        }
    }
}
