//! Saved payment methods (MO 2.9).

use domain::payment_method::{CardToken, PaymentMethod};
use time::Date;
use uuid::Uuid;

use crate::dialects::monri::wire::{PaymentMethodBody, PaymentMethodsBody, Status};
use crate::http::zone::format_utc_milliseconds;

/// A saved payment method as the contract shows it (MO 2.9). Its day ends with the day of universal time, as all times of
/// the contract do.
pub(in super::super) fn payment_method<'a>(
    method: &PaymentMethod,
    token: &'a CardToken,
    today: Date,
) -> PaymentMethodBody<'a> {
    PaymentMethodBody {
        status: Status::Approved,
        id: Uuid::from(method.id).simple().to_string(),
        masked_pan: method.number.to_string(),
        expiration_date: method.expiry.last_day().to_string(),
        keep_until: method.keep_until.map(format_utc_milliseconds),
        created_at: format_utc_milliseconds(method.created_at),
        updated_at: format_utc_milliseconds(method.updated_at),
        customer_uuid: method.customer.to_string(),
        token: token.expose(),
        expired: method.expiry.is_over_on(today),
    }
}

/// A list of payment methods.
pub(in super::super) fn payment_methods(
    data: Vec<PaymentMethodBody<'_>>,
) -> PaymentMethodsBody<'_> {
    PaymentMethodsBody { status: Status::Approved, data }
}
