//! Passwords and the end of sessions (contract 2.3 and 2.5).

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::Data;
use domain::access::Action;
use domain::account::PasswordChangeError;
use domain::code::{CodeError, Codes, Guess, ResetTarget, is_code};
use domain::token::TokenPurpose;

use super::super::auth::{Caller, Client, Store};
use super::super::errors::Error;
use super::super::mapping::password;
use super::super::openapi::{
    Closed, FormRefusal, PasswordChangeForm, PasswordResetForm, Refusals, ResetRequestForm, TooMany,
};
use super::super::wire::error::FormErrorBody;
use super::super::wire::password::SuccessBody;
use super::super::wire::request::Incoming;
use super::activation::admitted;
use crate::http::form::FormValue;
use crate::services::Services;

const NO_NAME: &str = "field \"username\" should not be empty";
const NO_TOKEN: &str = "field \"token\" should not be empty";
const REQUESTED: &str = "resetting password already requested";

/// Gives the caller a new password; all sessions end.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/admin/password/change",
    tag = "Passwords",
    params(("storeCode" = String, Path, description = "Code of the store")),
    request_body(content(
        (PasswordChangeForm = "application/x-www-form-urlencoded"),
        (PasswordChangeForm = "application/json")
    )),
    responses(
        (status = 200, description = "Changed", body = SuccessBody),
        (status = 400, description = "Fields are wrong", body = FormErrorBody),
        Refusals,
        Closed,
        TooMany,
    ),
    security(("bearer" = []))
)]
pub(crate) async fn change_password(
    services: Data<Services>,
    caller: Caller,
    Client(address): Client,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::ManageOwnAccess, None)?;
    let passwords = password::change(&incoming.fields().await?)?;
    let (merchant, actor) = (caller.merchant().id, caller.actor());
    let changed = services.accounts.change_password(merchant, actor, passwords, address).await;
    changed.map_err(|error| match error {
        PasswordChangeError::Wrong => password::wrong_current(),
        PasswordChangeError::Weak(broken) => password::weak(password::CHANGE, &broken),
        PasswordChangeError::TooMany { retry_after } => Error::TooMany(retry_after),
        PasswordChangeError::Secret(error) => Error::Secret(error),
        PasswordChangeError::Storage(error) => Error::Storage(error),
    })?;
    services.directory.forget(actor);
    Ok(HttpResponse::Ok().json(SuccessBody::YES))
}

/// Sends whoever logs in by a name what lets him choose a new password.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/password/reset/request",
    tag = "Passwords",
    params(("storeCode" = String, Path, description = "Code of the store")),
    request_body(content(
        (ResetRequestForm = "application/x-www-form-urlencoded"),
        (ResetRequestForm = "application/json")
    )),
    responses(
        (status = 200, description = "Sent", body = SuccessBody),
        (status = 400, description = "No name, or asked within a day", body = HashMap<String, String>),
        Refusals,
        TooMany,
    )
)]
pub(crate) async fn request_reset(
    services: Data<Services>,
    store: Store,
    client: Client,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    let anyone = if store.is_named() { ResetTarget::AnyoneOfTheStore } else { ResetTarget::Anyone };
    request(&services, &store, client, incoming, anyone).await
}

/// Sends a customer what lets him choose a new password.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/customer/password/reset/request",
    tag = "Passwords",
    params(("storeCode" = String, Path, description = "Code of the store")),
    request_body(content(
        (ResetRequestForm = "application/x-www-form-urlencoded"),
        (ResetRequestForm = "application/json")
    )),
    responses(
        (status = 200, description = "Sent", body = SuccessBody),
        (status = 400, description = "No name, or asked within a day", body = HashMap<String, String>),
        Refusals,
        TooMany,
    )
)]
pub(crate) async fn request_customer_reset(
    services: Data<Services>,
    store: Store,
    client: Client,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    request(&services, &store, client, incoming, ResetTarget::Customers).await
}

async fn request(
    services: &Services,
    store: &Store,
    Client(address): Client,
    incoming: Incoming,
    target: ResetTarget,
) -> Result<HttpResponse, Error> {
    let name = text(&incoming.fields().await?, "username").ok_or(Error::told(NO_NAME))?;
    if name.contains('\0') {
        return Err(Error::NotFound);
    }
    let (codes, merchant) = (services.codes.clone(), Arc::clone(&store.merchant));
    let requested = async move { codes.request_reset(&merchant, target, &name, address).await };
    if services.config.open_loyalty.hide_unknown_accounts {
        // The time that it takes tells who is known as well as a refusal would.
        actix_web::rt::spawn(async { note_failure(requested.await) });
    } else {
        requested.await.map_err(|error| match error {
            CodeError::TooSoon => Error::told(REQUESTED),
            error => error.into(),
        })?;
    }
    Ok(HttpResponse::Ok().json(SuccessBody::YES))
}

/// Notes what nobody is told any more.
fn note_failure(requested: Result<(), CodeError>) {
    if let Err(error @ (CodeError::Secret(_) | CodeError::Storage(_))) = requested {
        tracing::error!(%error, "a new password could not be asked for");
    }
}

/// Sets the new password of whoever was sent this token; all sessions end.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/password/reset",
    tag = "Passwords",
    params(
        ("storeCode" = String, Path, description = "Code of the store"),
        ("token" = Option<String>, Query, description = "The token, unless the body has it"),
    ),
    request_body(content(
        (PasswordResetForm = "application/x-www-form-urlencoded"),
        (PasswordResetForm = "application/json")
    )),
    responses(
        (status = 200, description = "Set", body = SuccessBody),
        (status = 400, description = "No token, or fields are wrong", body = FormRefusal),
        Refusals,
        TooMany,
    )
)]
pub(crate) async fn reset_password(
    services: Data<Services>,
    store: Store,
    Client(address): Client,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    let query = incoming.query()?;
    let fields = incoming.fields().await?;
    let token = text(&query, "token").or_else(|| text(&fields, "token"));
    let token = token.ok_or(Error::told(NO_TOKEN))?;
    let new = password::reset(fields.get("reset"))?;
    let mut guess = None;
    let merchant = match Codes::reset_merchant(&token) {
        Some(merchant) if store.admits(merchant) => merchant,
        Some(_) => return Err(Error::NotFound),
        None => store.merchant.id,
    };
    if is_code(&token) {
        let shown = Guess { merchant, address };
        admitted(&services, shown).await?;
        guess = Some(shown);
    }
    let reset = services.codes.reset_password(merchant, guess, &token, new).await;
    let actor = reset.map_err(|error| match error {
        CodeError::Weak(broken) => password::weak(password::RESET, &broken),
        error => error.into(),
    })?;
    services.directory.forget(actor);
    Ok(HttpResponse::Ok().json(SuccessBody::YES))
}

/// Takes all refresh tokens of the caller back; the access token lives on.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/token/revoke",
    tag = "Login",
    params(("storeCode" = String, Path, description = "Code of the store")),
    responses((status = 200, description = "Taken back"), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn revoke_tokens(
    services: Data<Services>,
    caller: Caller,
) -> Result<HttpResponse, Error> {
    caller.must(Action::ManageOwnAccess, None)?;
    let (merchant, actor) = (caller.merchant().id, caller.actor());
    services.tokens.revoke(merchant, actor, TokenPurpose::Refresh).await?;
    Ok(HttpResponse::Ok().finish())
}

fn text(fields: &FormValue, name: &str) -> Option<String> {
    match fields.get(name)? {
        FormValue::Text(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        FormValue::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
