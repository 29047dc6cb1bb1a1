//! KunaCore: the bank core of a crypto exchange, for institutions. The contract is `docs/dialects/kuna_core.md`.

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

/// Mounts every route of the dialect.
pub fn mount(_config: &Config, app: &mut ServiceConfig) {
    routes::mount(app);
}

/// The OpenAPI document of the dialect.
pub fn openapi() -> utoipa::openapi::OpenApi {
    openapi::Document::openapi()
}
