//! Customers: adding, reading, searching and changing them.

use actix_web::HttpResponse;
use actix_web::web::{Data, Query};
use domain::access::Action;

use super::answer;
use crate::dialects::kuna_core::auth::Private;
use crate::dialects::kuna_core::errors::Error;
use crate::dialects::kuna_core::mapping;
use crate::dialects::kuna_core::openapi::{Conflict, Failures, Forbidden, NotFound};
use crate::dialects::kuna_core::wire::{
    CreateRequest, Customer, DetailsRequest, Envelope, FindQuery, FindRequest, UpdateRequest,
};
use crate::services::Services;

/// Adds a customer, who gets a wallet (contract 2.2).
#[utoipa::path(
    post,
    path = "/v2/customer/create",
    tag = "customer",
    security(("bearer" = []), ("api_key" = [])),
    request_body = CreateRequest,
    responses((status = 201, body = Envelope<Customer>), Failures, Forbidden, Conflict)
)]
pub(crate) async fn create(
    services: Data<Services>,
    Private { caller, body }: Private<CreateRequest>,
) -> Result<HttpResponse, Error> {
    caller.check(Action::RegisterCustomer, None)?;
    let command = mapping::creation(body)?;
    let ladder = services.directory.ladder(caller.merchant()).await?;
    let customer = services.customers.create(&caller.origin(), &ladder, command).await?;
    Ok(answer(Customer::from(customer)))
}

/// One customer (contract 2.3).
#[utoipa::path(
    post,
    path = "/v2/customer/details",
    tag = "customer",
    security(("bearer" = []), ("api_key" = [])),
    request_body = DetailsRequest,
    responses((status = 201, body = Envelope<Customer>), Failures, Forbidden, NotFound)
)]
pub(crate) async fn details(
    services: Data<Services>,
    Private { caller, body }: Private<DetailsRequest>,
) -> Result<HttpResponse, Error> {
    let id = mapping::target(body)?;
    caller.check(Action::ViewCustomer, Some(id))?;
    let customer = services.customers.find(caller.merchant(), id).await?;
    Ok(answer(Customer::from(customer)))
}

/// The customers who meet every filter, newest first (contract 2.5).
#[utoipa::path(
    post,
    path = "/v2/customer/find",
    tag = "customer",
    security(("bearer" = []), ("api_key" = [])),
    params(
        ("take" = Option<u32>, Query, description = "Counts where the body has none."),
        ("skip" = Option<u64>, Query, description = "Counts where the body has none.")
    ),
    request_body = FindRequest,
    responses((status = 201, body = Envelope<Vec<Customer>>), Failures, Forbidden)
)]
pub(crate) async fn find(
    services: Data<Services>,
    Private { caller, body }: Private<FindRequest>,
    Query(query): Query<FindQuery>,
) -> Result<HttpResponse, Error> {
    caller.check(Action::ListCustomers, None)?;
    let found = match mapping::query(body, &query)? {
        Some(query) => services.customers.list(caller.merchant(), &query).await?,
        None => Vec::new(),
    };
    Ok(answer(found.into_iter().map(Customer::from).collect::<Vec<_>>()))
}

/// Changes the members that the body has, and no others (contract 2.4).
#[utoipa::path(
    post,
    path = "/v2/customer/update",
    tag = "customer",
    security(("bearer" = []), ("api_key" = [])),
    request_body = UpdateRequest,
    responses((status = 201, body = Envelope<Customer>), Failures, Forbidden, NotFound, Conflict)
)]
pub(crate) async fn update(
    services: Data<Services>,
    Private { caller, body }: Private<UpdateRequest>,
) -> Result<HttpResponse, Error> {
    let (id, command) = mapping::change(body)?;
    caller.check(Action::EditCustomer, Some(id))?;
    let ladder = services.directory.ladder(caller.merchant()).await?;
    let customer = services.customers.update(&caller.origin(), &ladder, id, command).await?;
    Ok(answer(Customer::from(customer)))
}
