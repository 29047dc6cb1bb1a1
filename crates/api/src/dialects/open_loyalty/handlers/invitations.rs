//! Invitations to the programme (contract 4.10).

use actix_web::HttpResponse;
use actix_web::web::Data;
use domain::access::{Action, Actor};

use super::super::auth::Caller;
use super::super::errors::Error;
use super::super::mapping::{self, InvitationForm};
use super::super::openapi::{Closed, InvitationFields, InvitationParameters, Refusals};
use super::super::wire::error::{FormErrorBody, HttpErrorBody};
use super::super::wire::invitation::InvitationList;
use super::super::wire::request::Incoming;
use crate::services::Services;

/// Invites somebody on behalf of the customer who is calling.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/invitations/invite",
    tag = "Invitations",
    params(("storeCode" = String, Path, description = "Code of the store")),
    request_body(content(
        (InvitationFields = "application/x-www-form-urlencoded"),
        (InvitationFields = "application/json")
    )),
    responses(
        (status = 200, description = "Invited; no body"),
        (status = 400, description = "Fields are wrong, or the address was invited already", body = FormErrorBody),
        Refusals,
        Closed,
    ),
    security(("bearer" = []))
)]
pub(crate) async fn invite(
    services: Data<Services>,
    caller: Caller,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::Invite, None)?;
    let Actor::Customer(referrer) = caller.actor() else { return Err(Error::Forbidden) };
    let fields = incoming.fields().await?;
    let (form, recipient) = InvitationForm::read(fields.get("invitation"))?;
    services
        .invitations
        .invite(caller.merchant().id, referrer, recipient)
        .await
        .map_err(|error| form.refused(error))?;
    Ok(HttpResponse::Ok().finish())
}

/// Lists invitations, the newest first.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/invitations",
    tag = "Invitations",
    params(("storeCode" = String, Path, description = "Code of the store"), InvitationParameters),
    responses(
        (status = 200, description = "One part of the list, and the size of the whole", body = InvitationList),
        (status = 400, description = "A filter makes no sense", body = HttpErrorBody),
        Refusals,
        Closed,
    ),
    security(("bearer" = []))
)]
pub(crate) async fn list_invitations(
    services: Data<Services>,
    caller: Caller,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::ViewInvitations, None)?;
    let query = mapping::invitation_query(&incoming.parameters().await?)?;
    let page = services.invitations.page(caller.merchant().id, &query).await?;
    let invitations = page.items.iter().map(mapping::invitation).collect();
    Ok(HttpResponse::Ok().json(InvitationList { invitations, total: page.total.value() }))
}
