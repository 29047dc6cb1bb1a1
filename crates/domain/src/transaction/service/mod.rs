//! Everything one may do with transactions.

mod assign;
mod matching;
mod register;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::error::TransactionError;
use super::figures::{About, figures_after, figures_of};
use super::model::{Posting, Transaction};
use super::query::{SalesSummary, TransactionQuery, Turnover};
use crate::access::Actor;
use crate::clock::{Clock, Entropy};
use crate::customer::{
    Customer, CustomerWrite, Customers, PurchaseFigures, TRIES, WriteError, storm,
};
use crate::id::{MerchantId, PointOfSaleId};
use crate::level::Ladder;
use crate::merchant::Merchant;
use crate::page::Page;
use crate::storage::{Session, Storage, StorageError, UnitOfWork};

/// A merchant's transactions. A transaction, the figures and the level of its customer, and all that is told of it are
/// stored together or not at all.
#[derive(Clone)]
pub struct Transactions {
    storage: Storage,
    customers: Customers,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl fmt::Debug for Transactions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transactions")
    }
}

/// In whose programme a purchase counts, and who says so.
#[derive(Clone, Copy)]
struct Programme<'p> {
    merchant: &'p Merchant,
    ladder: &'p Ladder,
    actor: Actor,
}

/// Why a try came to nothing.
enum Setback {
    /// The customer changed meanwhile: worth another try.
    Stale,
    /// It will not be otherwise the next time.
    Refused(TransactionError),
}

impl<E: Into<TransactionError>> From<E> for Setback {
    fn from(error: E) -> Self {
        Self::Refused(error.into())
    }
}

impl Transactions {
    /// The service on its ports.
    pub fn new(storage: Storage, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        let customers = Customers::new(storage.clone(), Arc::clone(&clock), Arc::clone(&entropy));
        Self { storage, customers, clock, entropy }
    }

    /// One part of a list and the size of the whole.
    pub async fn page(
        &self,
        merchant: MerchantId,
        query: &TransactionQuery,
    ) -> Result<Page<Transaction>, StorageError> {
        self.storage.session().await?.transactions().page(merchant, query).await
    }

    /// What the transactions of each of these points of sale come to; those without any are left out. Asks nothing of
    /// storage when none is given.
    pub async fn turnover(
        &self,
        merchant: MerchantId,
        tills: &[PointOfSaleId],
    ) -> Result<BTreeMap<PointOfSaleId, Turnover>, StorageError> {
        if tills.is_empty() {
            return Ok(BTreeMap::new());
        }
        self.storage.session().await?.transactions().turnover(merchant, tills).await
    }

    /// What all transactions of a merchant come to.
    pub async fn summary(&self, merchant: MerchantId) -> Result<SalesSummary, StorageError> {
        self.storage.session().await?.transactions().summary(merchant).await
    }

    /// The customer's record after one more transaction. The record must have been read before `about` was.
    async fn purchase(
        &self,
        session: &mut dyn Session,
        programme: Programme<'_>,
        before: &Customer,
        transaction: &Transaction,
        about: About,
    ) -> Result<CustomerWrite, StorageError> {
        let posting = transaction.posting();
        let figures = match figures_after(before.purchases, &posting, about) {
            Some(figures) => figures,
            None => counted_anew(session, before, posting).await?,
        };
        let Programme { merchant, ladder, actor } = programme;
        let tiers = &merchant.settings.tiers;
        Ok(self.customers.purchase(actor, before, transaction.id, figures, ladder, tiers))
    }
}

async fn counted_anew(
    session: &mut dyn Session,
    before: &Customer,
    posting: Posting,
) -> Result<PurchaseFigures, StorageError> {
    let mut postings = session.transactions().postings(before.merchant, before.id).await?;
    postings.push(posting);
    Ok(figures_of(&postings))
}

/// Stores the customer's side of a transaction. An invited customer's first one is what the invitation was for.
async fn settle(
    unit: &mut UnitOfWork,
    write: &CustomerWrite,
    is_first: bool,
) -> Result<(), Setback> {
    match unit.customers().update(write).await {
        Ok(_) => {}
        Err(WriteError::Stale) => return Err(Setback::Stale),
        Err(WriteError::Taken(_)) => {
            let cause = "a purchase touched a key";
            return Err(StorageError::Failed(cause.to_owned()).into());
        }
        Err(WriteError::Storage(error)) => return Err(error.into()),
    }
    if is_first {
        unit.invitations().purchased(write.record.merchant, write.record.id).await?;
    }
    Ok(())
}

/// Tries until nobody else changes the customer meanwhile.
async fn unhindered<T>(
    attempt: impl AsyncFn() -> Result<T, Setback>,
) -> Result<T, TransactionError> {
    for _ in 0..TRIES {
        match attempt().await {
            Ok(done) => return Ok(done),
            Err(Setback::Stale) => {}
            Err(Setback::Refused(error)) => return Err(error),
        }
    }
    Err(storm().into())
}
