//! Open Loyalty, the self-hosted loyalty programme: its customer API below `/api`, with and without a store in the path.
//!
//! What is served, and what differs from the vendor on purpose, is in `docs/dialects/open_loyalty.md`. References like
//! "contract 1.7" and "E10" are to its sections.

mod auth;
mod errors;
mod handlers;
mod mapping;
mod openapi;
mod routes;
mod wire;

use actix_web::web::ServiceConfig;
use domain::delivery::Renderer;

use crate::config::Config;

/// Mounts every route of the dialect.
pub fn mount(config: &Config, app: &mut ServiceConfig) {
    routes::mount(config, app);
}

/// The OpenAPI document of the dialect.
pub fn openapi() -> utoipa::openapi::OpenApi {
    openapi::document()
}

/// What writes the deliveries of programmes.
pub fn renderer() -> impl Renderer {
    mapping::Deliveries
}
