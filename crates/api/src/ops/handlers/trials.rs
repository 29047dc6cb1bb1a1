//! Trying an endpoint out.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use super::input::EndpointPath;
use crate::ops::auth::Operator;
use crate::ops::errors::Error;
use crate::ops::mapping;
use crate::ops::openapi::Failures;
use crate::ops::wire::TrialBody;
use crate::services::Services;

/// Sends a sample and tells what came of it.
///
/// The sample is about a customer who does not exist. It is sent once, at once and beside everything that waits, under an
/// id of its own, and nothing of it is stored. The answer comes when the endpoint answered or its time was up.
#[utoipa::path(
    post,
    path = "/ops/v1/merchants/{merchant}/endpoints/{endpoint}/test",
    tag = "Endpoints",
    params(EndpointPath),
    responses(
        (status = 200, description = "What came of it, good or bad", body = TrialBody),
        (status = 409, description = "The endpoint cannot be sent to", body = crate::ops::wire::Problem, content_type = "application/problem+json"),
        Failures
    )
)]
pub(crate) async fn run(
    _: Operator,
    services: Data<Services>,
    path: Path<EndpointPath>,
) -> Result<HttpResponse, Error> {
    let endpoint = path.endpoint()?;
    let party = services.deliveries.party(endpoint).await?;
    let trial = services.dispatcher().try_out(&party).await?;
    Ok(HttpResponse::Ok().json(mapping::trial(trial)))
}
