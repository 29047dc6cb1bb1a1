//! Access tokens (MO 1.5).

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::super::auth::{self, Body};
use super::super::errors::Error;
use super::super::mapping;
use super::super::wire::{ErrorBody, TokenBody, TokenRequest};
use crate::http::request_log::note_merchant;
use crate::services::Services;

/// Gives a program an access token. Tokens given before stay valid.
#[utoipa::path(
    post,
    path = "/v2/oauth",
    operation_id = "issueToken",
    tag = "authorization",
    security(()),
    request_body = TokenRequest,
    responses(
        (status = 200, description = "An access token", body = TokenBody),
        (status = 400, description = "Unacceptable members", body = ErrorBody),
        (status = 401, description = "No such program, or another key", body = ErrorBody),
        (status = 408, description = "The body came too slowly", body = ErrorBody),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 415, description = "The body has a content coding", body = ErrorBody),
        (status = 500, description = "A fault of the service", body = ErrorBody),
        (status = 503, description = "The service is unavailable", body = ErrorBody),
    ),
)]
pub(in super::super) async fn issue_token(
    services: Data<Services>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, Error> {
    let members: TokenRequest = body.object(&services.config.limits)?;
    let (caller, token) = auth::grant(&services, &mapping::grant(members)?).await?;
    note_merchant(&request, caller.merchant().into());
    Ok(mapping::approved(&mapping::token(&token, services.config.monri.access_token)))
}
