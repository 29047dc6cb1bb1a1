//! Answers with one page of a list, and lists that fit on one (contract 1.8).

use std::fmt::Display;

use actix_web::http::header::HeaderName;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::body;
use crate::dialects::kounta::errors::Error;
use crate::dialects::kounta::mapping::{self, Window};
use crate::services::Services;

/// The items of a page, and where the page behind its last number is.
pub(super) fn page(
    services: &Services,
    request: &HttpRequest,
    window: Window,
    last: Option<impl Display>,
    items: Vec<impl Serialize>,
) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    answer.insert_header((HeaderName::from_static("x-pages"), window.pages()));
    answer.insert_header((HeaderName::from_static("x-page"), window.page));
    if let Some(last) = last.filter(|_| window.goes_on()) {
        let next = mapping::next_page_link(&services.config.public_url, request.uri(), last);
        answer.insert_header((HeaderName::from_static("x-next-page"), next));
    }
    answer.json(items)
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
    let (window, items) = mapping::short_list(items, &id, position);
    let last = items.last().map(id);
    Ok(page(services, request, window, last, items))
}
