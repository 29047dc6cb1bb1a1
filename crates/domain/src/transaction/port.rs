//! What transactions need from storage.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::model::{Assignment, DocumentNumber, Posting, Transaction};
use super::query::{SalesSummary, TransactionQuery, Turnover};
use crate::customer::Customer;
use crate::event::Event;
use crate::id::{CustomerId, MerchantId, PointOfSaleId, TransactionId};
use crate::page::Page;
use crate::storage::StorageError;

/// How much of a customer is taken away from transactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forgetting {
    /// What tills knew of the person; whose purchases they are stays (OL E08).
    Person,
    /// That, and whose purchases they are (OL E36).
    Customer,
}

/// The event of a transaction with what it speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedTransaction {
    /// The event.
    pub event: Event,
    /// The transaction as it was registered. Whose purchase it is, is told by an event of the customer.
    pub record: Transaction,
}

/// Storage of transactions. Every method names the merchant: there is no way to another merchant's rows.
#[async_trait]
pub trait TransactionRepository: Send {
    /// Stores a new transaction and the event that tells of it; nothing, and `false`, if its document number is taken.
    async fn insert(
        &mut self,
        transaction: &Transaction,
        event: &Event,
    ) -> Result<bool, StorageError>;

    /// Gives a transaction to a customer; `false` if it has one already, or is not there.
    async fn assign(
        &mut self,
        merchant: MerchantId,
        id: TransactionId,
        assignment: Assignment,
    ) -> Result<bool, StorageError>;

    /// The transaction with a document number, letter for letter.
    async fn find_by_document(
        &mut self,
        merchant: MerchantId,
        document: &DocumentNumber,
    ) -> Result<Option<Transaction>, StorageError>;

    /// What a customer's transactions add to its figures, in the order in which they count.
    async fn postings(
        &mut self,
        merchant: MerchantId,
        customer: CustomerId,
    ) -> Result<Vec<Posting>, StorageError>;

    /// Those of them that are the sale with a document number, or returns of it.
    async fn postings_about(
        &mut self,
        merchant: MerchantId,
        customer: CustomerId,
        document: &DocumentNumber,
    ) -> Result<Vec<Posting>, StorageError>;

    /// One part of a list and the size of the whole.
    async fn page(
        &mut self,
        merchant: MerchantId,
        query: &TransactionQuery,
    ) -> Result<Page<Transaction>, StorageError>;

    /// What the transactions of each of these points of sale come to; those without any are left out.
    async fn turnover(
        &mut self,
        merchant: MerchantId,
        tills: &[PointOfSaleId],
    ) -> Result<BTreeMap<PointOfSaleId, Turnover>, StorageError>;

    /// What all transactions of a merchant come to.
    async fn summary(&mut self, merchant: MerchantId) -> Result<SalesSummary, StorageError>;

    /// Takes a customer out of its transactions and their events, and out of those without a customer that name one of
    /// its addresses. They stay as records of the tills.
    async fn forget(
        &mut self,
        customer: &Customer,
        forgetting: Forgetting,
    ) -> Result<(), StorageError>;

    /// The events of one transaction, oldest first.
    async fn events(
        &mut self,
        merchant: MerchantId,
        id: TransactionId,
    ) -> Result<Vec<RecordedTransaction>, StorageError>;
}
