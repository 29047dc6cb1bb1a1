//! Figures of a programme's people (contract 4.9).

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::Data;
use domain::access::Action;
use time::Duration;

use super::super::auth::Caller;
use super::super::errors::Error;
use super::super::mapping;
use super::super::openapi::{Closed, Refusals};
use super::super::wire::analytics::{CustomerFigures, ReferralFigures};
use super::super::wire::error::HttpErrorBody;
use super::super::wire::request::Incoming;
use crate::services::Services;

/// Counts customers, and those of the last days if asked.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/admin/analytics/customers",
    tag = "Analytics",
    params(
        ("storeCode" = String, Path, description = "Code of the store"),
        ("intervals" = Option<String>, Query, description = "Numbers of days, joined by commas"),
    ),
    responses(
        (status = 200, description = "How many there are", body = CustomerFigures),
        (status = 400, description = "No numbers of days, or too many", body = HttpErrorBody),
        Refusals,
        Closed,
    ),
    security(("bearer" = []))
)]
pub(crate) async fn show_customer_figures(
    services: Data<Services>,
    caller: Caller,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::ViewAnalytics, None)?;
    let days = mapping::intervals(&incoming.parameters().await?)?;
    let (merchant, now) = (caller.merchant().id, services.ports.clock.now());
    let total = services.customers.count(merchant, &[]).await?;
    let mut intervals = BTreeMap::new();
    for number in &days {
        // The later bound is not counted itself.
        let bounds = [now - Duration::days((*number).into()), now + Duration::MICROSECOND];
        let came = services.customers.count_created(merchant, &bounds).await?;
        intervals.insert(format!("in_{number}_days"), came.iter().sum());
    }
    let intervals = (!days.is_empty()).then_some(intervals);
    Ok(HttpResponse::Ok().json(CustomerFigures { total, intervals }))
}

/// Counts invitations, and how far they came.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/admin/analytics/referrals",
    tag = "Analytics",
    params(("storeCode" = String, Path, description = "Code of the store")),
    responses(
        (status = 200, description = "How many there are", body = ReferralFigures),
        Refusals,
        Closed,
    ),
    security(("bearer" = []))
)]
pub(crate) async fn show_referral_figures(
    services: Data<Services>,
    caller: Caller,
) -> Result<HttpResponse, Error> {
    caller.must(Action::ViewAnalytics, None)?;
    let totals = services.invitations.totals(caller.merchant().id).await?;
    Ok(HttpResponse::Ok().json(ReferralFigures {
        total: totals.all,
        total_completed: totals.completed,
        total_registered: totals.registered,
    }))
}
