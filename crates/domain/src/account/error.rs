//! Why a login failed.

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
    /// The password could not be checked.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
