//! Admins: their own accounts, and everybody's for those in charge (contract 4.8).

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use domain::access::{Action, Actor};
use domain::account::Admin;
use domain::id::AdminId;

use super::super::auth::Caller;
use super::super::errors::Error;
use super::super::mapping;
use super::super::openapi::{AdminForm, Closed, OwnAccountForm, PageParameters, Refusals};
use super::super::wire::admin::{AdminBody, AdminList, ChangedAdmin};
use super::super::wire::error::FormErrorBody;
use super::super::wire::request::{AdminPath, Incoming};
use crate::services::Services;

/// Lists the merchant's admins.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/admin",
    tag = "Admins",
    params(("storeCode" = String, Path, description = "Code of the store"), PageParameters),
    responses((status = 200, description = "One part of the list, and the size of the whole", body = AdminList), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn list_admins(
    services: Data<Services>,
    caller: Caller,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::ViewAdmins, None)?;
    let query = mapping::admin_query(&incoming.parameters().await?);
    let page = services.admins.page(caller.merchant().id, &query).await?;
    let users = page.items.iter().map(|admin| shown(&services, &caller, admin));
    let users = users.collect::<Result<_, _>>()?;
    Ok(HttpResponse::Ok().json(AdminList { users, total: page.total.value() }))
}

/// Makes an admin: a person with a password, or a program with a key.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/admin/data",
    tag = "Admins",
    params(("storeCode" = String, Path, description = "Code of the store")),
    request_body(content((AdminForm = "application/x-www-form-urlencoded"), (AdminForm = "application/json"))),
    responses((status = 200, description = "Made", body = ChangedAdmin), (status = 400, description = "Fields are wrong", body = FormErrorBody), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn create_admin(
    services: Data<Services>,
    caller: Caller,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::EditAdmins, None)?;
    let fields = incoming.fields().await?;
    let root = fields.get("admin");
    let terms = mapping::admin_terms(root, None, services.accounts.strength())?;
    let created = services.admins.create(caller.merchant().id, terms).await;
    let id = created.map_err(|error| mapping::refused_admin(error, root, false))?;
    Ok(HttpResponse::Ok().json(ChangedAdmin { admin_id: id.into() }))
}

/// Shows the caller's own account.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/admin/data",
    tag = "Admins",
    params(("storeCode" = String, Path, description = "Code of the store")),
    responses((status = 200, description = "The account", body = AdminBody), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn show_own_account(
    services: Data<Services>,
    caller: Caller,
) -> Result<HttpResponse, Error> {
    let id = own(&caller)?;
    show(&services, &caller, id).await
}

/// Shows an account.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/admin/data/{admin}",
    tag = "Admins",
    params(("storeCode" = String, Path, description = "Code of the store"), ("admin" = String, Path, description = "Id of the admin")),
    responses((status = 200, description = "The account", body = AdminBody), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn show_admin(
    services: Data<Services>,
    caller: Caller,
    path: Path<AdminPath>,
) -> Result<HttpResponse, Error> {
    let id = target(&path)?;
    if caller.actor() == Actor::Admin(id) {
        own(&caller)?;
    } else {
        caller.must(Action::ViewAdmins, None)?;
    }
    show(&services, &caller, id).await
}

/// Changes the caller's own account, but for password, key and what shuts it out.
#[utoipa::path(
    put,
    path = "/api/{storeCode}/admin/data",
    tag = "Admins",
    params(("storeCode" = String, Path, description = "Code of the store")),
    request_body(content((OwnAccountForm = "application/x-www-form-urlencoded"), (OwnAccountForm = "application/json"))),
    responses((status = 200, description = "Changed", body = ChangedAdmin), (status = 400, description = "Fields are wrong", body = FormErrorBody), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn update_own_account(
    services: Data<Services>,
    caller: Caller,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    let id = own(&caller)?;
    replace_own(&services, &caller, id, incoming).await
}

/// Replaces an account; the caller's own as if no id were given.
#[utoipa::path(
    put,
    path = "/api/{storeCode}/admin/data/{admin}",
    tag = "Admins",
    params(("storeCode" = String, Path, description = "Code of the store"), ("admin" = String, Path, description = "Id of the admin")),
    request_body(content((AdminForm = "application/x-www-form-urlencoded"), (AdminForm = "application/json"))),
    responses((status = 200, description = "Changed", body = ChangedAdmin), (status = 400, description = "Fields are wrong", body = FormErrorBody), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn update_admin(
    services: Data<Services>,
    caller: Caller,
    path: Path<AdminPath>,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    let id = target(&path)?;
    if caller.actor() == Actor::Admin(id) {
        own(&caller)?;
        return replace_own(&services, &caller, id, incoming).await;
    }
    caller.must(Action::EditAdmins, None)?;
    let current = existing(&services, &caller, id).await?;
    let fields = incoming.fields().await?;
    let root = fields.get("admin");
    let terms = mapping::admin_terms(root, Some(&current), services.accounts.strength())?;
    let replaced = services.admins.replace(caller.merchant().id, id, terms).await;
    services.directory.forget(Actor::Admin(id));
    replaced.map_err(|error| mapping::refused_admin(error, root, false))?;
    Ok(HttpResponse::Ok().json(ChangedAdmin { admin_id: id.into() }))
}

/// The caller, who has to be an admin.
fn own(caller: &Caller) -> Result<AdminId, Error> {
    caller.must(Action::EditOwnAccount, None)?;
    match caller.actor() {
        Actor::Admin(id) => Ok(id),
        _ => Err(Error::Forbidden),
    }
}

async fn show(services: &Services, caller: &Caller, id: AdminId) -> Result<HttpResponse, Error> {
    let admin = existing(services, caller, id).await?;
    Ok(HttpResponse::Ok().json(shown(services, caller, &admin)?))
}

async fn replace_own(
    services: &Services,
    caller: &Caller,
    id: AdminId,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    let current = existing(services, caller, id).await?;
    let fields = incoming.fields().await?;
    let root = fields.get("admin");
    let terms = mapping::own_terms(root, &current, caller.may(Action::EditAdmins))?;
    let replaced = services.admins.replace_own(caller.merchant().id, id, terms).await;
    services.directory.forget(Actor::Admin(id));
    replaced.map_err(|error| mapping::refused_admin(error, root, true))?;
    Ok(HttpResponse::Ok().json(ChangedAdmin { admin_id: id.into() }))
}

async fn existing(services: &Services, caller: &Caller, id: AdminId) -> Result<Admin, Error> {
    let found = services.admins.find(caller.merchant().id, id).await;
    found.map_err(|error| mapping::refused_admin(error, None, false))
}

/// An admin as the caller may see it. A key is as good as its owner's rights, so only those see it who could give
/// themselves as much, and its owner.
fn shown<'a>(
    services: &Services,
    caller: &Caller,
    admin: &'a Admin,
) -> Result<AdminBody<'a>, Error> {
    let may_see = caller.may(Action::EditAdmins) || caller.actor() == Actor::Admin(admin.id);
    let key = admin.api_key.as_ref().filter(|_| may_see);
    let key = key.map(|key| services.admins.reveal(key)).transpose()?;
    Ok(mapping::admin_body(admin, caller.merchant(), key))
}

fn target(path: &AdminPath) -> Result<AdminId, Error> {
    path.admin.parse().map_err(|_| Error::NotFound)
}
