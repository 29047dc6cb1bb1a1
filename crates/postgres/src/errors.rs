//! Diesel's and the pool's errors in the domain's words.

use diesel::result::{DatabaseErrorKind, Error};
use domain::StorageError;

/// What the server says when it lets go of a connection or of a statement that takes too long. Their kind is not told
/// apart by the driver, so their words are.
const PASSING: &[&str] = &[
    "terminating connection",
    "canceling statement",
    "the database system is",
    "remaining connection slots",
    "too many clients",
    "deadlock detected",
    "could not resize",
    "No space left",
];

/// The name of the unique constraint that a statement violated.
pub(crate) fn violated_unique(error: &Error) -> Option<&str> {
    match error {
        Error::DatabaseError(DatabaseErrorKind::UniqueViolation, information) => {
            information.constraint_name()
        }
        _ => None,
    }
}

/// Whether the connection was lost before the statement ran: a read may be tried again on another one.
pub(crate) fn is_disconnect(error: &Error) -> bool {
    match error {
        Error::DatabaseError(
            DatabaseErrorKind::UnableToSendCommand | DatabaseErrorKind::ClosedConnection,
            _,
        ) => true,
        Error::DatabaseError(DatabaseErrorKind::Unknown, information) => {
            information.message().starts_with("terminating connection")
        }
        _ => false,
    }
}

/// Sorts a failed statement into "try again" and "a defect".
#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands over")]
pub(crate) fn storage(error: Error) -> StorageError {
    let passing = is_disconnect(&error)
        || match &error {
            Error::DatabaseError(
                DatabaseErrorKind::SerializationFailure | DatabaseErrorKind::ReadOnlyTransaction,
                _,
            )
            | Error::BrokenTransactionManager => true,
            Error::DatabaseError(_, information) => {
                PASSING.iter().any(|words| information.message().contains(words))
            }
            _ => false,
        };
    // The message of a violated constraint quotes no values; its detail does, and is left out.
    if passing {
        StorageError::Unavailable(error.to_string())
    } else {
        StorageError::Failed(error.to_string())
    }
}

/// A stored value that its own type refuses.
pub(crate) fn corrupt(what: &'static str) -> StorageError {
    StorageError::Failed(format!("a stored {what} is not what it should be"))
}
