//! Which path is what.

use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, Resource};

use super::auth::Operator;
use super::errors::Error;
use super::handlers::{service, trials};
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
                    .service(
                        act("/merchants/{merchant}/endpoints/{endpoint}/test")
                            .route(web::post().to(trials::run)),
                    )
                    .default_service(web::to(unknown_route)),
            )
            .default_service(web::to(unknown_route)),
    );
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
