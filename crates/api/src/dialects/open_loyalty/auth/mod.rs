//! Who is calling, and whose store is meant (contract 1.1 and §2).

pub(super) mod jwt;

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use domain::access::{Action, Actor, Permissions, Principal};
use domain::budget::ClientAddress;
use domain::customer::Origin;
use domain::id::{AdminId, CustomerId, MerchantId};
use domain::merchant::{Merchant, MerchantName};
use domain::token::Scopes;
use futures_util::future::LocalBoxFuture;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::errors::Error;
use super::mapping::{self, DEMANDS};
use crate::directory::{Session, Visitor};
use crate::http::bearer::{self, Credentials};
use crate::http::form::{self, FormLimits, FormValue};
use crate::http::request_log::note_merchant;
use crate::services::Services;

const KEY_HEADER: &str = "x-auth-token";
const KEY_PARAMETER: &str = "auth_token";

/// The vendor's id of whoever shows the operator's key (contract 2.4).
const MASTER: Uuid = Uuid::from_u128(0x86b0_c8ad_dadc_4d9f_8a72_8b55_b9f8_1c3d);

/// Whether somebody shows the operator's key rather than an admin's own.
pub(super) fn is_operators_key(actor: Actor) -> bool {
    actor == Actor::Admin(AdminId::from(MASTER))
}

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

    /// Whether the path names it. Without a store in the path admins of all stores are meant.
    pub(super) fn is_named(&self) -> bool {
        self.named
    }

    /// Whether an account may get in here: any without a store in the path, else one of that store.
    pub(super) fn admits(&self, merchant: MerchantId) -> bool {
        !self.named || self.merchant.id == merchant
    }

    /// On whose behalf somebody acts whom nobody knows.
    pub(super) fn anonymous_origin(&self) -> Origin {
        Origin { merchant: self.merchant.id, actor: Actor::System, demands: DEMANDS }
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
            let session = match lasting_key(&request)? {
                Some(key) => keyed_session(&key, &store, services).await?,
                None => session(&request, services).await?,
            };
            // The store of somebody else is no store at all.
            if session.merchant.id != store.merchant.id {
                return Err(Error::NotFound);
            }
            Ok(Self(session))
        })
    }
}

/// Where a request comes from.
pub(super) struct Client(pub(super) ClientAddress);

impl FromRequest for Client {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(services(request).map(|services| Self(services.client_address(request))))
    }
}

/// Whoever asks who exists: by a token if it works, else by where the request comes from.
pub(super) struct Enquirer(pub(super) Visitor);

impl FromRequest for Enquirer {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let services = services(&request)?;
            let known = session(&request, services).await;
            let stranger = || Visitor::Unknown(services.client_address(&request));
            Ok(Self(
                known.map_or_else(|_| stranger(), |known| Visitor::Known(known.principal.actor)),
            ))
        })
    }
}

/// The lasting key that a request shows, in a header or in its query (contract 2.4).
fn lasting_key(request: &HttpRequest) -> Result<Option<String>, Error> {
    if let Some(value) = request.headers().get(KEY_HEADER) {
        return value.to_str().map(|key| Some(key.to_owned())).map_err(|_| Error::UnknownKey);
    }
    let query = request.query_string();
    if !query.contains(KEY_PARAMETER) {
        return Ok(None);
    }
    let limits = services(request)?.config.limits.clone();
    let limits = FormLimits { depth: limits.form_depth.get(), keys: limits.form_keys.get() };
    match form::parse(query.as_bytes(), limits)?.get(KEY_PARAMETER) {
        None => Ok(None),
        Some(FormValue::Text(key)) => Ok(Some(key.clone())),
        Some(_) => Err(Error::UnknownKey),
    }
}

/// Whoever has a lasting key. The operator's own opens every store; a program's opens that of its merchant. Keys are
/// compared and found by their fingerprints, so that time tells nothing about them.
async fn keyed_session(
    key: &str,
    store: &Store,
    services: &Services,
) -> Result<Arc<Session>, Error> {
    let fingerprint = services.ports.keeper.fingerprint(key);
    let master = services.config.open_loyalty.master_api_key.as_ref();
    let master = master.map(|master| services.ports.keeper.fingerprint(master.expose()));
    let (merchant, actor, permissions) = if master == Some(fingerprint) {
        let merchant = Arc::clone(&store.merchant);
        (merchant, Actor::Admin(AdminId::from(MASTER)), Permissions::all())
    } else {
        let found = services.accounts.find_admin_by_api_key(&fingerprint).await?;
        let admin = found.ok_or(Error::UnknownKey)?;
        let merchant = services.directory.merchant(admin.merchant).await?;
        (merchant.ok_or(Error::UnknownKey)?, Actor::Admin(admin.id), admin.role.permissions())
    };
    let principal = Principal { merchant: merchant.id, actor, permissions };
    let scopes = Scopes::default();
    Ok(Arc::new(Session { principal, merchant, scopes, expires_at: None }))
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
    // A token from before the owner chose another password, to the second that it names.
    if account.sessions_since.is_some_and(|since| claims.iat < since.unix_timestamp()) {
        return Err(Error::UserGone);
    }
    let expires_at = OffsetDateTime::from_unix_timestamp(claims.exp)
        .map_err(|_| Error::InvalidToken)?
        .saturating_add(Duration::seconds(jwt::LEEWAY));
    let principal = Principal { merchant: merchant.id, actor, permissions: account.permissions };
    Ok(Session { principal, merchant, scopes: Scopes::default(), expires_at: Some(expires_at) })
}
