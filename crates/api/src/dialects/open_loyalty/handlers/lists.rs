//! Many customers: lists and checks (contract E04, E05 and E09).

use actix_web::HttpResponse;
use actix_web::web::Data;
use domain::access::Action;

use super::super::auth::{Caller, Store};
use super::super::errors::Error;
use super::super::mapping::{self, Showcase};
use super::super::openapi::{CheckParameters, Closed, ListParameters, Refusals};
use super::super::wire::customer::{CheckAnswer, CustomerList};
use super::super::wire::error::HttpErrorBody;
use super::super::wire::request::Incoming;
use crate::services::Services;

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
    responses((status = 200, description = "How many there are", body = CheckAnswer), Refusals)
)]
pub(crate) async fn check_customer(
    services: Data<Services>,
    store: Store,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    let parameters = incoming.parameters().await?;
    let total = match mapping::reachable_by(&parameters) {
        Some(criterion) => services.customers.count(store.merchant.id, &[criterion]).await?,
        None => 0,
    };
    Ok(HttpResponse::Ok().json(CheckAnswer { total }))
}
