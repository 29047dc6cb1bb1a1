//! Who is calling: requests signed with `WP3-v2.1`, and bearers of tokens from `POST /v2/oauth` (MO 1.2 to 1.5).
//!
//! A known caller costs no trip to the database: applications and token bearers are remembered by the directory, and
//! whoever was just given a token is remembered from that moment.

mod body;
mod signature;

use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use domain::Secret;
use domain::access::{Action, Actor, Permissions, Principal};
use domain::customer::{Demands, Origin};
use domain::id::{CustomerId, MerchantId};
use domain::merchant::{Application, ApplicationName, Credentials};
use domain::secret::Fingerprint;
use domain::text::Line;
use domain::token::{NewToken, Scopes, TokenPurpose, TokenState};
use futures_util::future::LocalBoxFuture;

pub(super) use self::body::Body;
use self::signature::Signature;
use super::errors::Error;
use super::mapping::Grant;
use crate::directory::Session;
use crate::http::bearer::{self, Credentials as Presented};
use crate::http::request_log::note_merchant;
use crate::services::Services;

/// No identifier of the record must be free; the merchant's own id is claimed in any case (MO 2.1).
const DEMANDS: Demands = Demands { email: false, loyalty_card: false, phone: false, mobile: false };

/// Random bytes of an access token.
const TOKEN_BYTES: usize = 32;

/// An authenticated client program.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caller {
    principal: Principal,
    scopes: Scopes,
}

impl Caller {
    /// The merchant whose data the caller reaches.
    pub(super) fn merchant(&self) -> MerchantId {
        self.principal.merchant
    }

    /// On whose behalf changes are made.
    pub(super) fn origin(&self) -> Origin {
        Origin { merchant: self.principal.merchant, actor: self.principal.actor, demands: DEMANDS }
    }

    /// Refuses a caller that may not do this with customers, or whose token was not asked for them.
    pub(super) fn check(&self, action: Action, target: Option<CustomerId>) -> Result<(), Error> {
        allow(self.scopes.customers && self.principal.may(action, target))
    }

    /// Refuses a caller that may not see this customer's, or all, payment methods.
    pub(super) fn check_payment_methods(&self, target: Option<CustomerId>) -> Result<(), Error> {
        allow(self.scopes.payment_methods && self.principal.may(Action::ViewCustomer, target))
    }
}

fn allow(allowed: bool) -> Result<(), Error> {
    if allowed { Ok(()) } else { Err(Error::Unauthorized) }
}

/// A request whose sender is known, with its body: of a signed request the digest covers both.
pub(super) struct Authenticated {
    /// Who sent it.
    pub(super) caller: Caller,
    /// What was sent.
    pub(super) body: Body,
}

impl FromRequest for Authenticated {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let services = Data::<Services>::extract(&request).await?;
            let authenticated = authenticate(&services, &request, payload).await?;
            note_merchant(&request, authenticated.caller.merchant().into());
            Ok(authenticated)
        })
    }
}

/// Everything that can be refused without the body is refused before a byte of it is read.
async fn authenticate(
    services: &Services,
    request: &HttpRequest,
    payload: Payload,
) -> Result<Authenticated, Error> {
    let limits = &services.config.limits;
    let presented = bearer::credentials(request.headers()).map_err(|_| Error::Unauthorized)?;
    match presented.ok_or(Error::Unauthorized)? {
        Presented::Bearer(token) => {
            let caller = bearer_of(services, token).await?;
            Ok(Authenticated { caller, body: Body::read(request, payload, limits).await? })
        }
        Presented::Other { .. } => {
            let signature = signature_of(request).ok_or(Error::Unauthorized)?;
            allow(
                signature.is_current(services.ports.clock.now(), services.config.monri.clock_skew),
            )?;
            let signer = signer(services, signature.token).await?;
            let body = Body::read(request, payload, limits).await?;
            let target = request.uri().path_and_query().map_or("", |target| target.as_str());
            allow(signature.fits(signer.key.expose(), target, body.bytes()))?;
            let scopes = Scopes { customers: true, payment_methods: true };
            Ok(Authenticated { caller: Caller { principal: signer.principal, scopes }, body })
        }
        Presented::Basic { .. } => Err(Error::Unauthorized),
    }
}

/// The header is read afresh, because here every blank in it counts.
fn signature_of(request: &HttpRequest) -> Option<Signature<'_>> {
    Signature::parse(request.headers().get(AUTHORIZATION)?.to_str().ok()?)
}

/// A program that shares a key with the service.
struct Signer {
    principal: Principal,
    key: Secret<Vec<u8>>,
}

/// The program with an authenticity token. Its key is opened anew each time: that takes about a microsecond, and opened
/// keys do not lie about in memory.
async fn signer(services: &Services, token: &str) -> Result<Signer, Error> {
    // What cannot be a token is nobody's; storage would choke on it.
    let token = Line::try_from(token).map_err(|_| Error::Unauthorized)?;
    let name = ApplicationName::AuthenticityToken(token.into_string());
    let found = services.directory.application_by_name(&name).await?;
    let application: Arc<Application> = found.ok_or(Error::Unauthorized)?;
    let Credentials::SharedKey { key, .. } = &application.credentials else {
        return Err(Error::Unauthorized);
    };
    let actor = Actor::Application(application.id);
    let principal =
        Principal { merchant: application.merchant, actor, permissions: Permissions::NONE };
    Ok(Signer { principal, key: services.ports.keeper.open(key)? })
}

/// Who was given an access token. Tokens of other dialects have no scopes and so reach nothing here.
async fn bearer_of(services: &Services, token: &str) -> Result<Caller, Error> {
    let credentials = fingerprint(services, token);
    let now = services.ports.clock.now();
    if let Some(session) = services.directory.session(&credentials, now) {
        return Ok(Caller { principal: session.principal, scopes: session.scopes });
    }
    let token = match services.tokens.check(TokenPurpose::Access, token).await? {
        TokenState::Valid(token) => token,
        TokenState::Expired | TokenState::Unknown => return Err(Error::Unauthorized),
    };
    let caller = Caller {
        principal: Principal {
            merchant: token.merchant,
            actor: token.actor,
            permissions: Permissions::NONE,
        },
        scopes: token.scopes,
    };
    remember(services, credentials, caller, token.expires_at).await?;
    Ok(caller)
}

/// Hands an access token to a program that knows its key (MO 1.5).
pub(super) async fn grant(
    services: &Services,
    grant: &Grant,
) -> Result<(Caller, Secret<String>), Error> {
    let signer = signer(services, &grant.client_id).await?;
    verify_slices_are_equal(signer.key.expose(), grant.client_secret.expose().as_bytes())
        .map_err(|_| Error::Unauthorized)?;
    let caller = Caller { principal: signer.principal, scopes: grant.scopes };
    let now = services.ports.clock.now();
    let expires_at = now + services.config.monri.access_token;
    let new = NewToken {
        purpose: TokenPurpose::Access,
        merchant: caller.principal.merchant,
        actor: caller.principal.actor,
        scopes: caller.scopes,
        redirect_uri: None,
        lifetime: Some(expires_at - now),
        bytes: TOKEN_BYTES,
    };
    let token = services.tokens.issue(new).await?;
    remember(services, fingerprint(services, token.expose()), caller, Some(expires_at)).await?;
    Ok((caller, token))
}

async fn remember(
    services: &Services,
    credentials: Fingerprint,
    caller: Caller,
    expires_at: Option<time::OffsetDateTime>,
) -> Result<(), Error> {
    let found = services.directory.merchant(caller.merchant()).await?;
    let merchant = found.ok_or(Error::Unauthorized)?;
    let Caller { principal, scopes } = caller;
    services.directory.remember(credentials, Session { principal, merchant, scopes, expires_at });
    Ok(())
}

/// What a token is remembered under; no other dialect's credentials read like this.
fn fingerprint(services: &Services, token: &str) -> Fingerprint {
    services.ports.keeper.fingerprint(&format!("monri bearer {token}"))
}
