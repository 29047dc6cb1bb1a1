//! The OpenAPI document.

use std::collections::BTreeMap;

use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, Modify, OpenApi};

use super::handlers::{deliveries, endpoints, events, service, trials};
use super::wire;

/// Every operation of the surface.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Clientele: operator's surface",
        description = "How deliveries go, and what happened. For the operator of the service: one key opens all merchants."
    ),
    paths(
        service::show,
        endpoints::list,
        endpoints::show,
        endpoints::pause,
        endpoints::resume,
        endpoints::rotate_secret,
        endpoints::replay,
        trials::run,
        deliveries::list,
        deliveries::show,
        deliveries::replay,
        events::list,
    ),
    components(schemas(wire::Problem)),
    security(("key" = [])),
    modifiers(&Schemes)
)]
pub(super) struct Document;

struct Schemes;

impl Modify for Schemes {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let key = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("The setting `ops.key`."))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::Http(key));
    }
}

/// What every call may answer besides its success.
pub(super) struct Failures;

/// The same for calls with parameters or a body.
pub(super) struct WriteFailures;

impl IntoResponses for Failures {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        failures(&[
            ("401", "Missing or wrong key"),
            ("404", "Not found"),
            ("500", "A defect"),
            ("503", "Try again"),
        ])
    }
}

impl IntoResponses for WriteFailures {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut responses = failures(&[
            ("400", "A parameter or the body is not valid"),
            ("408", "The body came too slowly"),
            ("410", "Further back than anything is kept"),
            ("413", "The body is too large"),
            ("415", "The body has a content coding"),
        ]);
        responses.extend(Failures::responses());
        responses
    }
}

fn failures(known: &[(&str, &str)]) -> BTreeMap<String, RefOr<Response>> {
    let response = |description: &str| {
        let body = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        ResponseBuilder::new()
            .description(description)
            .content("application/problem+json", body)
            .build()
            .into()
    };
    known.iter().map(|(status, text)| ((*status).to_owned(), response(text))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_leads_somewhere() {
        let document = serde_json::to_value(Document::openapi()).unwrap();
        let text = document.to_string();
        for reference in text.split("\"#").skip(1) {
            let pointer = reference.split('"').next().unwrap();
            assert!(document.pointer(pointer).is_some(), "{pointer}");
        }
    }
}
