//! Which path is what.

use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, Resource, Scope};

use super::auth::Operator;
use super::errors::Error;
use super::handlers::{deliveries, endpoints, events, service, trials};
use crate::http::request_log::LoggedDialect;

const SURFACE: LoggedDialect = LoggedDialect("ops");

/// Mounts the surface. What it does not know it answers itself, and only to the operator.
pub(super) fn mount(app: &mut ServiceConfig) {
    app.service(
        web::scope("/ops")
            .app_data(SURFACE)
            .service(
                web::scope("/v1")
                    .service(read("/service").route(web::get().to(service::show)))
                    .service(read("/endpoints").route(web::get().to(endpoints::list)))
                    .service(read("/events").route(web::get().to(events::list)))
                    .service(endpoint())
                    .default_service(web::to(unknown_route)),
            )
            .default_service(web::to(unknown_route)),
    );
}

/// What there is of one endpoint.
fn endpoint() -> Scope {
    web::scope("/merchants/{merchant}/endpoints/{endpoint}")
        .service(read("").route(web::get().to(endpoints::show)))
        .service(act("/pause").route(web::post().to(endpoints::pause)))
        .service(act("/resume").route(web::post().to(endpoints::resume)))
        .service(act("/rotate-secret").route(web::post().to(endpoints::rotate_secret)))
        .service(act("/replay").route(web::post().to(endpoints::replay)))
        .service(act("/test").route(web::post().to(trials::run)))
        .service(read("/deliveries").route(web::get().to(deliveries::list)))
        .service(read("/deliveries/{delivery}").route(web::get().to(deliveries::show)))
        .service(act("/deliveries/{delivery}/replay").route(web::post().to(deliveries::replay)))
        .default_service(web::to(unknown_route))
}

/// A resource that is only read.
fn read(path: &str) -> Resource {
    web::resource(path).default_service(web::to(only_get))
}

/// Something that is done.
fn act(path: &str) -> Resource {
    web::resource(path).default_service(web::to(only_post))
}

async fn only_get(_: Operator) -> Result<HttpResponse, Error> {
    Err(Error::MethodNotAllowed("GET"))
}

async fn only_post(_: Operator) -> Result<HttpResponse, Error> {
    Err(Error::MethodNotAllowed("POST"))
}

async fn unknown_route(_: Operator) -> Result<HttpResponse, Error> {
    Err(Error::UnknownRoute)
}
