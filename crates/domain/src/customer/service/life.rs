//! How a customer is let in, shut out and made nobody (OL E01, E02 and E08).

use super::Customers;
use super::revision::Storing;
use crate::customer::address::Address;
use crate::customer::command::Origin;
use crate::customer::error::CustomerError;
use crate::customer::identifier::KeyWrites;
use crate::customer::life::LifeStep;
use crate::customer::model::Customer;
use crate::customer::port::CustomerWrite;
use crate::customer::profile::Status;
use crate::event::EventKind;
use crate::id::CustomerId;
use crate::storage::{Session, UnitOfWork};
use crate::transaction::Forgetting;

impl Customers {
    /// Lets a customer who was found a moment ago use the programme, and announces it; who may already stays as it is.
    /// If the customer agreed to marketing and nobody was told, that is announced too.
    pub async fn activate(
        &self,
        origin: &Origin,
        found: Customer,
    ) -> Result<Customer, CustomerError> {
        self.step(origin, found, LifeStep::Activate, Storing::Plain).await
    }

    /// Shuts a customer who was found a moment ago out: its sessions end. Who is out already stays as it is.
    pub async fn deactivate(
        &self,
        origin: &Origin,
        found: Customer,
    ) -> Result<Customer, CustomerError> {
        self.step(origin, found, LifeStep::Deactivate, Storing::ShutOut).await
    }

    /// Removes everything that makes a customer who was found a moment ago a person, from the record and from all that was
    /// stored about it; figures and level stay. Who is nobody already stays so.
    pub async fn anonymize(
        &self,
        origin: &Origin,
        found: Customer,
    ) -> Result<Customer, CustomerError> {
        let anonymize = async |unit: &mut UnitOfWork| {
            let before = found.clone();
            let change = |before: &Customer| self.taken_step(origin, before, LifeStep::Anonymize);
            let nobody = self.revise_in(&mut **unit, found, Storing::Anonymize, change).await?;
            unit.invitations().forget(&before).await?;
            unit.transactions().forget(&before, Forgetting::Person).await?;
            Ok(nobody)
        };
        self.storage.atomically(anonymize).await
    }

    /// Lets a customer who is still new use the programme, in somebody's unit of work; says whether it was one.
    pub(crate) async fn activate_new(
        &self,
        session: &mut dyn Session,
        origin: &Origin,
        id: CustomerId,
    ) -> Result<bool, CustomerError> {
        let Some(found) = session.customers().find(origin.merchant, id).await? else {
            return Ok(false);
        };
        let change = |before: &Customer| match before.status {
            Status::New => self.taken_step(origin, before, LifeStep::Activate),
            _ => Err(CustomerError::NotFound),
        };
        match self.revise_in(session, found, Storing::Plain, change).await {
            Ok(_) => Ok(true),
            Err(CustomerError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn step(
        &self,
        origin: &Origin,
        found: Customer,
        step: LifeStep,
        storing: Storing,
    ) -> Result<Customer, CustomerError> {
        let mut session = self.storage.session().await?;
        let change = |before: &Customer| self.taken_step(origin, before, step);
        self.revise(&mut *session, found, storing, change).await
    }

    fn taken_step(
        &self,
        origin: &Origin,
        before: &Customer,
        step: LifeStep,
    ) -> Result<Option<CustomerWrite>, CustomerError> {
        let status = before.status.after(step).filter(|_| before.is_live());
        let status = status.ok_or(CustomerError::NotFound)?;
        if status == before.status {
            return Ok(None);
        }
        let mut events = vec![self.event(step.event(), origin.actor)];
        let (mut record, keys) = if status == Status::Anonymized {
            (self.nobody(before), KeyWrites::RELEASE_ALL)
        } else {
            (before.clone(), KeyWrites::KEEP_ALL)
        };
        record.status = status;
        record.version = before.version + 1;
        if step == LifeStep::Activate && record.agreements.marketing && !record.newsletter_announced
        {
            record.newsletter_announced = true;
            events.push(self.event(EventKind::NewsletterAnnounced, origin.actor));
        }
        Ok(Some(CustomerWrite { record, keys, events, messages: Vec::new() }))
    }

    /// What is left of a customer; there is an address, be it an empty one (OL E08).
    fn nobody(&self, before: &Customer) -> Customer {
        Customer {
            primary_address: Some(Address::default()),
            updated_at: self.clock.now(),
            ..before.stripped()
        }
    }
}
