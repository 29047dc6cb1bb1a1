//! How a customer stands in the programme, and moves by hand (contract E03, E18 and E23 to E25).

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use domain::access::Action;
use domain::customer::{CustomerError, LevelChoice};
use domain::level::Figures;

use super::super::auth::Caller;
use super::super::errors::Error;
use super::super::mapping;
use super::super::openapi::{Closed, LevelChoiceForm, Refusals};
use super::super::wire::request::{CustomerPath, Incoming};
use super::super::wire::status::ProgrammeStatusBody;
use super::customers::{changeable_target, target};
use crate::services::Services;

/// Shows how a customer stands. Four routes lead here.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/customer/{customer}/status",
    tag = "Customers",
    params(
        ("storeCode" = String, Path, description = "Code of the store"),
        ("customer" = String, Path, description = "Id or loyalty card number"),
    ),
    responses(
        (status = 200, description = "How the customer stands", body = ProgrammeStatusBody),
        Refusals,
        Closed,
    ),
    security(("bearer" = []))
)]
pub(crate) async fn show_customer_status(
    services: Data<Services>,
    caller: Caller,
    path: Path<CustomerPath>,
) -> Result<HttpResponse, Error> {
    let customer = target(&services, &caller, &path, Action::ViewCustomerStatus).await?;
    let merchant = caller.merchant();
    let ladder = services.directory.ladder(merchant.id).await?;
    let points = services.points.figures(merchant, &customer).await?;
    let figures = Figures { purchases: customer.purchases, points };
    let now = services.ports.clock.now();
    let status = mapping::programme_status(&customer, merchant, &ladder, &figures, now);
    Ok(HttpResponse::Ok().json(status))
}

/// Puts a customer on a level by hand, also on an inactive one.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/customer/{customer}/level",
    tag = "Customers",
    params(
        ("storeCode" = String, Path, description = "Code of the store"),
        ("customer" = String, Path, description = "Id or loyalty card number"),
    ),
    request_body(content((LevelChoiceForm = "application/x-www-form-urlencoded"), (LevelChoiceForm = "application/json"))),
    responses(
        (status = 200, description = "Moved; the body is an empty list", body = Vec<String>),
        (
            status = 400,
            description = "No level, or an unknown one",
            body = std::collections::HashMap<String, String>,
            example = json!({"levelId": "field is required"})
        ),
        Refusals,
        Closed,
    ),
    security(("bearer" = []))
)]
pub(crate) async fn assign_level(
    services: Data<Services>,
    caller: Caller,
    path: Path<CustomerPath>,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    let customer = changeable_target(&services, &caller, &path, Action::AssignLevel).await?;
    let level = mapping::named_level(&incoming.fields().await?)?;
    let merchant = caller.merchant();
    let ladder = services.directory.ladder(merchant.id).await?;
    let choice = LevelChoice { level, period: merchant.settings.tiers.period_after_move() };
    services
        .customers
        .assign_level(&caller.origin(), &ladder, customer, choice)
        .await
        .map_err(mapping::refused_level)?;
    Ok(HttpResponse::Ok().json([(); 0]))
}

/// Takes back a level that was assigned by hand: the customer moves to what its points are good for.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/customer/{customer}/remove-manually-level",
    tag = "Customers",
    params(
        ("storeCode" = String, Path, description = "Code of the store"),
        ("customer" = String, Path, description = "Id or loyalty card number"),
    ),
    responses(
        (status = 204, description = "Taken back"),
        (
            status = 400,
            description = "The level was not assigned by hand",
            body = std::collections::HashMap<String, String>,
            example = json!({"error": "Customer is not assigned to level manually"})
        ),
        Refusals,
        Closed,
    ),
    security(("bearer" = []))
)]
pub(crate) async fn remove_manual_level(
    services: Data<Services>,
    caller: Caller,
    path: Path<CustomerPath>,
) -> Result<HttpResponse, Error> {
    let customer = changeable_target(&services, &caller, &path, Action::AssignLevel).await?;
    let merchant = caller.merchant();
    let ladder = services.directory.ladder(merchant.id).await?;
    let period = merchant.settings.tiers.period_after_move();
    let removed =
        services.customers.remove_manual_level(&caller.origin(), &ladder, period, customer).await;
    removed.map_err(|error| match error {
        CustomerError::NoManualLevel => {
            Error::Refused { field: "error", message: "Customer is not assigned to level manually" }
        }
        error => error.into(),
    })?;
    Ok(HttpResponse::NoContent().finish())
}
