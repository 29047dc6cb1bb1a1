//! The wire contracts. Each folder holds one vendor and has the same files; none knows another.

pub mod kounta;
pub mod kuna_core;
pub mod monri;
pub mod open_loyalty;

use std::sync::Arc;

use actix_web::web::ServiceConfig;
use domain::delivery::{Order, RenderError, Rendered, Renderer, Target};
use domain::id::DeliveryId;
use domain::secret::{SecretError, SecretKeeper};

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

/// What writes deliveries: whose wish a target is tells in which shape. It does not matter whether that dialect is served.
pub fn renderer(keeper: Arc<dyn SecretKeeper>) -> Arc<dyn Renderer> {
    Arc::new(Deliveries {
        subscriptions: kounta::renderer(keeper),
        programmes: open_loyalty::renderer(),
    })
}

struct Deliveries<S, P> {
    subscriptions: S,
    programmes: P,
}

impl<S: Renderer, P: Renderer> Deliveries<S, P> {
    fn of(&self, target: &Target) -> &dyn Renderer {
        match target {
            Target::Subscription { .. } => &self.subscriptions,
            Target::Settings { .. } => &self.programmes,
        }
    }
}

impl<S: Renderer, P: Renderer> Renderer for Deliveries<S, P> {
    fn body(&self, order: Order<'_>) -> Result<Vec<u8>, RenderError> {
        self.of(order.target).body(order)
    }

    fn headers(
        &self,
        order: Order<'_>,
        delivery: DeliveryId,
        body: &[u8],
    ) -> Result<Vec<Rendered>, SecretError> {
        self.of(order.target).headers(order, delivery, body)
    }
}
