//! What subscriptions need from storage.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::model::{Subscriber, Subscription, SubscriptionQuery, Terms};
use crate::id::SubscriptionNumber;
use crate::page::Page;
use crate::storage::StorageError;

/// Storage of subscriptions. Another program's do not exist, whatever their number.
#[async_trait]
pub trait SubscriptionRepository: Send {
    /// Stores a new subscription of a program that exists, and returns its number, greater than any before.
    async fn insert(
        &mut self,
        subscriber: Subscriber,
        terms: &Terms,
        at: OffsetDateTime,
    ) -> Result<SubscriptionNumber, StorageError>;

    /// How many the program has. Whoever asks the same of the program in another unit of work waits until this one ends:
    /// what follows from the count holds.
    async fn count_held(&mut self, subscriber: Subscriber) -> Result<u64, StorageError>;

    /// How many the program has.
    async fn count(&mut self, subscriber: Subscriber) -> Result<u64, StorageError>;

    /// One of them.
    async fn find(
        &mut self,
        subscriber: Subscriber,
        number: SubscriptionNumber,
    ) -> Result<Option<Subscription>, StorageError>;

    /// One of them, which nobody else changes or removes until the unit of work ends.
    async fn find_held(
        &mut self,
        subscriber: Subscriber,
        number: SubscriptionNumber,
    ) -> Result<Option<Subscription>, StorageError>;

    /// Replaces terms and time of change of one that is held.
    async fn update(&mut self, subscription: &Subscription) -> Result<(), StorageError>;

    /// Removes one; `false` if it is not there.
    async fn delete(
        &mut self,
        subscriber: Subscriber,
        number: SubscriptionNumber,
    ) -> Result<bool, StorageError>;

    /// One part of a list, and how many fit.
    async fn page(
        &mut self,
        subscriber: Subscriber,
        query: SubscriptionQuery,
    ) -> Result<Page<Subscription>, StorageError>;
}
