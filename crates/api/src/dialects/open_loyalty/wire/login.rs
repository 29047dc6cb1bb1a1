//! Logging in and staying in (contract 2.1 to 2.3).

use serde::Serialize;
use utoipa::ToSchema;

/// A pair of tokens.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenPair {
    pub(crate) token: String,
    pub(crate) refresh_token: String,
    /// `password change needed`, as long as the password is a temporary one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<&'static str>,
}
