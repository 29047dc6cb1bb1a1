//! KunaCore.

use actix_web::web::ServiceConfig;
use utoipa::OpenApi as _;

use crate::config::Config;

/// Mounts every route of the dialect.
pub fn mount(_config: &Config, _app: &mut ServiceConfig) {}

#[derive(utoipa::OpenApi)]
struct Document;

/// The OpenAPI document of the dialect.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
