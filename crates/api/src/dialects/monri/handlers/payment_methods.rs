//! Saved payment methods (MO 2.9 and 2.10). Methods are attached by payments, which this service does not take, so
//! every list is empty; who may ask and for whom is checked all the same.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use domain::customer::{CustomerError, Lookup};
use domain::id::MerchantId;

use super::super::auth::Authenticated;
use super::super::errors::Error;
use super::super::mapping;
use super::super::wire::{ErrorBody, PaymentMethodsBody};
use crate::services::Services;

/// Lists the payment methods of a customer.
#[utoipa::path(
    get,
    path = "/v2/customers/{uuid}/payment-methods",
    operation_id = "listPaymentMethodsOfCustomer",
    tag = "payment methods",
    params(
        ("uuid" = String, Path, description = "The customer, or the merchant's own id of one"),
        ("limit" = Option<u64>, Query, description = "At most so many", minimum = 0, maximum = 1000),
        ("offset" = Option<u64>, Query, description = "Without the first so many", minimum = 0),
    ),
    responses(
        (status = 200, description = "Payment methods", body = PaymentMethodsBody),
        (status = 400, description = "Unacceptable parameters", body = ErrorBody),
        (status = 401, description = "No usable credentials", body = ErrorBody),
        (status = 404, description = "No such customer", body = ErrorBody),
        (status = 500, description = "A fault of the service", body = ErrorBody),
        (status = 503, description = "The service is unavailable", body = ErrorBody),
    ),
)]
pub(in super::super) async fn list_of_customer(
    services: Data<Services>,
    Authenticated { caller, .. }: Authenticated,
    customer: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let customer = customer.into_inner();
    caller.check_payment_methods(customer.parse().ok())?;
    mapping::page(request.query_string())?;
    find(&services, caller.merchant(), customer).await?;
    Ok(mapping::approved(&mapping::no_payment_methods()))
}

/// Lists the payment methods of all customers.
#[utoipa::path(
    get,
    path = "/v2/payment-methods",
    operation_id = "listPaymentMethods",
    tag = "payment methods",
    params(
        ("limit" = Option<u64>, Query, description = "At most so many", minimum = 0, maximum = 1000),
        ("offset" = Option<u64>, Query, description = "Without the first so many", minimum = 0),
    ),
    responses(
        (status = 200, description = "Payment methods", body = PaymentMethodsBody),
        (status = 400, description = "Unacceptable parameters", body = ErrorBody),
        (status = 401, description = "No usable credentials", body = ErrorBody),
        (status = 500, description = "A fault of the service", body = ErrorBody),
        (status = 503, description = "The service is unavailable", body = ErrorBody),
    ),
)]
pub(in super::super) async fn list(
    Authenticated { caller, .. }: Authenticated,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    caller.check_payment_methods(None)?;
    mapping::page(request.query_string())?;
    Ok(mapping::approved(&mapping::no_payment_methods()))
}

/// Clients of the vendor name the customer by either id here, and only here (MO 2.9).
async fn find(services: &Services, merchant: MerchantId, customer: String) -> Result<(), Error> {
    if let Ok(id) = mapping::customer_id(&customer) {
        match services.customers.find_even_deleted(merchant, id).await {
            Ok(_) => return Ok(()),
            Err(CustomerError::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let lookup = Lookup::MerchantCustomerId(mapping::merchant_customer_id(customer)?);
    services.customers.look_up(merchant, &lookup).await?;
    Ok(())
}
