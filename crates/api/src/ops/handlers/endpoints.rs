//! Who is told, and how that goes.

use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use domain::delivery::{Endpoint, OVERLAP};

use super::input::{self, EndpointPath, Query};
use crate::ops::auth::Operator;
use crate::ops::errors::Error;
use crate::ops::mapping;
use crate::ops::openapi::{Failures, WriteFailures};
use crate::ops::wire::{EndpointBody, EndpointList, ReplayBody, ReplayRequest, SecretBody};
use crate::services::Services;

/// Lists everybody who was told of anything.
#[utoipa::path(
    get,
    path = "/ops/v1/endpoints",
    tag = "Endpoints",
    params(("merchant" = Option<String>, Query, description = "Of this merchant only, by its id")),
    responses((status = 200, description = "The endpoints", body = EndpointList), WriteFailures)
)]
pub(crate) async fn list(
    _: Operator,
    services: Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let merchant = Query::of(&request, &services.config.limits)?.parsed("merchant")?;
    let mut found = services.deliveries.endpoints(merchant).await?;
    found.sort_by_key(|health| health.endpoint);
    let endpoints = found.iter().map(mapping::endpoint_body).collect();
    Ok(HttpResponse::Ok().json(EndpointList { endpoints }))
}

/// Shows one endpoint. It is there once it was told of anything, or was paused or tried.
#[utoipa::path(
    get,
    path = "/ops/v1/merchants/{merchant}/endpoints/{endpoint}",
    tag = "Endpoints",
    params(EndpointPath),
    responses((status = 200, description = "The endpoint", body = EndpointBody), Failures)
)]
pub(crate) async fn show(
    _: Operator,
    services: Data<Services>,
    path: Path<EndpointPath>,
) -> Result<HttpResponse, Error> {
    let endpoint = path.endpoint()?;
    shown(&services, endpoint).await
}

/// Sends nothing more until it is resumed. Deliveries wait; what is underway comes to its end.
#[utoipa::path(
    post,
    path = "/ops/v1/merchants/{merchant}/endpoints/{endpoint}/pause",
    tag = "Endpoints",
    params(EndpointPath),
    responses((status = 200, description = "The endpoint", body = EndpointBody), Failures)
)]
pub(crate) async fn pause(
    _: Operator,
    services: Data<Services>,
    path: Path<EndpointPath>,
) -> Result<HttpResponse, Error> {
    let endpoint = path.endpoint()?;
    services.deliveries.pause(endpoint).await?;
    shown(&services, endpoint).await
}

/// Goes on with what waits.
#[utoipa::path(
    post,
    path = "/ops/v1/merchants/{merchant}/endpoints/{endpoint}/resume",
    tag = "Endpoints",
    params(EndpointPath),
    responses((status = 200, description = "The endpoint", body = EndpointBody), Failures)
)]
pub(crate) async fn resume(
    _: Operator,
    services: Data<Services>,
    path: Path<EndpointPath>,
) -> Result<HttpResponse, Error> {
    let endpoint = path.endpoint()?;
    services.deliveries.resume(endpoint).await?;
    shown(&services, endpoint).await
}

/// Makes a new signing secret and shows it this once. The one before signs as well for another day.
#[utoipa::path(
    post,
    path = "/ops/v1/merchants/{merchant}/endpoints/{endpoint}/rotate-secret",
    tag = "Endpoints",
    params(EndpointPath),
    responses((status = 200, description = "The new secret", body = SecretBody), Failures)
)]
pub(crate) async fn rotate_secret(
    _: Operator,
    services: Data<Services>,
    path: Path<EndpointPath>,
) -> Result<HttpResponse, Error> {
    let endpoint = path.endpoint()?;
    let secret = services.deliveries.rotate_secret(endpoint).await?;
    let until = services.ports.clock.now() + OVERLAP;
    let mut response = HttpResponse::Ok();
    response.insert_header(("cache-control", "no-store"));
    Ok(response.json(mapping::secret(&secret, until)))
}

/// Sends everything again that happened since a moment and that the endpoint wants by now. What waits is left alone, so
/// that the call can be repeated.
#[utoipa::path(
    post,
    path = "/ops/v1/merchants/{merchant}/endpoints/{endpoint}/replay",
    tag = "Endpoints",
    params(EndpointPath),
    request_body = ReplayRequest,
    responses((status = 202, description = "What was begun", body = ReplayBody), WriteFailures)
)]
pub(crate) async fn replay(
    _: Operator,
    services: Data<Services>,
    path: Path<EndpointPath>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Error> {
    let endpoint = path.endpoint()?;
    let body: ReplayRequest = input::body(&request, payload, &services.config.limits).await?;
    let since = mapping::read_moment(&body.since).ok_or(Error::Invalid("since"))?;
    let begun = services.deliveries.replay_since(endpoint, since).await?;
    Ok(HttpResponse::Accepted().json(ReplayBody { begun }))
}

async fn shown(services: &Services, endpoint: Endpoint) -> Result<HttpResponse, Error> {
    let health = services.deliveries.endpoint(endpoint).await?;
    Ok(HttpResponse::Ok().json(mapping::endpoint_body(&health)))
}
