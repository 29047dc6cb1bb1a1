//! Points of sale (contract 4.3).

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use domain::access::Action;
use domain::id::PointOfSaleId;
use domain::merchant::Merchant;
use domain::pos::PointOfSale;
use domain::text::Line;

use super::super::auth::Caller;
use super::super::errors::Error;
use super::super::mapping;
use super::super::openapi::{Closed, PageParameters, PosForm, Refusals};
use super::super::wire::error::FormErrorBody;
use super::super::wire::pos::{ChangedPos, PosBody, PosList};
use super::super::wire::request::{IdentifierPath, Incoming, PosPath};
use crate::services::Services;

/// Lists points of sale.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/pos",
    tag = "Points of sale",
    params(("storeCode" = String, Path, description = "Code of the store"), PageParameters),
    responses((status = 200, description = "One part of the list, and the size of the whole", body = PosList), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn list_pos(
    services: Data<Services>,
    caller: Caller,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::ViewPointsOfSale, None)?;
    let query = mapping::pos_query(&incoming.parameters().await?);
    let merchant = caller.merchant();
    let page = services.points_of_sale.page(merchant.id, &query).await?;
    let ids: Vec<_> = page.items.iter().map(|pos| pos.id).collect();
    let turnover = services.transactions.turnover(merchant.id, &ids).await?;
    let turnover = |id| turnover.get(&id).copied().unwrap_or_default();
    let pos = page.items.iter().map(|pos| mapping::pos_body(pos, turnover(pos.id), merchant));
    let pos = pos.collect();
    Ok(HttpResponse::Ok().json(PosList { pos, total: page.total.value() }))
}

/// Makes a point of sale.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/pos",
    tag = "Points of sale",
    params(("storeCode" = String, Path, description = "Code of the store")),
    request_body(content((PosForm = "application/x-www-form-urlencoded"), (PosForm = "application/json"))),
    responses((status = 200, description = "Made", body = ChangedPos), (status = 400, description = "Fields are wrong", body = FormErrorBody), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn create_pos(
    services: Data<Services>,
    caller: Caller,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::EditPointsOfSale, None)?;
    let fields = incoming.fields().await?;
    let root = fields.get("pos");
    let id = PointOfSaleId::from(services.ports.entropy.uuid());
    let pos = mapping::pos_terms(root, caller.merchant().id, id)?;
    let added = services.points_of_sale.add(&pos).await;
    added.map_err(|error| mapping::refused_pos(error, root))?;
    Ok(HttpResponse::Ok().json(ChangedPos { pos_id: id.into() }))
}

/// Shows a point of sale.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/pos/{pos}",
    tag = "Points of sale",
    params(("storeCode" = String, Path, description = "Code of the store"), ("pos" = String, Path, description = "Id of the point of sale")),
    responses((status = 200, description = "The point of sale", body = PosBody), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn show_pos(
    services: Data<Services>,
    caller: Caller,
    path: Path<PosPath>,
) -> Result<HttpResponse, Error> {
    caller.must(Action::ViewPointsOfSale, None)?;
    let merchant = caller.merchant();
    let found = services.points_of_sale.find(merchant.id, target(&path)?).await;
    let pos = found.map_err(|error| mapping::refused_pos(error, None))?;
    shown(&services, &pos, merchant).await
}

/// Shows the point of sale that tills call so.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/pos/identifier/{identifier}",
    tag = "Points of sale",
    params(("storeCode" = String, Path, description = "Code of the store"), ("identifier" = String, Path, description = "What tills call it, letter for letter")),
    responses((status = 200, description = "The point of sale", body = PosBody), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn show_pos_by_identifier(
    services: Data<Services>,
    caller: Caller,
    path: Path<IdentifierPath>,
) -> Result<HttpResponse, Error> {
    caller.must(Action::ViewPointsOfSale, None)?;
    let merchant = caller.merchant();
    let identifier = Line::try_from(path.identifier.as_str()).map_err(|_| Error::NotFound)?;
    let found = services.points_of_sale.find_by_identifier(merchant.id, identifier.as_str()).await;
    let pos = found.map_err(|error| mapping::refused_pos(error, None))?;
    shown(&services, &pos, merchant).await
}

/// Replaces a point of sale.
#[utoipa::path(
    put,
    path = "/api/{storeCode}/pos/{pos}",
    tag = "Points of sale",
    params(("storeCode" = String, Path, description = "Code of the store"), ("pos" = String, Path, description = "Id of the point of sale")),
    request_body(content((PosForm = "application/x-www-form-urlencoded"), (PosForm = "application/json"))),
    responses((status = 200, description = "Changed", body = ChangedPos), (status = 400, description = "Fields are wrong", body = FormErrorBody), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn update_pos(
    services: Data<Services>,
    caller: Caller,
    path: Path<PosPath>,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::EditPointsOfSale, None)?;
    let (merchant, id) = (caller.merchant().id, target(&path)?);
    let found = services.points_of_sale.find(merchant, id).await;
    found.map_err(|error| mapping::refused_pos(error, None))?;
    let fields = incoming.fields().await?;
    let root = fields.get("pos");
    let pos = mapping::pos_terms(root, merchant, id)?;
    let replaced = services.points_of_sale.replace(&pos).await;
    replaced.map_err(|error| mapping::refused_pos(error, root))?;
    Ok(HttpResponse::Ok().json(ChangedPos { pos_id: id.into() }))
}

async fn shown(
    services: &Services,
    pos: &PointOfSale,
    merchant: &Merchant,
) -> Result<HttpResponse, Error> {
    let turnover = services.transactions.turnover(merchant.id, &[pos.id]).await?;
    let turnover = turnover.get(&pos.id).copied().unwrap_or_default();
    Ok(HttpResponse::Ok().json(mapping::pos_body(pos, turnover, merchant)))
}

fn target(path: &PosPath) -> Result<PointOfSaleId, Error> {
    path.pos.parse().map_err(|_| Error::NotFound)
}
