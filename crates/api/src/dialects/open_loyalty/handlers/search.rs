//! Finding customers at a till (contract E33).

use actix_web::HttpResponse;
use actix_web::web::Data;
use domain::access::Action;

use super::super::auth::Caller;
use super::super::errors::Error;
use super::super::mapping::{self, Showcase};
use super::super::openapi::{Closed, Refusals, SearchForm};
use super::super::wire::customer::FoundCustomers;
use super::super::wire::error::FormErrorBody;
use super::super::wire::request::Incoming;
use crate::services::Services;

/// Finds the customers of whom every given part is a part.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/pos/search/customer",
    tag = "Customers",
    params(
        ("storeCode" = String, Path, description = "Code of the store"),
        ("_locale" = Option<String>, Query, description = "Language of the level's name"),
    ),
    request_body(content(
        (SearchForm = "application/x-www-form-urlencoded"),
        (SearchForm = "application/json")
    )),
    responses(
        (status = 200, description = "Everybody who fits", body = FoundCustomers),
        (status = 400, description = "Nothing to search for, or too many fit", body = FormErrorBody),
        Refusals,
        Closed,
    ),
    security(("bearer" = []))
)]
pub(crate) async fn search_customers(
    services: Data<Services>,
    caller: Caller,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::SearchCustomers, None)?;
    let parameters = incoming.query()?;
    let fields = incoming.fields().await?;
    let criteria = mapping::search(fields.get("search"))?;
    let merchant = caller.merchant();
    let found = services.customers.search(merchant.id, &criteria).await?;
    let ladder = services.directory.ladder(merchant.id).await?;
    let shops = mapping::shops_of(&found);
    let shops = services.points_of_sale.find_many(merchant.id, &shops).await?;
    let showcase = Showcase::new(merchant, &ladder, &shops, &parameters);
    let customers = found.iter().map(|customer| mapping::list_item(customer, &showcase)).collect();
    Ok(HttpResponse::Ok().json(FoundCustomers { customers }))
}
