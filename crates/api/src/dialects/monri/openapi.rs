//! The OpenAPI document.

use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::handlers::{customers, oauth, payment_methods};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Clientele: Monri dialect",
        description = "The customers API of Monri's gateway on Clientele's customer base.",
    ),
    paths(
        customers::create,
        customers::list,
        customers::show,
        customers::show_by_merchant_id,
        customers::update,
        customers::delete,
        payment_methods::list_of_customer,
        payment_methods::list,
        oauth::issue_token,
    ),
    modifiers(&Schemes),
    security(("wp3" = []), ("bearer" = [])),
)]
struct Document;

struct Schemes;

impl Modify for Schemes {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let digest = "WP3-v2.1 <authenticity token> <Unix time> <digest>; the digest is the SHA-512 in hexadecimal \
            digits of merchant key, time, token, request target and body, one after the other.";
        components.add_security_scheme(
            "wp3",
            SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(
                "Authorization",
                digest,
            ))),
        );
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An access token of POST /v2/oauth with the scope of the route."))
            .build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    }
}

/// The document.
pub(super) fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
