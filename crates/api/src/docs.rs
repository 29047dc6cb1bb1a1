//! The contracts as OpenAPI, and a page to read and try them. Everything comes from this process: a closed network shows
//! it as well.

use std::future::ready;
use std::sync::OnceLock;

use actix_web::HttpResponse;
use actix_web::http::header::ContentType;
use actix_web::web::{self, Bytes, Redirect, ServiceConfig};
use utoipa_swagger_ui::{Config as Viewer, SwaggerUi, Url};

use crate::config::{Config, Dialect};
use crate::{dialects, ops};

/// A description of something that is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// Of a vendor's contract.
    Dialect(Dialect),
    /// Of the operator's surface.
    Ops,
}

/// How many there are.
const COUNT: usize = Dialect::ALL.len() + 1;

impl Document {
    /// Each of them.
    pub fn all() -> impl Iterator<Item = Self> {
        Dialect::ALL.into_iter().map(Self::Dialect).chain([Self::Ops])
    }

    /// The name in commands and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dialect(dialect) => dialect.name(),
            Self::Ops => "ops",
        }
    }

    /// The document itself.
    pub fn openapi(self) -> utoipa::openapi::OpenApi {
        match self {
            Self::Dialect(dialect) => dialects::openapi(dialect),
            Self::Ops => ops::openapi(),
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Dialect(dialect) => dialect.title(),
            Self::Ops => "Operator",
        }
    }

    fn is_served(self, config: &Config) -> bool {
        match self {
            Self::Dialect(dialect) => config.dialects.contains(&dialect),
            Self::Ops => config.ops.key.is_some() && config.ops.listen.is_none(),
        }
    }

    /// Where it is shown.
    fn path(self) -> &'static str {
        match self {
            Self::Dialect(Dialect::OpenLoyalty) => "/docs/openapi/open_loyalty.json",
            Self::Dialect(Dialect::KunaCore) => "/docs/openapi/kuna_core.json",
            Self::Dialect(Dialect::Monri) => "/docs/openapi/monri.json",
            Self::Dialect(Dialect::Kounta) => "/docs/openapi/kounta.json",
            Self::Ops => "/docs/openapi/ops.json",
        }
    }

    /// The text, written once when somebody first asks: most servers are never asked.
    fn text(self) -> Option<Bytes> {
        static TEXTS: [OnceLock<Option<Bytes>>; COUNT] = [const { OnceLock::new() }; COUNT];
        let at = Self::all().position(|document| document == self)?;
        TEXTS[at].get_or_init(|| self.openapi().to_json().ok().map(Bytes::from)).clone()
    }
}

/// Mounts `/docs/` and the documents of what is served, the dialects in the order of the settings.
pub(crate) fn mount(config: &Config, app: &mut ServiceConfig) {
    if !config.docs {
        return;
    }
    let chosen = config.dialects.iter().copied().map(Document::Dialect).chain([Document::Ops]);
    let served: Vec<_> = chosen.filter(|document| document.is_served(config)).collect();
    let url = |document: &Document| Url::new(document.title(), document.path());
    // Another server checks documents for whoever asks it to; what is described here is nobody else's business.
    let viewer = Viewer::new(served.iter().map(url).collect::<Vec<_>>()).validator_url("none");
    app.route("/docs", web::get().to(|| async { Redirect::to("/docs/") }));
    for document in served {
        app.route(document.path(), web::get().to(move || ready(show(document))));
    }
    app.service(SwaggerUi::new("/docs/{_:.*}").config(viewer));
}

fn show(document: Document) -> HttpResponse {
    match document.text() {
        Some(text) => HttpResponse::Ok().content_type(ContentType::json()).body(text),
        None => HttpResponse::InternalServerError().finish(),
    }
}
