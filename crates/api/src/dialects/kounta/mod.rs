//! Kounta (Lightspeed Restaurant O-Series): customers of a company for the programs that the company connected.
//!
//! The contract, and where it differs from the vendor's: `docs/dialects/kounta.md`. "Contract" in the comments of this
//! folder means that page; its sections have the numbers that the comments name.

mod auth;
mod errors;
mod handlers;
mod mapping;
mod openapi;
mod routes;
mod wire;

use std::sync::Arc;

use actix_web::web::ServiceConfig;
use domain::delivery::Renderer;
use domain::secret::SecretKeeper;
use utoipa::OpenApi as _;

use crate::config::Config;

/// Mounts every route of the dialect.
pub fn mount(config: &Config, app: &mut ServiceConfig) {
    routes::mount(&config.kounta, app);
}

/// The OpenAPI document of the dialect.
pub fn openapi() -> utoipa::openapi::OpenApi {
    openapi::Document::openapi()
}

/// What writes the deliveries of subscriptions.
pub fn renderer(keeper: Arc<dyn SecretKeeper>) -> impl Renderer {
    mapping::Deliveries::new(keeper)
}
