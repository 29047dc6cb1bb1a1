//! What nearly every request asks for and hardly ever changes: merchants, applications, levels and authenticated
//! callers, remembered for a few seconds.
//!
//! Whoever changes one of these through this process makes it forgotten at once; another process sees the change when
//! its memory runs out (`principal_cache_seconds`).

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use domain::StorageError;
use domain::access::{Actor, Principal};
use domain::budget::{Allowance, ClientAddress, Quota};
use domain::id::{ApplicationId, MerchantId};
use domain::level::{Ladder, Levels};
use domain::merchant::{Application, ApplicationName, Merchant, MerchantName, Merchants};
use domain::secret::Fingerprint;
use domain::token::Scopes;
use moka::sync::Cache;
use time::OffsetDateTime;

use crate::http::rate_limit::RateLimiter;

/// How many entries of each kind are remembered.
const CAPACITY: u64 = 10_000;
/// How many quotas are counted in one minute.
const QUOTAS: usize = 10_000;

/// An authenticated caller as it is remembered between requests.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who is calling.
    pub principal: Principal,
    /// The merchant the caller belongs to.
    pub merchant: Arc<Merchant>,
    /// What a scoped token may reach; everything for other credentials.
    pub scopes: Scopes,
    /// When the credentials cease to work; never, if not given.
    pub expires_at: Option<OffsetDateTime>,
}

/// Somebody who asks who exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Visitor {
    /// By a token that works.
    Known(Actor),
    /// By where it comes from.
    Unknown(ClientAddress),
}

/// What is remembered, shared by all workers.
#[derive(Clone, Debug)]
pub struct Memory {
    names: Cache<MerchantName, MerchantId>,
    merchants: Cache<MerchantId, Arc<Merchant>>,
    applications: Cache<ApplicationName, Arc<Application>>,
    ladders: Cache<MerchantId, Arc<Ladder>>,
    sessions: Cache<Fingerprint, Arc<Session>>,
    requests: Arc<RateLimiter<Quota>>,
    enquiries: Arc<RateLimiter<Visitor>>,
}

impl Memory {
    /// Remembers for a time; `None` remembers nothing.
    pub fn new(lifetime: Option<Duration>) -> Self {
        Self {
            names: cache(lifetime),
            merchants: cache(lifetime),
            applications: cache(lifetime),
            ladders: cache(lifetime),
            sessions: cache(lifetime),
            requests: Arc::new(RateLimiter::new(QUOTAS)),
            enquiries: Arc::new(RateLimiter::new(QUOTAS)),
        }
    }
}

fn cache<K: Hash + Eq + Send + Sync + 'static, V: Clone + Send + Sync + 'static>(
    lifetime: Option<Duration>,
) -> Cache<K, V> {
    Cache::builder()
        .max_capacity(if lifetime.is_some() { CAPACITY } else { 0 })
        .time_to_live(lifetime.unwrap_or(Duration::from_secs(1)))
        .support_invalidation_closures()
        .build()
}

/// Look-ups that remember their answers. What does not exist is asked for again every time.
#[derive(Clone, Debug)]
pub struct Directory {
    memory: Memory,
    merchants: Merchants,
    levels: Levels,
}

impl Directory {
    /// A directory over the services that know.
    pub fn new(memory: Memory, merchants: Merchants, levels: Levels) -> Self {
        Self { memory, merchants, levels }
    }

    /// The merchant with an id.
    pub async fn merchant(&self, id: MerchantId) -> Result<Option<Arc<Merchant>>, StorageError> {
        if let Some(merchant) = self.memory.merchants.get(&id) {
            return Ok(Some(merchant));
        }
        Ok(self.merchants.find(id).await?.map(|merchant| self.keep(merchant)))
    }

    /// The merchant that a name means.
    pub async fn merchant_by_name(
        &self,
        name: &MerchantName,
    ) -> Result<Option<Arc<Merchant>>, StorageError> {
        if let Some(id) = self.memory.names.get(name) {
            return self.merchant(id).await;
        }
        let Some(merchant) = self.merchants.find_by_name(name).await? else { return Ok(None) };
        self.memory.names.insert(name.clone(), merchant.id);
        Ok(Some(self.keep(merchant)))
    }

    /// The application that a name means.
    pub async fn application_by_name(
        &self,
        name: &ApplicationName,
    ) -> Result<Option<Arc<Application>>, StorageError> {
        if let Some(application) = self.memory.applications.get(name) {
            return Ok(Some(application));
        }
        let Some(application) = self.merchants.find_application_by_name(name).await? else {
            return Ok(None);
        };
        let application = Arc::new(application);
        self.memory.applications.insert(name.clone(), Arc::clone(&application));
        Ok(Some(application))
    }

    /// The application of a merchant, never from memory.
    pub async fn application(
        &self,
        merchant: MerchantId,
        id: ApplicationId,
    ) -> Result<Option<Application>, StorageError> {
        self.merchants.find_application(merchant, id).await
    }

    /// The levels of a merchant.
    pub async fn ladder(&self, merchant: MerchantId) -> Result<Arc<Ladder>, StorageError> {
        if let Some(ladder) = self.memory.ladders.get(&merchant) {
            return Ok(ladder);
        }
        let ladder = Arc::new(self.levels.ladder(merchant).await?);
        self.memory.ladders.insert(merchant, Arc::clone(&ladder));
        Ok(ladder)
    }

    /// Forgets the levels of a merchant, because they changed.
    pub fn forget_ladder(&self, merchant: MerchantId) {
        self.memory.ladders.invalidate(&merchant);
    }

    /// The caller who showed these credentials a moment ago, unless they ran out since.
    pub fn session(&self, credentials: &Fingerprint, now: OffsetDateTime) -> Option<Arc<Session>> {
        let session = self.memory.sessions.get(credentials)?;
        session.expires_at.is_none_or(|at| at > now).then_some(session)
    }

    /// Remembers who showed these credentials.
    pub fn remember(&self, credentials: Fingerprint, session: Session) -> Arc<Session> {
        let session = Arc::new(session);
        self.memory.sessions.insert(credentials, Arc::clone(&session));
        session
    }

    /// Forgets a caller, because it was removed or its rights changed.
    pub fn forget(&self, actor: Actor) {
        // The predicate form only fails on caches built without its support.
        let _ = self
            .memory
            .sessions
            .invalidate_entries_if(move |_, session| session.principal.actor == actor);
    }

    /// Forgets a merchant and everybody who was let in with it, because it changed.
    pub fn forget_merchant(&self, id: MerchantId) {
        self.memory.merchants.invalidate(&id);
        let of_merchant = move |_: &Fingerprint, session: &Arc<Session>| session.merchant.id == id;
        // The predicate form only fails on caches built without its support.
        let _ = self.memory.sessions.invalidate_entries_if(of_merchant);
    }

    /// Counts a request against a quota of so many a minute, over all workers of this process.
    pub fn count_request(&self, quota: Quota, limit: NonZeroU32, now: OffsetDateTime) -> Allowance {
        self.memory.requests.count(quota, limit, now)
    }

    /// Counts a question about who exists against so many a minute, over all workers.
    pub fn count_enquiry(
        &self,
        visitor: Visitor,
        limit: NonZeroU32,
        now: OffsetDateTime,
    ) -> Allowance {
        self.memory.enquiries.count(visitor, limit, now)
    }

    fn keep(&self, merchant: Merchant) -> Arc<Merchant> {
        let merchant = Arc::new(merchant);
        self.memory.merchants.insert(merchant.id, Arc::clone(&merchant));
        merchant
    }
}
