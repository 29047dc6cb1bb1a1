//! Many customers: lists and checks (contract E04, E05 and E09).

use std::num::NonZeroU32;

use actix_web::HttpResponse;
use actix_web::web::Data;
use domain::access::Action;
use time::Duration;

use super::super::auth::{Caller, Enquirer, Store};
use super::super::errors::Error;
use super::super::mapping::{self, Showcase};
use super::super::openapi::{CheckParameters, Closed, ListParameters, Refusals, TooMany};
use super::super::wire::customer::{CheckAnswer, CustomerList};
use super::super::wire::error::HttpErrorBody;
use super::super::wire::request::Incoming;
use crate::services::Services;

/// How many addresses and numbers one caller may ask about: enough for a till, too few to find out who is a customer.
const CHECKS_PER_MINUTE: NonZeroU32 = NonZeroU32::new(30).unwrap();

/// Lists customers.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/customer",
    tag = "Customers",
    params(("storeCode" = String, Path, description = "Code of the store"), ListParameters),
    responses(
        (status = 200, description = "One part of the list, and the size of the whole", body = CustomerList),
        (status = 400, description = "A filter makes no sense", body = HttpErrorBody),
        Refusals,
        Closed,
    ),
    security(("bearer" = []))
)]
pub(crate) async fn list_customers(
    services: Data<Services>,
    caller: Caller,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::ListCustomers, None)?;
    let parameters = incoming.parameters().await?;
    let query = mapping::list_query(&parameters, services.ports.clock.now())?;
    let merchant = caller.merchant();
    let page = services.customers.page(merchant.id, &query).await?;
    let ladder = services.directory.ladder(merchant.id).await?;
    let shops = mapping::shops_of(&page.items);
    let shops = services.points_of_sale.find_many(merchant.id, &shops).await?;
    let showcase = Showcase::new(merchant, &ladder, &shops, &parameters);
    let items = page.items.iter().map(|customer| mapping::list_item(customer, &showcase));
    Ok(HttpResponse::Ok()
        .json(CustomerList { customers: items.collect(), total: page.total.value() }))
}

/// Counts the customers who are reached by exactly this e-mail address or phone number.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/customer/check",
    tag = "Customers",
    params(("storeCode" = String, Path, description = "Code of the store"), CheckParameters),
    responses((status = 200, description = "How many there are", body = CheckAnswer), Refusals, TooMany)
)]
pub(crate) async fn check_customer(
    services: Data<Services>,
    store: Store,
    Enquirer(visitor): Enquirer,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    let parameters = incoming.parameters().await?;
    let Some(criterion) = mapping::reachable_by(&parameters) else {
        return Ok(HttpResponse::Ok().json(CheckAnswer { total: 0 }));
    };
    let now = services.ports.clock.now();
    let allowance = services.directory.count_enquiry(visitor, CHECKS_PER_MINUTE, now);
    if !allowance.allowed {
        return Err(Error::TooMany(Duration::seconds(allowance.retry_after)));
    }
    let total = services.customers.count(store.merchant.id, &[criterion]).await?;
    Ok(HttpResponse::Ok().json(CheckAnswer { total }))
}
