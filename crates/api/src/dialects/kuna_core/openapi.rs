//! The dialect as an OpenAPI document.

use std::collections::BTreeMap;

use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, Modify};

use super::{handlers, wire};

/// Every operation of the dialect.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "KunaCore",
        description = "Customers of an institution, in KunaCore's contract.",
        version = "2"
    ),
    paths(
        handlers::login::log_in,
        handlers::login::refresh,
        handlers::customer::create,
        handlers::customer::details,
        handlers::customer::find,
        handlers::customer::update,
    ),
    components(schemas(wire::ErrorBody)),
    modifiers(&SecuritySchemes)
)]
pub(super) struct Document;

struct SecuritySchemes;

impl Modify for SecuritySchemes {
    fn modify(&self, document: &mut OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let key = ApiKey::Header(ApiKeyValue::new("Api-Key"));
        components.add_security_scheme("api_key", SecurityScheme::ApiKey(key));
    }
}

/// How any operation may fail.
pub(super) enum Failures {}

impl IntoResponses for Failures {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        failures(&[
            ("400", "The body is no JSON object, or members of it break a rule."),
            ("401", "No credentials, or none that work."),
            ("408", "The body came too slowly."),
            ("413", "The body is too large."),
            ("415", "The body is not JSON, or has a content coding."),
            ("500", "A defect of the service."),
            ("503", "The service cannot answer now."),
        ])
    }
}

/// How a login may fail besides.
pub(super) enum TooMany {}

impl IntoResponses for TooMany {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        failures(&[("429", "Too many logins failed; `Retry-After` says for how many seconds.")])
    }
}

/// How an operation on one customer may fail besides.
pub(super) enum NotFound {}

impl IntoResponses for NotFound {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        failures(&[("404", "No such customer.")])
    }
}

/// How an operation that writes a customer may fail besides.
pub(super) enum Conflict {}

impl IntoResponses for Conflict {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        failures(&[("409", "The e-mail address is another customer's.")])
    }
}

/// How a private operation may fail besides.
pub(super) enum Forbidden {}

impl IntoResponses for Forbidden {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        failures(&[("403", "The caller may not do this, or not from its address.")])
    }
}

fn failures(list: &[(&str, &str)]) -> BTreeMap<String, RefOr<Response>> {
    let content = || ContentBuilder::new().schema(Some(Ref::from_schema_name("ErrorBody"))).build();
    list.iter()
        .map(|(status, description)| {
            let response = ResponseBuilder::new()
                .description(*description)
                .content("application/json", content())
                .build();
            ((*status).to_owned(), response.into())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use utoipa::OpenApi as _;

    use super::*;

    #[test]
    fn every_operation_names_what_it_may_answer() {
        let document = serde_json::to_value(Document::openapi()).unwrap();
        let common = "201 400 401 408 413 415 500 503";
        for (path, besides) in [
            ("/v2/auth/login", "429"),
            ("/v2/auth/refresh", ""),
            ("/v2/customer/create", "403 409"),
            ("/v2/customer/details", "403 404"),
            ("/v2/customer/find", "403"),
            ("/v2/customer/update", "403 404 409"),
        ] {
            let responses = document["paths"][path]["post"]["responses"].as_object().unwrap();
            let told: std::collections::BTreeSet<_> =
                responses.keys().map(String::as_str).collect();
            let expected = common.split(' ').chain(besides.split_whitespace()).collect();
            assert_eq!(told, expected, "{path}");
        }
        assert_eq!(document["paths"].as_object().unwrap().len(), 6);
        assert!(document["components"]["schemas"]["ErrorBody"].is_object());
    }
}
