//! What can go wrong with codes.

use time::Duration;

use crate::account::PasswordRule;
use crate::customer::CustomerError;
use crate::secret::SecretError;
use crate::storage::StorageError;

/// Why a code was not sent, or did not do what it is for. What is unknown, expired, used up or guessed at too often
/// looks alike.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// No such code, or no such account.
    #[error("no such code")]
    Unknown,
    /// Too much was sent, or asked, for now.
    #[error("a budget is used up")]
    OverBudget {
        /// How long to wait.
        retry_after: Duration,
    },
    /// A code was sent a moment ago.
    #[error("a code was sent a moment ago")]
    TooSoon,
    /// There is no address to send to.
    #[error("there is no address to send to")]
    Unreachable,
    /// The new password is too weak.
    #[error("the password breaks a rule")]
    Weak(Vec<PasswordRule>),
    /// The customer could not be stored.
    #[error(transparent)]
    Customer(#[from] CustomerError),
    /// A secret could not be handled.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
