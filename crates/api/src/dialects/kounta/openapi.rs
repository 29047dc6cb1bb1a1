//! The OpenAPI document.

use std::collections::BTreeMap;

use utoipa::openapi::security::{
    AuthorizationCode, ClientCredentials, Flow, Http, HttpAuthScheme, OAuth2, Scopes,
    SecurityScheme,
};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, Modify, OpenApi};

use super::handlers::{addresses, authorize, companies, customers, orders, token, webhooks};
use super::wire;

/// Every operation of the dialect.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Kounta",
        description = "Customers of a company, and webhooks that tell of them. Every path below `/v1` also takes the suffix `.json`, and then needs no `Accept` header. HEAD works like GET, OPTIONS answers 204 with `Allow`."
    ),
    paths(
        authorize::show,
        authorize::decide,
        token::issue,
        companies::show,
        companies::list_sites,
        addresses::list_of_company,
        customers::list,
        customers::create,
        customers::show,
        customers::update,
        customers::delete,
        addresses::list_of_customer,
        addresses::show,
        orders::list,
        webhooks::list,
        webhooks::create,
        webhooks::show,
        webhooks::update,
        webhooks::delete
    ),
    components(schemas(wire::WriteAddress, wire::ErrorBody)),
    security(("basic" = []), ("oauth" = [])),
    modifiers(&Schemes)
)]
pub(super) struct Document;

struct Schemes;

impl Modify for Schemes {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        components.add_security_scheme(
            "basic",
            SecurityScheme::Http(
                Http::builder()
                    .scheme(HttpAuthScheme::Basic)
                    .description(Some("client_id:client_secret"))
                    .build(),
            ),
        );
        let flows = [
            Flow::AuthorizationCode(AuthorizationCode::new(
                "/authorize",
                "/v1/token",
                Scopes::new(),
            )),
            Flow::ClientCredentials(ClientCredentials::new("/v1/token", Scopes::new())),
        ];
        components.add_security_scheme("oauth", SecurityScheme::OAuth2(OAuth2::new(flows)));
    }
}

/// What every call below `/v1/companies` may answer besides its success.
pub(super) struct Failures;

/// The same for calls with a body.
pub(super) struct WriteFailures;

impl IntoResponses for Failures {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        failures(&[
            ("400", "The request breaks a rule of the contract"),
            ("401", "Missing, unknown or expired credentials"),
            ("403", "Another company"),
            ("404", "Not found"),
            ("406", "The client does not take JSON"),
            ("429", "Too many requests in this minute"),
            ("500", "A defect"),
            ("503", "Try again"),
        ])
    }
}

impl IntoResponses for WriteFailures {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut responses = Failures::responses();
        responses.extend(failures(&[
            ("408", "The body came too slowly"),
            ("413", "The body is too large"),
            ("415", "The body has a content coding"),
        ]));
        responses
    }
}

fn failures(known: &[(&str, &str)]) -> BTreeMap<String, RefOr<Response>> {
    let response = |description: &str| {
        let body = ContentBuilder::new().schema(Some(Ref::from_schema_name("Error"))).build();
        ResponseBuilder::new()
            .description(description)
            .content("application/json", body)
            .build()
            .into()
    };
    known.iter().map(|(status, text)| ((*status).to_owned(), response(text))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_listed() {
        let document = serde_json::to_value(Document::openapi()).unwrap();
        let operations: Vec<String> = document["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, verbs)| {
                verbs.as_object().unwrap().keys().map(move |verb| format!("{verb} {path}"))
            })
            .collect();
        let expected = [
            "get /authorize",
            "post /authorize",
            "get /v1/companies/{company}",
            "get /v1/companies/{company}/addresses",
            "get /v1/companies/{company}/customers",
            "post /v1/companies/{company}/customers",
            "get /v1/companies/{company}/customers/{customer}",
            "put /v1/companies/{company}/customers/{customer}",
            "delete /v1/companies/{company}/customers/{customer}",
            "get /v1/companies/{company}/customers/{customer}/addresses",
            "get /v1/companies/{company}/customers/{customer}/addresses/{address}",
            "get /v1/companies/{company}/customers/{customer}/orders",
            "get /v1/companies/{company}/sites",
            "get /v1/companies/{company}/webhooks",
            "post /v1/companies/{company}/webhooks",
            "get /v1/companies/{company}/webhooks/{webhook}",
            "put /v1/companies/{company}/webhooks/{webhook}",
            "delete /v1/companies/{company}/webhooks/{webhook}",
            "post /v1/token",
        ];
        assert_eq!(operations, expected);
    }

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
