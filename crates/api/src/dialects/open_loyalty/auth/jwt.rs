//! The access token: a JWT that this service signs and reads (contract 2.2).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Header, Validation};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;

use crate::keys::SigningKey;

/// Seconds by which the clocks of two processes may differ.
pub(crate) const LEEWAY: i64 = 60;

/// What a token says. All but `merchant` is what the vendor's clients decode.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Claims {
    pub(crate) exp: i64,
    pub(crate) iat: i64,
    pub(crate) username: String,
    pub(crate) roles: Vec<String>,
    pub(crate) id: String,
    pub(crate) last_login_at: Option<String>,
    pub(crate) permissions: Value,
    pub(crate) super_admin: bool,
    /// Whose data the token opens: ids of people are not looked for across merchants.
    pub(crate) merchant: String,
}

/// Why a token is not good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TokenError {
    /// Not a token of ours, or tampered with.
    #[error("not a token of this service")]
    Invalid,
    /// It was good once.
    #[error("an expired token")]
    Expired,
}

/// Writes a token.
pub(crate) fn sign(claims: &Claims, key: &SigningKey) -> jsonwebtoken::errors::Result<String> {
    jsonwebtoken::encode(&Header::new(key.algorithm), claims, &key.encoding)
}

/// Reads a token. Its header must be the one that [`sign`] writes, byte for byte, so that no other algorithm, key
/// reference or extension is ever looked at.
pub(crate) fn read(
    token: &str,
    key: &SigningKey,
    now: OffsetDateTime,
) -> Result<Claims, TokenError> {
    let header = token.split('.').next().unwrap_or_default();
    if our_header(key).is_none_or(|ours| ours != header) {
        return Err(TokenError::Invalid);
    }
    let mut validation = Validation::new(key.algorithm);
    // Times are compared below, against the clock that the service is given.
    validation.validate_exp = false;
    validation.required_spec_claims.clear();
    let claims = jsonwebtoken::decode::<Claims>(token, &key.decoding, &validation)
        .map_err(|_| TokenError::Invalid)?
        .claims;
    let now = now.unix_timestamp();
    if claims.iat > now + LEEWAY {
        Err(TokenError::Invalid)
    } else if claims.exp.saturating_add(LEEWAY) < now {
        Err(TokenError::Expired)
    } else {
        Ok(claims)
    }
}

fn our_header(key: &SigningKey) -> Option<String> {
    let header = serde_json::to_vec(&Header::new(key.algorithm)).ok()?;
    Some(URL_SAFE_NO_PAD.encode(header))
}
