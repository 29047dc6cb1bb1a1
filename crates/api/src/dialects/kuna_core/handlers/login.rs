//! Logging in, and renewing a login.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::account::Login;

use super::answer;
use crate::dialects::kuna_core::auth::{self, Institution, jwt};
use crate::dialects::kuna_core::errors::Error;
use crate::dialects::kuna_core::mapping;
use crate::dialects::kuna_core::openapi::{Failures, TooMany};
use crate::dialects::kuna_core::wire::body::Body;
use crate::dialects::kuna_core::wire::{Envelope, LoginRequest, RefreshRequest, TokenPair};
use crate::http::request_log::note_merchant;
use crate::services::Services;

/// Logs an operator of an institution in (contract 1.3).
#[utoipa::path(
    post,
    path = "/v2/auth/login",
    tag = "auth",
    params(("merchant_id" = String, Header, description = "The institution. `merchant-id` is read as well.")),
    request_body = LoginRequest,
    responses((status = 201, body = Envelope<TokenPair>), Failures, TooMany)
)]
pub(crate) async fn log_in(
    request: HttpRequest,
    services: Data<Services>,
    Institution(institution): Institution,
    Body(body): Body<LoginRequest>,
) -> Result<HttpResponse, Error> {
    let (email, password) = mapping::credentials(body)?;
    let merchant = match institution {
        Some(name) => services.directory.merchant_by_name(&name).await?,
        None => None,
    };
    let id = merchant.as_ref().map(|merchant| merchant.id);
    let address = services.client_address(&request);
    let login = Login { merchant: id, admits_others: false, address, name: &email, password };
    let operator = services.accounts.log_in_operator(login).await?;
    let merchant = merchant.ok_or(Error::Unauthorized)?;
    note_merchant(&request, merchant.id.into());
    Ok(answer(jwt::issue(&services, &merchant, &operator).await?))
}

/// Trades a refresh token, which works once, for a new pair (contract 1.3). Shown again it ends the login: no refresh token
/// of it works any more.
#[utoipa::path(
    post,
    path = "/v2/auth/refresh",
    tag = "auth",
    request_body = RefreshRequest,
    responses((status = 201, body = Envelope<TokenPair>), Failures)
)]
pub(crate) async fn refresh(
    request: HttpRequest,
    services: Data<Services>,
    Body(body): Body<RefreshRequest>,
) -> Result<HttpResponse, Error> {
    let token = jwt::verify(&services, &mapping::refresh_token(body)?, jwt::Kind::Refresh)?;
    let (merchant, operator) = auth::readmit(&services, &token).await?;
    note_merchant(&request, merchant.id.into());
    Ok(answer(jwt::renew(&services, &merchant, &operator, &token).await?))
}
