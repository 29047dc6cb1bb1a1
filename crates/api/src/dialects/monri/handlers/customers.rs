//! Customers (MO 2.3 to 2.8).

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use domain::access::Action;
use domain::customer::{CustomerError, Deletion, Lookup};

use super::super::auth::Authenticated;
use super::super::errors::Error;
use super::super::mapping;
use super::super::wire::{CustomerBody, CustomerRequest, CustomersBody, DeletedBody, ErrorBody};
use crate::services::Services;

/// Adds a customer.
#[utoipa::path(
    post,
    path = "/v2/customers",
    operation_id = "createCustomer",
    tag = "customers",
    request_body = CustomerRequest,
    responses(
        (status = 200, description = "The new customer", body = CustomerBody),
        (status = 400, description = "Unacceptable members, or a merchant's id that is taken", body = ErrorBody),
        (status = 401, description = "No usable credentials", body = ErrorBody),
        (status = 408, description = "The body came too slowly", body = ErrorBody),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 415, description = "The body has a content coding", body = ErrorBody),
        (status = 500, description = "A fault of the service", body = ErrorBody),
        (status = 503, description = "The service is unavailable", body = ErrorBody),
    ),
)]
pub(in super::super) async fn create(
    services: Data<Services>,
    Authenticated { caller, body }: Authenticated,
) -> Result<HttpResponse, Error> {
    caller.check(Action::RegisterCustomer, None)?;
    let request: CustomerRequest = body.object(&services.config.limits)?;
    let command = mapping::create(request)?;
    let ladder = services.directory.ladder(caller.merchant()).await?;
    let customer = services.customers.create(&caller.origin(), &ladder, command).await?;
    Ok(mapping::approved(&mapping::customer(&customer)))
}

/// Shows a customer, deleted ones included.
#[utoipa::path(
    get,
    path = "/v2/customers/{uuid}",
    operation_id = "retrieveCustomer",
    tag = "customers",
    params(("uuid" = String, Path, description = "The customer")),
    responses(
        (status = 200, description = "The customer", body = CustomerBody),
        (status = 401, description = "No usable credentials", body = ErrorBody),
        (status = 404, description = "No such customer", body = ErrorBody),
        (status = 500, description = "A fault of the service", body = ErrorBody),
        (status = 503, description = "The service is unavailable", body = ErrorBody),
    ),
)]
pub(in super::super) async fn show(
    services: Data<Services>,
    Authenticated { caller, .. }: Authenticated,
    uuid: Path<String>,
) -> Result<HttpResponse, Error> {
    let id = mapping::customer_id(&uuid)?;
    caller.check(Action::ViewCustomer, Some(id))?;
    let customer = services.customers.find_even_deleted(caller.merchant(), id).await?;
    Ok(mapping::approved(&mapping::customer(&customer)))
}

/// Shows the customer with a merchant's own id.
#[utoipa::path(
    get,
    path = "/v2/merchants/customers/{merchant_customer_id}",
    operation_id = "retrieveCustomerByMerchantId",
    tag = "customers",
    params(("merchant_customer_id" = String, Path, description = "The merchant's own id, percent-encoded")),
    responses(
        (status = 200, description = "The customer", body = CustomerBody),
        (status = 401, description = "No usable credentials", body = ErrorBody),
        (status = 404, description = "No such customer, or a deleted one", body = ErrorBody),
        (status = 500, description = "A fault of the service", body = ErrorBody),
        (status = 503, description = "The service is unavailable", body = ErrorBody),
    ),
)]
pub(in super::super) async fn show_by_merchant_id(
    services: Data<Services>,
    Authenticated { caller, .. }: Authenticated,
    id: Path<String>,
) -> Result<HttpResponse, Error> {
    caller.check(Action::ViewCustomer, None)?;
    let lookup = Lookup::MerchantCustomerId(mapping::merchant_customer_id(id.into_inner())?);
    let customer = services.customers.look_up(caller.merchant(), &lookup).await?;
    Ok(mapping::approved(&mapping::customer(&customer)))
}

/// Changes a customer.
#[utoipa::path(
    post,
    path = "/v2/customers/{uuid}",
    operation_id = "updateCustomer",
    tag = "customers",
    params(("uuid" = String, Path, description = "The customer")),
    request_body = CustomerRequest,
    responses(
        (status = 200, description = "The changed customer", body = CustomerBody),
        (status = 400, description = "Unacceptable members, or a merchant's id that is taken", body = ErrorBody),
        (status = 401, description = "No usable credentials", body = ErrorBody),
        (status = 404, description = "No such customer, or a deleted one", body = ErrorBody),
        (status = 408, description = "The body came too slowly", body = ErrorBody),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 415, description = "The body has a content coding", body = ErrorBody),
        (status = 500, description = "A fault of the service", body = ErrorBody),
        (status = 503, description = "The service is unavailable", body = ErrorBody),
    ),
)]
pub(in super::super) async fn update(
    services: Data<Services>,
    Authenticated { caller, body }: Authenticated,
    uuid: Path<String>,
) -> Result<HttpResponse, Error> {
    let id = mapping::customer_id(&uuid)?;
    caller.check(Action::EditCustomer, Some(id))?;
    let request: CustomerRequest = body.object(&services.config.limits)?;
    let command = mapping::update(request)?;
    let ladder = services.directory.ladder(caller.merchant()).await?;
    let customer = services.customers.update(&caller.origin(), &ladder, id, command).await?;
    Ok(mapping::approved(&mapping::customer(&customer)))
}

/// Deletes a customer softly; once more changes nothing.
#[utoipa::path(
    delete,
    path = "/v2/customers/{uuid}",
    operation_id = "deleteCustomer",
    tag = "customers",
    params(("uuid" = String, Path, description = "The customer")),
    responses(
        (status = 200, description = "The customer is deleted", body = DeletedBody),
        (status = 401, description = "No usable credentials", body = ErrorBody),
        (status = 404, description = "No such customer", body = ErrorBody),
        (status = 500, description = "A fault of the service", body = ErrorBody),
        (status = 503, description = "The service is unavailable", body = ErrorBody),
    ),
)]
pub(in super::super) async fn delete(
    services: Data<Services>,
    Authenticated { caller, .. }: Authenticated,
    uuid: Path<String>,
) -> Result<HttpResponse, Error> {
    let id = mapping::customer_id(&uuid)?;
    caller.check(Action::DeleteCustomer, Some(id))?;
    match services.customers.delete(&caller.origin(), id, Deletion::Soft).await {
        Ok(_) => {}
        // A record that is there all the same was deleted before.
        Err(CustomerError::NotFound) => {
            services.customers.find_even_deleted(caller.merchant(), id).await?;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(mapping::approved(&mapping::deleted(id)))
}

/// Lists customers, the youngest first, without deleted ones.
#[utoipa::path(
    get,
    path = "/v2/customers",
    operation_id = "listCustomers",
    tag = "customers",
    params(
        ("limit" = Option<u64>, Query, description = "At most so many", minimum = 0, maximum = 1000),
        ("offset" = Option<u64>, Query, description = "Without the first so many", minimum = 0),
    ),
    responses(
        (status = 200, description = "Customers", body = CustomersBody),
        (status = 400, description = "Unacceptable parameters", body = ErrorBody),
        (status = 401, description = "No usable credentials", body = ErrorBody),
        (status = 500, description = "A fault of the service", body = ErrorBody),
        (status = 503, description = "The service is unavailable", body = ErrorBody),
    ),
)]
pub(in super::super) async fn list(
    services: Data<Services>,
    Authenticated { caller, .. }: Authenticated,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    caller.check(Action::ListCustomers, None)?;
    let query = mapping::youngest_first(mapping::page(request.query_string())?);
    let customers = services.customers.list(caller.merchant(), &query).await?;
    Ok(mapping::approved(&mapping::customers(&customers)))
}
