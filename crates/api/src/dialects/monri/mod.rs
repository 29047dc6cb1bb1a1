//! Monri, a payment gateway: its customers API (`docs/dialects/monri.md`).

mod auth;
mod errors;
mod handlers;
mod mapping;
mod openapi;
mod routes;
mod wire;

use actix_web::web::ServiceConfig;

use crate::config::Config;

/// Mounts every route of the dialect.
pub fn mount(_config: &Config, app: &mut ServiceConfig) {
    routes::mount(app);
}

/// The OpenAPI document of the dialect.
pub fn openapi() -> utoipa::openapi::OpenApi {
    openapi::document()
}
