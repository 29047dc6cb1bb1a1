//! How a transaction becomes somebody's purchase afterwards.

use super::register::check_sale;
use super::{Programme, Setback, Transactions, settle, unhindered};
use crate::access::Actor;
use crate::customer::Customer;
use crate::id::{CustomerId, TransactionId};
use crate::level::Ladder;
use crate::merchant::Merchant;
use crate::storage::UnitOfWork;
use crate::transaction::error::TransactionError;
use crate::transaction::figures::About;
use crate::transaction::model::{Assignment, DocumentNumber};

impl Transactions {
    /// Gives the transaction with a document number, which nobody has yet, to a customer; the customer's figures and
    /// level follow.
    pub async fn assign(
        &self,
        merchant: &Merchant,
        ladder: &Ladder,
        actor: Actor,
        document: &DocumentNumber,
        customer: CustomerId,
    ) -> Result<TransactionId, TransactionError> {
        let programme = Programme { merchant, ladder, actor };
        unhindered(async || self.try_assign(programme, document, customer).await).await
    }

    async fn try_assign(
        &self,
        programme: Programme<'_>,
        document: &DocumentNumber,
        customer: CustomerId,
    ) -> Result<TransactionId, Setback> {
        let merchant = programme.merchant.id;
        let mut session = self.storage.session().await?;
        let found = session.customers().find(merchant, customer).await?;
        let before =
            found.filter(Customer::is_changeable).ok_or(TransactionError::UnknownCustomer)?;
        let found = session.transactions().find_by_document(merchant, document).await?;
        let transaction = found.ok_or(TransactionError::NotFound)?;
        if transaction.assignment.is_some() {
            return Err(TransactionError::Assigned.into());
        }
        if let Some(sale) = transaction.kind.revised() {
            check_sale(&mut *session, merchant, sale, Some(&before)).await?;
        }
        let about = match About::subject(&transaction.posting()) {
            Some(subject) => {
                let repository = session.transactions();
                About::of(&repository.postings_about(merchant, customer, subject).await?)
            }
            None => About::default(),
        };
        let write = self.purchase(&mut *session, programme, &before, &transaction, about).await?;
        drop(session);
        let assignment =
            Assignment { customer, version: write.record.version, at: self.clock.now() };
        let store = async |unit: &mut UnitOfWork| {
            if !unit.transactions().assign(merchant, transaction.id, assignment).await? {
                return Err(TransactionError::Assigned.into());
            }
            settle(unit, &write, before.purchases.last_at.is_none()).await
        };
        self.storage.atomically(store).await?;
        Ok(transaction.id)
    }
}
