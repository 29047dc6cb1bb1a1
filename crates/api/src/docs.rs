//! The contracts as OpenAPI, and a page to read and try them. Everything comes from this process: a closed network shows
//! it as well.

use std::future::ready;
use std::sync::OnceLock;

use actix_web::HttpResponse;
use actix_web::http::header::ContentType;
use actix_web::web::{self, Bytes, Redirect, ServiceConfig};
use utoipa_swagger_ui::{Config as Viewer, SwaggerUi, Url};

use crate::config::{Config, Dialect};
use crate::dialects;

/// Mounts `/docs/` and the documents of the dialects that are served.
pub(crate) fn mount(config: &Config, app: &mut ServiceConfig) {
    if !config.docs {
        return;
    }
    let urls: Vec<_> =
        config.dialects.iter().map(|dialect| Url::new(dialect.title(), path(*dialect))).collect();
    // Another server checks documents for whoever asks it to; what is described here is nobody else's business.
    let viewer = Viewer::new(urls).validator_url("none");
    app.route("/docs", web::get().to(|| async { Redirect::to("/docs/") }));
    for dialect in &config.dialects {
        let dialect = *dialect;
        app.route(path(dialect), web::get().to(move || ready(document(dialect))));
    }
    app.service(SwaggerUi::new("/docs/{_:.*}").config(viewer));
}

/// Where a document is.
fn path(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::OpenLoyalty => "/docs/openapi/open_loyalty.json",
        Dialect::KunaCore => "/docs/openapi/kuna_core.json",
        Dialect::Monri => "/docs/openapi/monri.json",
        Dialect::Kounta => "/docs/openapi/kounta.json",
    }
}

fn document(dialect: Dialect) -> HttpResponse {
    match text_of(dialect) {
        Some(text) => HttpResponse::Ok().content_type(ContentType::json()).body(text),
        None => HttpResponse::InternalServerError().finish(),
    }
}

/// The document, written once when somebody first asks: most servers are never asked.
fn text_of(dialect: Dialect) -> Option<Bytes> {
    static TEXTS: [OnceLock<Option<Bytes>>; Dialect::ALL.len()] =
        [const { OnceLock::new() }; Dialect::ALL.len()];
    let text = &TEXTS[dialect as usize];
    text.get_or_init(|| dialects::openapi(dialect).to_json().ok().map(Bytes::from)).clone()
}
