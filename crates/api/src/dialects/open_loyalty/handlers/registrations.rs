//! New customers (contract E10, E32 and E35).

use actix_web::HttpResponse;
use actix_web::web::Data;
use domain::StorageError;
use domain::access::Action;
use domain::id::MerchantId;

use super::super::auth::Caller;
use super::super::errors::Error;
use super::super::mapping::{self, Form, Programme, Targets};
use super::super::openapi::{Closed, Refusals, RegistrationForm};
use super::super::wire::customer::RegisteredCustomer;
use super::super::wire::error::FormErrorBody;
use super::super::wire::request::Incoming;
use super::activation::registered;
use crate::services::Services;

/// Registers a customer. Three routes lead here; who is calling makes the difference.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/customer/register",
    tag = "Customers",
    params(("storeCode" = String, Path, description = "Code of the store")),
    request_body(content(
        (RegistrationForm = "application/x-www-form-urlencoded"),
        (RegistrationForm = "application/json")
    )),
    responses(
        (status = 200, description = "Registered", body = RegisteredCustomer),
        (status = 400, description = "Fields are wrong", body = FormErrorBody),
        Refusals,
        Closed,
    ),
    security(("bearer" = []))
)]
pub(crate) async fn register_customer(
    services: Data<Services>,
    caller: Caller,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::RegisterCustomer, None)?;
    let fields = incoming.fields().await?;
    let root = fields.get("customer");
    let (merchant, form) = (caller.merchant(), Form::registration(caller.actor()));
    let ladder = services.directory.ladder(merchant.id).await?;
    let known = existing(&services, merchant.id, Targets::named(root)).await?;
    let programme = Programme::new(merchant, &ladder, known);
    let mut command = mapping::registration(&form, root, &programme, caller.actor())?;
    command.invitation = mapping::invitation_token(root)
        .map(|token| services.invitations.claim(&merchant.settings, token));
    let customer = services
        .codes
        .register(&caller.origin(), merchant, &ladder, command)
        .await
        .map_err(|error| mapping::refused_code(error, &form))?;
    Ok(HttpResponse::Ok().json(registered(customer)))
}

/// Those of the named targets that exist: a form tells all of its errors at once, these included.
pub(super) async fn existing(
    services: &Services,
    merchant: MerchantId,
    named: Targets,
) -> Result<Targets, StorageError> {
    let shops = services.points_of_sale.find_many(merchant, named.pos.as_slice()).await?;
    let seller = match named.seller {
        Some(id) => services.sellers.find(merchant, id).await?,
        None => None,
    };
    let seller = seller.filter(|seller| seller.deleted_at.is_none());
    Ok(Targets { pos: shops.first().map(|pos| pos.id), seller: seller.map(|seller| seller.id) })
}
