//! Letting customers in, shutting them out and forgetting them (contract E01, E02, E08, E30 and E31).

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use domain::access::{Action, Actor};

use super::super::auth::Caller;
use super::super::errors::Error;
use super::super::openapi::{Closed, Refusals};
use super::super::wire::request::CustomerPath;
use super::customers::target;
use crate::services::Services;

/// Lets a customer use the programme. Repeating it changes nothing.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/admin/customer/{customer}/activate",
    tag = "Customers",
    params(
        ("storeCode" = String, Path, description = "Code of the store"),
        ("customer" = String, Path, description = "Id or loyalty card number"),
    ),
    responses((status = 200, description = "Active"), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn activate_customer(
    services: Data<Services>,
    caller: Caller,
    path: Path<CustomerPath>,
) -> Result<HttpResponse, Error> {
    let customer = target(&services, &caller, &path, Action::ActivateCustomer).await?;
    services.customers.activate(&caller.origin(), customer).await?;
    Ok(HttpResponse::Ok().finish())
}

/// Shuts a customer out: logins and tokens stop working at once. Repeating it changes nothing.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/admin/customer/{customer}/deactivate",
    tag = "Customers",
    params(
        ("storeCode" = String, Path, description = "Code of the store"),
        ("customer" = String, Path, description = "Id or loyalty card number"),
    ),
    responses((status = 200, description = "Blocked"), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn deactivate_customer(
    services: Data<Services>,
    caller: Caller,
    path: Path<CustomerPath>,
) -> Result<HttpResponse, Error> {
    let customer = target(&services, &caller, &path, Action::DeactivateCustomer).await?;
    let blocked = services.customers.deactivate(&caller.origin(), customer).await?;
    services.directory.forget(Actor::Customer(blocked.id));
    Ok(HttpResponse::Ok().finish())
}

/// Removes everything that makes a customer a person; level and figures stay. Repeating it changes nothing.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/admin/customer/{customer}/anonymize",
    tag = "Customers",
    params(
        ("storeCode" = String, Path, description = "Code of the store"),
        ("customer" = String, Path, description = "Id or loyalty card number"),
    ),
    responses((status = 204, description = "Anonymized"), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn anonymize_customer(
    services: Data<Services>,
    caller: Caller,
    path: Path<CustomerPath>,
) -> Result<HttpResponse, Error> {
    let customer = target(&services, &caller, &path, Action::AnonymizeCustomer).await?;
    let nobody = services.customers.anonymize(&caller.origin(), customer).await?;
    services.directory.forget(Actor::Customer(nobody.id));
    services.pictures.sweep_quietly().await;
    Ok(HttpResponse::NoContent().finish())
}
