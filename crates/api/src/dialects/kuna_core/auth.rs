//! Who is calling: a bearer token won by logging in, or an institution's API key (contract 1.2).

pub(super) mod jwt;

use std::future::{Ready, ready};
use std::net::IpAddr;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::HeaderMap;
use actix_web::{FromRequest, HttpRequest};
use domain::access::{Action, Actor, Permissions, Principal};
use domain::account::LoggedIn;
use domain::customer::{Demands, Origin};
use domain::id::{CustomerId, MerchantId};
use domain::merchant::{ApplicationName, Credentials, Merchant, MerchantName};
use domain::token::Scopes;
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;

use super::errors::Error;
use super::wire::body::{Body, services};
use crate::directory::Session;
use crate::http::bearer::{self, credentials};
use crate::http::request_log::note_merchant;
use crate::services::Services;

/// What the contract insists on: an e-mail address belongs to one customer of an institution (contract 2.2).
const DEMANDS: Demands = Demands { email: true, loyalty_card: false, phone: false, mobile: false };

/// Applications and operators are not limited to a part of the API.
const EVERYTHING: Scopes = Scopes { customers: true, payment_methods: true };

/// An authenticated caller.
pub(super) struct Caller(Arc<Session>);

impl Caller {
    /// Whose customers the caller reaches.
    pub(super) fn merchant(&self) -> MerchantId {
        self.0.principal.merchant
    }

    /// In whose name changes are made.
    pub(super) fn origin(&self) -> Origin {
        Origin { merchant: self.merchant(), actor: self.0.principal.actor, demands: DEMANDS }
    }

    /// Refuses what the caller may not do.
    pub(super) fn check(&self, action: Action, target: Option<CustomerId>) -> Result<(), Error> {
        if self.0.principal.may(action, target) { Ok(()) } else { Err(Error::Forbidden) }
    }
}

/// What a private endpoint takes: the caller first, and only then the body. Extractors of one handler run side by side,
/// so two of them could answer a bad body before a missing credential.
pub(super) struct Private<T> {
    pub(super) caller: Caller,
    pub(super) body: T,
}

impl<T: DeserializeOwned + 'static> FromRequest for Private<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        async move {
            let presented = Presented::from_headers(request.headers())?;
            let services = services(&request)?;
            let session = match presented {
                Presented::Token(token) => token_session(&services, &token).await?,
                Presented::ApiKey(key) => {
                    let address = services.exact_address(&request);
                    Arc::new(key_session(&services, &key, address).await?)
                }
            };
            note_merchant(&request, session.principal.merchant.into());
            let Body(body) = Body::from_request(&request, &mut payload).await?;
            Ok(Self { caller: Caller(session), body })
        }
        .boxed_local()
    }
}

/// The institution that a login names; none if the header is missing or comes twice. Some proxies drop names with
/// underscores, so the hyphenated one is read as well.
pub(super) struct Institution(pub(super) Option<MerchantName>);

impl FromRequest for Institution {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let name = only(request.headers(), &["merchant_id", "merchant-id"]);
        ready(Ok(Self(name.ok().map(|name| MerchantName::Institution(name.to_owned())))))
    }
}

/// The credentials of a request.
#[derive(Debug, PartialEq, Eq)]
enum Presented {
    Token(String),
    ApiKey(String),
}

impl Presented {
    /// With both headers present, `Authorization` decides; a header that comes twice decides nothing.
    fn from_headers(headers: &HeaderMap) -> Result<Self, Error> {
        match credentials(headers) {
            Ok(Some(bearer::Credentials::Bearer(token))) => Ok(Self::Token(token.to_owned())),
            Ok(None) => Ok(Self::ApiKey(only(headers, &["api-key"])?.to_owned())),
            Ok(Some(bearer::Credentials::Basic { .. } | bearer::Credentials::Other { .. }))
            | Err(_) => Err(Error::Unauthorized),
        }
    }
}

/// The one value that the headers of these names have.
fn only<'a>(headers: &'a HeaderMap, names: &[&str]) -> Result<&'a str, Error> {
    let mut values = names.iter().flat_map(|name| headers.get_all(*name));
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().map_err(|_| Error::Unauthorized),
        _ => Err(Error::Unauthorized),
    }
}

/// A token is read once and then remembered.
async fn token_session(services: &Services, token: &str) -> Result<Arc<Session>, Error> {
    // Dialects share the memory, so the text says whose credentials these are.
    let known_by = services.ports.keeper.fingerprint(&format!("kuna_core token {token}"));
    if let Some(session) = services.directory.session(&known_by, services.ports.clock.now()) {
        return Ok(session);
    }
    let token = jwt::verify(services, token, jwt::Kind::Access)?;
    let (merchant, operator) = readmit(services, &token).await?;
    let principal = Principal {
        merchant: merchant.id,
        actor: operator.actor,
        permissions: operator.permissions,
    };
    let session =
        Session { principal, merchant, scopes: EVERYTHING, expires_at: Some(token.expires_at) };
    Ok(services.directory.remember(known_by, session))
}

/// The operator whom a token names, unless the operator or the institution is gone.
pub(super) async fn readmit(
    services: &Services,
    token: &jwt::Verified,
) -> Result<(Arc<Merchant>, LoggedIn), Error> {
    let name = MerchantName::Institution(token.institution.clone());
    let merchant = services.directory.merchant_by_name(&name).await?.ok_or(Error::Unauthorized)?;
    let operator = Actor::Operator(token.operator);
    let operator = services.accounts.readmit(merchant.id, operator).await?;
    Ok((merchant, operator.ok_or(Error::Unauthorized)?))
}

/// Application and merchant are remembered; whether the key may be shown from an address is asked each time.
async fn key_session(services: &Services, key: &str, address: IpAddr) -> Result<Session, Error> {
    let name = ApplicationName::ApiKey(services.ports.keeper.fingerprint(key));
    let application =
        services.directory.application_by_name(&name).await?.ok_or(Error::Unauthorized)?;
    let Credentials::ApiKey { addresses, .. } = &application.credentials else {
        return Err(Error::Unauthorized);
    };
    if addresses.as_ref().is_some_and(|listed| !listed.contains(address)) {
        return Err(Error::AddressNotListed);
    }
    let merchant =
        services.directory.merchant(application.merchant).await?.ok_or(Error::Unauthorized)?;
    let principal = Principal {
        merchant: merchant.id,
        actor: Actor::Application(application.id),
        permissions: Permissions::NONE,
    };
    Ok(Session { principal, merchant, scopes: EVERYTHING, expires_at: None })
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn presented(lines: &[(&'static str, &'static str)]) -> Option<Presented> {
        let headers = lines
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        Presented::from_headers(&headers).ok()
    }

    #[test]
    fn authorization_decides_over_an_api_key() {
        let token = Some(Presented::Token("abc".to_owned()));
        assert_eq!(presented(&[("authorization", "bearer abc"), ("api-key", "k")]), token);
        assert_eq!(presented(&[("authorization", "Basic YTpi"), ("api-key", "k")]), None);
        assert_eq!(presented(&[("api-key", "k")]), Some(Presented::ApiKey("k".to_owned())));
    }

    #[test]
    fn missing_and_repeated_headers_are_refused() {
        for lines in [
            &[][..],
            &[("api-key", "k"), ("api-key", "k")],
            &[("authorization", "Bearer a"), ("authorization", "Bearer a")],
            &[("authorization", "Bearer")],
        ] {
            assert_eq!(presented(lines), None, "{lines:?}");
        }
    }
}
