//! Trying an endpoint out.

use std::time::Instant;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use domain::delivery::{Order, Outgoing, sample};

use super::input;
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
    params(
        ("merchant" = String, Path, description = "The merchant's id"),
        ("endpoint" = String, Path, description = "`settings`, or the number of a subscription")
    ),
    responses(
        (status = 200, description = "What came of it, good or bad", body = TrialBody),
        (status = 409, description = "The endpoint cannot be sent to", body = crate::ops::wire::Problem, content_type = "application/problem+json"),
        Failures
    )
)]
pub(crate) async fn run(
    _: Operator,
    services: Data<Services>,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Error> {
    let endpoint = input::endpoint(&path.0, &path.1)?;
    let party = services.deliveries.party(endpoint).await?;
    let (keeper, entropy) = (&*services.ports.keeper, &services.ports.entropy);
    let at = services.ports.clock.now();
    let fact = sample(endpoint.merchant, &party.target, entropy.uuid().into(), at);
    let order = Order { merchant: &party.merchant, target: &party.target, fact: &fact };
    let id = entropy.uuid().into();
    let body = services.renderer.body(order)?;
    let headers = services.renderer.headers(order, id, &body)?;
    let secrets = party.secrets.in_force(at, keeper)?;
    let address = party.target.address().clone();
    let began = Instant::now();
    let outgoing = Outgoing { id, at, secrets, address, headers, body };
    let reply = services.ports.sender.send(outgoing).await;
    Ok(HttpResponse::Ok().json(mapping::trial(id, reply, began.elapsed())))
}
