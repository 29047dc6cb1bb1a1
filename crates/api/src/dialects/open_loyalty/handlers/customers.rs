//! One customer: reading, changing, removing (contract E11, E12 and E36).

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use domain::access::{Action, Actor};
use domain::audit::View;
use domain::customer::{Customer, Deletion, Lookup, LoyaltyCard};
use domain::id::{CustomerId, ViewId};

use super::super::auth::Caller;
use super::super::errors::Error;
use super::super::mapping::{self, Form, Programme, Showcase, Targets};
use super::super::openapi::{Closed, EditForm, Refusals};
use super::super::wire::customer::{ChangedCustomer, CustomerBody};
use super::super::wire::error::FormErrorBody;
use super::super::wire::request::{CustomerPath, Incoming};
use super::registrations::existing;
use crate::services::Services;

/// Shows a customer.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/customer/{customer}",
    tag = "Customers",
    params(
        ("storeCode" = String, Path, description = "Code of the store"),
        ("customer" = String, Path, description = "Id or loyalty card number"),
        ("_locale" = Option<String>, Query, description = "Language of the level's name"),
    ),
    responses((status = 200, description = "The customer", body = CustomerBody), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn show_customer(
    services: Data<Services>,
    caller: Caller,
    path: Path<CustomerPath>,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    let customer = target(&services, &caller, &path, Action::ViewCustomer).await?;
    note_view(&services, &caller, &customer);
    let parameters = incoming.parameters().await?;
    let merchant = caller.merchant();
    let ladder = services.directory.ladder(merchant.id).await?;
    let shops = services.points_of_sale.find_many(merchant.id, customer.pos.as_slice()).await?;
    let showcase = Showcase::new(merchant, &ladder, &shops, &parameters);
    Ok(HttpResponse::Ok().json(mapping::details(&customer, &showcase)))
}

/// Changes a customer: fields that are left out stay, fields that are sent empty go.
#[utoipa::path(
    put,
    path = "/api/{storeCode}/customer/{customer}",
    tag = "Customers",
    params(
        ("storeCode" = String, Path, description = "Code of the store"),
        ("customer" = String, Path, description = "Id or loyalty card number"),
    ),
    request_body(content((EditForm = "application/x-www-form-urlencoded"), (EditForm = "application/json"))),
    responses(
        (status = 200, description = "Changed", body = ChangedCustomer),
        (status = 400, description = "Fields are wrong", body = FormErrorBody),
        Refusals,
        Closed,
    ),
    security(("bearer" = []))
)]
pub(crate) async fn update_customer(
    services: Data<Services>,
    caller: Caller,
    path: Path<CustomerPath>,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    let customer = changeable_target(&services, &caller, &path, Action::EditCustomer).await?;
    let fields = incoming.fields().await?;
    let root = fields.get("customer");
    let (merchant, form) = (caller.merchant(), Form::edit(caller.actor()));
    let ladder = services.directory.ladder(merchant.id).await?;
    let known = existing(&services, merchant.id, Targets::named(root)).await?;
    let programme = Programme::new(merchant, &ladder, known).for_customer(&customer);
    let command = mapping::edit(&form, root, &programme, caller.actor())?;
    services
        .codes
        .update(&caller.origin(), merchant, &ladder, &customer, command)
        .await
        .map_err(|error| mapping::refused_code(error, &form))?;
    Ok(HttpResponse::Ok().json(ChangedCustomer { customer_id: customer.id.into() }))
}

/// Removes a customer for good.
#[utoipa::path(
    delete,
    path = "/api/{storeCode}/customer/{customer}",
    tag = "Customers",
    params(
        ("storeCode" = String, Path, description = "Code of the store"),
        ("customer" = String, Path, description = "Id or loyalty card number"),
    ),
    responses((status = 204, description = "Removed"), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn delete_customer(
    services: Data<Services>,
    caller: Caller,
    path: Path<CustomerPath>,
) -> Result<HttpResponse, Error> {
    let customer = target(&services, &caller, &path, Action::DeleteCustomer).await?;
    services.customers.delete(&caller.origin(), customer.id, Deletion::Erasure).await?;
    services.directory.forget(Actor::Customer(customer.id));
    services.pictures.sweep_quietly().await;
    Ok(HttpResponse::NoContent().finish())
}

/// The customer that a path means, if the caller may do this to it. Who is missing is told before what is forbidden
/// (contract 1.1).
pub(super) async fn target(
    services: &Services,
    caller: &Caller,
    path: &CustomerPath,
    action: Action,
) -> Result<Customer, Error> {
    let merchant = caller.merchant().id;
    let customer = if let Ok(id) = path.customer.parse::<CustomerId>() {
        services.customers.find(merchant, id).await?
    } else {
        let card = LoyaltyCard::try_from(path.customer.as_str()).map_err(|_| Error::NotFound)?;
        let lookup = Lookup::LoyaltyCard(card.as_str().to_owned());
        services.customers.look_up(merchant, &lookup).await?
    };
    caller.must(action, Some(customer.id))?;
    Ok(customer)
}

/// The same for changing it: nobody changes a customer who is no person any more (contract E08).
pub(super) async fn changeable_target(
    services: &Services,
    caller: &Caller,
    path: &CustomerPath,
    action: Action,
) -> Result<Customer, Error> {
    let customer = target(services, caller, path, action).await?;
    if customer.is_changeable() { Ok(customer) } else { Err(Error::NotFound) }
}

/// Notes for the audit that the caller looks at a customer (contract E11).
fn note_view(services: &Services, caller: &Caller, customer: &Customer) {
    services.views.note(View {
        id: ViewId::from(services.ports.entropy.uuid()),
        merchant: customer.merchant,
        customer: customer.id,
        actor: caller.actor(),
        at: services.ports.clock.now(),
    });
}
