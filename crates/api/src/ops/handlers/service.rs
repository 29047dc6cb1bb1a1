//! What is running.

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::ops::auth::Operator;
use crate::ops::errors::Error;
use crate::ops::openapi::Failures;
use crate::ops::wire::ServiceBody;
use crate::services::Services;

/// Tells what is running. Whether it is well is told at `/readyz`.
#[utoipa::path(
    get,
    path = "/ops/v1/service",
    tag = "Service",
    responses(
        (status = 200, description = "The service", body = ServiceBody),
        Failures
    )
)]
pub(crate) async fn show(_: Operator, services: Data<Services>) -> Result<HttpResponse, Error> {
    Ok(HttpResponse::Ok().json(ServiceBody {
        version: env!("CARGO_PKG_VERSION"),
        dialects: services.config.dialects.iter().map(|dialect| dialect.name()).collect(),
    }))
}
