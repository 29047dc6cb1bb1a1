//! What was sent, and what came of it.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use domain::delivery::{DeliveryQuery, DeliveryState};

use super::input::{DeliveryPath, EndpointPath, Query};
use crate::ops::auth::Operator;
use crate::ops::errors::Error;
use crate::ops::mapping;
use crate::ops::openapi::{Failures, WriteFailures};
use crate::ops::wire::{DeliveryDetails, DeliveryList};
use crate::services::Services;

/// How many deliveries a part of a list has at most, and usually.
const MOST: u32 = 1_000;
const USUAL: u32 = 50;

/// Lists deliveries of an endpoint, the newest first.
#[utoipa::path(
    get,
    path = "/ops/v1/merchants/{merchant}/endpoints/{endpoint}/deliveries",
    tag = "Deliveries",
    params(
        EndpointPath,
        ("state" = Option<String>, Query, description = "`pending`, `delivered`, `parked` or `dropped`"),
        ("since" = Option<String>, Query, description = "Only those that came to be at this moment or later, RFC 3339"),
        ("until" = Option<String>, Query, description = "Only those that came to be before this moment, RFC 3339"),
        ("before" = Option<String>, Query, description = "Only those that came to be before this one: `next` of the part before"),
        ("limit" = Option<u32>, Query, description = "How many, 1 to 1000; 50 if not given")
    ),
    responses((status = 200, description = "The deliveries", body = DeliveryList), WriteFailures)
)]
pub(crate) async fn list(
    _: Operator,
    services: Data<Services>,
    path: Path<EndpointPath>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let endpoint = path.endpoint()?;
    let query = Query::of(&request, &services.config.limits)?;
    let limit = query.number("limit", 1..=MOST, USUAL)?;
    let state = query.named("state", DeliveryState::named)?;
    let (since, until) = (query.moment("since")?, query.moment("until")?);
    let wanted = DeliveryQuery { state, since, until, before: query.parsed("before")?, limit };
    let found = services.deliveries.page(endpoint, wanted).await?;
    let is_full = u32::try_from(found.len()).is_ok_and(|count| count == limit);
    let next = found.last().filter(|_| is_full).map(|last| last.id.to_string());
    let deliveries = found.into_iter().map(|delivery| mapping::delivery(&delivery)).collect();
    Ok(HttpResponse::Ok().json(DeliveryList { deliveries, next }))
}

/// Shows a delivery with everything that was tried.
#[utoipa::path(
    get,
    path = "/ops/v1/merchants/{merchant}/endpoints/{endpoint}/deliveries/{delivery}",
    tag = "Deliveries",
    params(DeliveryPath),
    responses((status = 200, description = "The delivery", body = DeliveryDetails), Failures)
)]
pub(crate) async fn show(
    _: Operator,
    services: Data<Services>,
    path: Path<DeliveryPath>,
) -> Result<HttpResponse, Error> {
    Ok(HttpResponse::Ok().json(details(&services, &path).await?))
}

/// Sends a delivery again, with the same id and body, as if it had never been tried. One that waits is left alone.
#[utoipa::path(
    post,
    path = "/ops/v1/merchants/{merchant}/endpoints/{endpoint}/deliveries/{delivery}/replay",
    tag = "Deliveries",
    params(DeliveryPath),
    responses((status = 202, description = "The delivery, which waits", body = DeliveryDetails), Failures)
)]
pub(crate) async fn replay(
    _: Operator,
    services: Data<Services>,
    path: Path<DeliveryPath>,
) -> Result<HttpResponse, Error> {
    let endpoint = path.endpoint()?;
    services.deliveries.replay(endpoint, path.delivery()?).await?;
    Ok(HttpResponse::Accepted().json(details(&services, &path).await?))
}

async fn details(services: &Services, path: &DeliveryPath) -> Result<DeliveryDetails, Error> {
    let endpoint = path.endpoint()?;
    let (delivery, attempts) = services.deliveries.find(endpoint, path.delivery()?).await?;
    let tried = attempts.into_iter().map(mapping::attempt).collect();
    Ok(DeliveryDetails { delivery: mapping::delivery(&delivery), tried })
}
