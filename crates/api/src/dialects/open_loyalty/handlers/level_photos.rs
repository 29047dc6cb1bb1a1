//! Pictures of levels (contract 4.2). None is kept so far: there is nothing to show, and nothing to remove.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use domain::access::Action;

use super::super::auth::{Caller, Store};
use super::super::errors::Error;
use super::super::mapping;
use super::super::openapi::{Closed, Refusals};
use super::super::wire::level::ErrorSentence;
use super::super::wire::request::{Incoming, LevelPath};
use super::levels::existing;
use crate::services::Services;

/// Shows the picture of a level, of which there is none.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/level/{level}/photo",
    tag = "Levels",
    params(("storeCode" = String, Path, description = "Code of the store"), ("level" = String, Path, description = "Id of the level")),
    responses(Refusals),
)]
pub(crate) async fn show_level_photo(_: Store) -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}

/// Refuses a picture.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/level/{level}/photo",
    tag = "Levels",
    params(("storeCode" = String, Path, description = "Code of the store"), ("level" = String, Path, description = "Id of the level")),
    responses((status = 400, description = "There is no file, or pictures are not kept", body = ErrorSentence), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn upload_level_photo(
    services: Data<Services>,
    caller: Caller,
    path: Path<LevelPath>,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::EditLevels, None)?;
    existing(&services, &caller, &path).await?;
    if incoming.has_parts() {
        return Err(Error::told("Pictures are not stored yet"));
    }
    Err(mapping::photo_form(incoming.fields().await?.get("photo")))
}

/// Removes the picture of a level, if there is one.
#[utoipa::path(
    delete,
    path = "/api/{storeCode}/level/{level}/photo",
    tag = "Levels",
    params(("storeCode" = String, Path, description = "Code of the store"), ("level" = String, Path, description = "Id of the level")),
    responses((status = 200, description = "There is none any more", body = [String]), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn delete_level_photo(
    services: Data<Services>,
    caller: Caller,
    path: Path<LevelPath>,
) -> Result<HttpResponse, Error> {
    caller.must(Action::EditLevels, None)?;
    existing(&services, &caller, &path).await?;
    Ok(HttpResponse::Ok().json([(); 0]))
}
