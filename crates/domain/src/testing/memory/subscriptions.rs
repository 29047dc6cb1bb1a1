//! What programs want to be told.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::session::MemorySession;
use super::state::State;
use crate::id::SubscriptionNumber;
use crate::page::Page;
use crate::storage::StorageError;
use crate::subscription::{
    Subscriber, Subscription, SubscriptionQuery, SubscriptionRepository, Terms,
};

#[async_trait]
impl SubscriptionRepository for MemorySession {
    async fn insert(
        &mut self,
        subscriber: Subscriber,
        terms: &Terms,
        at: OffsetDateTime,
    ) -> Result<SubscriptionNumber, StorageError> {
        let insert = |state: &mut State| {
            let next = state.subscriptions_numbered + 1;
            let number = SubscriptionNumber::try_from(next)
                .map_err(|error| StorageError::Failed(error.to_string()))?;
            let (created_at, updated_at) = (at, at);
            let new =
                Subscription { subscriber, number, terms: terms.clone(), created_at, updated_at };
            state.subscriptions_numbered = next;
            state.subscriptions.insert((subscriber, number), new);
            Ok(number)
        };
        self.write(insert).await
    }

    /// Units of work run one at a time, so everything is held.
    async fn count_held(&mut self, subscriber: Subscriber) -> Result<u64, StorageError> {
        self.count(subscriber).await
    }

    async fn count(&mut self, subscriber: Subscriber) -> Result<u64, StorageError> {
        Ok(self.read(|state| state.own(subscriber).count() as u64).await)
    }

    async fn find(
        &mut self,
        subscriber: Subscriber,
        number: SubscriptionNumber,
    ) -> Result<Option<Subscription>, StorageError> {
        Ok(self.read(|state| state.subscriptions.get(&(subscriber, number)).cloned()).await)
    }

    async fn find_held(
        &mut self,
        subscriber: Subscriber,
        number: SubscriptionNumber,
    ) -> Result<Option<Subscription>, StorageError> {
        SubscriptionRepository::find(self, subscriber, number).await
    }

    async fn update(&mut self, subscription: &Subscription) -> Result<(), StorageError> {
        let key = (subscription.subscriber, subscription.number);
        let update = |state: &mut State| {
            if let Some(stored) = state.subscriptions.get_mut(&key) {
                stored.terms = subscription.terms.clone();
                stored.updated_at = subscription.updated_at;
            }
        };
        self.write(update).await;
        Ok(())
    }

    async fn delete(
        &mut self,
        subscriber: Subscriber,
        number: SubscriptionNumber,
    ) -> Result<bool, StorageError> {
        let delete = |state: &mut State| state.subscriptions.remove(&(subscriber, number));
        Ok(self.write(delete).await.is_some())
    }

    async fn page(
        &mut self,
        subscriber: Subscriber,
        query: SubscriptionQuery,
    ) -> Result<Page<Subscription>, StorageError> {
        let fits = |one: &&Subscription| query.after.is_none_or(|after| one.number > after);
        let list = |state: &State| state.own(subscriber).filter(fits).cloned().collect();
        Ok(Page::cut(self.read(list).await, query.page))
    }
}

impl State {
    /// One program's, in the order of their numbers.
    fn own(&self, subscriber: Subscriber) -> impl Iterator<Item = &Subscription> {
        self.subscriptions.values().filter(move |one| one.subscriber == subscriber)
    }
}
