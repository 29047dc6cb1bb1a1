//! Webhooks of the calling application (contract, section 3).

use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use domain::PageRequest;
use domain::access::Action;
use domain::id::SubscriptionNumber;
use domain::subscription::{Subscriber, Subscription, SubscriptionQuery};

use super::{body, paged};
use crate::dialects::kounta::auth::Caller;
use crate::dialects::kounta::errors::Error;
use crate::dialects::kounta::mapping::{self, PAGE_SIZE, Position, Window};
use crate::dialects::kounta::openapi::{Failures, WriteFailures};
use crate::dialects::kounta::routes::suffix;
use crate::dialects::kounta::wire::{Webhook, WriteWebhook};
use crate::services::Services;

/// Lists the application's webhooks.
#[utoipa::path(
    get,
    path = "/v1/companies/{company}/webhooks",
    tag = "Webhooks",
    params(
        ("company" = String, Path, description = "The company's id, or `me`"),
        ("start" = Option<i64>, Query, description = "Only webhooks with a greater id"),
        ("X-Page" = Option<u64>, Header, description = "The page's number, from 0")
    ),
    responses(
        (status = 200, description = "At most 25 webhooks", body = [Webhook], headers(
            ("X-Pages" = u64, description = "How many pages there are"),
            ("X-Page" = u64, description = "The number of this page, from 0"),
            ("X-Next-Page" = String, description = "The address of the next page, if there is one")
        )),
        Failures
    )
)]
pub(crate) async fn list(
    services: Data<Services>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    caller.ask(Action::Subscribe, None)?;
    let query = body::query(&request, &services.config.limits)?;
    let position = mapping::position(request.headers(), &query);
    let (window, found) = page(&services, subscriber(&caller), position).await?;
    let last = found.last().map(|one| one.number);
    let items = found.iter().map(|one| shown(&services, &caller, one));
    let items = items.collect::<Result<Vec<Webhook>, Error>>()?;
    Ok(paged::page(&services, &request, window, last, items))
}

/// Shows one webhook.
#[utoipa::path(
    get,
    path = "/v1/companies/{company}/webhooks/{webhook}",
    tag = "Webhooks",
    params(
        ("company" = String, Path, description = "The company's id, or `me`"),
        ("webhook" = i64, Path, description = "The webhook's id")
    ),
    responses(
        (status = 200, description = "The webhook", body = Webhook),
        Failures
    )
)]
pub(crate) async fn show(
    services: Data<Services>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    caller.ask(Action::Subscribe, None)?;
    let found = services.subscriptions.find(subscriber(&caller), meant(&request)?).await?;
    Ok(HttpResponse::Ok().json(shown(&services, &caller, &found)?))
}

/// Adds a webhook. A topic and an address are required; equal webhooks may stand beside each other.
#[utoipa::path(
    post,
    path = "/v1/companies/{company}/webhooks",
    tag = "Webhooks",
    params(("company" = String, Path, description = "The company's id, or `me`")),
    request_body = WriteWebhook,
    responses(
        (status = 201, description = "The new webhook", body = Webhook, headers(
            ("Location" = String, description = "The webhook's address")
        )),
        WriteFailures
    )
)]
pub(crate) async fn create(
    services: Data<Services>,
    caller: Caller,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Error> {
    caller.ask(Action::Subscribe, None)?;
    let body = body::record(&request, payload, &services.config.limits).await?;
    let new = mapping::new_webhook(body)?;
    let made = services.subscriptions.create(subscriber(&caller), new).await?;
    let company = caller.merchant().company_id;
    let public_url = &services.config.public_url;
    let link = mapping::webhook_link(public_url, company, made.number, suffix(&request));
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, link))
        .json(shown(&services, &caller, &made)?))
}

/// Changes the keys that the body has, each as a whole.
#[utoipa::path(
    put,
    path = "/v1/companies/{company}/webhooks/{webhook}",
    tag = "Webhooks",
    params(
        ("company" = String, Path, description = "The company's id, or `me`"),
        ("webhook" = i64, Path, description = "The webhook's id")
    ),
    request_body = WriteWebhook,
    responses(
        (status = 200, description = "The webhook after the change", body = Webhook),
        WriteFailures
    )
)]
pub(crate) async fn update(
    services: Data<Services>,
    caller: Caller,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Error> {
    caller.ask(Action::Subscribe, None)?;
    let body = body::record(&request, payload, &services.config.limits).await?;
    let (subscriber, number) = (subscriber(&caller), meant(&request)?);
    // What is not there is not found, whatever the body says of it.
    services.subscriptions.find(subscriber, number).await?;
    let patch = mapping::webhook_patch(body)?;
    let changed = services.subscriptions.update(subscriber, number, patch).await?;
    Ok(HttpResponse::Ok().json(shown(&services, &caller, &changed)?))
}

/// Removes a webhook.
#[utoipa::path(
    delete,
    path = "/v1/companies/{company}/webhooks/{webhook}",
    tag = "Webhooks",
    params(
        ("company" = String, Path, description = "The company's id, or `me`"),
        ("webhook" = i64, Path, description = "The webhook's id")
    ),
    responses(
        (status = 204, description = "The webhook is gone"),
        Failures
    )
)]
pub(crate) async fn delete(
    services: Data<Services>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    caller.ask(Action::Subscribe, None)?;
    services.subscriptions.delete(subscriber(&caller), meant(&request)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn subscriber(caller: &Caller) -> Subscriber {
    Subscriber { merchant: caller.merchant().id, application: caller.application() }
}

/// The number of the webhook that a path means.
fn meant(request: &HttpRequest) -> Result<SubscriptionNumber, Error> {
    let number = request.match_info().get("webhook").and_then(mapping::webhook_number);
    number.ok_or(Error::WebhookNotFound)
}

/// A page in the order of ids, and where it lies in the whole list.
async fn page(
    services: &Services,
    subscriber: Subscriber,
    position: Position<SubscriptionNumber>,
) -> Result<(Window, Vec<Subscription>), Error> {
    let subscriptions = &services.subscriptions;
    match position {
        Position::Page(page) => {
            let before = page.saturating_mul(PAGE_SIZE);
            let part = PageRequest { offset: before, limit: Some(PAGE_SIZE) };
            let query = SubscriptionQuery { after: None, page: part };
            let found = subscriptions.page(subscriber, query).await?;
            let here = found.items.len() as u64;
            Ok((Window { page, before, here, total: found.total.value() }, found.items))
        }
        Position::After(number) => {
            let total = subscriptions.count(subscriber).await?;
            let query =
                SubscriptionQuery { after: Some(number), page: PageRequest::first(PAGE_SIZE) };
            let found = subscriptions.page(subscriber, query).await?;
            let before = total.saturating_sub(found.total.value());
            let here = found.items.len() as u64;
            Ok((Window { page: before / PAGE_SIZE, before, here, total }, found.items))
        }
    }
}

fn shown(
    services: &Services,
    caller: &Caller,
    subscription: &Subscription,
) -> Result<Webhook, Error> {
    let headers = services.subscriptions.headers(&subscription.terms)?;
    Ok(mapping::webhook(subscription, &headers, caller.merchant()))
}
