//! How a transaction comes to be.

use super::matching::customer_of;
use super::{Programme, Setback, Transactions, settle, unhindered};
use crate::access::Actor;
use crate::customer::{Customer, CustomerWrite};
use crate::event::{Event, EventKind};
use crate::id::{EventId, MerchantId, TransactionId};
use crate::level::Ladder;
use crate::merchant::Merchant;
use crate::storage::{Session, StorageError, UnitOfWork};
use crate::transaction::command::RegisterTransaction;
use crate::transaction::error::TransactionError;
use crate::transaction::figures::About;
use crate::transaction::model::{Assignment, DocumentNumber, Totals, Transaction, TransactionKind};

impl Transactions {
    /// Registers what a till sold or took back. If the till knows an active customer, it is that one's purchase from the
    /// start; the customer's figures and level follow.
    pub async fn register(
        &self,
        merchant: &Merchant,
        ladder: &Ladder,
        actor: Actor,
        command: RegisterTransaction,
    ) -> Result<TransactionId, TransactionError> {
        if command.kind != TransactionKind::Sale && !merchant.settings.returns {
            return Err(TransactionError::ReturnsOff);
        }
        let programme = Programme { merchant, ladder, actor };
        let transaction = self.transaction(merchant, command);
        unhindered(async || self.try_register(programme, transaction.clone()).await).await?;
        Ok(transaction.id)
    }

    /// The transaction that a command describes, nobody's so far.
    fn transaction(&self, merchant: &Merchant, command: RegisterTransaction) -> Transaction {
        Transaction {
            merchant: merchant.id,
            id: TransactionId::from(self.entropy.uuid()),
            kind: command.kind,
            document: command.document,
            purchased_at: command.purchased_at,
            place: command.place,
            totals: Totals::of(&command.items, &merchant.settings.tiers),
            items: command.items,
            buyer: Some(command.buyer),
            pos: command.pos,
            labels: command.labels,
            assignment: None,
            registered_at: self.clock.now(),
        }
    }

    async fn try_register(
        &self,
        programme: Programme<'_>,
        mut transaction: Transaction,
    ) -> Result<(), Setback> {
        let mut session = self.storage.session().await?;
        if let Some(pos) = transaction.pos {
            let known = session.points_of_sale().find_many(transaction.merchant, &[pos]).await?;
            if known.is_empty() {
                return Err(TransactionError::UnknownPointOfSale.into());
            }
        }
        let customer = match &transaction.buyer {
            Some(buyer) => customer_of(&mut *session, programme.merchant, buyer).await?,
            None => None,
        };
        if let Some(sale) = transaction.kind.revised() {
            check_sale(&mut *session, transaction.merchant, sale, customer.as_ref()).await?;
        }
        let change = match &customer {
            Some(before) => {
                Some(self.change(&mut *session, programme, before, &transaction).await?)
            }
            None => None,
        };
        drop(session);
        transaction.assignment = change.as_ref().map(|write| Assignment {
            customer: write.record.id,
            version: write.record.version,
            at: transaction.registered_at,
        });
        let event = self.event(programme.actor);
        let is_first = customer.is_some_and(|before| before.purchases.last_at.is_none());
        let store = async |unit: &mut UnitOfWork| {
            if !unit.transactions().insert(&transaction, &event).await? {
                return Err(TransactionError::DocumentTaken.into());
            }
            match &change {
                Some(write) => settle(unit, write, is_first).await,
                None => Ok(()),
            }
        };
        self.storage.atomically(store).await
    }

    async fn change(
        &self,
        session: &mut dyn Session,
        programme: Programme<'_>,
        before: &Customer,
        transaction: &Transaction,
    ) -> Result<CustomerWrite, StorageError> {
        let about = match transaction.kind.revised() {
            Some(sale) => {
                let repository = session.transactions();
                About::of(&repository.postings_about(before.merchant, before.id, sale).await?)
            }
            // Nobody returned what was not sold yet.
            None => About::default(),
        };
        self.purchase(session, programme, before, transaction, about).await
    }

    fn event(&self, actor: Actor) -> Event {
        Event {
            id: EventId::from(self.entropy.uuid()),
            kind: EventKind::TransactionRegistered,
            actor,
            at: self.clock.now(),
        }
    }
}

/// A return revises a sale that is there, and of nobody but the customer who returns it, as far as both are known.
pub(super) async fn check_sale(
    session: &mut dyn Session,
    merchant: MerchantId,
    document: &DocumentNumber,
    customer: Option<&Customer>,
) -> Result<(), TransactionError> {
    let found = session.transactions().find_by_document(merchant, document).await?;
    let sale = found.ok_or(TransactionError::NotFound)?;
    if sale.kind != TransactionKind::Sale {
        return Err(TransactionError::WrongType);
    }
    match (sale.customer(), customer) {
        (Some(owner), Some(customer)) if owner != customer.id => Err(TransactionError::WrongOwner),
        _ => Ok(()),
    }
}
