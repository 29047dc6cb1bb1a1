//! Trying an endpoint out.

use std::collections::BTreeMap;
use std::time::Instant;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use domain::Secret;
use domain::delivery::{Endpoint, Order, Outgoing, Reply, Source, Target, sample};
use domain::merchant::{Merchant, WebhookSettings};
use domain::text::Text;

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
    let (merchant, endpoint) = path.into_inner();
    let endpoint = mapping::endpoint(&merchant, &endpoint).ok_or(Error::NoSuchEndpoint)?;
    let (merchant, target) = whom(&services, endpoint).await?;
    let trial = send(&services, &merchant, &target, Vec::new()).await?;
    Ok(HttpResponse::Ok().json(trial))
}

/// Sends a sample to a target, signed with `secrets`.
async fn send(
    services: &Services,
    merchant: &Merchant,
    target: &Target,
    secrets: Vec<Secret<Vec<u8>>>,
) -> Result<TrialBody, Error> {
    let (entropy, at) = (&services.ports.entropy, services.ports.clock.now());
    let fact = sample(merchant.id, target, entropy.uuid().into(), at);
    let order = Order { merchant, target, fact: &fact };
    let id = entropy.uuid().into();
    let body = services.renderer.body(order)?;
    let headers = services.renderer.headers(order, id, &body)?;
    let address = target.address().clone();
    let outgoing = Outgoing { id, at, secrets, address, headers, body };
    let began = Instant::now();
    let reply: Reply = services.ports.sender.send(outgoing).await;
    Ok(mapping::trial(id, reply, began.elapsed()))
}

/// Whom an endpoint means.
async fn whom(services: &Services, endpoint: Endpoint) -> Result<(Merchant, Target), Error> {
    let merchant = services.merchants.find(endpoint.merchant).await?;
    let merchant = merchant.ok_or(Error::NoSuchEndpoint)?;
    let target = match endpoint.source {
        Source::Settings => programme(&merchant)?,
        Source::Subscription(_) => None,
    };
    Ok((merchant, target.ok_or(Error::NoSuchEndpoint)?))
}

/// The webhook of a merchant's settings, switched on or not: it may be tried before.
fn programme(merchant: &Merchant) -> Result<Option<Target>, Error> {
    let WebhookSettings { url, header_name, header_value, .. } = &merchant.settings.webhook;
    let Some(url) = url else { return Ok(None) };
    let header = header_name.as_ref().zip(header_value.as_ref());
    let text = |value: &Text<255>| value.as_str().to_owned();
    Ok(Some(Target::Settings {
        address: url.as_str().to_owned().try_into()?,
        header: header.map(|(name, value)| (text(name), text(value))),
        // Nothing of a sample is about levels.
        levels: BTreeMap::new(),
    }))
}
