//! The route table.

use actix_web::guard::{Any, Get, Head};
use actix_web::web::{self, ServiceConfig};
use actix_web::{Resource, Route, Scope};

use super::errors::{self, Allowed};
use super::handlers::{customers, oauth, payment_methods};
use crate::http::request_log::LoggedDialect;

/// Mounts every route, each prefix in a scope of its own: other dialects live below `/v2` too. What none of them knows there
/// is answered at the end, because a client of this vendor reads every answer as JSON (contract 1.1).
pub(super) fn mount(app: &mut ServiceConfig) {
    app.service(
        area("/v2/customers")
            .service(
                resource("", "GET, HEAD, POST")
                    .route(read().to(customers::list))
                    .route(web::post().to(customers::create)),
            )
            .service(
                resource("/{uuid}", "GET, HEAD, POST, DELETE")
                    .route(read().to(customers::show))
                    .route(web::post().to(customers::update))
                    .route(web::delete().to(customers::delete)),
            )
            .service(
                resource("/{uuid}/payment-methods", "GET, HEAD")
                    .route(read().to(payment_methods::list_of_customer)),
            ),
    )
    .service(
        area("/v2/merchants/customers").service(
            resource("/{merchant_customer_id}", "GET, HEAD")
                .route(read().to(customers::show_by_merchant_id)),
        ),
    )
    .service(
        area("/v2/payment-methods")
            .service(resource("", "GET, HEAD").route(read().to(payment_methods::list))),
    )
    .service(
        area("/v2/oauth").service(resource("", "POST").route(web::post().to(oauth::issue_token))),
    )
    .service(area("/v2"));
}

fn area(prefix: &str) -> Scope {
    web::scope(prefix)
        .app_data(LoggedDialect("monri"))
        .default_service(web::to(errors::unknown_route))
}

fn resource(path: &str, allowed: &'static str) -> Resource {
    web::resource(path).app_data(Allowed(allowed)).default_service(web::to(errors::unknown_method))
}

fn read() -> Route {
    web::route().guard(Any(Get()).or(Head()))
}
