//! Sellers (contract 4.4).

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use domain::StorageError;
use domain::access::{Action, Actor};
use domain::id::{PointOfSaleId, SellerId};
use domain::seller::Seller;

use super::super::auth::Caller;
use super::super::errors::Error;
use super::super::mapping;
use super::super::openapi::{
    Closed, Refusals, SellerEditForm, SellerParameters, SellerRegistrationForm,
};
use super::super::wire::error::{FormErrorBody, HttpErrorBody};
use super::super::wire::request::{Incoming, SellerPath};
use super::super::wire::seller::{ChangedSeller, RegisteredSeller, SellerBody, SellerList};
use crate::http::form::FormValue;
use crate::services::Services;

/// Lists sellers who were not removed.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/seller",
    tag = "Sellers",
    params(("storeCode" = String, Path, description = "Code of the store"), SellerParameters),
    responses((status = 200, description = "One part of the list, and the size of the whole", body = SellerList), (status = 400, description = "A filter makes no sense", body = HttpErrorBody), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn list_sellers(
    services: Data<Services>,
    caller: Caller,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::ListSellers, None)?;
    let query = mapping::seller_query(&incoming.parameters().await?)?;
    let merchant = caller.merchant().id;
    let page = services.sellers.page(merchant, &query).await?;
    let shops: Vec<PointOfSaleId> = page.items.iter().filter_map(|seller| seller.pos).collect();
    let shops = services.points_of_sale.find_many(merchant, &shops).await?;
    let sellers = page.items.iter().map(|seller| mapping::seller_body(seller, &shops)).collect();
    Ok(HttpResponse::Ok().json(SellerList { sellers, total: page.total.value() }))
}

/// Makes a seller; the answer has the password as it was sent.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/seller/register",
    tag = "Sellers",
    params(("storeCode" = String, Path, description = "Code of the store")),
    request_body(content((SellerRegistrationForm = "application/x-www-form-urlencoded"), (SellerRegistrationForm = "application/json"))),
    responses((status = 200, description = "Made", body = RegisteredSeller), (status = 400, description = "Fields are wrong", body = FormErrorBody), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn register_seller(
    services: Data<Services>,
    caller: Caller,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::EditSellers, None)?;
    let fields = incoming.fields().await?;
    let root = fields.get("seller");
    let pos = existing_pos(&services, &caller, root).await?;
    let may_assign = caller.may(Action::AssignSellerPointOfSale);
    let (terms, password) = mapping::register_terms(root, pos, may_assign)?;
    let email = terms.email.as_str().to_lowercase();
    let registered = services.sellers.register(caller.merchant().id, terms, password.clone()).await;
    let id = registered.map_err(|error| mapping::refused_seller(error, root, true))?;
    let password = password.expose();
    Ok(HttpResponse::Ok().json(RegisteredSeller { seller_id: id.into(), password, email }))
}

/// Shows a seller; sellers may see themselves.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/seller/{seller}",
    tag = "Sellers",
    params(("storeCode" = String, Path, description = "Code of the store"), ("seller" = String, Path, description = "Id of the seller")),
    responses((status = 200, description = "The seller", body = SellerBody), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn show_seller(
    services: Data<Services>,
    caller: Caller,
    path: Path<SellerPath>,
) -> Result<HttpResponse, Error> {
    let id = target(&path)?;
    caller.must_to(Action::ViewSeller, Actor::Seller(id))?;
    let merchant = caller.merchant().id;
    let seller = existing(&services, &caller, id).await?;
    let shops = services.points_of_sale.find_many(merchant, seller.pos.as_slice()).await?;
    Ok(HttpResponse::Ok().json(mapping::seller_body(&seller, &shops)))
}

/// Replaces a seller; without a password the old one stays.
#[utoipa::path(
    put,
    path = "/api/{storeCode}/seller/{seller}",
    tag = "Sellers",
    params(("storeCode" = String, Path, description = "Code of the store"), ("seller" = String, Path, description = "Id of the seller")),
    request_body(content((SellerEditForm = "application/x-www-form-urlencoded"), (SellerEditForm = "application/json"))),
    responses((status = 200, description = "Changed", body = ChangedSeller), (status = 400, description = "Fields are wrong", body = FormErrorBody), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn update_seller(
    services: Data<Services>,
    caller: Caller,
    path: Path<SellerPath>,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::EditSellers, None)?;
    let id = target(&path)?;
    existing(&services, &caller, id).await?;
    let fields = incoming.fields().await?;
    let root = fields.get("seller");
    let pos = existing_pos(&services, &caller, root).await?;
    let may_assign = caller.may(Action::AssignSellerPointOfSale);
    let (terms, password) = mapping::seller_terms(root, pos, may_assign)?;
    let replaced = services.sellers.replace(caller.merchant().id, id, terms, password).await;
    services.directory.forget(Actor::Seller(id));
    replaced.map_err(|error| mapping::refused_seller(error, root, false))?;
    Ok(HttpResponse::Ok().json(ChangedSeller { seller_id: id.into() }))
}

/// Lets a seller log in.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/seller/{seller}/activate",
    tag = "Sellers",
    params(("storeCode" = String, Path, description = "Code of the store"), ("seller" = String, Path, description = "Id of the seller")),
    responses((status = 200, description = "Done"), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn activate_seller(
    services: Data<Services>,
    caller: Caller,
    path: Path<SellerPath>,
) -> Result<HttpResponse, Error> {
    caller.must(Action::EditSellers, None)?;
    let (merchant, id) = (caller.merchant().id, target(&path)?);
    let done = services.sellers.set_active(merchant, id, true).await;
    services.directory.forget(Actor::Seller(id));
    done.map_err(|error| mapping::refused_seller(error, None, false))?;
    Ok(HttpResponse::Ok().finish())
}

/// Lets a seller log in no more.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/seller/{seller}/deactivate",
    tag = "Sellers",
    params(("storeCode" = String, Path, description = "Code of the store"), ("seller" = String, Path, description = "Id of the seller")),
    responses((status = 200, description = "Done"), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn deactivate_seller(
    services: Data<Services>,
    caller: Caller,
    path: Path<SellerPath>,
) -> Result<HttpResponse, Error> {
    caller.must(Action::EditSellers, None)?;
    let (merchant, id) = (caller.merchant().id, target(&path)?);
    let done = services.sellers.set_active(merchant, id, false).await;
    services.directory.forget(Actor::Seller(id));
    done.map_err(|error| mapping::refused_seller(error, None, false))?;
    Ok(HttpResponse::Ok().finish())
}

/// Removes a seller for good; the record stays.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/seller/{seller}/delete",
    tag = "Sellers",
    params(("storeCode" = String, Path, description = "Code of the store"), ("seller" = String, Path, description = "Id of the seller")),
    responses((status = 200, description = "Done"), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn delete_seller(
    services: Data<Services>,
    caller: Caller,
    path: Path<SellerPath>,
) -> Result<HttpResponse, Error> {
    caller.must(Action::EditSellers, None)?;
    let (merchant, id) = (caller.merchant().id, target(&path)?);
    let done = services.sellers.remove(merchant, id).await;
    services.directory.forget(Actor::Seller(id));
    done.map_err(|error| mapping::refused_seller(error, None, false))?;
    Ok(HttpResponse::Ok().finish())
}

async fn existing(services: &Services, caller: &Caller, id: SellerId) -> Result<Seller, Error> {
    services.sellers.find(caller.merchant().id, id).await?.ok_or(Error::NotFound)
}

/// The point of sale that a form names, if it exists.
async fn existing_pos(
    services: &Services,
    caller: &Caller,
    root: Option<&FormValue>,
) -> Result<Option<PointOfSaleId>, StorageError> {
    let named = mapping::named_pos(root);
    let found = services.points_of_sale.find_many(caller.merchant().id, named.as_slice()).await?;
    Ok(found.first().map(|pos| pos.id))
}

fn target(path: &SellerPath) -> Result<SellerId, Error> {
    path.seller.parse().map_err(|_| Error::NotFound)
}
