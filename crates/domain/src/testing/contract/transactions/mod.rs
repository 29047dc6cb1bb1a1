//! Promises about transactions.

mod forgetting;
mod lists;
mod races;
mod records;

use crate::event::Event;
use crate::id::CustomerId;
use crate::storage::Storage;
use crate::testing::contract::tenant::Tenant;
use crate::testing::{a_document, a_registration, a_transaction};
use crate::transaction::{
    Assignment, Transaction, TransactionCriterion, TransactionQuery, TransactionSortKey,
};
use crate::{Order, Page, PageRequest};

/// Transactions are stored whole with their events, once for each document, counted, given to customers, listed, and
/// forgotten; and no sale is lost where many are made at once.
pub async fn transactions(storage: &Storage) {
    records::promises(storage).await;
    lists::promises(storage).await;
    forgetting::promises(storage).await;
    races::promises(storage).await;
}

impl Tenant<'_> {
    /// A sale with a value in every field.
    fn sale(&self, document: &str) -> Transaction {
        a_transaction(self.merchant, document)
    }

    async fn sold(&self, transaction: &Transaction) -> Event {
        let event = a_registration();
        let stored = self.session().await.transactions().insert(transaction, &event).await;
        assert!(stored.expect("an answer"), "nothing stands against {}", transaction.document);
        event
    }

    async fn sale_by(&self, document: &str) -> Option<Transaction> {
        let document = a_document(document);
        let mut session = self.session().await;
        session.transactions().find_by_document(self.merchant, &document).await.expect("an answer")
    }

    async fn sales(&self, query: &TransactionQuery) -> Page<Transaction> {
        self.session().await.transactions().page(self.merchant, query).await.expect("an answer")
    }

    /// The document numbers of those who meet the criteria, in order.
    async fn documents(&self, criteria: Vec<TransactionCriterion>) -> Vec<String> {
        let order = Order { key: TransactionSortKey::Document, descending: false };
        let page = PageRequest { offset: 0, limit: None };
        let page = self.sales(&TransactionQuery { criteria, order, page }).await;
        assert_eq!(page.total.value(), page.items.len() as u64);
        page.items.into_iter().map(|item| item.document.to_string()).collect()
    }
}

fn owned(transaction: &Transaction, customer: CustomerId, version: u64) -> Transaction {
    let at = transaction.registered_at;
    Transaction { assignment: Some(Assignment { customer, version, at }), ..transaction.clone() }
}
