//! The token endpoint (contract 1.5).

use actix_web::http::header::{CACHE_CONTROL, PRAGMA};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use domain::access::Actor;
use domain::token::{NewToken, Scopes, Token, TokenPurpose, TokenState};
use domain::{Secret, StorageError};
use time::Duration;

use super::body::{parameter, parameters};
use crate::dialects::kounta::auth::{OAuthClient, known_client};
use crate::dialects::kounta::errors::{TokenError, Verbs};
use crate::dialects::kounta::routes::options;
use crate::dialects::kounta::wire::{ErrorBody, IssuedToken, TokenRequest};
use crate::http::bearer::{Credentials, credentials};
use crate::http::form::FormValue;
use crate::services::Services;

/// Bytes of a token; it is written in twice as many hexadecimal digits.
pub(super) const TOKEN_BYTES: usize = 20;

/// How much of an unknown grant type is repeated.
const SHOWN: usize = 64;

/// Hands out an access token for an authorization code, a refresh token or the client's own credentials.
///
/// The client proves itself with `client_id` and `client_secret`, or with HTTP Basic, which wins.
#[utoipa::path(
    post,
    path = "/v1/token",
    tag = "OAuth",
    request_body(content(
        (TokenRequest = "application/x-www-form-urlencoded"),
        (TokenRequest = "application/json")
    )),
    responses(
        (status = 200, description = "A token", body = IssuedToken),
        (status = 400, description = "An OAuth error", body = ErrorBody),
        (status = 405, description = "Another verb than POST", body = ErrorBody),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 503, description = "Try again", body = ErrorBody)
    )
)]
pub(crate) async fn issue(
    services: Data<Services>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, TokenError> {
    let parameters = parameters(&request, payload, &services.config.limits).await?;
    let grant = Grant::named(parameter(&parameters, "grant_type"))?;
    let client = client(&services, &request, &parameters).await?;
    let refresh_token = match grant {
        Grant::AuthorizationCode => {
            redeem(&services, &client, &parameters).await?;
            Some(new_token(&services, &client, TokenPurpose::Refresh, None).await?.into_inner())
        }
        Grant::RefreshToken => Some(known_refresh_token(&services, &client, &parameters).await?),
        Grant::ClientCredentials => None,
    };
    let lifetime = services.config.kounta.access_token;
    let life = Duration::try_from(lifetime).unwrap_or(Duration::MAX);
    let access_token = new_token(&services, &client, TokenPurpose::Access, Some(life)).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((PRAGMA, "no-cache"))
        .json(IssuedToken {
            access_token: access_token.into_inner(),
            expires_in: lifetime.as_secs(),
            token_type: "Bearer",
            scope: None,
            refresh_token,
        }))
}

/// Every other verb.
pub(crate) async fn other_verb(request: HttpRequest) -> Result<HttpResponse, TokenError> {
    let verbs = Verbs::of(&request);
    options(&request, verbs).ok_or(TokenError::NotPost(verbs))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grant {
    AuthorizationCode,
    RefreshToken,
    ClientCredentials,
}

impl Grant {
    fn named(name: Option<&str>) -> Result<Self, TokenError> {
        match name {
            None => Err(TokenError::NoGrantType),
            Some("authorization_code") => Ok(Self::AuthorizationCode),
            Some("refresh_token") => Ok(Self::RefreshToken),
            Some("client_credentials") => Ok(Self::ClientCredentials),
            Some(other) => {
                Err(TokenError::UnsupportedGrantType(other.chars().take(SHOWN).collect()))
            }
        }
    }
}

/// The client, by the header if it names one, else by the parameters.
async fn client(
    services: &Services,
    request: &HttpRequest,
    parameters: &FormValue,
) -> Result<OAuthClient, TokenError> {
    let header = credentials(request.headers());
    let (id, secret) = if let Ok(Some(Credentials::Basic { user, password })) = header {
        (user, password)
    } else {
        let id = parameter(parameters, "client_id").ok_or(TokenError::NoClient)?;
        let secret = parameter(parameters, "client_secret").unwrap_or_default();
        (id.to_owned(), Secret::new(secret.to_owned()))
    };
    known_client(services, &id, &secret).await?.ok_or(TokenError::UnknownClient)
}

/// Uses an authorization code up. It is looked at before it is taken, so that a mistake of the right client does not cost
/// it the code; of two requests with one code, one gets it.
async fn redeem(
    services: &Services,
    client: &OAuthClient,
    parameters: &FormValue,
) -> Result<(), TokenError> {
    let purpose = TokenPurpose::AuthorizationCode;
    let code = parameter(parameters, "code").ok_or(TokenError::Missing("code"))?;
    let token = known_code(client, services.tokens.check(purpose, code).await?)?;
    let sent_to = token.redirect_uri.as_ref().map(AsRef::as_ref);
    if sent_to != parameter(parameters, "redirect_uri") {
        return Err(TokenError::RedirectMismatch);
    }
    known_code(client, services.tokens.consume(purpose, code).await?).map(drop)
}

fn known_code(client: &OAuthClient, state: TokenState) -> Result<Token, TokenError> {
    match state {
        TokenState::Valid(token) if is_of(client, &token) => Ok(token),
        TokenState::Valid(_) | TokenState::Unknown => Err(TokenError::UnknownCode),
        TokenState::Expired => Err(TokenError::ExpiredCode),
    }
}

/// A refresh token that works goes back as it came: a client overwrites what it stored with whatever the answer has.
async fn known_refresh_token(
    services: &Services,
    client: &OAuthClient,
    parameters: &FormValue,
) -> Result<String, TokenError> {
    let name = "refresh_token";
    let given = parameter(parameters, name).ok_or(TokenError::Missing(name))?;
    match services.tokens.check(TokenPurpose::Refresh, given).await? {
        TokenState::Valid(token) if is_of(client, &token) => Ok(given.to_owned()),
        TokenState::Valid(_) | TokenState::Expired | TokenState::Unknown => {
            Err(TokenError::UnknownRefreshToken)
        }
    }
}

/// Other clients, and other dialects, hold tokens of the same purposes.
fn is_of(client: &OAuthClient, token: &Token) -> bool {
    let owner = client.application();
    token.merchant == owner.merchant && token.actor == Actor::Application(owner.id)
}

async fn new_token(
    services: &Services,
    client: &OAuthClient,
    purpose: TokenPurpose,
    lifetime: Option<Duration>,
) -> Result<Secret<String>, StorageError> {
    let principal = client.principal();
    let new = NewToken {
        purpose,
        merchant: principal.merchant,
        actor: principal.actor,
        scopes: Scopes::default(),
        redirect_uri: None,
        lifetime,
        bytes: TOKEN_BYTES,
    };
    services.tokens.issue(new).await
}
