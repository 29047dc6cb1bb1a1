//! Which path is what. Every route is a POST; another verb is no route at all (contract 1.1).

use actix_web::web::{self, ServiceConfig};

use super::errors::Error;
use super::handlers::{customer, login};
use crate::http::request_log::LoggedDialect;

const DIALECT: LoggedDialect = LoggedDialect("kuna_core");

/// Mounts the two scopes of the dialect. What they do not know they answer themselves, so that no other dialect does.
pub(super) fn mount(app: &mut ServiceConfig) {
    app.service(
        web::scope("/v2/auth")
            .app_data(DIALECT)
            .route("/login", web::post().to(login::log_in))
            .route("/refresh", web::post().to(login::refresh))
            .default_service(web::to(unknown_route)),
    )
    .service(
        web::scope("/v2/customer")
            .app_data(DIALECT)
            .route("/create", web::post().to(customer::create))
            .route("/details", web::post().to(customer::details))
            .route("/find", web::post().to(customer::find))
            .route("/update", web::post().to(customer::update))
            .default_service(web::to(unknown_route)),
    );
}

async fn unknown_route() -> Error {
    Error::UnknownRoute
}
