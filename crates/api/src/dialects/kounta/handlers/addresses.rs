//! Addresses in their older shape (contract, section 4). They are read only: a customer's are written with the customer.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::access::Action;

use super::{customers, paged};
use crate::dialects::kounta::auth::Caller;
use crate::dialects::kounta::errors::Error;
use crate::dialects::kounta::mapping;
use crate::dialects::kounta::openapi::Failures;
use crate::dialects::kounta::wire::LineAddress;
use crate::services::Services;

/// Lists the company's addresses.
#[utoipa::path(
    get,
    path = "/v1/companies/{company}/addresses",
    tag = "Companies",
    params(
        ("company" = String, Path, description = "The company's id, or `me`"),
        ("start" = Option<i64>, Query, description = "Only those with a greater id"),
        ("X-Page" = Option<u64>, Header, description = "The page's number, from 0")
    ),
    responses(
        (status = 200, description = "The addresses", body = [LineAddress], headers(
            ("X-Pages" = u64, description = "How many pages there are"),
            ("X-Page" = u64, description = "The number of this page, from 0")
        )),
        Failures
    )
)]
pub(crate) async fn list_of_company(
    services: Data<Services>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    caller.ask(Action::ViewMerchant, None)?;
    let addresses = mapping::company_addresses(caller.merchant());
    paged::short(&services, &request, addresses, |address| address.id)
}

/// Lists the addresses of a customer: the primary one, then the shipping one.
#[utoipa::path(
    get,
    path = "/v1/companies/{company}/customers/{customer}/addresses",
    tag = "Customers",
    params(
        ("company" = String, Path, description = "The company's id, or `me`"),
        ("customer" = i64, Path, description = "The customer's id"),
        ("start" = Option<i64>, Query, description = "Only those with a greater id"),
        ("X-Page" = Option<u64>, Header, description = "The page's number, from 0")
    ),
    responses(
        (status = 200, description = "At most two addresses", body = [LineAddress], headers(
            ("X-Pages" = u64, description = "How many pages there are"),
            ("X-Page" = u64, description = "The number of this page, from 0")
        )),
        Failures
    )
)]
pub(crate) async fn list_of_customer(
    services: Data<Services>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let customer = customers::meant(&services, &caller, &request).await?;
    caller.ask(Action::ViewCustomer, Some(&customer))?;
    let addresses = mapping::customer_addresses(&customer);
    paged::short(&services, &request, addresses, |address| address.id)
}

/// Shows one address of a customer.
#[utoipa::path(
    get,
    path = "/v1/companies/{company}/customers/{customer}/addresses/{address}",
    tag = "Customers",
    params(
        ("company" = String, Path, description = "The company's id, or `me`"),
        ("customer" = i64, Path, description = "The customer's id"),
        ("address" = i64, Path, description = "The address's id")
    ),
    responses(
        (status = 200, description = "The address", body = LineAddress),
        Failures
    )
)]
pub(crate) async fn show(
    services: Data<Services>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let customer = customers::meant(&services, &caller, &request).await?;
    caller.ask(Action::ViewCustomer, Some(&customer))?;
    let asked = request.match_info().get("address").and_then(mapping::number);
    let mut addresses = mapping::customer_addresses(&customer).into_iter();
    let found = addresses.find(|address| u64::try_from(address.id).ok() == asked);
    Ok(HttpResponse::Ok().json(found.ok_or(Error::AddressNotFound)?))
}
