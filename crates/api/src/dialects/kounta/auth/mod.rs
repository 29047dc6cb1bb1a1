//! Who is calling, and for which company (contract 1.5 to 1.7).

mod credentials;

use std::num::NonZeroU32;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use domain::StorageError;
use domain::access::Action;
use domain::budget::{Allowance, Quota};
use domain::customer::{Customer, Demands, Origin};
use domain::id::{ApplicationId, MerchantId};
use domain::merchant::Merchant;
use futures_util::future::{FutureExt as _, LocalBoxFuture};

pub(super) use credentials::{OAuthClient, known_client, registered_client};

use super::errors::Error;
use super::mapping::number;
use crate::config::KountaConfig;
use crate::directory::Session;
use crate::http::request_log::note_merchant;
use crate::services::Services;

/// What this vendor insists on: no two customers of a company share a mobile number (contract 2.6).
const DEMANDS: Demands = Demands { email: false, loyalty_card: false, phone: false, mobile: true };

/// How a caller proved itself; each way has a limit of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Basic,
    Bearer,
}

impl Scheme {
    fn rule(self) -> &'static str {
        match self {
            Self::Basic => "kounta basic",
            Self::Bearer => "kounta oauth",
        }
    }

    fn limit(self, config: &KountaConfig) -> Option<NonZeroU32> {
        match self {
            Self::Basic => config.basic_requests_per_minute,
            Self::Bearer => config.oauth_requests_per_minute,
        }
    }
}

/// A program that calls on behalf of the company in the path.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    session: Arc<Session>,
    application: ApplicationId,
}

impl Caller {
    /// The company.
    pub(super) fn merchant(&self) -> &Merchant {
        &self.session.merchant
    }

    /// The program.
    pub(super) fn application(&self) -> ApplicationId {
        self.application
    }

    /// What its changes are made under.
    pub(super) fn origin(&self) -> Origin {
        let principal = &self.session.principal;
        Origin { merchant: principal.merchant, actor: principal.actor, demands: DEMANDS }
    }

    /// Refuses what the caller may not do.
    pub(super) fn ask(&self, action: Action, target: Option<&Customer>) -> Result<(), Error> {
        let target = target.map(|customer| customer.id);
        if self.session.principal.may(action, target) { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// Lets the caller at the company that a path names: its own, by number or as `me`. Whether a foreign number belongs
    /// to anybody is not told.
    fn enter(self, company: &str) -> Result<Self, Error> {
        if company == "me" {
            return Ok(self);
        }
        let number = number(company).ok_or(Error::CompanyNotFound)?;
        let own = i64::from(self.merchant().company_id);
        if u64::try_from(own) == Ok(number) { Ok(self) } else { Err(Error::Forbidden) }
    }
}

impl FromRequest for Caller {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move {
            let services = request
                .app_data::<Data<Services>>()
                .ok_or(Error::Unexpected("the services are not mounted"))?;
            let (session, application, scheme) =
                credentials::authenticate(services, request.headers()).await?;
            note_merchant(&request, session.principal.merchant.into());
            let merchant = session.principal.merchant;
            count(services, &request, (merchant, application), scheme).await?;
            let company = request.match_info().get("company").unwrap_or_default();
            Self { session, application }.enter(company)
        }
        .boxed_local()
    }
}

/// Counts the call; what is left is kept with the request, for the headers of whatever answer it gets (contract 1.7).
async fn count(
    services: &Services,
    request: &HttpRequest,
    (merchant, application): (MerchantId, ApplicationId),
    scheme: Scheme,
) -> Result<(), Error> {
    let Some(limit) = scheme.limit(&services.config.kounta) else { return Ok(()) };
    let quota = Quota { rule: scheme.rule(), application };
    let allowance = allowance(services, merchant, quota, limit).await?;
    request.extensions_mut().insert(allowance);
    if allowance.allowed { Ok(()) } else { Err(Error::RateLimited(allowance)) }
}

/// What is left of a quota after one more request, over all processes. What is too much for this process alone is refused
/// without a look at the database.
pub(super) async fn allowance(
    services: &Services,
    merchant: MerchantId,
    quota: Quota,
    limit: NonZeroU32,
) -> Result<Allowance, StorageError> {
    let here = services.directory.count_request(quota, limit, services.ports.clock.now());
    if here.allowed { services.quotas.count(merchant, quota, limit).await } else { Ok(here) }
}
