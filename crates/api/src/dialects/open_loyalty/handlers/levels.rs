//! Levels (contract 4.2 and 4.1).

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use domain::access::Action;
use domain::id::LevelId;

use super::super::auth::Caller;
use super::super::errors::Error;
use super::super::mapping;
use super::super::openapi::{Closed, LevelForm, PageParameters, Refusals, SwitchForm};
use super::super::wire::error::FormErrorBody;
use super::super::wire::level::{
    ActiveMissing, ChangedLevel, ErrorSentence, FullLevel, LevelCustomerList, LevelList,
    ReachableLevelList,
};
use super::super::wire::request::{Incoming, LevelPath};
use crate::services::Services;

/// Lists levels, those that no rule chooses included.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/level",
    tag = "Levels",
    params(("storeCode" = String, Path, description = "Code of the store"), PageParameters),
    responses((status = 200, description = "One part of the list, and the size of the whole", body = LevelList), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn list_levels(
    services: Data<Services>,
    caller: Caller,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::ViewLevels, None)?;
    let parameters = incoming.parameters().await?;
    let (merchant, locale) = (caller.merchant(), mapping::locale(&parameters));
    let ladder = services.levels.ladder(merchant.id).await?;
    let counts = services.levels.customer_counts(merchant.id).await?;
    let query = mapping::level_query(&parameters, false);
    let page = ladder.page(&query, locale.as_ref(), merchant.languages.first());
    let levels = page.items.iter().map(|level| {
        let customers = counts.get(&level.id).copied().unwrap_or(0);
        mapping::full_level(level, customers, merchant, locale.as_ref())
    });
    Ok(HttpResponse::Ok().json(LevelList { levels: levels.collect(), total: page.total.value() }))
}

/// Lists the levels that a customer may reach.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/customer/level",
    tag = "Levels",
    params(("storeCode" = String, Path, description = "Code of the store"), PageParameters),
    responses((status = 200, description = "One part of the list, and the size of the whole", body = ReachableLevelList), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn list_reachable_levels(
    services: Data<Services>,
    caller: Caller,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::ViewReachableLevels, None)?;
    let parameters = incoming.parameters().await?;
    let (merchant, locale) = (caller.merchant(), mapping::locale(&parameters));
    let ladder = services.directory.ladder(merchant.id).await?;
    let query = mapping::level_query(&parameters, true);
    let page = ladder.page(&query, locale.as_ref(), merchant.languages.first());
    let levels =
        page.items.iter().map(|level| mapping::reachable_level(level, merchant, locale.as_ref()));
    Ok(HttpResponse::Ok()
        .json(ReachableLevelList { levels: levels.collect(), total: page.total.value() }))
}

/// Makes a level.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/level/create",
    tag = "Levels",
    params(("storeCode" = String, Path, description = "Code of the store")),
    request_body(content((LevelForm = "application/x-www-form-urlencoded"), (LevelForm = "application/json"))),
    responses((status = 200, description = "Made", body = ChangedLevel), (status = 400, description = "Fields are wrong", body = FormErrorBody), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn create_level(
    services: Data<Services>,
    caller: Caller,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::EditLevels, None)?;
    let fields = incoming.fields().await?;
    let merchant = caller.merchant();
    let terms = mapping::level_terms(fields.get("level"), merchant)?;
    let id = services.levels.create(merchant.id, terms).await?;
    services.directory.forget_ladder(merchant.id);
    Ok(changed(id))
}

/// Shows a level.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/level/{level}",
    tag = "Levels",
    params(("storeCode" = String, Path, description = "Code of the store"), ("level" = String, Path, description = "Id of the level"), ("_locale" = Option<String>, Query, description = "Language of name and description")),
    responses((status = 200, description = "The level", body = FullLevel), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn show_level(
    services: Data<Services>,
    caller: Caller,
    path: Path<LevelPath>,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::ViewLevels, None)?;
    let id = target(&path)?;
    let parameters = incoming.parameters().await?;
    let merchant = caller.merchant();
    let ladder = services.levels.ladder(merchant.id).await?;
    let level = ladder.level(id).ok_or(Error::NotFound)?;
    let customers = services.levels.customer_counts(merchant.id).await?.get(&id).copied();
    let locale = mapping::locale(&parameters);
    let body = mapping::full_level(level, customers.unwrap_or(0), merchant, locale.as_ref());
    Ok(HttpResponse::Ok().json(body))
}

/// Replaces a level: what is left out goes, but for the least order.
#[utoipa::path(
    put,
    path = "/api/{storeCode}/level/{level}",
    tag = "Levels",
    params(("storeCode" = String, Path, description = "Code of the store"), ("level" = String, Path, description = "Id of the level")),
    request_body(content((LevelForm = "application/x-www-form-urlencoded"), (LevelForm = "application/json"))),
    responses((status = 200, description = "Changed", body = ChangedLevel), (status = 400, description = "Fields are wrong", body = FormErrorBody), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn update_level(
    services: Data<Services>,
    caller: Caller,
    path: Path<LevelPath>,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::EditLevels, None)?;
    let id = existing(&services, &caller, &path).await?;
    let fields = incoming.fields().await?;
    let merchant = caller.merchant();
    let terms = mapping::level_terms(fields.get("level"), merchant)?;
    services.levels.replace(merchant.id, id, terms).await?;
    services.directory.forget_ladder(merchant.id);
    Ok(changed(id))
}

/// Says whether the rules may choose a level.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/level/{level}/activate",
    tag = "Levels",
    params(("storeCode" = String, Path, description = "Code of the store"), ("level" = String, Path, description = "Id of the level")),
    request_body(content((SwitchForm = "application/x-www-form-urlencoded"), (SwitchForm = "application/json"))),
    responses((status = 204, description = "Switched"), (status = 400, description = "Which way was not said", body = ActiveMissing), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn activate_level(
    services: Data<Services>,
    caller: Caller,
    path: Path<LevelPath>,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::EditLevels, None)?;
    let id = existing(&services, &caller, &path).await?;
    let active = mapping::is_switched_on(&incoming.fields().await?)
        .ok_or(Error::Refused { field: "active", message: "this field is required" })?;
    services.levels.set_active(caller.merchant().id, id, active).await?;
    services.directory.forget_ladder(caller.merchant().id);
    Ok(HttpResponse::NoContent().finish())
}

/// Removes a level that no customer is on.
#[utoipa::path(
    delete,
    path = "/api/{storeCode}/level/{level}",
    tag = "Levels",
    params(("storeCode" = String, Path, description = "Code of the store"), ("level" = String, Path, description = "Id of the level")),
    responses((status = 204, description = "Removed"), (status = 400, description = "Customers are on it", body = ErrorSentence), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn delete_level(
    services: Data<Services>,
    caller: Caller,
    path: Path<LevelPath>,
) -> Result<HttpResponse, Error> {
    caller.must(Action::EditLevels, None)?;
    services.levels.delete(caller.merchant().id, target(&path)?).await?;
    services.directory.forget_ladder(caller.merchant().id);
    Ok(HttpResponse::NoContent().finish())
}

/// Lists who is on a level.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/level/{level}/customers",
    tag = "Levels",
    params(("storeCode" = String, Path, description = "Code of the store"), ("level" = String, Path, description = "Id of the level"), PageParameters),
    responses((status = 200, description = "One part of the list, and the size of the whole", body = LevelCustomerList), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn list_level_customers(
    services: Data<Services>,
    caller: Caller,
    path: Path<LevelPath>,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::ViewLevelCustomers, None)?;
    let id = existing(&services, &caller, &path).await?;
    let query = mapping::level_customer_query(&incoming.parameters().await?, id);
    let page = services.customers.page(caller.merchant().id, &query).await?;
    let customers = page.items.iter().map(mapping::level_customer).collect();
    Ok(HttpResponse::Ok().json(LevelCustomerList { customers, total: page.total.value() }))
}

/// The level that a path means, if the caller's merchant has it: a form is read only for a level that is there.
pub(super) async fn existing(
    services: &Services,
    caller: &Caller,
    path: &LevelPath,
) -> Result<LevelId, Error> {
    let id = target(path)?;
    let ladder = services.levels.ladder(caller.merchant().id).await?;
    ladder.level(id).map(|level| level.id).ok_or(Error::NotFound)
}

fn target(path: &LevelPath) -> Result<LevelId, Error> {
    path.level.parse().map_err(|_| Error::NotFound)
}

fn changed(id: LevelId) -> HttpResponse {
    HttpResponse::Ok().json(ChangedLevel { id: id.into(), level_id: id.into() })
}
