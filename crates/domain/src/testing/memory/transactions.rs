//! Transactions.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use async_trait::async_trait;

use super::criteria::{fits, same};
use super::session::MemorySession;
use super::state::State;
use crate::customer::{Customer, Email, Identifier, LoyaltyCard, PhoneNumber, TextMatch};
use crate::delivery::Subject;
use crate::event::Event;
use crate::id::{CustomerId, MerchantId, PointOfSaleId, TransactionId};
use crate::money::Amount;
use crate::page::Page;
use crate::storage::StorageError;
use crate::text::Line;
use crate::transaction::{
    Assignment, Buyer, DocumentNumber, Forgetting, Posting, RecordedTransaction, SalesSummary,
    Transaction, TransactionCriterion, TransactionKind, TransactionQuery, TransactionRepository,
    TransactionSortKey, Turnover,
};

#[async_trait]
impl TransactionRepository for MemorySession {
    async fn insert(
        &mut self,
        transaction: &Transaction,
        event: &Event,
    ) -> Result<bool, StorageError> {
        let insert = |state: &mut State| {
            if state.by_document(transaction.merchant, &transaction.document).is_some() {
                return false;
            }
            let record = Transaction { assignment: None, ..transaction.clone() };
            let told = RecordedTransaction { event: event.clone(), record };
            state.transactions.push((transaction.clone(), told));
            let subject = Subject::Transaction(transaction.id);
            state.note_in_feed(transaction.merchant, subject, 0, 1);
            true
        };
        Ok(self.write(insert).await)
    }

    async fn assign(
        &mut self,
        merchant: MerchantId,
        id: TransactionId,
        assignment: Assignment,
    ) -> Result<bool, StorageError> {
        let assign = |state: &mut State| {
            let is_free = |(stored, _): &&mut (Transaction, RecordedTransaction)| {
                (stored.merchant, stored.id, stored.assignment) == (merchant, id, None)
            };
            match state.transactions.iter_mut().find(is_free) {
                Some((stored, _)) => stored.assignment = Some(assignment),
                None => return false,
            }
            true
        };
        Ok(self.write(assign).await)
    }

    async fn find_by_document(
        &mut self,
        merchant: MerchantId,
        document: &DocumentNumber,
    ) -> Result<Option<Transaction>, StorageError> {
        Ok(self.read(|state| state.by_document(merchant, document).cloned()).await)
    }

    async fn postings(
        &mut self,
        merchant: MerchantId,
        customer: CustomerId,
    ) -> Result<Vec<Posting>, StorageError> {
        Ok(self.read(|state| state.postings(merchant, customer)).await)
    }

    async fn postings_about(
        &mut self,
        merchant: MerchantId,
        customer: CustomerId,
        document: &DocumentNumber,
    ) -> Result<Vec<Posting>, StorageError> {
        let is_about = |posting: &Posting| match &posting.kind {
            TransactionKind::Sale => posting.document == *document,
            TransactionKind::Return { of } => of.as_ref() == Some(document),
        };
        let mut postings = self.read(|state| state.postings(merchant, customer)).await;
        postings.retain(is_about);
        Ok(postings)
    }

    async fn page(
        &mut self,
        merchant: MerchantId,
        query: &TransactionQuery,
    ) -> Result<Page<Transaction>, StorageError> {
        let list = |state: &State| {
            let meets = |transaction: &&Transaction| {
                query.criteria.iter().all(|criterion| meets(transaction, criterion))
            };
            let mut list: Vec<_> = state.transactions_of(merchant).filter(meets).cloned().collect();
            list.sort_by(|left, right| compare(left, right, query));
            list
        };
        Ok(Page::cut(self.read(list).await, query.page))
    }

    async fn turnover(
        &mut self,
        merchant: MerchantId,
        tills: &[PointOfSaleId],
    ) -> Result<BTreeMap<PointOfSaleId, Turnover>, StorageError> {
        let sum = |state: &State| {
            let mut sums: BTreeMap<PointOfSaleId, Turnover> = BTreeMap::new();
            for transaction in state.transactions_of(merchant) {
                let Some(pos) = transaction.pos.filter(|pos| tills.contains(pos)) else { continue };
                let sum = sums.entry(pos).or_default();
                sum.count += 1;
                sum.amount = sum.amount.plus(transaction.turnover());
            }
            sums
        };
        Ok(self.read(sum).await)
    }

    async fn summary(&mut self, merchant: MerchantId) -> Result<SalesSummary, StorageError> {
        let add = |sum: SalesSummary, transaction: &Transaction| {
            let without_delivery = transaction.totals.without_delivery;
            SalesSummary {
                count: sum.count + 1,
                amount: sum.amount.plus(transaction.turnover()),
                amount_without_delivery: sum
                    .amount_without_delivery
                    .plus(transaction.kind.signed(without_delivery)),
            }
        };
        let sum =
            |state: &State| state.transactions_of(merchant).fold(SalesSummary::default(), add);
        Ok(self.read(sum).await)
    }

    async fn forget(
        &mut self,
        customer: &Customer,
        forgetting: Forgetting,
    ) -> Result<(), StorageError> {
        let forget = |state: &mut State| {
            let mut forgotten = Vec::new();
            for (stored, told) in &mut state.transactions {
                let is_own = stored.customer() == Some(customer.id);
                if stored.merchant != customer.merchant || !(is_own || names(stored, customer)) {
                    continue;
                }
                stored.buyer = None;
                told.record.buyer = None;
                forgotten.push(stored.id);
                if forgetting == Forgetting::Customer {
                    stored.assignment = None;
                }
            }
            for id in forgotten {
                state.strip_deliveries(customer.merchant, Subject::Transaction(id));
            }
        };
        self.write(forget).await;
        Ok(())
    }

    async fn events(
        &mut self,
        merchant: MerchantId,
        id: TransactionId,
    ) -> Result<Vec<RecordedTransaction>, StorageError> {
        let told = |state: &State| {
            let is_meant = |told: &&RecordedTransaction| {
                (told.record.merchant, told.record.id) == (merchant, id)
            };
            state.transactions.iter().map(|(_, told)| told).filter(is_meant).cloned().collect()
        };
        Ok(self.read(told).await)
    }
}

impl State {
    fn transactions_of(&self, merchant: MerchantId) -> impl Iterator<Item = &Transaction> {
        let all = self.transactions.iter().map(|(stored, _)| stored);
        all.filter(move |transaction| transaction.merchant == merchant)
    }

    fn by_document(&self, merchant: MerchantId, document: &DocumentNumber) -> Option<&Transaction> {
        self.transactions_of(merchant).find(|transaction| transaction.document == *document)
    }

    fn postings(&self, merchant: MerchantId, customer: CustomerId) -> Vec<Posting> {
        let own = self.transactions_of(merchant).filter_map(|transaction| {
            let assignment = transaction.assignment.filter(|it| it.customer == customer)?;
            Some((assignment.version, transaction.posting()))
        });
        let mut own: Vec<_> = own.collect();
        own.sort_by_key(|(version, _)| *version);
        own.into_iter().map(|(_, posting)| posting).collect()
    }
}

/// Whether a transaction of nobody names one of a customer's addresses.
fn names(transaction: &Transaction, customer: &Customer) -> bool {
    let Some(buyer) = transaction.buyer.as_ref().filter(|_| transaction.assignment.is_none())
    else {
        return false;
    };
    let email = buyer.email.as_ref().and_then(Email::key);
    let phone = buyer.phone.as_ref().and_then(PhoneNumber::key);
    let card = buyer.loyalty_card.as_ref().and_then(LoyaltyCard::key);
    [
        (email, Identifier::Email),
        (phone.clone(), Identifier::Phone),
        (phone, Identifier::Mobile),
        (card, Identifier::LoyaltyCard),
    ]
    .into_iter()
    .any(|(named, own)| named.is_some() && named == customer.key(own))
}

fn meets(transaction: &Transaction, criterion: &TransactionCriterion) -> bool {
    let buyer = transaction.buyer.as_ref();
    let contains =
        |text: &str, value: Option<&str>| fits(&TextMatch::Contains(text.to_owned()), value);
    let value = |get: fn(&Buyer) -> Option<&str>| buyer.and_then(get);
    match criterion {
        TransactionCriterion::Customer(customer) => transaction.customer() == Some(*customer),
        TransactionCriterion::PointOfSale(pos) => transaction.pos == Some(*pos),
        TransactionCriterion::IsReturn(wanted) => {
            (transaction.kind != TransactionKind::Sale) == *wanted
        }
        TransactionCriterion::Document(text) => contains(text, Some(transaction.document.as_str())),
        TransactionCriterion::BuyerName(text) => {
            contains(text, value(|buyer| Some(buyer.name.as_str())))
        }
        TransactionCriterion::BuyerEmail(text) => {
            contains(text, value(|buyer| buyer.email.as_ref().map(Email::as_str)))
        }
        TransactionCriterion::BuyerPhone(text) => {
            contains(text, value(|buyer| buyer.phone.as_ref().map(PhoneNumber::as_str)))
        }
        TransactionCriterion::BuyerCard(text) => {
            contains(text, value(|buyer| buyer.loyalty_card.as_ref().map(LoyaltyCard::as_str)))
        }
        TransactionCriterion::Label { key, value } => transaction.labels.iter().any(|label| {
            same(label.key.as_str(), key)
                && value.as_ref().is_none_or(|value| same(label.value.as_str(), value))
        }),
        TransactionCriterion::Nothing => false,
    }
}

/// What transactions are compared by. Values of one list are all of one kind.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Value {
    Text(String),
    Number(i128),
}

fn compare(left: &Transaction, right: &Transaction, query: &TransactionQuery) -> Ordering {
    let text = |line: &Line| Value::Text(line.as_str().to_lowercase());
    let value = |transaction: &Transaction| match query.order.key {
        TransactionSortKey::Id => Some(Value::Text(transaction.id.to_string())),
        TransactionSortKey::Document => {
            Some(Value::Text(transaction.document.as_str().to_lowercase()))
        }
        TransactionSortKey::Kind => Some(Value::Text(transaction.kind.name().to_owned())),
        TransactionSortKey::PurchasedAt => {
            Some(Value::Number(transaction.purchased_at.unix_timestamp_nanos()))
        }
        TransactionSortKey::Place => transaction.place.as_ref().map(text),
        TransactionSortKey::Gross => Some(Value::Number(sum(transaction.totals.gross))),
    };
    let equals =
        if query.order.descending { right.id.cmp(&left.id) } else { left.id.cmp(&right.id) };
    query.order.compare(value(left).as_ref(), value(right).as_ref()).then(equals)
}

fn sum(amount: Amount) -> i128 {
    amount.ten_thousandths().into()
}
