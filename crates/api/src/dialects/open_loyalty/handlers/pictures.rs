//! Pictures of customers (contract E15 to E17) and of levels (4.2).

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, ETAG, X_CONTENT_TYPE_OPTIONS};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use domain::access::Action;
use domain::id::LevelId;
use domain::picture::{MOST_PICTURE_BYTES, PictureFormat, PicturePath};

use super::super::auth::{Caller, Store};
use super::super::errors::Error;
use super::super::mapping::{self, PictureForm};
use super::super::openapi::{AvatarFields, Closed, PhotoFields, Refusals};
use super::super::wire::error::FormErrorBody;
use super::super::wire::request::{CustomerPath, Incoming, LevelPath};
use super::customers::changeable_target;
use super::levels::existing;
use crate::http::conditional;
use crate::services::Services;

/// Shows the picture of a customer, if there is one.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/customer/{customer}/avatar",
    tag = "Pictures",
    params(
        ("storeCode" = String, Path, description = "Code of the store"),
        ("customer" = String, Path, description = "Id or loyalty card number"),
        ("If-None-Match" = Option<String>, Header, description = "The tag of a picture that the caller has"),
    ),
    responses(
        (status = 200, description = "The picture", content_type = "image/png", body = Vec<u8>),
        (status = 204, description = "There is none"),
        (status = 304, description = "The caller has it"),
        Refusals,
        Closed,
    ),
    security(("bearer" = []))
)]
pub(crate) async fn show_avatar(
    services: Data<Services>,
    caller: Caller,
    path: Path<CustomerPath>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let customer = changeable_target(&services, &caller, &path, Action::ViewCustomer).await?;
    let shown = customer.avatar.as_ref().and_then(|avatar| path_of(avatar.path.as_str()));
    let Some(shown) = shown else { return Ok(HttpResponse::NoContent().finish()) };
    if conditional::is_known(request.headers(), shown.stem()) {
        return Ok(known(&shown));
    }
    let found = services.pictures.avatar(customer).await.map_err(mapping::unreadable)?;
    let Some((avatar, content)) = found else { return Ok(HttpResponse::NoContent().finish()) };
    let shown = path_of(avatar.path.as_str()).ok_or(Error::NotFound)?;
    Ok(picture(mapping::served_type(&avatar, &shown), &shown, content))
}

/// Gives a customer a picture, in place of the one it has.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/customer/{customer}/avatar",
    tag = "Pictures",
    params(
        ("storeCode" = String, Path, description = "Code of the store"),
        ("customer" = String, Path, description = "Id or loyalty card number"),
    ),
    request_body(content((AvatarFields = "multipart/form-data"))),
    responses(
        (status = 204, description = "Kept"),
        (status = 400, description = "No file, or none that is a picture", body = FormErrorBody),
        (status = 413, description = "Too large to be looked at"),
        Refusals,
        Closed,
    ),
    security(("bearer" = []))
)]
pub(crate) async fn upload_avatar(
    services: Data<Services>,
    caller: Caller,
    path: Path<CustomerPath>,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    let customer = changeable_target(&services, &caller, &path, Action::EditCustomer).await?;
    let upload = incoming.upload("avatar[file]", MOST_PICTURE_BYTES).await?;
    let (form, file) = PictureForm::read("avatar", upload)?;
    let upload = mapping::avatar_upload(file);
    let kept = services.pictures.set_avatar(&caller.origin(), customer, upload).await;
    kept.map_err(|error| form.refused(error))?;
    Ok(HttpResponse::NoContent().finish())
}

/// Removes the picture of a customer.
#[utoipa::path(
    delete,
    path = "/api/{storeCode}/customer/{customer}/avatar",
    tag = "Pictures",
    params(
        ("storeCode" = String, Path, description = "Code of the store"),
        ("customer" = String, Path, description = "Id or loyalty card number"),
    ),
    responses((status = 204, description = "Removed"), Refusals, Closed),
    security(("bearer" = []))
)]
pub(crate) async fn delete_avatar(
    services: Data<Services>,
    caller: Caller,
    path: Path<CustomerPath>,
) -> Result<HttpResponse, Error> {
    let customer = changeable_target(&services, &caller, &path, Action::EditCustomer).await?;
    let removed = services.pictures.remove_avatar(&caller.origin(), customer).await;
    removed.map_err(mapping::unreadable)?;
    Ok(HttpResponse::NoContent().finish())
}

/// Shows the picture of a level.
#[utoipa::path(
    get,
    path = "/api/{storeCode}/level/{level}/photo",
    tag = "Levels",
    params(("storeCode" = String, Path, description = "Code of the store"), ("level" = String, Path, description = "Id of the level")),
    responses(
        (status = 200, description = "The picture", content_type = "image/png", body = Vec<u8>),
        (status = 304, description = "The caller has it"),
        Refusals,
    ),
)]
pub(crate) async fn show_level_photo(
    services: Data<Services>,
    store: Store,
    path: Path<LevelPath>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let merchant = store.merchant.id;
    let id: LevelId = path.level.parse().map_err(|_| Error::NotFound)?;
    let ladder = services.levels.ladder(merchant).await?;
    let photo = ladder.level(id).and_then(|level| level.photo.clone()).ok_or(Error::NotFound)?;
    if conditional::is_known(request.headers(), photo.stem()) {
        return Ok(known(&photo));
    }
    let content = services.pictures.level_photo(merchant, photo.clone()).await;
    let content = content.map_err(mapping::unreadable)?;
    let media_type = photo.format().map_or("application/octet-stream", PictureFormat::media_type);
    Ok(picture(media_type, &photo, content))
}

/// Gives a level a picture, in place of the one it has.
#[utoipa::path(
    post,
    path = "/api/{storeCode}/level/{level}/photo",
    tag = "Levels",
    params(("storeCode" = String, Path, description = "Code of the store"), ("level" = String, Path, description = "Id of the level")),
    request_body(content((PhotoFields = "multipart/form-data"))),
    responses(
        (status = 200, description = "Kept", body = [String]),
        (status = 400, description = "No file, or none that is a picture of 600 pixels each way", body = FormErrorBody),
        (status = 413, description = "Too large to be looked at"),
        Refusals,
        Closed,
    ),
    security(("bearer" = []))
)]
pub(crate) async fn upload_level_photo(
    services: Data<Services>,
    caller: Caller,
    path: Path<LevelPath>,
    incoming: Incoming,
) -> Result<HttpResponse, Error> {
    caller.must(Action::EditLevels, None)?;
    let level = existing(&services, &caller, &path).await?;
    let upload = incoming.upload("photo[file]", MOST_PICTURE_BYTES).await?;
    let (form, file) = PictureForm::read("photo", upload)?;
    let merchant = caller.merchant().id;
    let kept = services.pictures.set_level_photo(merchant, level, file.content).await;
    kept.map_err(|error| form.refused(error))?;
    services.directory.forget_ladder(merchant);
    Ok(HttpResponse::Ok().json([(); 0]))
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
    let level = existing(&services, &caller, &path).await?;
    let merchant = caller.merchant().id;
    let removed = services.pictures.remove_level_photo(merchant, level).await;
    removed.map_err(mapping::unreadable)?;
    services.directory.forget_ladder(merchant);
    Ok(HttpResponse::Ok().json([(); 0]))
}

fn path_of(text: &str) -> Option<PicturePath> {
    PicturePath::try_from(text).ok()
}

/// No file ever changes under its name, so the name tells the content.
fn tag(path: &PicturePath) -> String {
    format!("\"{}\"", path.stem())
}

fn known(path: &PicturePath) -> HttpResponse {
    HttpResponse::NotModified().insert_header((ETAG, tag(path))).finish()
}

/// A browser shows it as a picture or not at all, and asks again before it shows it another time.
fn picture(media_type: &str, path: &PicturePath, content: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(media_type)
        .insert_header((CONTENT_DISPOSITION, "inline"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((CACHE_CONTROL, "private, no-cache"))
        .insert_header((ETAG, tag(path)))
        .body(content)
}
