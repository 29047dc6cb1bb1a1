//! Companies.

use actix_web::HttpResponse;
use actix_web::web::Data;
use domain::access::Action;

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
