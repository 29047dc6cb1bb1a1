//! The route table.

mod envelope;

pub(super) use envelope::{options, suffix};

use actix_web::guard;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Resource, Route};

use super::errors::{Error, Verbs};
use super::handlers::{addresses, authorize, companies, customers, orders, token, webhooks};
use crate::config::KountaConfig;
use crate::http::cors::Cors;
use crate::http::request_log::LoggedDialect;

const DIALECT: LoggedDialect = LoggedDialect("kounta");

/// What a page of another origin may read of an answer (contract 1.10).
const EXPOSED: &str = "X-Page, X-Pages, X-Next-Page, X-Ratelimit-Limit, X-Ratelimit-Remaining, X-Ratelimit-Reset, Location";

/// Mounts every route. `/v1` and `/authorize` are this dialect's.
pub(super) fn mount(config: &KountaConfig, app: &mut ServiceConfig) {
    let cors = if config.cors {
        Cors::any_origin("GET, HEAD, POST, PUT, DELETE, OPTIONS", EXPOSED)
    } else {
        Cors::off()
    };
    app.service(
        web::resource("/authorize")
            .app_data(DIALECT)
            .app_data(Verbs("GET, HEAD, POST, OPTIONS"))
            .route(get().to(authorize::show))
            .route(web::post().to(authorize::decide))
            .default_service(web::to(other_verb)),
    );
    let reading = Verbs("GET, HEAD, OPTIONS");
    let companies = web::scope("/companies")
        .service(resource("/{company}", reading).route(get().to(companies::show)))
        .service(
            resource("/{company}/customers", Verbs("GET, HEAD, POST, OPTIONS"))
                .route(get().to(customers::list))
                .route(web::post().to(customers::create)),
        )
        .service(customer(config.allow_delete))
        .service(resource("/{company}/sites", reading).route(get().to(companies::list_sites)))
        .service(
            resource("/{company}/addresses", reading).route(get().to(addresses::list_of_company)),
        )
        .service(
            resource("/{company}/customers/{customer}/addresses", reading)
                .route(get().to(addresses::list_of_customer)),
        )
        // A widely used client spells it like this (contract, section 4).
        .service(
            resource("/{company}/customer/{customer}/addresses", reading)
                .route(get().to(addresses::list_of_customer)),
        )
        .service(
            resource("/{company}/customers/{customer}/addresses/{address}", reading)
                .route(get().to(addresses::show)),
        )
        .service(
            resource("/{company}/customers/{customer}/orders", reading)
                .route(get().to(orders::list)),
        )
        .service(
            resource("/{company}/webhooks", Verbs("GET, HEAD, POST, OPTIONS"))
                .route(get().to(webhooks::list))
                .route(web::post().to(webhooks::create)),
        )
        .service(
            resource("/{company}/webhooks/{webhook}", Verbs("GET, HEAD, PUT, DELETE, OPTIONS"))
                .route(get().to(webhooks::show))
                .route(web::put().to(webhooks::update))
                .route(web::delete().to(webhooks::delete)),
        )
        .default_service(web::to(unknown_route))
        .wrap(from_fn(envelope::wrap));
    app.service(
        web::scope("/v1")
            .app_data(DIALECT)
            .service(
                web::resource(["/token", "/token.json"])
                    .app_data(Verbs("POST, OPTIONS"))
                    .route(web::post().to(token::issue))
                    .default_service(web::to(token::other_verb)),
            )
            .service(companies)
            .default_service(web::to(unknown_route))
            .wrap(cors),
    );
}

fn customer(allow_delete: bool) -> Resource {
    let path = "/{company}/customers/{customer}";
    let verbs =
        if allow_delete { "GET, HEAD, PUT, DELETE, OPTIONS" } else { "GET, HEAD, PUT, OPTIONS" };
    let resource = resource(path, Verbs(verbs))
        .route(get().to(customers::show))
        .route(web::put().to(customers::update));
    if allow_delete { resource.route(web::delete().to(customers::delete)) } else { resource }
}

/// A resource below `/v1/companies`, with and without the suffix (contract 1.1). The suffixes come first, because a
/// placeholder at the end would take them in.
fn resource(path: &str, verbs: Verbs) -> Resource {
    web::resource([
        [path, envelope::JSON].concat(),
        [path, envelope::XML].concat(),
        path.to_owned(),
    ])
    .app_data(verbs)
    .default_service(web::to(other_verb))
}

/// HEAD is GET without the body (contract 1.4).
fn get() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

async fn other_verb(request: HttpRequest) -> Result<HttpResponse, Error> {
    let verbs = Verbs::of(&request);
    envelope::options(&request, verbs).ok_or(Error::MethodNotAllowed(verbs))
}

async fn unknown_route() -> Result<HttpResponse, Error> {
    Err(Error::UnknownRoute)
}
