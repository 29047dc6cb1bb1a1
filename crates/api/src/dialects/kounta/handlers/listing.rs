//! Lists: what their answers say of the page, and those that fit on one (contract 1.8).

use actix_web::http::header::HeaderName;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use serde::Serialize;

use super::body;
use crate::dialects::kounta::errors::Error;
use crate::dialects::kounta::mapping::{self, Window};
use crate::services::Services;

/// The beginning of an answer with a part of a list.
pub(super) fn answer(window: &Window) -> HttpResponseBuilder {
    let mut answer = HttpResponse::Ok();
    answer.insert_header((HeaderName::from_static("x-pages"), window.pages()));
    answer.insert_header((HeaderName::from_static("x-page"), window.page));
    answer
}

/// The part of a short list that a request asks for.
pub(super) fn short<T: Serialize>(
    services: &Services,
    request: &HttpRequest,
    items: Vec<T>,
    id: impl Fn(&T) -> i64,
) -> Result<HttpResponse, Error> {
    let query = body::query(request, &services.config.limits)?;
    let position = mapping::position(request.headers(), &query);
    let (window, items) = mapping::short_list(items, id, position);
    Ok(answer(&window).json(items))
}
