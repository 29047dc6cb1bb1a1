//! How a programme works, and what cockpits load at their start (contract 4.7 and 10.1).

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use domain::access::Action;
use domain::merchant::Merchant;
use domain::message::Channel;
use serde_json::json;

use super::super::auth::{Caller, Store};
use super::super::errors::Error;
use super::super::mapping;
use super::super::openapi::{Closed, Refusals, SettingsForm};
use super::super::wire::error::FormErrorBody;
use super::super::wire::request::Incoming;
use super::super::wire::settings::{
    ActivationMethodBody, ChoicesBody, ChoicesPath, PublicSettingsAnswer, PublicSettingsBody,
    SettingsAnswer, StatusesBody, StyleBody,
};
use crate::http::form::FormValue;
use crate::services::Services;

/// Shows all settings.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/settings",
    tag = "Settings",
    params(("storeCode" = String, Path, description = "Code of the store")),
    responses((status = 200, description = "The settings", body = SettingsAnswer), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn show_settings(
    services: Data<Services>,
    caller: Caller,
) -> Result<HttpResponse, Error> {
    caller.must(Action::ViewSettings, None)?;
    Ok(answer(&current(&services, &caller).await?))
}

/// Replaces all settings.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/settings",
    tag = "Settings",
    params(("storeCode" = String, Path, description = "Code of the store")),
    request_body(content(
        (SettingsForm = "application/x-www-form-urlencoded"),
        (SettingsForm = "application/json")
    )),
    responses(
        (status = 200, description = "The settings as they are now", body = SettingsAnswer),
        (status = 400, description = "Fields are wrong", body = FormErrorBody),
        Refusals,
        Closed,
    ),
    security(("bearer" = []))
)]
pub(crate) async fn replace_settings(
    services: Data<Services>,
    caller: Caller,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::EditSettings, None)?;
    let fields = incoming.fields().await?;
    let merchant = current(&services, &caller).await?;
    let sms = services.ports.gateways.has(Channel::Sms);
    let changed = mapping::changed_settings(&merchant, fields.get("settings"), sms)?;
    let changed = Merchant { updated_at: services.ports.clock.now(), ..changed };
    services.merchants.update(&changed).await?;
    services.directory.forget_merchant(changed.id);
    Ok(answer(&changed))
}

/// Tells where messages go first, and so which identifier a registration needs.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/settings/activation-method",
    tag = "Settings",
    params(("storeCode" = String, Path, description = "Code of the store")),
    responses((status = 200, description = "The method", body = ActivationMethodBody), Refusals)
)]
pub(crate) async fn show_activation_method(store: Store) -> Result<HttpResponse, Error> {
    let method = mapping::method(store.merchant.settings.communication);
    Ok(HttpResponse::Ok().json(ActivationMethodBody { method }))
}

/// Shows the settings that everybody who is logged in may know.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/settings/public",
    tag = "Settings",
    params(("storeCode" = String, Path, description = "Code of the store")),
    responses((status = 200, description = "The settings", body = PublicSettingsAnswer), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn show_public_settings(caller: Caller) -> Result<HttpResponse, Error> {
    caller.must(Action::ViewPublicSettings, None)?;
    let allow_customers_profile_edits = caller.merchant().settings.customers_edit_profiles;
    let settings = PublicSettingsBody { allow_customers_profile_edits };
    Ok(HttpResponse::Ok().json(PublicSettingsAnswer { settings }))
}

/// Lists what a field may be.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/settings/choices/{type}",
    tag = "Settings",
    params(
        ("storeCode" = String, Path, description = "Code of the store"),
        ("type" = String, Path, description = "`timezone`, `country`, `language` and so on"),
    ),
    responses((status = 200, description = "Labels and values", body = ChoicesBody), Refusals)
)]
pub(crate) async fn list_choices(_: Store, path: Path<ChoicesPath>) -> Result<HttpResponse, Error> {
    let choices = mapping::choices(&path.kind).ok_or(Error::NotFound)?;
    Ok(HttpResponse::Ok().json(choices))
}

/// Lists the statuses that a customer can have.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/admin/customer-statuses",
    tag = "Settings",
    params(("storeCode" = String, Path, description = "Code of the store")),
    responses((status = 200, description = "The statuses", body = StatusesBody), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn list_statuses(caller: Caller) -> Result<HttpResponse, Error> {
    caller.must(Action::ViewSettings, None)?;
    Ok(HttpResponse::Ok().json(mapping::statuses()))
}

/// Gives a cockpit's own words: none, so that it shows those it comes with.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/translations",
    tag = "Settings",
    params(("storeCode" = String, Path, description = "Code of the store")),
    responses((status = 200, description = "Words by their keys"), Refusals)
)]
pub(crate) async fn show_translations(_: Store) -> Result<HttpResponse, Error> {
    Ok(HttpResponse::Ok().json(json!({})))
}

/// Gives a cockpit's own style: none, as a style sheet or, with `json`, as its parts.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/settings/css",
    tag = "Settings",
    params(
        ("storeCode" = String, Path, description = "Code of the store"),
        ("json" = Option<String>, Query, description = "Anything, to get JSON"),
    ),
    responses(
        (status = 200, description = "The style", content((StyleBody = "application/json"), (String = "text/css"))),
        Refusals
    )
)]
pub(crate) async fn show_style(_: Store, incoming: Incoming) -> Result<HttpResponse, Error> {
    let parameters = incoming.parameters().await?;
    let wants_json = match parameters.get("json") {
        Some(FormValue::Text(text)) => !matches!(text.as_str(), "" | "0" | "false"),
        _ => false,
    };
    if wants_json {
        return Ok(HttpResponse::Ok().json(StyleBody { accent_color: "", template_css: "" }));
    }
    Ok(HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .body("/* no style of its own */\n"))
}

/// The merchant as it is now, not as it is remembered.
async fn current(services: &Services, caller: &Caller) -> Result<Merchant, Error> {
    services.merchants.find(caller.merchant().id).await?.ok_or(Error::NotFound)
}

fn answer(merchant: &Merchant) -> HttpResponse {
    HttpResponse::Ok().json(SettingsAnswer { settings: mapping::settings_body(merchant) })
}
