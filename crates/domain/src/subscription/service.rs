//! Subscribing, and what was subscribed to.

use std::fmt;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use super::address::DeliveryAddress;
use super::header::Headers;
use super::model::{
    NewSubscription, Subscriber, Subscription, SubscriptionPatch, SubscriptionQuery, Terms,
};
use crate::clock::Clock;
use crate::id::SubscriptionNumber;
use crate::page::Page;
use crate::secret::{SecretError, SecretKeeper};
use crate::storage::{Storage, StorageError, UnitOfWork};

/// What the operator lets programs subscribe to.
#[derive(Clone, Copy, Debug)]
pub struct SubscriptionPolicy {
    /// How many subscriptions a program may have.
    pub most: NonZeroU32,
    /// What tells addresses of the open internet from those inside; `None` lets deliveries go anywhere. Only what an
    /// address says by itself is judged here; whoever delivers asks again of the address that is dialled.
    pub outside: Option<fn(IpAddr) -> bool>,
}

/// Why a program's subscriptions are not as it wants them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubscriptionError {
    /// The program has none of this number.
    #[error("no such subscription")]
    NotFound,
    /// The program has as many as it may.
    #[error("more than {most} subscriptions")]
    TooMany {
        /// How many it may have.
        most: NonZeroU32,
    },
    /// The address leads inside, or to a port of another service.
    #[error("deliveries may not go to the address")]
    ForbiddenAddress,
    /// Headers could not be sealed or read.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// The subscriptions of programs.
#[derive(Clone)]
pub struct Subscriptions {
    storage: Storage,
    clock: Arc<dyn Clock>,
    keeper: Arc<dyn SecretKeeper>,
    policy: SubscriptionPolicy,
}

impl fmt::Debug for Subscriptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Subscriptions")
    }
}

impl Subscriptions {
    /// The service on its ports.
    pub fn new(
        storage: Storage,
        clock: Arc<dyn Clock>,
        keeper: Arc<dyn SecretKeeper>,
        policy: SubscriptionPolicy,
    ) -> Self {
        Self { storage, clock, keeper, policy }
    }

    /// Makes a subscription, unless the program has as many as it may.
    pub async fn create(
        &self,
        subscriber: Subscriber,
        new: NewSubscription,
    ) -> Result<Subscription, SubscriptionError> {
        self.check(&new.address)?;
        let terms = Terms {
            topic: new.topic,
            address: new.address,
            format: new.format,
            headers: new.headers.seal(&*self.keeper)?,
            filter: new.filter,
        };
        let (at, most) = (self.clock.now(), self.policy.most);
        let insert = async |unit: &mut UnitOfWork| {
            let subscriptions = unit.subscriptions();
            if subscriptions.count_held(subscriber).await? >= u64::from(most.get()) {
                return Err(SubscriptionError::TooMany { most });
            }
            Ok(subscriptions.insert(subscriber, &terms, at).await?)
        };
        let number = self.storage.atomically(insert).await?;
        Ok(Subscription { subscriber, number, terms, created_at: at, updated_at: at })
    }

    /// One subscription.
    pub async fn find(
        &self,
        subscriber: Subscriber,
        number: SubscriptionNumber,
    ) -> Result<Subscription, SubscriptionError> {
        let found = self.storage.session().await?.subscriptions().find(subscriber, number).await?;
        found.ok_or(SubscriptionError::NotFound)
    }

    /// Changes what the patch names. Equal values change nothing, the time of change included.
    pub async fn update(
        &self,
        subscriber: Subscriber,
        number: SubscriptionNumber,
        patch: SubscriptionPatch,
    ) -> Result<Subscription, SubscriptionError> {
        if let Some(address) = &patch.address {
            self.check(address)?;
        }
        let update = async |unit: &mut UnitOfWork| {
            let subscriptions = unit.subscriptions();
            let before = subscriptions.find_held(subscriber, number).await?;
            let before = before.ok_or(SubscriptionError::NotFound)?;
            let terms = self.patched(&before.terms, patch)?;
            if terms == before.terms {
                return Ok(before);
            }
            let after = Subscription { terms, updated_at: self.clock.now(), ..before };
            subscriptions.update(&after).await?;
            Ok::<_, SubscriptionError>(after)
        };
        self.storage.atomically(update).await
    }

    /// Removes a subscription.
    pub async fn delete(
        &self,
        subscriber: Subscriber,
        number: SubscriptionNumber,
    ) -> Result<(), SubscriptionError> {
        let mut session = self.storage.session().await?;
        let gone = session.subscriptions().delete(subscriber, number).await?;
        if gone { Ok(()) } else { Err(SubscriptionError::NotFound) }
    }

    /// One part of the program's subscriptions, and how many fit.
    pub async fn page(
        &self,
        subscriber: Subscriber,
        query: SubscriptionQuery,
    ) -> Result<Page<Subscription>, SubscriptionError> {
        Ok(self.storage.session().await?.subscriptions().page(subscriber, query).await?)
    }

    /// How many subscriptions the program has.
    pub async fn count(&self, subscriber: Subscriber) -> Result<u64, SubscriptionError> {
        Ok(self.storage.session().await?.subscriptions().count(subscriber).await?)
    }

    /// What a subscription adds to the head of each delivery.
    pub fn headers(&self, terms: &Terms) -> Result<Headers, SubscriptionError> {
        Ok(Headers::open(terms.headers.as_ref(), &*self.keeper)?)
    }

    fn check(&self, address: &DeliveryAddress) -> Result<(), SubscriptionError> {
        if self.policy.outside.is_none_or(|outside| address.is_public(outside)) {
            Ok(())
        } else {
            Err(SubscriptionError::ForbiddenAddress)
        }
    }

    fn patched(
        &self,
        before: &Terms,
        patch: SubscriptionPatch,
    ) -> Result<Terms, SubscriptionError> {
        let headers = match patch.headers {
            // A new seal of the same headers would look like a change. What cannot be read any more may be replaced.
            Some(headers) if self.headers(before).as_ref() != Ok(&headers) => {
                headers.seal(&*self.keeper)?
            }
            _ => before.headers.clone(),
        };
        Ok(Terms {
            topic: patch.topic.unwrap_or(before.topic),
            address: patch.address.unwrap_or_else(|| before.address.clone()),
            format: patch.format.unwrap_or(before.format),
            headers,
            filter: patch.filter.unwrap_or_else(|| before.filter.clone()),
        })
    }
}
