//! The route table. Every route stands twice: below `/api`, where the default store is meant, and below
//! `/api/{storeCode}`.

use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{FromRequest, Handler, Resource, Responder, Route};

use super::{errors, handlers};
use crate::config::Config;
use crate::http::cors::Cors;
use crate::http::request_log::LoggedDialect;

/// Mounts every route of the dialect.
pub(super) fn mount(config: &Config, app: &mut ServiceConfig) {
    let cors = if config.open_loyalty.cors {
        Cors::any_origin("POST, PUT, GET, DELETE", "")
    } else {
        Cors::off()
    };
    app.service(
        web::scope("/api")
            .app_data(LoggedDialect("open_loyalty"))
            .configure(routes)
            .service(
                web::scope("/{storeCode}")
                    .configure(routes)
                    .default_service(web::to(errors::unknown_route)),
            )
            .default_service(web::to(errors::unknown_route))
            .wrap(from_fn(errors::speak))
            .wrap(cors),
    );
}

fn routes(scope: &mut ServiceConfig) {
    scope.configure(settings);
    scope
        .service(post("/admin/login_check", web::post().to(handlers::log_in_admin)))
        .service(post("/seller/login_check", web::post().to(handlers::log_in_seller)))
        .service(post("/customer/login_check", web::post().to(handlers::log_in_customer)))
        .service(post("/token/refresh", web::post().to(handlers::refresh_token)))
        .service(post("/customer/register", web::post().to(handlers::register_customer)))
        .service(post("/admin/customer/register", web::post().to(handlers::register_customer)))
        .service(post("/seller/customer/register", web::post().to(handlers::register_customer)))
        .service(
            resource("/customer/check", "GET, HEAD")
                .route(web::get().to(handlers::check_customer))
                .route(web::head().to(handlers::check_customer)),
        )
        .service(list("/customer"))
        .service(list("/customer/"))
        .service(list("/admin/customer"))
        .service(
            resource("/customer/{customer}", "GET, HEAD, PUT, DELETE")
                .route(web::get().to(handlers::show_customer))
                .route(web::head().to(handlers::show_customer))
                .route(web::put().to(handlers::update_customer))
                .route(web::delete().to(handlers::delete_customer)),
        );
}

fn settings(scope: &mut ServiceConfig) {
    scope
        .service(
            resource("/settings", "GET, HEAD, POST")
                .route(web::get().to(handlers::show_settings))
                .route(web::head().to(handlers::show_settings))
                .route(web::post().to(handlers::replace_settings)),
        )
        .service(get("/settings/activation-method", handlers::show_activation_method))
        .service(get("/settings/public", handlers::show_public_settings))
        .service(get("/settings/choices/{type}", handlers::list_choices))
        .service(get("/settings/css", handlers::show_style))
        .service(get("/admin/customer-statuses", handlers::list_statuses))
        .service(get("/translations", handlers::show_translations));
}

fn list(path: &str) -> Resource {
    get(path, handlers::list_customers)
}

/// A path that is only read.
fn get<F, Args>(path: &str, handler: F) -> Resource
where
    F: Handler<Args> + Copy,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    resource(path, "GET, HEAD").route(web::get().to(handler)).route(web::head().to(handler))
}

fn post(path: &str, route: Route) -> Resource {
    resource(path, "POST").route(route)
}

/// A path with the methods that it answers; any other method is refused with this list.
fn resource(path: &str, allowed: &'static str) -> Resource {
    web::resource(path)
        .app_data(errors::Allowed(allowed))
        .default_service(web::to(errors::unknown_method))
}
