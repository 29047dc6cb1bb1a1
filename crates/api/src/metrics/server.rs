//! The listener that figures are read from.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::http::header::ContentType;
use actix_web::web::{self, Data};
use actix_web::{App, HttpResponse, HttpServer};

use super::{Backlog, Metrics};

/// Connections that are served at the same time: Prometheus needs one.
const CONNECTIONS: usize = 32;

/// The media type of the text.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

struct Source {
    metrics: Metrics,
    backlog: Option<Arc<dyn Backlog>>,
}

/// Serves `GET /metrics` on a bound socket, and nothing else, until it is dropped or its handle stops it. Without a backlog
/// its figures stay 0.
pub fn serve(
    listener: TcpListener,
    metrics: Metrics,
    backlog: Option<Arc<dyn Backlog>>,
) -> io::Result<Server> {
    let source = Data::new(Source { metrics, backlog });
    let server = HttpServer::new(move || {
        App::new().app_data(source.clone()).route("/metrics", web::get().to(show))
    });
    let server = server.workers(1).max_connections(CONNECTIONS).disable_signals();
    Ok(server.listen(listener)?.run())
}

async fn show(source: Data<Source>) -> HttpResponse {
    match source.metrics.text(source.backlog.as_deref()).await {
        Some(text) => HttpResponse::Ok().content_type(OPEN_METRICS).body(text),
        None => HttpResponse::InternalServerError().content_type(ContentType::plaintext()).finish(),
    }
}
