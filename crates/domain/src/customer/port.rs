//! What customers need from storage.

use std::collections::BTreeMap;

use async_trait::async_trait;
use time::OffsetDateTime;

use super::identifier::{Holdings, Identifier, KeyWrites};
use super::model::Customer;
use super::query::{Criterion, CustomerQuery, Lookup};
use crate::event::{Event, RecordedEvent};
use crate::id::{CustomerId, CustomerNumber, LevelId, MerchantId};
use crate::message::Message;
use crate::page::Page;
use crate::storage::StorageError;

/// A change of one record together with its events: storage keeps all of it or nothing, and no port stores one
/// without the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerWrite {
    /// The record after the change. For a creation, `number` is a placeholder that storage replaces.
    pub record: Customer,
    /// What happens to the keys.
    pub keys: KeyWrites,
    /// What happened, all of it through one actor at one moment; may be empty for a change that is nobody's business.
    pub events: Vec<Event>,
    /// What is to be told to people because of it.
    pub messages: Vec<Message>,
}

/// What storage decided about a stored record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The customer's number.
    pub number: CustomerNumber,
    /// The keys it holds now.
    pub holdings: Holdings,
}

/// Why a write was refused. Nothing was stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// Another live customer holds an identifier that the write demands.
    #[error("{0:?} is held by another customer")]
    Taken(Identifier),
    /// The record changed or vanished since it was read.
    #[error("the record changed meanwhile")]
    Stale,
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Storage of customers. Every method names the merchant: there is no way to another merchant's rows.
#[async_trait]
pub trait CustomerRepository: Send {
    /// Stores a new customer and its events.
    async fn create(&mut self, write: &CustomerWrite) -> Result<Stored, WriteError>;

    /// Stores many new customers, each judged for itself, all in one go. The results are in order.
    async fn create_many(
        &mut self,
        writes: &[CustomerWrite],
    ) -> Result<Vec<Result<Stored, WriteError>>, StorageError>;

    /// Stores a change of the record whose stored version is one below the write's, and its events. A record that is marked
    /// as deleted loses the customer's payment methods.
    async fn update(&mut self, write: &CustomerWrite) -> Result<Stored, WriteError>;

    /// Stores a change as [`update`](Self::update) does, and takes away the tokens with which the customer stays logged in.
    async fn shut_out(&mut self, write: &CustomerWrite) -> Result<Stored, WriteError>;

    /// Stores a change as [`update`](Self::update) does, of a record that is [stripped](Customer::stripped) from now on:
    /// takes away the customer's password, tokens, waiting messages and payment methods, strips the records of its earlier
    /// events, and notes the file of its picture as one to be removed.
    async fn anonymize(&mut self, write: &CustomerWrite) -> Result<Stored, WriteError>;

    /// Removes the record whose stored version is one below the write's, for good, with the customer's password, tokens,
    /// waiting messages and payment methods; notes the file of its picture as one to be removed. Its events stay; the
    /// records of the earlier ones are [stripped](Customer::stripped), the write's own must be.
    async fn erase(&mut self, write: &CustomerWrite) -> Result<(), WriteError>;

    /// The customer with an id, softly deleted ones included.
    async fn find(
        &mut self,
        merchant: MerchantId,
        id: CustomerId,
    ) -> Result<Option<Customer>, StorageError>;

    /// The one live customer that a look-up means.
    async fn look_up(
        &mut self,
        merchant: MerchantId,
        lookup: &Lookup,
    ) -> Result<Option<Customer>, StorageError>;

    /// Live customers.
    async fn list(
        &mut self,
        merchant: MerchantId,
        query: &CustomerQuery,
    ) -> Result<Vec<Customer>, StorageError>;

    /// Live customers, and how many there are in all.
    async fn page(
        &mut self,
        merchant: MerchantId,
        query: &CustomerQuery,
    ) -> Result<Page<Customer>, StorageError>;

    /// All live customers who fit, by last name, first name and id; `None` when they are more than `most`.
    async fn search(
        &mut self,
        merchant: MerchantId,
        criteria: &[Criterion],
        most: u64,
    ) -> Result<Option<Vec<Customer>>, StorageError>;

    /// How many live customers each level has, those of nobody left out.
    async fn count_by_level(
        &mut self,
        merchant: MerchantId,
    ) -> Result<BTreeMap<LevelId, u64>, StorageError>;

    /// How many live customers fit, exactly: at once without criteria, else as long as it takes.
    async fn count(
        &mut self,
        merchant: MerchantId,
        criteria: &[Criterion],
    ) -> Result<u64, StorageError>;

    /// At most so many live customers, not anonymized, whose level was last looked at (or who came to be, if it never
    /// was) at or before a moment; those who wait longest first.
    async fn list_due_for_recalculation(
        &mut self,
        merchant: MerchantId,
        at_or_before: OffsetDateTime,
        most: u32,
    ) -> Result<Vec<Customer>, StorageError>;

    /// At most so many live customers, not anonymized, whose level was last looked at (or who came to be, if it never
    /// was) at or before a moment, and who were not told since that it ends; those who wait longest first, from behind a
    /// place on. A place is when somebody's level was looked at, and the id.
    async fn list_unwarned(
        &mut self,
        merchant: MerchantId,
        at_or_before: OffsetDateTime,
        behind: (OffsetDateTime, CustomerId),
        most: u32,
    ) -> Result<Vec<Customer>, StorageError>;

    /// How many live customers came to be between each of `bounds` and the next: one number fewer than bounds, which
    /// ascend. The earlier bound is included, the later one is not.
    async fn count_created(
        &mut self,
        merchant: MerchantId,
        bounds: &[OffsetDateTime],
    ) -> Result<Vec<u64>, StorageError>;

    /// The events of one customer, oldest first.
    async fn events(
        &mut self,
        merchant: MerchantId,
        id: CustomerId,
    ) -> Result<Vec<RecordedEvent>, StorageError>;
}
