//! The route table. Every route stands twice: below `/api`, where the default store is meant, and below
//! `/api/{storeCode}`.

use actix_web::web::{self, ServiceConfig};
use actix_web::{Resource, Route};

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
            .wrap(cors),
    );
}

fn routes(scope: &mut ServiceConfig) {
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
        .configure(registration_counts)
        .configure(devices)
        .configure(assignments)
        .configure(invitations)
        .service(post("/pos/search/customer", web::post().to(handlers::search_customers)))
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

fn registration_counts(scope: &mut ServiceConfig) {
    scope
        .service(
            resource("/customer/registrations", "GET, HEAD")
                .route(web::get().to(handlers::count_registrations))
                .route(web::head().to(handlers::count_registrations)),
        )
        .service(
            resource("/customer/registrations/daily", "GET, HEAD")
                .route(web::get().to(handlers::count_daily_registrations))
                .route(web::head().to(handlers::count_daily_registrations)),
        );
}

fn devices(scope: &mut ServiceConfig) {
    scope
        .service(
            resource("/customer/{customer}/pushy-token", "GET, HEAD, POST")
                .route(web::get().to(handlers::list_push_tokens))
                .route(web::head().to(handlers::list_push_tokens))
                .route(web::post().to(handlers::add_push_token)),
        )
        .service(
            resource("/customer/{customer}/pushy-token/{token}", "DELETE")
                .route(web::delete().to(handlers::remove_push_token)),
        );
}

fn assignments(scope: &mut ServiceConfig) {
    scope
        .service(post("/customer/{customer}/pos", web::post().to(handlers::assign_pos)))
        .service(post("/seller/customer/{customer}/pos", web::post().to(handlers::assign_pos)));
}

fn invitations(scope: &mut ServiceConfig) {
    scope.service(post("/invitations/invite", web::post().to(handlers::invite))).service(
        resource("/invitations", "GET, HEAD")
            .route(web::get().to(handlers::list_invitations))
            .route(web::head().to(handlers::list_invitations)),
    );
}

fn list(path: &str) -> Resource {
    resource(path, "GET, HEAD")
        .route(web::get().to(handlers::list_customers))
        .route(web::head().to(handlers::list_customers))
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
