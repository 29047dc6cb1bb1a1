//! Companies.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::access::Action;

use super::paged;
use crate::dialects::kounta::auth::Caller;
use crate::dialects::kounta::errors::Error;
use crate::dialects::kounta::mapping;
use crate::dialects::kounta::openapi::Failures;
use crate::dialects::kounta::wire;
use crate::services::Services;

/// The company of the credentials, by its id or as `me`.
#[utoipa::path(
    get,
    path = "/v1/companies/{company}",
    tag = "Companies",
    params(("company" = String, Path, description = "The company's id, or `me`")),
    responses(
        (status = 200, description = "The company", body = wire::Company),
        Failures
    )
)]
pub(crate) async fn show(services: Data<Services>, caller: Caller) -> Result<HttpResponse, Error> {
    caller.ask(Action::ViewMerchant, None)?;
    let now = services.ports.clock.now();
    Ok(HttpResponse::Ok().json(mapping::company(caller.merchant(), now)))
}

/// Lists the sites of the company: one, the company itself.
#[utoipa::path(
    get,
    path = "/v1/companies/{company}/sites",
    tag = "Companies",
    params(
        ("company" = String, Path, description = "The company's id, or `me`"),
        ("start" = Option<i64>, Query, description = "Only those with a greater id"),
        ("X-Page" = Option<u64>, Header, description = "The page's number, from 0")
    ),
    responses(
        (status = 200, description = "The sites", body = [wire::Site], headers(
            ("X-Pages" = u64, description = "How many pages there are"),
            ("X-Page" = u64, description = "The number of this page, from 0")
        )),
        Failures
    )
)]
pub(crate) async fn list_sites(
    services: Data<Services>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    caller.ask(Action::ViewMerchant, None)?;
    paged::short(&services, &request, mapping::sites(caller.merchant()), |site| site.id)
}
