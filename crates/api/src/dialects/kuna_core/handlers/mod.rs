//! One function per route: decode, call a service, encode.

pub(super) mod customer;
pub(super) mod login;

use actix_web::HttpResponse;
use serde::Serialize;

use super::wire::Envelope;

/// Every success answers 201, reads too (contract 1.1).
fn answer(data: impl Serialize) -> HttpResponse {
    HttpResponse::Created().json(Envelope { data })
}
