//! The feed of everything that happened.

use std::time::Duration;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::delivery::{EventName, FeedFilter, FeedPage, FeedPosition};
use tokio::time::{Instant, sleep_until};

use super::input::Query;
use crate::ops::auth::Operator;
use crate::ops::errors::Error;
use crate::ops::mapping;
use crate::ops::openapi::WriteFailures;
use crate::ops::wire::EventList;
use crate::services::Services;

/// How many events a part has at most, and usually.
const MOST: u32 = 1_000;
const USUAL: u32 = 100;
/// The longest that a request may wait for an event, in seconds.
const LONGEST_WAIT: u32 = 30;
/// How often it is looked meanwhile.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Reads events in the order in which they were stored, without a gap, those of all merchants.
///
/// Reading goes on with `next` as `after`, also when there was nothing. With `wait` the answer comes as soon as there is
/// something. An event carries the record as it was then; of people who were forgotten, what is not personal.
#[utoipa::path(
    get,
    path = "/ops/v1/events",
    tag = "Events",
    params(
        ("after" = Option<String>, Query, description = "`next` of the part before; from the oldest if not given, or `end` for what comes from now on"),
        ("merchant" = Option<String>, Query, description = "Of this merchant only, by its id"),
        ("type" = Option<String>, Query, description = "Of these kinds only, separated by commas"),
        ("customer" = Option<String>, Query, description = "About this customer only, by its id"),
        ("limit" = Option<u32>, Query, description = "How many, 1 to 1000; 100 if not given"),
        ("wait" = Option<u32>, Query, description = "How many seconds to wait for something, 0 to 30")
    ),
    responses(
        (status = 200, description = "The events", body = EventList),
        (status = 410, description = "What came after the position is not kept any more", body = crate::ops::wire::Problem, content_type = "application/problem+json"),
        WriteFailures
    )
)]
pub(crate) async fn list(
    _: Operator,
    services: Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let query = Query::of(&request, &services.config.limits)?;
    let filter = filter(&query)?;
    let limit = query.number("limit", 1..=MOST, USUAL)?;
    let wait = query.number("wait", 0..=LONGEST_WAIT, 0)?;
    let after = match query.text("after")? {
        Some("end") => Some(services.deliveries.end_of_feed().await?),
        _ => query.parsed("after")?,
    };
    let until = Instant::now() + Duration::from_secs(wait.into());
    let page = awaited(&services, after, &filter, limit, until).await?;
    let events = page.events.iter().map(|told| mapping::event(&told.fact, told.position.place));
    Ok(HttpResponse::Ok().json(EventList {
        events: events.collect(),
        next: page.next.to_string(),
        has_more: page.has_more,
    }))
}

fn filter(query: &Query) -> Result<FeedFilter, Error> {
    let kinds = query.text("type")?.into_iter().flat_map(|names| names.split(','));
    let kinds = kinds.map(|name| EventName::named(name).ok_or(Error::Invalid("type")));
    Ok(FeedFilter {
        merchant: query.parsed("merchant")?,
        kinds: kinds.collect::<Result<_, _>>()?,
        customer: query.parsed("customer")?,
    })
}

/// The first part with an event in it; at `until` whatever there is.
async fn awaited(
    services: &Services,
    mut after: Option<FeedPosition>,
    filter: &FeedFilter,
    limit: u32,
    until: Instant,
) -> Result<FeedPage, Error> {
    loop {
        let page = services.deliveries.feed(after, filter, limit).await?;
        let now = Instant::now();
        if !page.events.is_empty() || now >= until {
            return Ok(page);
        }
        // What was looked at in vain is not looked at again.
        after = Some(page.next);
        if !page.has_more {
            sleep_until(until.min(now + LOOK_EVERY)).await;
        }
    }
}
