//! Tokens (contract 1.5).

use serde::Serialize;
use utoipa::ToSchema;

/// Tokens that were handed out.
#[derive(Serialize, ToSchema)]
pub(crate) struct IssuedToken {
    /// 40 hexadecimal digits.
    pub(crate) access_token: String,
    /// Seconds.
    #[schema(example = 3600)]
    pub(crate) expires_in: u64,
    #[schema(example = "Bearer")]
    pub(crate) token_type: &'static str,
    /// Always null.
    pub(crate) scope: Option<String>,
    /// Stays the same for ever; absent for client credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refresh_token: Option<String>,
}

/// What a client sends for a token, as a form or as JSON. Read parameter by parameter; this shape is for the
/// description only.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a description: the body is read as a form of any shape")]
#[schema(example = json!({
    "grant_type": "authorization_code", "client_id": "ko_demo_client", "client_secret": "ko_demo_secret",
    "code": "the code of the redirection", "redirect_uri": "http://127.0.0.1:9999/callback"
}))]
pub(crate) struct TokenRequest {
    /// `authorization_code`, `refresh_token` or `client_credentials`.
    grant_type: String,
    /// May come as HTTP Basic instead.
    client_id: Option<String>,
    /// May come as HTTP Basic instead.
    client_secret: Option<String>,
    code: Option<String>,
    redirect_uri: Option<String>,
    refresh_token: Option<String>,
}

/// What the page sends, or a client without a browser. Description only, like [`TokenRequest`].
#[derive(ToSchema)]
#[expect(dead_code, reason = "a description: the body is read as a form of any shape")]
#[schema(example = json!({
    "client_id": "ko_demo_client", "redirect_uri": "http://127.0.0.1:9999/callback", "response_type": "code",
    "state": "4f1", "decision": "deny"
}))]
pub(crate) struct AuthorizeRequest {
    client_id: String,
    redirect_uri: String,
    /// `code`.
    response_type: String,
    state: String,
    /// `approve` or `deny`.
    decision: Option<String>,
    /// An administrator of the company; not needed with HTTP Basic credentials of the client.
    username: Option<String>,
    password: Option<String>,
}
