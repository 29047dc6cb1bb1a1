//! Registering oneself, and codes that come back (contract 4.1, E06, E07, E13 and E26 to E28).

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use domain::access::{Action, Actor};
use domain::code::{CodeError, Guess, Pace, is_code};
use domain::customer::Customer;

use super::super::auth::{Caller, Client, Store};
use super::super::errors::Error;
use super::super::mapping::{self, Form, Programme, Targets};
use super::super::openapi::{Closed, PhoneForm, Refusals, SelfRegistrationForm, TooMany};
use super::super::wire::customer::RegisteredCustomer;
use super::super::wire::error::{FormErrorBody, HttpErrorBody};
use super::super::wire::request::{CustomerPath, Incoming, TokenPath};
use super::customers::target;
use crate::http::form::FormValue;
use crate::services::Services;

/// Registers whoever asks, with a password of his choice; where activation is required, a message says how.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/customer/self_register",
    tag = "Self service",
    params(("storeCode" = String, Path, description = "Code of the store")),
    request_body(content(
        (SelfRegistrationForm = "application/x-www-form-urlencoded"),
        (SelfRegistrationForm = "application/json")
    )),
    responses(
        (status = 200, description = "Registered", body = RegisteredCustomer),
        (status = 400, description = "Fields are wrong", body = FormErrorBody),
        Refusals,
        TooMany,
    )
)]
pub(crate) async fn self_register(
    services: Data<Services>,
    store: Store,
    Client(address): Client,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    let fields = incoming.fields().await?;
    let (merchant, form) = (&store.merchant, Form::self_registration());
    let ladder = services.directory.ladder(merchant.id).await?;
    let programme = Programme::new(merchant, &ladder, Targets::default());
    let root = fields.get("customer");
    let (mut command, password) =
        mapping::self_registration(&form, root, &programme, services.accounts.strength())?;
    command.invitation = mapping::invitation_token(root)
        .map(|token| services.invitations.claim(&merchant.settings, token));
    let origin = store.anonymous_origin();
    let customer = services
        .codes
        .register_oneself(&origin, merchant, &ladder, command, password, address)
        .await
        .map_err(|error| mapping::refused_code(error, &form))?;
    Ok(HttpResponse::Ok().json(registered(customer)))
}

/// The answer to a registration.
pub(super) fn registered(customer: Customer) -> RegisteredCustomer {
    RegisteredCustomer {
        customer_id: customer.id.into(),
        email: customer.email.and_then(|email| email.key()),
    }
}

/// Activates the new customer who was sent this code.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/customer/activate-sms/{token}",
    tag = "Self service",
    params(
        ("storeCode" = String, Path, description = "Code of the store"),
        ("token" = String, Path, description = "The code: six digits"),
    ),
    responses((status = 204, description = "Activated"), Refusals, TooMany)
)]
pub(crate) async fn activate_by_code(
    services: Data<Services>,
    store: Store,
    Client(address): Client,
    path: Path<TokenPath>,
) -> Result<HttpResponse, Error> {
    // What cannot be a code is no guess.
    if !is_code(&path.token) {
        return Err(Error::NotFound);
    }
    let guess = Guess { merchant: store.merchant.id, address };
    admitted(&services, guess).await?;
    let origin = store.anonymous_origin();
    let activated = services.codes.activate_by_code(&origin, guess, &path.token).await?;
    services.directory.forget(Actor::Customer(activated));
    Ok(HttpResponse::NoContent().finish())
}

/// Activates the new customer who was sent this link.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/customer/activate/{token}",
    tag = "Self service",
    params(
        ("storeCode" = String, Path, description = "Code of the store"),
        ("token" = String, Path, description = "The link's last part: twenty hexadecimal digits"),
    ),
    responses((status = 200, description = "Active, now or before"), Refusals)
)]
pub(crate) async fn activate_by_link(
    services: Data<Services>,
    store: Store,
    path: Path<TokenPath>,
) -> Result<HttpResponse, Error> {
    let origin = store.anonymous_origin();
    let activated = services.codes.activate_by_link(&origin, &path.token).await?;
    services.directory.forget(Actor::Customer(activated));
    Ok(HttpResponse::Ok().finish())
}

/// Sends a new customer another code; for any other customer nothing happens.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/admin/customer/{customer}/send-sms-code",
    tag = "Customers",
    params(
        ("storeCode" = String, Path, description = "Code of the store"),
        ("customer" = String, Path, description = "Id or loyalty card number"),
    ),
    responses(
        (status = 200, description = "Sent, or not needed"),
        (status = 400, description = "The customer has no phone"),
        Refusals,
        Closed,
        TooMany,
    ),
    security(("bearer" = []))
)]
pub(crate) async fn send_code(
    services: Data<Services>,
    caller: Caller,
    path: Path<CustomerPath>,
) -> Result<HttpResponse, Error> {
    let customer = target(&services, &caller, &path, Action::ActivateCustomer).await?;
    services.codes.send_activation_code(caller.merchant(), &customer).await?;
    Ok(HttpResponse::Ok().finish())
}

/// Sends the new customer with a phone number another code. What stands against it is not told.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/customer/customer-phone/send-sms-code",
    tag = "Self service",
    params(("storeCode" = String, Path, description = "Code of the store")),
    request_body(content(
        (PhoneForm = "application/x-www-form-urlencoded"),
        (PhoneForm = "application/json")
    )),
    responses(
        (status = 200, description = "Sent"),
        (status = 400, description = "Not sent"),
        Refusals,
        TooMany,
    )
)]
pub(crate) async fn resend_code(
    services: Data<Services>,
    store: Store,
    Client(address): Client,
    caller: Result<Caller, Error>,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    let fields = incoming.fields().await?;
    let phone = match fields.get("phone") {
        Some(FormValue::Text(phone)) if !phone.trim().is_empty() => Some(phone.trim().to_owned()),
        Some(FormValue::Number(phone)) => Some(phone.to_string()),
        _ => own_phone(&services, caller.ok()).await?,
    };
    let phone = phone.filter(|phone| !phone.contains('\0')).ok_or(Error::Silent)?;
    let sent = services.codes.resend_activation_code(&store.merchant, &phone, address).await;
    match sent {
        Err(CodeError::Unknown) => Err(Error::Silent),
        outcome => Ok(outcome.map(|()| HttpResponse::Ok().finish())?),
    }
}

/// The phone number of the customer who is asking.
async fn own_phone(services: &Services, caller: Option<Caller>) -> Result<Option<String>, Error> {
    let Some(caller) = caller else { return Ok(None) };
    let Actor::Customer(id) = caller.actor() else { return Ok(None) };
    let customer = services.customers.find(caller.merchant().id, id).await?;
    Ok(customer.phone.map(|phone| phone.as_str().to_owned()))
}

/// Sets the phone number that a code proves.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/customer/confirm-change/{token}",
    tag = "Customers",
    params(
        ("storeCode" = String, Path, description = "Code of the store"),
        ("token" = String, Path, description = "The code: six digits"),
    ),
    responses(
        (status = 204, description = "Confirmed"),
        (status = 400, description = "Somebody else has the number by now", body = FormErrorBody),
        (status = 404, description = "No such code of the caller", body = HttpErrorBody),
        Refusals,
        Closed,
    ),
    security(("bearer" = []))
)]
pub(crate) async fn confirm_change(
    services: Data<Services>,
    caller: Caller,
    path: Path<TokenPath>,
) -> Result<HttpResponse, Error> {
    let himself = match caller.actor() {
        Actor::Customer(id) => Some(id),
        _ => None,
    };
    caller.must(Action::ConfirmChange, himself)?;
    let ladder = services.directory.ladder(caller.merchant().id).await?;
    services
        .codes
        .confirm_phone(&caller.origin(), &ladder, &path.token)
        .await
        .map_err(|error| mapping::refused_code(error, &Form::edit(caller.actor())))?;
    Ok(HttpResponse::NoContent().finish())
}

/// Waits until a guess may be looked at. What nobody may look at any more is answered like a wrong guess.
pub(super) async fn admitted(services: &Services, guess: Guess) -> Result<(), Error> {
    match services.codes.admit(guess).await? {
        Pace::Now => Ok(()),
        Pace::Never => Err(Error::NotFound),
        Pace::Wait(time) => {
            tracing::warn!(store = %guess.merchant, "many wrong codes: guesses at this store take turns");
            actix_web::rt::time::sleep(time.unsigned_abs()).await;
            Ok(())
        }
        Pace::Busy(time) => {
            tracing::warn!(store = %guess.merchant, "many wrong codes: guesses at this store are turned away");
            Err(Error::TooMany(time))
        }
    }
}
