//! One log line per request.
//!
//! The line names the pattern of the route and never the path: paths carry activation codes, phone numbers and card
//! numbers. What is logged while a request is served carries its id, through a span.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpRequest};
use tracing::{Instrument as _, Level};
use uuid::Uuid;

use super::request_id::RequestId;

/// The dialect that a scope's requests are logged under: a dialect gives it to its scope as `app_data`.
#[derive(Clone, Copy, Debug)]
pub struct LoggedDialect(pub &'static str);

#[derive(Clone, Copy)]
struct LoggedMerchant(Uuid);

/// Has the request's line name its merchant; called as soon as the merchant is known.
pub fn note_merchant(request: &HttpRequest, merchant: Uuid) {
    request.extensions_mut().insert(LoggedMerchant(merchant));
}

/// Middleware: logs the request when it was answered. Belongs inside [`super::request_id::identify`].
pub async fn log(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let started = Instant::now();
    let id = request.extensions().get::<RequestId>().cloned();
    let id = id.as_ref().map(RequestId::as_str);
    let span = tracing::info_span!("request", request.id = id);
    let response = next.call(request).instrument(span).await?;
    if tracing::enabled!(Level::WARN) {
        write_line(&response, started, id);
    }
    Ok(response)
}

/// The same fields at either level.
macro_rules! line {
    ($level:ident, $method:expr, $route:expr, $status:expr, $duration:expr, $dialect:expr, $merchant:expr, $id:expr) => {
        tracing::$level!(
            method = $method,
            route = $route,
            status = $status,
            duration_ms = $duration,
            dialect = $dialect,
            merchant.id = $merchant,
            request.id = $id,
            "request answered"
        )
    };
}

fn write_line<B>(response: &ServiceResponse<B>, started: Instant, id: Option<&str>) {
    let request = response.request();
    let (method, status) = (known_method(request.method()), response.status());
    let route = request.match_pattern();
    let route = route.as_deref().unwrap_or("none");
    let duration = (started.elapsed().as_secs_f64() * 1e6).round() / 1e3;
    let dialect = request.app_data::<LoggedDialect>().map(|dialect| dialect.0);
    let merchant = request
        .extensions()
        .get::<LoggedMerchant>()
        .map(|merchant| tracing::field::display(merchant.0));
    if status.is_server_error() {
        line!(warn, method, route, status.as_u16(), duration, dialect, merchant, id);
    } else {
        line!(info, method, route, status.as_u16(), duration, dialect, merchant, id);
    }
}

/// A method may be any word of any length; only the usual ones are worth a log.
fn known_method(method: &Method) -> &str {
    match *method {
        Method::GET
        | Method::HEAD
        | Method::POST
        | Method::PUT
        | Method::PATCH
        | Method::DELETE
        | Method::OPTIONS => method.as_str(),
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, call_service, init_service};
    use actix_web::{App, HttpResponse, web};
    use serde_json::{Value, json};
    use tracing::instrument::WithSubscriber as _;

    use super::*;
    use crate::config::{LogConfig, LogFormat};
    use crate::http::request_id::{RequestIds, identify};
    use crate::telemetry::subscriber;
    use crate::testing::Lines;

    async fn card(request: HttpRequest) -> HttpResponse {
        note_merchant(&request, Uuid::from_u128(7));
        tracing::info!("looking");
        HttpResponse::Ok().finish()
    }

    async fn broken() -> HttpResponse {
        HttpResponse::InternalServerError().finish()
    }

    /// The log lines of one request, without their times.
    async fn lines_of(request: TestRequest) -> Vec<Value> {
        let lines = Lines::default();
        let log_config = LogConfig { format: LogFormat::Json, filter: "info".to_owned() };
        let served = async {
            let app = App::new()
                .service(
                    web::scope("/v9")
                        .app_data(LoggedDialect("martian"))
                        .route("/cards/{number}", web::route().to(card))
                        .route("/broken", web::get().to(broken)),
                )
                .wrap(from_fn(log))
                .wrap(from_fn(|request, next| {
                    identify(Arc::new(RequestIds::new(1)), request, next)
                }));
            call_service(&init_service(app).await, request.to_request()).await;
        };
        served.with_subscriber(subscriber(&log_config, lines.clone()).unwrap()).await;
        lines.read().iter().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn fields(line: &Value, names: &[&str]) -> Value {
        names.iter().map(|name| line[name].clone()).collect()
    }

    #[actix_web::test]
    async fn a_line_names_the_pattern_and_never_the_path() {
        let lines =
            lines_of(TestRequest::get().uri("/v9/cards/4111111111111111?code=secret")).await;
        let names = ["level", "method", "route", "status", "dialect", "merchant.id", "request.id"];
        let expected = json!([
            "INFO",
            "GET",
            "/v9/cards/{number}",
            200,
            "martian",
            Uuid::from_u128(7).to_string(),
            "00000001-1"
        ]);
        assert_eq!(fields(&lines[1], &names), expected);
        assert!(lines[1]["duration_ms"].is_number());
        let whole = Value::from(lines).to_string();
        assert!(!whole.contains("4111") && !whole.contains("secret"), "{whole}");
    }

    #[actix_web::test]
    async fn what_a_handler_logs_carries_the_request_id() {
        let lines =
            lines_of(TestRequest::get().uri("/v9/cards/1").insert_header(("x-request-id", "abc")))
                .await;
        assert_eq!(
            (&lines[0]["message"], &lines[0]["span"]["request.id"]),
            (&json!("looking"), &json!("abc"))
        );
    }

    #[actix_web::test]
    async fn server_errors_are_warnings_without_fields_that_are_unknown() {
        let lines = lines_of(TestRequest::get().uri("/v9/broken")).await;
        assert_eq!(
            fields(&lines[0], &["level", "status", "merchant.id"]),
            json!(["WARN", 500, null])
        );
    }

    #[actix_web::test]
    async fn an_unknown_route_and_method_are_not_repeated() {
        let request =
            TestRequest::default().method(Method::from_bytes(b"SECRET").unwrap()).uri("/secret");
        let lines = lines_of(request).await;
        assert_eq!(
            fields(&lines[0], &["method", "route", "status", "dialect"]),
            json!(["other", "none", 404, null])
        );
    }
}
