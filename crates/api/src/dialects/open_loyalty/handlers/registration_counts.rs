//! How many customers came when (contract E14 and 4.9).

use actix_web::HttpResponse;
use actix_web::web::Data;
use domain::access::Action;

use super::super::auth::Caller;
use super::super::errors::Error;
use super::super::mapping::Periods;
use super::super::openapi::{Closed, Refusals, RegistrationCountParameters};
use super::super::wire::customer::RegistrationCounts;
use super::super::wire::error::HttpErrorBody;
use super::super::wire::request::Incoming;
use crate::services::Services;

/// Counts the customers of the last days, today included, by day, month or year.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/customer/registrations",
    tag = "Customers",
    params(
        ("storeCode" = String, Path, description = "Code of the store"),
        RegistrationCountParameters,
    ),
    responses(
        (status = 200, description = "How many customers came, by period", body = RegistrationCounts),
        (status = 400, description = "No such interval, or too many days", body = HttpErrorBody),
        Refusals,
        Closed,
    ),
    security(("bearer" = []))
)]
pub(crate) async fn count_registrations(
    services: Data<Services>,
    caller: Caller,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::ViewRegistrations, None)?;
    let parameters = incoming.parameters().await?;
    let now = services.ports.clock.now();
    let periods = Periods::asked_for(&parameters, caller.merchant(), now)?;
    answer(&services, &caller, periods).await
}

/// Counts the customers of the last 30 days before today, by day.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/customer/registrations/daily",
    tag = "Customers",
    params(("storeCode" = String, Path, description = "Code of the store")),
    responses(
        (status = 200, description = "How many customers came, by day", body = RegistrationCounts),
        Refusals,
        Closed,
    ),
    security(("bearer" = []))
)]
pub(crate) async fn count_daily_registrations(
    services: Data<Services>,
    caller: Caller,
) -> Result<HttpResponse, Error> {
    caller.must(Action::ViewRegistrations, None)?;
    let periods = Periods::until_yesterday(caller.merchant(), services.ports.clock.now());
    answer(&services, &caller, periods).await
}

async fn answer(
    services: &Services,
    caller: &Caller,
    periods: Periods,
) -> Result<HttpResponse, Error> {
    let merchant = caller.merchant().id;
    let counts = services.customers.count_created(merchant, periods.bounds()).await?;
    Ok(HttpResponse::Ok().json(RegistrationCounts(periods.sums(&counts))))
}
