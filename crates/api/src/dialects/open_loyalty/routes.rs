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
    scope.configure(settings).configure(levels).configure(points_of_sale).configure(admins);
    scope
        .configure(passwords)
        .configure(activation)
        .service(post("/admin/login_check", web::post().to(handlers::log_in_admin)))
        .service(post("/seller/login_check", web::post().to(handlers::log_in_seller)))
        .service(post("/customer/login_check", web::post().to(handlers::log_in_customer)))
        .service(post("/token/refresh", web::post().to(handlers::refresh_token)))
        .service(post("/customer/register", web::post().to(handlers::register_customer)))
        .service(post("/admin/customer/register", web::post().to(handlers::register_customer)))
        .service(post("/seller/customer/register", web::post().to(handlers::register_customer)))
        .service(post("/admin/customer/import", web::post().to(handlers::import_customers)))
        .service(
            resource("/customer/check", "GET, HEAD")
                .route(web::get().to(handlers::check_customer))
                .route(web::head().to(handlers::check_customer)),
        )
        .configure(registration_counts)
        .configure(devices)
        .configure(pictures)
        .configure(reports)
        .configure(assignments)
        .configure(invitations)
        .configure(points)
        .configure(transactions)
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
    life(scope);
    standing(scope);
    // Words of other routes stand where a seller's id does, so those come first.
    scope.configure(sellers);
}

/// Letting in, shutting out, forgetting.
fn life(scope: &mut ServiceConfig) {
    for who in ["admin", "seller"] {
        let path = |verb: &str| format!("/{who}/customer/{{customer}}/{verb}");
        scope
            .service(post(&path("activate"), web::post().to(handlers::activate_customer)))
            .service(post(&path("deactivate"), web::post().to(handlers::deactivate_customer)));
    }
    scope.service(post(
        "/admin/customer/{customer}/anonymize",
        web::post().to(handlers::anonymize_customer),
    ));
}

/// Where a customer stands, and moves by hand.
fn standing(scope: &mut ServiceConfig) {
    // The vendor's page doubles the word; older clients do not.
    for who in ["/admin", "/seller", "/customer", ""] {
        scope.service(
            resource(&format!("{who}/customer/{{customer}}/status"), "GET, HEAD")
                .route(web::get().to(handlers::show_customer_status))
                .route(web::head().to(handlers::show_customer_status)),
        );
    }
    scope
        .service(post("/customer/{customer}/level", web::post().to(handlers::assign_level)))
        .service(post(
            "/customer/{customer}/remove-manually-level",
            web::post().to(handlers::remove_manual_level),
        ));
}

fn passwords(scope: &mut ServiceConfig) {
    scope
        .service(
            resource("/token/revoke", "GET, HEAD")
                .route(web::get().to(handlers::revoke_tokens))
                .route(web::head().to(handlers::revoke_tokens)),
        )
        .service(post("/admin/password/change", web::post().to(handlers::change_password)))
        .service(post("/customer/password/change", web::post().to(handlers::change_password)))
        .service(post("/seller/password/change", web::post().to(handlers::change_password)))
        .service(post("/password/reset", web::post().to(handlers::reset_password)))
        .service(post("/password/reset/request", web::post().to(handlers::request_reset)))
        .service(post(
            "/customer/password/reset/request",
            web::post().to(handlers::request_customer_reset),
        ));
}

fn activation(scope: &mut ServiceConfig) {
    scope
        .service(post("/customer/self_register", web::post().to(handlers::self_register)))
        .service(post("/customer/activate-sms/{token}", web::post().to(handlers::activate_by_code)))
        .service(post("/customer/activate/{token}", web::post().to(handlers::activate_by_link)))
        .service(post("/customer/confirm-change/{token}", web::post().to(handlers::confirm_change)))
        .service(post(
            "/customer/customer-phone/send-sms-code",
            web::post().to(handlers::resend_code),
        ))
        .service(post(
            "/admin/customer/{customer}/send-sms-code",
            web::post().to(handlers::send_code),
        ))
        .service(post(
            "/seller/customer/{customer}/send-sms-code",
            web::post().to(handlers::send_code),
        ));
}

fn levels(scope: &mut ServiceConfig) {
    scope
        .service(get("/level", handlers::list_levels))
        .service(get("/seller/level", handlers::list_levels))
        .service(get("/customer/level", handlers::list_reachable_levels))
        .service(post("/level/create", web::post().to(handlers::create_level)))
        .service(get("/level/{level}/customers", handlers::list_level_customers))
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
        .service(get("/seller/level/{level}", handlers::show_level));
}

fn points_of_sale(scope: &mut ServiceConfig) {
    scope
        .service(
            resource("/pos", "GET, HEAD, POST")
                .route(web::get().to(handlers::list_pos))
                .route(web::head().to(handlers::list_pos))
                .route(web::post().to(handlers::create_pos)),
        )
        .service(get("/seller/pos", handlers::list_pos))
        .service(get("/pos/identifier/{identifier}", handlers::show_pos_by_identifier))
        .service(
            resource("/pos/{pos}", "GET, HEAD, PUT")
                .route(web::get().to(handlers::show_pos))
                .route(web::head().to(handlers::show_pos))
                .route(web::put().to(handlers::update_pos)),
        )
        .service(get("/seller/pos/{pos}", handlers::show_pos));
}

fn sellers(scope: &mut ServiceConfig) {
    scope
        .service(get("/seller", handlers::list_sellers))
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
        .service(get("/admin", handlers::list_admins))
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

fn reports(scope: &mut ServiceConfig) {
    scope
        .service(get("/audit/log", handlers::list_audit_logs))
        .service(get("/admin/analytics/customers", handlers::show_customer_figures))
        .service(get("/admin/analytics/referrals", handlers::show_referral_figures));
}

fn pictures(scope: &mut ServiceConfig) {
    scope.service(
        resource("/customer/{customer}/avatar", "GET, HEAD, POST, DELETE")
            .route(web::get().to(handlers::show_avatar))
            .route(web::head().to(handlers::show_avatar))
            .route(web::post().to(handlers::upload_avatar))
            .route(web::delete().to(handlers::delete_avatar)),
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

fn points(scope: &mut ServiceConfig) {
    for till in ["", "/pos"] {
        let path = |verb: &str| format!("{till}/points/transfer/{verb}");
        scope
            .service(post(&path("add"), web::post().to(handlers::add_points)))
            .service(post(&path("spend"), web::post().to(handlers::spend_points)));
    }
    scope
        .service(get("/points/transfer", handlers::list_transfers))
        .service(get("/seller/points/transfer", handlers::list_transfers))
        .service(get("/customer/points/transfer", handlers::list_own_transfers))
        .service(post(
            "/points/transfer/{transfer}/cancel",
            web::post().to(handlers::cancel_transfer),
        ))
        .service(get("/admin/analytics/points", handlers::count_spent_points));
}

fn transactions(scope: &mut ServiceConfig) {
    scope
        .service(
            resource("/transaction", "GET, HEAD, POST")
                .route(web::get().to(handlers::list_transactions))
                .route(web::head().to(handlers::list_transactions))
                .route(web::post().to(handlers::register_transaction)),
        )
        .service(get("/seller/transaction", handlers::list_transactions))
        .service(get("/customer/transaction", handlers::list_transactions))
        .service(get("/admin/analytics/transactions", handlers::show_sales_figures));
    for who in ["admin", "pos", "customer"] {
        scope.service(post(
            &format!("/{who}/transaction/customer/assign"),
            web::post().to(handlers::assign_transaction),
        ));
    }
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
