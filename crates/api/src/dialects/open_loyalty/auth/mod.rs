//! Who is calling, and whose store is meant (contract 1.1 and §2).

pub(super) mod jwt;

use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use domain::access::{Action, Actor};
use domain::customer::Origin;
use domain::id::{CustomerId, MerchantId};
use domain::merchant::{Merchant, MerchantName};
use domain::token::Scopes;
use futures_util::future::LocalBoxFuture;
use time::{Duration, OffsetDateTime};

use super::errors::Error;
use super::mapping::{self, DEMANDS};
use crate::directory::Session;
use crate::http::bearer::{self, Credentials};
use crate::http::request_log::note_merchant;
use crate::services::Services;

/// First segments that are never store codes (contract 1.1).
const RESERVED: &[&str] = &[
    "admin",
    "customer",
    "seller",
    "pos",
    "level",
    "points",
    "transaction",
    "segment",
    "campaign",
    "campaignCategory",
    "earningRule",
    "settings",
    "token",
    "password",
    "invitations",
    "audit",
    "csv",
    "message",
    "translations",
    "doc",
];

/// The store that a path names, or the default store.
pub(super) struct Store {
    pub(super) merchant: Arc<Merchant>,
    /// Whether the path names it.
    named: bool,
}

impl Store {
    async fn of(request: &HttpRequest, services: &Services) -> Result<Self, Error> {
        let named = request.match_info().get("storeCode");
        let code = named.unwrap_or(services.config.open_loyalty.default_store.as_str());
        // No stored text has a null character, and the database takes none.
        let known = !RESERVED.contains(&code) && !code.contains('\0');
        let name = MerchantName::StoreCode(code.to_owned());
        let found = if known { services.directory.merchant_by_name(&name).await? } else { None };
        let merchant = found.ok_or(Error::NotFound)?;
        note_merchant(request, merchant.id.into());
        Ok(Self { merchant, named: named.is_some() })
    }

    /// Whether an account may log in here: any without a store in the path, else one of that store.
    pub(super) fn admits(&self, merchant: MerchantId) -> bool {
        !self.named || self.merchant.id == merchant
    }
}

impl FromRequest for Store {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::of(&request, services(&request)?).await })
    }
}

/// An authenticated caller of the store that the path means.
pub(super) struct Caller(Arc<Session>);

impl Caller {
    /// Who it is.
    pub(super) fn actor(&self) -> Actor {
        self.0.principal.actor
    }

    /// Whose customers these are.
    pub(super) fn merchant(&self) -> &Merchant {
        &self.0.merchant
    }

    /// On whose behalf changes are made.
    pub(super) fn origin(&self) -> Origin {
        Origin { merchant: self.0.merchant.id, actor: self.actor(), demands: DEMANDS }
    }

    /// Whether the caller may do something that is about nobody in particular.
    pub(super) fn may(&self, action: Action) -> bool {
        self.0.principal.may(action, None)
    }

    /// Refuses what the caller may not do to an account.
    pub(super) fn must_to(&self, action: Action, target: Actor) -> Result<(), Error> {
        if self.0.principal.may_to(action, Some(target)) { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// Refuses what the caller may not do.
    pub(super) fn must(&self, action: Action, target: Option<CustomerId>) -> Result<(), Error> {
        if self.0.principal.may(action, target) { Ok(()) } else { Err(Error::Forbidden) }
    }
}

impl FromRequest for Caller {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let services = services(&request)?;
            let store = Store::of(&request, services).await?;
            let session = session(&request, services).await?;
            // The store of somebody else is no store at all.
            if session.merchant.id != store.merchant.id {
                return Err(Error::NotFound);
            }
            Ok(Self(session))
        })
    }
}

fn services(request: &HttpRequest) -> Result<&Services, Error> {
    request.app_data::<Data<Services>>().map(Data::get_ref).ok_or(Error::Unwired)
}

async fn session(request: &HttpRequest, services: &Services) -> Result<Arc<Session>, Error> {
    let token = match bearer::credentials(request.headers()) {
        Ok(Some(Credentials::Bearer(token))) => token,
        Ok(Some(Credentials::Basic { .. } | Credentials::Other { .. }) | None) => {
            return Err(Error::Unauthenticated);
        }
        Err(_) => return Err(Error::InvalidToken),
    };
    let now = services.ports.clock.now();
    let credentials = services.ports.keeper.fingerprint(&format!("open_loyalty {token}"));
    if let Some(session) = services.directory.session(&credentials, now) {
        return Ok(session);
    }
    let claims = jwt::read(token, &services.keys.open_loyalty, now)?;
    let session = readmitted(&claims, services).await?;
    Ok(services.directory.remember(credentials, session))
}

/// The caller as it is now: whoever was removed or switched off since the token was signed is refused.
async fn readmitted(claims: &jwt::Claims, services: &Services) -> Result<Session, Error> {
    let actor = mapping::actor_of(claims).ok_or(Error::InvalidToken)?;
    let merchant: MerchantId = claims.merchant.parse().map_err(|_| Error::InvalidToken)?;
    let merchant = services.directory.merchant(merchant).await?.ok_or(Error::UserGone)?;
    let account = services.accounts.readmit(merchant.id, actor).await?.ok_or(Error::UserGone)?;
    let expires_at = OffsetDateTime::from_unix_timestamp(claims.exp)
        .map_err(|_| Error::InvalidToken)?
        .saturating_add(Duration::seconds(jwt::LEEWAY));
    let principal = domain::access::Principal {
        merchant: merchant.id,
        actor,
        permissions: account.permissions,
    };
    Ok(Session { principal, merchant, scopes: Scopes::default(), expires_at: Some(expires_at) })
}
