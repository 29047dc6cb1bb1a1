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

/// A resource that is only read.
macro_rules! read {
    ($path:literal, $handler:path) => {
        resource($path, "GET, HEAD").route(web::get().to($handler)).route(web::head().to($handler))
    };
}

fn routes(scope: &mut ServiceConfig) {
    scope.configure(levels).configure(points_of_sale).configure(admins);
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
    // Words of other routes stand where a seller's id does, so those come first.
    scope.configure(sellers);
}

fn levels(scope: &mut ServiceConfig) {
    scope
        .service(read!("/level", handlers::list_levels))
        .service(read!("/seller/level", handlers::list_levels))
        .service(read!("/customer/level", handlers::list_reachable_levels))
        .service(post("/level/create", web::post().to(handlers::create_level)))
        .service(read!("/level/{level}/customers", handlers::list_level_customers))
        .service(post("/level/{level}/activate", web::post().to(handlers::activate_level)))
        .service(
            resource("/level/{level}/photo", "GET, HEAD, POST, DELETE")
                .route(web::get().to(handlers::show_level_photo))
                .route(web::head().to(handlers::show_level_photo))
                .route(web::post().to(handlers::upload_level_photo))
                .route(web::delete().to(handlers::delete_level_photo)),
        )
        .service(
            resource("/level/{level}", "GET, HEAD, PUT, DELETE")
                .route(web::get().to(handlers::show_level))
                .route(web::head().to(handlers::show_level))
                .route(web::put().to(handlers::update_level))
                .route(web::delete().to(handlers::delete_level)),
        )
        .service(read!("/seller/level/{level}", handlers::show_level));
}

fn points_of_sale(scope: &mut ServiceConfig) {
    scope
        .service(
            resource("/pos", "GET, HEAD, POST")
                .route(web::get().to(handlers::list_pos))
                .route(web::head().to(handlers::list_pos))
                .route(web::post().to(handlers::create_pos)),
        )
        .service(read!("/seller/pos", handlers::list_pos))
        .service(read!("/pos/identifier/{identifier}", handlers::show_pos_by_identifier))
        .service(
            resource("/pos/{pos}", "GET, HEAD, PUT")
                .route(web::get().to(handlers::show_pos))
                .route(web::head().to(handlers::show_pos))
                .route(web::put().to(handlers::update_pos)),
        )
        .service(read!("/seller/pos/{pos}", handlers::show_pos));
}

fn sellers(scope: &mut ServiceConfig) {
    scope
        .service(read!("/seller", handlers::list_sellers))
        .service(post("/seller/register", web::post().to(handlers::register_seller)))
        .service(post("/seller/{seller}/activate", web::post().to(handlers::activate_seller)))
        .service(post("/seller/{seller}/deactivate", web::post().to(handlers::deactivate_seller)))
        .service(post("/seller/{seller}/delete", web::post().to(handlers::delete_seller)))
        .service(
            resource("/seller/{seller}", "GET, HEAD, PUT")
                .route(web::get().to(handlers::show_seller))
                .route(web::head().to(handlers::show_seller))
                .route(web::put().to(handlers::update_seller)),
        );
}

fn admins(scope: &mut ServiceConfig) {
    scope
        .service(read!("/admin", handlers::list_admins))
        .service(
            resource("/admin/data", "GET, HEAD, POST, PUT")
                .route(web::get().to(handlers::show_own_account))
                .route(web::head().to(handlers::show_own_account))
                .route(web::post().to(handlers::create_admin))
                .route(web::put().to(handlers::update_own_account)),
        )
        .service(
            resource("/admin/data/{admin}", "GET, HEAD, PUT")
                .route(web::get().to(handlers::show_admin))
                .route(web::head().to(handlers::show_admin))
                .route(web::put().to(handlers::update_admin)),
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
