//! Orders of customers (contract, section 4): clients ask for them; this service takes none.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::access::Action;

use super::{customers, paged};
use crate::dialects::kounta::auth::Caller;
use crate::dialects::kounta::errors::Error;
use crate::dialects::kounta::openapi::Failures;
use crate::dialects::kounta::wire::Order;
use crate::services::Services;

/// Lists the orders of a customer, who has none here.
#[utoipa::path(
    get,
    path = "/v1/companies/{company}/customers/{customer}/orders",
    tag = "Customers",
    params(
        ("company" = String, Path, description = "The company's id, or `me`"),
        ("customer" = i64, Path, description = "The customer's id"),
        ("start" = Option<i64>, Query, description = "Only those with a greater id"),
        ("X-Page" = Option<u64>, Header, description = "The page's number, from 0")
    ),
    responses(
        (status = 200, description = "No orders", body = [Order], headers(
            ("X-Pages" = u64, description = "How many pages there are"),
            ("X-Page" = u64, description = "The number of this page, from 0")
        )),
        Failures
    )
)]
pub(crate) async fn list(
    services: Data<Services>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let customer = customers::meant(&services, &caller, &request).await?;
    caller.ask(Action::ViewCustomer, Some(&customer))?;
    paged::short(&services, &request, Vec::<Order>::new(), |_| 0)
}
