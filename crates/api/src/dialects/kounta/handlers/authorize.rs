//! Letting an application in (contract 1.5).
//!
//! GET only ever shows a page. A decision is a POST, and approving needs a proof: the name and password of an
//! administrator of the company, or, for clients without a browser, the client's own id and secret as HTTP Basic, which
//! could win a token without any code. A stranger who knows a client id can therefore neither connect a company to an
//! account of his own at the application nor fill the store with codes.

use std::num::NonZeroU32;

use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, ContentType, HeaderValue, LOCATION, REFERRER_POLICY,
    X_FRAME_OPTIONS,
};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use domain::Secret;
use domain::access::{Action, Actor, Principal};
use domain::account::Login;
use domain::budget::Quota;
use domain::merchant::ApplicationName;
use domain::text::{Line, Text};
use domain::token::{NewToken, Scopes, TokenPurpose};
use time::Duration;

use super::body::{self, parameter};
use super::token::TOKEN_BYTES;
use crate::dialects::kounta::auth::{OAuthClient, allowance, known_client, registered_client};
use crate::dialects::kounta::errors::{AuthorizeError, Error};
use crate::dialects::kounta::mapping;
use crate::dialects::kounta::wire::{AuthorizeRequest, ErrorBody};
use crate::http::bearer::{Credentials, credentials};
use crate::http::form::FormValue;
use crate::services::Services;

/// Passwords tried a minute for one application: guessing must not pay.
const TRIES: NonZeroU32 = NonZeroU32::new(10).unwrap();

/// A request for authorization that may be put before somebody.
struct Pending {
    client: OAuthClient,
    redirect_uri: String,
    state: String,
}

/// Shows the page on which an administrator of the company decides. Changes nothing.
#[utoipa::path(
    get,
    path = "/authorize",
    tag = "OAuth",
    params(
        ("client_id" = String, Query, description = "The application's client id"),
        ("redirect_uri" = String, Query, description = "An address that the application registered"),
        ("response_type" = String, Query, description = "`code`"),
        ("state" = String, Query, description = "Comes back unchanged")
    ),
    security(()),
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html"),
        (status = 302, description = "Back to the application with `error`"),
        (status = 400, description = "Unknown client or address", body = ErrorBody),
        (status = 503, description = "Try again", body = ErrorBody)
    )
)]
pub(crate) async fn show(
    services: Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, AuthorizeError> {
    let query = body::query(&request, &services.config.limits).map_err(Error::from)?;
    match pending(&services, &query).await? {
        Ok(pending) => page(&services, &pending, StatusCode::OK).await,
        Err(back) => Ok(back),
    }
}

/// Takes the decision and goes back to the application with a code, or with `access_denied`.
#[utoipa::path(
    post,
    path = "/authorize",
    tag = "OAuth",
    request_body(content = AuthorizeRequest, content_type = "application/x-www-form-urlencoded"),
    security((), ("basic" = [])),
    responses(
        (status = 200, description = "The page, where there is no decision", body = String, content_type = "text/html"),
        (status = 302, description = "Back to the application with `code` and `state`, or with `error`"),
        (status = 400, description = "Unknown client or address", body = ErrorBody),
        (status = 401, description = "Not the client's secret", body = ErrorBody),
        (status = 403, description = "The page again: no administrator of the company", body = String, content_type = "text/html"),
        (status = 429, description = "Too many passwords tried", body = ErrorBody),
        (status = 503, description = "Try again", body = ErrorBody)
    )
)]
pub(crate) async fn decide(
    services: Data<Services>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, AuthorizeError> {
    let form = body::parameters(&request, payload, &services.config.limits).await?;
    let pending = match pending(&services, &form).await? {
        Ok(pending) => pending,
        Err(back) => return Ok(back),
    };
    match parameter(&form, "decision") {
        Some("approve") => match approver(&services, &request, &form, &pending).await? {
            Some(approver) if may_approve(&approver, &pending) => grant(&services, &pending).await,
            _ => page(&services, &pending, StatusCode::FORBIDDEN).await,
        },
        Some("deny") => {
            let error = ("access_denied", "The user denied access to your application");
            back(&pending.redirect_uri, error, Some(&pending.state))
        }
        _ => page(&services, &pending, StatusCode::OK).await,
    }
}

/// Judges a request. Only a known client's own address may be sent anywhere; what is wrong beyond that is told there.
async fn pending(
    services: &Services,
    parameters: &FormValue,
) -> Result<Result<Pending, HttpResponse>, AuthorizeError> {
    let client = match parameter(parameters, "client_id") {
        Some(id) => registered_client(services, id).await?,
        None => None,
    };
    let client = client.ok_or(AuthorizeError::UnknownClient)?;
    let redirect_uri = parameter(parameters, "redirect_uri")
        .and_then(|given| client.redirect_uri(given))
        .ok_or(AuthorizeError::RedirectMismatch)?
        .to_owned();
    let state = parameter(parameters, "state");
    let error = match (parameter(parameters, "response_type"), state) {
        (Some("code"), Some(state)) => {
            return Ok(Ok(Pending { client, redirect_uri, state: state.to_owned() }));
        }
        (Some("code"), None) => ("invalid_request", "The state parameter is required"),
        (None, _) => ("invalid_request", "Invalid or missing response type"),
        (Some(_), _) => ("unsupported_response_type", "Only the response type code is supported"),
    };
    back(&redirect_uri, error, state).map(Err)
}

/// Whoever proves to be somebody; `None` for a wrong name or password.
async fn approver(
    services: &Services,
    request: &HttpRequest,
    form: &FormValue,
    pending: &Pending,
) -> Result<Option<Principal>, AuthorizeError> {
    match credentials(request.headers()) {
        Ok(Some(Credentials::Basic { user, password })) => {
            let client = known_client(services, &user, &password).await?;
            Ok(Some(client.ok_or(Error::UnknownClient)?.principal()))
        }
        Ok(None) => administrator(services, request, form, pending).await,
        Ok(Some(_)) | Err(_) => Err(Error::MalformedAuthorization.into()),
    }
}

async fn administrator(
    services: &Services,
    request: &HttpRequest,
    form: &FormValue,
    pending: &Pending,
) -> Result<Option<Principal>, AuthorizeError> {
    let (name, password) = (parameter(form, "username"), parameter(form, "password"));
    let (Some(name), Some(password)) = (name, password) else { return Ok(None) };
    // Storage must not be asked for what it cannot hold.
    let Ok(name) = Line::try_from(name) else { return Ok(None) };
    let quota = Quota { rule: "kounta consent", application: pending.client.application().id };
    let merchant = pending.client.application().merchant;
    let allowance = allowance(services, merchant, quota, TRIES).await.map_err(Error::from)?;
    if !allowance.allowed {
        return Err(Error::RateLimited(allowance).into());
    }
    let password = Secret::new(password.to_owned());
    let login = Login {
        merchant: Some(pending.client.principal().merchant),
        admits_others: true,
        address: services.client_address(request),
        name: name.as_str(),
        password,
    };
    match services.accounts.log_in_admin(login).await {
        Ok(admin) => Ok(Some(Principal {
            merchant: admin.merchant,
            actor: admin.actor,
            permissions: admin.permissions,
        })),
        Err(error) => {
            let now = services.ports.clock.now();
            AuthorizeError::of_login(error, now).map_or(Ok(None), Err)
        }
    }
}

/// An application proves itself for itself only.
fn may_approve(approver: &Principal, pending: &Pending) -> bool {
    let asking = pending.client.principal();
    let is_application = matches!(approver.actor, Actor::Application(_));
    approver.merchant == asking.merchant
        && (!is_application || approver.actor == asking.actor)
        && approver.may(Action::AuthorizeApplication, None)
}

async fn grant(services: &Services, pending: &Pending) -> Result<HttpResponse, AuthorizeError> {
    let principal = pending.client.principal();
    let redirect_uri = Text::try_from(pending.redirect_uri.as_str())
        .map_err(|_| AuthorizeError::RedirectMismatch)?;
    let new = NewToken {
        purpose: TokenPurpose::AuthorizationCode,
        merchant: principal.merchant,
        actor: principal.actor,
        scopes: Scopes::default(),
        redirect_uri: Some(redirect_uri),
        lifetime: Some(Duration::try_from(services.config.kounta.code).unwrap_or(Duration::MAX)),
        bytes: TOKEN_BYTES,
    };
    let code = services.tokens.issue(new).await?;
    redirect(&pending.redirect_uri, &[("code", code.expose()), ("state", &pending.state)])
}

fn back(
    redirect_uri: &str,
    (error, description): (&str, &str),
    state: Option<&str>,
) -> Result<HttpResponse, AuthorizeError> {
    let mut parameters = vec![("error", error), ("error_description", description)];
    parameters.extend(state.map(|state| ("state", state)));
    redirect(redirect_uri, &parameters)
}

/// A registered address that cannot stand in a header cannot be gone to.
fn redirect(uri: &str, parameters: &[(&str, &str)]) -> Result<HttpResponse, AuthorizeError> {
    let link = mapping::redirect_link(uri, parameters);
    let link = HeaderValue::try_from(link).map_err(|_| AuthorizeError::RedirectMismatch)?;
    Ok(HttpResponse::Found()
        .insert_header((LOCATION, link))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .finish())
}

async fn page(
    services: &Services,
    pending: &Pending,
    status: StatusCode,
) -> Result<HttpResponse, AuthorizeError> {
    let application = pending.client.application();
    let merchant = services.directory.merchant(application.merchant).await?;
    let merchant = merchant.ok_or(Error::Unexpected("an application belongs to no merchant"))?;
    let ApplicationName::ClientId(client_id) = application.credentials.name() else {
        return Err(AuthorizeError::UnknownClient);
    };
    let parameters = [
        ("client_id", client_id.as_str()),
        ("redirect_uri", &pending.redirect_uri),
        ("response_type", "code"),
        ("state", &pending.state),
    ];
    let refused = status != StatusCode::OK;
    let page = mapping::consent_page(
        application.name.as_str(),
        merchant.name.as_str(),
        &parameters,
        refused,
    );
    Ok(HttpResponseBuilder::new(status)
        .content_type(ContentType::html())
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"))
        .insert_header((X_FRAME_OPTIONS, "DENY"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .body(page))
}
