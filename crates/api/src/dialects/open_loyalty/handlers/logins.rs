//! Logging in and staying in (contract 2.1 to 2.3).

use actix_web::HttpResponse;
use actix_web::web::Data;
use domain::Secret;
use domain::access::Actor;
use domain::account::{LoggedIn, Login};
use domain::token::{NewToken, Scopes, TokenPurpose, TokenState};
use time::Duration;

use super::super::auth::{Client, Store, jwt};
use super::super::errors::Error;
use super::super::mapping;
use super::super::openapi::{LoginForm, RefreshForm, Refusals, TooMany};
use super::super::wire::error::AuthenticationErrorBody;
use super::super::wire::login::TokenPair;
use super::super::wire::request::Incoming;
use crate::http::form::FormValue;
use crate::services::Services;

/// A refresh token is 128 hexadecimal digits.
const REFRESH_BYTES: usize = 64;

/// Logs an admin in, by user name or e-mail address.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/admin/login_check",
    tag = "Login",
    params(("storeCode" = String, Path, description = "Code of the store")),
    request_body(content((LoginForm = "application/x-www-form-urlencoded"), (LoginForm = "application/json"))),
    responses(
        (status = 200, description = "Logged in", body = TokenPair),
        (status = 401, description = "Wrong name or password", body = AuthenticationErrorBody),
        Refusals,
        TooMany,
    )
)]
pub(crate) async fn log_in_admin(
    services: Data<Services>,
    store: Store,
    client: Client,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    let (name, password) = credentials(&incoming.fields().await?)?;
    let account = services.accounts.log_in_admin(login(&store, client, &name, password)).await?;
    welcome(&services, &account).await
}

/// Logs a seller in, by e-mail address or id.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/seller/login_check",
    tag = "Login",
    params(("storeCode" = String, Path, description = "Code of the store")),
    request_body(content((LoginForm = "application/x-www-form-urlencoded"), (LoginForm = "application/json"))),
    responses(
        (status = 200, description = "Logged in", body = TokenPair),
        (status = 400, description = "Inactive seller, or a body that cannot be read", body = AuthenticationErrorBody),
        (status = 401, description = "Wrong name or password", body = AuthenticationErrorBody),
        Refusals,
        TooMany,
    )
)]
pub(crate) async fn log_in_seller(
    services: Data<Services>,
    store: Store,
    client: Client,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    let (name, password) = credentials(&incoming.fields().await?)?;
    let account = services.accounts.log_in_seller(login(&store, client, &name, password)).await?;
    welcome(&services, &account).await
}

/// Logs a customer in, by e-mail address, id, card number or phone number.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/customer/login_check",
    tag = "Login",
    params(("storeCode" = String, Path, description = "Code of the store")),
    request_body(content((LoginForm = "application/x-www-form-urlencoded"), (LoginForm = "application/json"))),
    responses(
        (status = 200, description = "Logged in", body = TokenPair),
        (status = 401, description = "Wrong name or password, or no active customer", body = AuthenticationErrorBody),
        Refusals,
        TooMany,
    )
)]
pub(crate) async fn log_in_customer(
    services: Data<Services>,
    store: Store,
    client: Client,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    let (name, password) = credentials(&incoming.fields().await?)?;
    let account = services.accounts.log_in_customer(login(&store, client, &name, password)).await?;
    welcome(&services, &account).await
}

/// Exchanges a refresh token for a new access token; the refresh token stays and lives on.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/token/refresh",
    tag = "Login",
    params(("storeCode" = String, Path, description = "Code of the store")),
    request_body(content((RefreshForm = "application/x-www-form-urlencoded"), (RefreshForm = "application/json"))),
    responses(
        (status = 200, description = "A new access token", body = TokenPair),
        (status = 401, description = "The token does not work", body = AuthenticationErrorBody),
        Refusals,
    )
)]
pub(crate) async fn refresh_token(
    services: Data<Services>,
    store: Store,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    let secret = text(&incoming.fields().await?, "refresh_token").ok_or(Error::BadRefreshToken)?;
    let state = services.tokens.check(TokenPurpose::Refresh, &secret).await?;
    let TokenState::Valid(token) = state else { return Err(Error::BadRefreshToken) };
    // Other contracts hand out refresh tokens too, to other kinds of callers.
    if !store.admits(token.merchant)
        || !matches!(token.actor, Actor::Admin(_) | Actor::Seller(_) | Actor::Customer(_))
    {
        return Err(Error::BadRefreshToken);
    }
    let account = services.accounts.readmit(token.merchant, token.actor).await?;
    let account = account.ok_or(Error::BadRefreshToken)?;
    let access = access_token(&services, &account).await?;
    services.tokens.extend(&token, refresh_lifetime(&services)).await?;
    Ok(HttpResponse::Ok().json(TokenPair { token: access, refresh_token: secret, error: None }))
}

fn login<'a>(
    store: &Store,
    Client(address): Client,
    name: &'a str,
    password: Secret<String>,
) -> Login<'a> {
    let merchant = Some(store.merchant.id);
    Login { merchant, admits_others: !store.is_named(), address, name, password }
}

fn credentials(fields: &FormValue) -> Result<(String, Secret<String>), Error> {
    text(fields, "_username")
        .zip(text(fields, "_password").map(Secret::new))
        .ok_or(Error::BadCredentials)
}

fn text(fields: &FormValue, name: &str) -> Option<String> {
    match fields.get(name)? {
        FormValue::Text(text) if !text.contains('\0') => Some(text.clone()),
        FormValue::Number(number) => Some(number.to_string()),
        FormValue::Text(_) | FormValue::Null | FormValue::Bool(_) | FormValue::Map(_) => None,
    }
}

/// The answer to a good login: a pair of tokens.
async fn welcome(services: &Services, account: &LoggedIn) -> Result<HttpResponse, Error> {
    let token = access_token(services, account).await?;
    let refresh = NewToken {
        purpose: TokenPurpose::Refresh,
        merchant: account.merchant,
        actor: account.actor,
        scopes: Scopes::default(),
        redirect_uri: None,
        lifetime: Some(refresh_lifetime(services)),
        bytes: REFRESH_BYTES,
    };
    let refresh_token = services.tokens.issue(refresh).await?.into_inner();
    let error = account.temporary_password.then_some("password change needed");
    Ok(HttpResponse::Ok().json(TokenPair { token, refresh_token, error }))
}

async fn access_token(services: &Services, account: &LoggedIn) -> Result<String, Error> {
    let merchant = services.directory.merchant(account.merchant).await?;
    let merchant = merchant.ok_or(Error::BadCredentials)?;
    let lifetime = services.config.open_loyalty.access_token;
    let claims = mapping::claims(account, &merchant, services.ports.clock.now(), lifetime)
        .ok_or(Error::BadCredentials)?;
    Ok(jwt::sign(&claims, &services.keys.open_loyalty)?)
}

fn refresh_lifetime(services: &Services) -> Duration {
    Duration::try_from(services.config.open_loyalty.refresh_token).unwrap_or(Duration::MAX)
}
