//! Saved payment methods (MO 2.9 and 2.10). Gateways attach them; this contract only lists them.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use domain::customer::{CustomerError, Lookup};
use domain::id::{CustomerId, MerchantId};
use domain::payment_method::PaymentMethod;

use super::super::auth::Authenticated;
use super::super::errors::Error;
use super::super::mapping;
use super::super::wire::{ErrorBody, PaymentMethodsBody};
use crate::services::Services;

/// Lists the payment methods of a customer, the youngest first.
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
    let page = mapping::page(request.query_string())?;
    let (merchant, customer) =
        (caller.merchant(), find(&services, caller.merchant(), customer).await?);
    let methods = services.payment_methods.list_of_customer(merchant, customer, page).await?;
    answer(&services, &methods)
}

/// Lists the payment methods of all customers, the youngest first.
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
    services: Data<Services>,
    Authenticated { caller, .. }: Authenticated,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    caller.check_payment_methods(None)?;
    let page = mapping::page(request.query_string())?;
    let methods = services.payment_methods.list(caller.merchant(), page).await?;
    answer(&services, &methods)
}

/// Clients of the vendor name the customer by either id here, and only here (MO 2.9).
async fn find(
    services: &Services,
    merchant: MerchantId,
    customer: String,
) -> Result<CustomerId, Error> {
    if let Ok(id) = mapping::customer_id(&customer) {
        match services.customers.find_even_deleted(merchant, id).await {
            Ok(found) => return Ok(found.id),
            Err(CustomerError::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let lookup = Lookup::MerchantCustomerId(mapping::merchant_customer_id(customer)?);
    Ok(services.customers.look_up(merchant, &lookup).await?.id)
}

fn answer(services: &Services, methods: &[PaymentMethod]) -> Result<HttpResponse, Error> {
    let tokens = methods.iter().map(|method| services.payment_methods.token(method));
    let tokens = tokens.collect::<Result<Vec<_>, _>>()?;
    let today = services.ports.clock.now().date();
    let shown = methods.iter().zip(&tokens);
    let shown = shown.map(|(method, token)| mapping::payment_method(method, token, today));
    Ok(mapping::approved(&mapping::payment_methods(shown.collect())))
}
