//! The wire contracts. Each folder holds one vendor and has the same files; none knows another.

pub mod kounta;
pub mod kuna_core;
pub mod monri;
pub mod open_loyalty;

use actix_web::web::ServiceConfig;

use crate::config::{Config, Dialect};

/// Mounts the dialects that the operator chose, always in one order: Monri answers what nobody else knows below `/v2`.
pub fn mount(config: &Config, app: &mut ServiceConfig) {
    for dialect in Dialect::ALL.iter().filter(|dialect| config.dialects.contains(dialect)) {
        match dialect {
            Dialect::OpenLoyalty => open_loyalty::mount(config, app),
            Dialect::KunaCore => kuna_core::mount(config, app),
            Dialect::Monri => monri::mount(config, app),
            Dialect::Kounta => kounta::mount(config, app),
        }
    }
}

/// The OpenAPI document of a dialect.
pub fn openapi(dialect: Dialect) -> utoipa::openapi::OpenApi {
    match dialect {
        Dialect::OpenLoyalty => open_loyalty::openapi(),
        Dialect::KunaCore => kuna_core::openapi(),
        Dialect::Monri => monri::openapi(),
        Dialect::Kounta => kounta::openapi(),
    }
}
