//! Why a login failed.

use time::Duration;

use super::strength::PasswordRule;
use crate::secret::SecretError;
use crate::storage::StorageError;

/// Why nobody was logged in. What is unknown, wrong or shut out looks alike, so that a login tells nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    /// Unknown name, wrong password, or not allowed in.
    #[error("bad credentials")]
    BadCredentials,
    /// The seller exists but is switched off; the one case that its vendor tells apart (OL 2.1).
    #[error("the account is not active")]
    Inactive,
    /// Too many logins failed under this name or from this address.
    #[error("too many logins failed")]
    TooMany {
        /// How long to wait.
        retry_after: Duration,
    },
    /// The password could not be checked.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Why a password was not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordChangeError {
    /// The current password is another one.
    #[error("wrong current password")]
    Wrong,
    /// The new password is too weak.
    #[error("the password breaks a rule")]
    Weak(Vec<PasswordRule>),
    /// Too many wrong passwords.
    #[error("too many wrong passwords")]
    TooMany {
        /// How long to wait.
        retry_after: Duration,
    },
    /// A password could not be checked or hashed.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
