//! How a customer ceases to be.

use super::Customers;
use super::revision::{TRIES, storm};
use crate::customer::command::Origin;
use crate::customer::error::CustomerError;
use crate::customer::identifier::{Holdings, KeyWrites};
use crate::customer::model::Customer;
use crate::customer::port::{CustomerWrite, WriteError};
use crate::event::EventKind;
use crate::id::CustomerId;
use crate::storage::UnitOfWork;
use crate::transaction::Forgetting;

/// How thoroughly a customer is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// The record stays, marked and without its keys (MO 2.7, KO 2.9).
    Soft,
    /// The record goes for good (OL E36).
    Erasure,
}

impl Customers {
    /// Removes a live customer and announces it, or does neither. Its identifiers are free at once. A soft deletion is
    /// announced with the record as it was; after an erasure nothing personal is left of it anywhere. Returns the record
    /// as it was.
    pub async fn delete(
        &self,
        origin: &Origin,
        id: CustomerId,
        deletion: Deletion,
    ) -> Result<Customer, CustomerError> {
        for _ in 0..TRIES {
            let mut session = self.storage.session().await?;
            let found = session.customers().find(origin.merchant, id).await?;
            let before = found.filter(Customer::is_live).ok_or(CustomerError::NotFound)?;
            let write = self.removal(origin, &before, deletion);
            let outcome = match deletion {
                Deletion::Soft => session.customers().update(&write).await.map(drop),
                Deletion::Erasure => {
                    drop(session);
                    self.erase(&write, &before).await
                }
            };
            match outcome {
                Ok(()) => return Ok(before),
                Err(WriteError::Stale) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(storm().into())
    }

    /// Removes a record, and the customer from invitations and transactions.
    async fn erase(&self, write: &CustomerWrite, before: &Customer) -> Result<(), WriteError> {
        let erase = async |unit: &mut UnitOfWork| {
            unit.customers().erase(write).await?;
            unit.transactions().forget(before, Forgetting::Customer).await?;
            Ok(unit.invitations().forget(before).await?)
        };
        self.storage.atomically(erase).await
    }

    fn removal(&self, origin: &Origin, before: &Customer, deletion: Deletion) -> CustomerWrite {
        let now = self.clock.now();
        let left = match deletion {
            Deletion::Soft => before.clone(),
            Deletion::Erasure => before.stripped(),
        };
        let record = Customer {
            version: before.version + 1,
            deleted_at: Some(now),
            updated_at: now,
            holdings: Holdings::default(),
            ..left
        };
        let events = vec![self.event(EventKind::CustomerDeleted, origin.actor)];
        CustomerWrite { record, keys: KeyWrites::RELEASE_ALL, events, messages: Vec::new() }
    }
}
