//! The addresses of customers' devices, to which a push gateway sends (contract E20 to E22).

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use domain::access::Action;

use super::super::auth::Caller;
use super::super::errors::Error;
use super::super::mapping::PushTokenForm;
use super::super::openapi::{Closed, PushTokenFields, Refusals};
use super::super::wire::customer::PushTokens;
use super::super::wire::error::FormErrorBody;
use super::super::wire::request::{CustomerPath, DevicePath, Incoming};
use super::customers::target;
use crate::services::Services;

/// Lists the push tokens of a customer, in the order in which they came.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/customer/{customer}/pushy-token",
    tag = "Devices",
    params(
        ("storeCode" = String, Path, description = "Code of the store"),
        ("customer" = String, Path, description = "Id or loyalty card number"),
    ),
    responses((status = 200, description = "The tokens", body = PushTokens), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn list_push_tokens(
    services: Data<Services>,
    caller: Caller,
    path: Path<CustomerPath>,
) -> Result<HttpResponse, Error> {
    let customer = target(&services, &caller, &path, Action::ViewCustomer).await?;
    let tokens = services.customers.push_tokens(caller.merchant().id, customer.id).await?;
    let tokens = tokens.into_iter().map(domain::text::Text::into_string).collect();
    Ok(HttpResponse::Ok().json(PushTokens { tokens }))
}

/// Adds a push token after those that are there; a known one changes nothing.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/customer/{customer}/pushy-token",
    tag = "Devices",
    params(
        ("storeCode" = String, Path, description = "Code of the store"),
        ("customer" = String, Path, description = "Id or loyalty card number"),
    ),
    request_body(content(
        (PushTokenFields = "application/x-www-form-urlencoded"),
        (PushTokenFields = "application/json")
    )),
    responses(
        (status = 204, description = "Added"),
        (status = 400, description = "No token, too long a one, or one too many", body = FormErrorBody),
        Refusals,
        Closed,
    ),
    security(("bearer" = []))
)]
pub(crate) async fn add_push_token(
    services: Data<Services>,
    caller: Caller,
    path: Path<CustomerPath>,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    let customer = target(&services, &caller, &path, Action::EditCustomer).await?;
    let fields = incoming.fields().await?;
    let (form, token) = PushTokenForm::read(fields.get("customer"))?;
    services
        .customers
        .add_push_token(&caller.origin(), customer.id, token)
        .await
        .map_err(|error| form.refused(error))?;
    Ok(HttpResponse::NoContent().finish())
}

/// Removes a push token; an unknown one is no error.
#[utoipa::path(
    delete,
    path = "/api/{storeCode}/customer/{customer}/pushy-token/{token}",
    tag = "Devices",
    params(
        ("storeCode" = String, Path, description = "Code of the store"),
        ("customer" = String, Path, description = "Id or loyalty card number"),
        ("token" = String, Path, description = "The token"),
    ),
    responses((status = 204, description = "Not there any more"), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn remove_push_token(
    services: Data<Services>,
    caller: Caller,
    path: Path<CustomerPath>,
    device: Path<DevicePath>,
) -> Result<HttpResponse, Error> {
    let customer = target(&services, &caller, &path, Action::EditCustomer).await?;
    services.customers.remove_push_token(&caller.origin(), customer.id, &device.token).await?;
    Ok(HttpResponse::NoContent().finish())
}
