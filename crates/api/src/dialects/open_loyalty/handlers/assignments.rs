//! Where customers belong (contract E19 and E29).

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use domain::access::Action;

use super::super::auth::Caller;
use super::super::errors::Error;
use super::super::mapping;
use super::super::openapi::{Closed, PosAssignmentForm, Refusals};
use super::super::wire::error::NamedErrorBody;
use super::super::wire::request::{CustomerPath, Incoming};
use super::customers::target;
use crate::services::Services;

/// Assigns a customer to a point of sale, known or not. Two routes lead here.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/customer/{customer}/pos",
    tag = "Customers",
    params(
        ("storeCode" = String, Path, description = "Code of the store"),
        ("customer" = String, Path, description = "Id or loyalty card number"),
    ),
    request_body(content(
        (PosAssignmentForm = "application/x-www-form-urlencoded"),
        (PosAssignmentForm = "application/json")
    )),
    responses(
        (status = 200, description = "Assigned; an empty list", body = Vec<Object>),
        (status = 400, description = "No id of a point of sale", body = NamedErrorBody),
        Refusals,
        Closed,
    ),
    security(("bearer" = []))
)]
pub(crate) async fn assign_pos(
    services: Data<Services>,
    caller: Caller,
    path: Path<CustomerPath>,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    let customer = target(&services, &caller, &path, Action::AssignPointOfSale).await?;
    let pos = mapping::named_id(&incoming.fields().await?, "posId")?;
    services.customers.assign_point_of_sale(&caller.origin(), customer.id, pos).await?;
    Ok(HttpResponse::Ok().json([(); 0]))
}
