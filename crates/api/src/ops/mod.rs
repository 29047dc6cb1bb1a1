//! The operator's surface, below `/ops/v1`: how deliveries go, and what happened. It is laid out like a dialect, and it is
//! no vendor's: errors are problem details (RFC 9457), and one key opens all merchants.
//!
//! Without that key there is no such path.

mod auth;
mod errors;
mod handlers;
mod mapping;
mod openapi;
mod routes;
mod wire;

use actix_web::web::ServiceConfig;
use utoipa::OpenApi as _;

use crate::config::Config;

/// Mounts every route, if there is a key to open them.
pub(crate) fn mount(config: &Config, app: &mut ServiceConfig) {
    if config.ops.key.is_some() {
        routes::mount(app);
    }
}

/// The OpenAPI document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    openapi::Document::openapi()
}
