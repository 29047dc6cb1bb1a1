//! Changes of a single part of a record: the point of sale and the addresses of devices.

use time::OffsetDateTime;

use super::{Customers, TRIES, storm};
use crate::customer::attribute::Changes;
use crate::customer::command::Origin;
use crate::customer::error::CustomerError;
use crate::customer::identifier::KeyWrites;
use crate::customer::model::Customer;
use crate::customer::port::{CustomerWrite, WriteError};
use crate::customer::profile::Status;
use crate::id::{CustomerId, MerchantId, PointOfSaleId};
use crate::storage::StorageError;
use crate::text::Line;

/// The most devices of one customer.
pub const MOST_PUSH_TOKENS: usize = 100;

/// Why the addresses of a customer's devices stayed as they were.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PushTokenError {
    /// The customer has [`MOST_PUSH_TOKENS`] already.
    #[error("the customer has too many devices")]
    TooMany,
    /// No such customer, or storage failed.
    #[error(transparent)]
    Customer(#[from] CustomerError),
}

impl From<StorageError> for PushTokenError {
    fn from(error: StorageError) -> Self {
        Self::Customer(error.into())
    }
}

/// Whether a change is one that `updated_at` tells of (OL E02).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Notice {
    Told,
    Quiet,
}

impl Customers {
    /// Assigns a customer to a point of sale. It need not exist: tills may be known here later than their customers
    /// (OL E19). The current one again changes nothing.
    pub async fn assign_point_of_sale(
        &self,
        origin: &Origin,
        id: CustomerId,
        pos: PointOfSaleId,
    ) -> Result<Customer, CustomerError> {
        let assign = |customer: &mut Customer| {
            customer.pos = Some(pos);
            Ok::<_, CustomerError>(())
        };
        self.revise(origin, id, Notice::Told, assign).await
    }

    /// The addresses of a customer's devices, in the order in which they came.
    pub async fn push_tokens(
        &self,
        merchant: MerchantId,
        id: CustomerId,
    ) -> Result<Vec<Line>, CustomerError> {
        Ok(person(self.find(merchant, id).await?)?.push_tokens)
    }

    /// Adds the address of a device after those that are there; a known one stays where it is (OL E21).
    pub async fn add_push_token(
        &self,
        origin: &Origin,
        id: CustomerId,
        token: Line,
    ) -> Result<(), PushTokenError> {
        let add = |customer: &mut Customer| {
            if customer.push_tokens.contains(&token) {
                return Ok(());
            }
            if customer.push_tokens.len() >= MOST_PUSH_TOKENS {
                return Err(PushTokenError::TooMany);
            }
            customer.push_tokens.push(token.clone());
            Ok(())
        };
        self.revise(origin, id, Notice::Quiet, add).await.map(drop)
    }

    /// Removes the address of a device; an unknown one is no error (OL E22).
    pub async fn remove_push_token(
        &self,
        origin: &Origin,
        id: CustomerId,
        token: &str,
    ) -> Result<(), CustomerError> {
        let remove = |customer: &mut Customer| {
            customer.push_tokens.retain(|known| known.as_str() != token);
            Ok::<_, CustomerError>(())
        };
        self.revise(origin, id, Notice::Quiet, remove).await.map(drop)
    }

    /// Changes a customer and announces it, or does neither. What changes nothing is not announced.
    async fn revise<E: From<CustomerError> + From<StorageError>>(
        &self,
        origin: &Origin,
        id: CustomerId,
        notice: Notice,
        change: impl Fn(&mut Customer) -> Result<(), E>,
    ) -> Result<Customer, E> {
        let mut session = self.storage.session().await?;
        for _ in 0..TRIES {
            let found = session.customers().find(origin.merchant, id).await?;
            let before = person(found.ok_or(CustomerError::NotFound)?)?;
            let mut after = before.clone();
            change(&mut after)?;
            if after == before {
                return Ok(before);
            }
            let mut write = self.revision(origin, &before, after, notice, self.clock.now());
            match session.customers().update(&write).await {
                Ok(stored) => {
                    Self::settle(&mut write.record, stored);
                    return Ok(write.record);
                }
                Err(WriteError::Stale) => {}
                Err(error) => return Err(CustomerError::from(error).into()),
            }
        }
        Err(storm().into())
    }

    fn revision(
        &self,
        origin: &Origin,
        before: &Customer,
        after: Customer,
        notice: Notice,
        now: OffsetDateTime,
    ) -> CustomerWrite {
        let changes = Changes::between(before, &after);
        let events = self.announcements(origin, before, &after, changes);
        let keys = KeyWrites::for_change(before, &after, origin.demands);
        let updated_at = if notice == Notice::Told { now } else { before.updated_at };
        let record = Customer { version: before.version + 1, updated_at, ..after };
        CustomerWrite { record, keys, events, messages: Vec::new() }
    }
}

/// The customer, unless deleted or no person any more: nobody adds anything to what is left of one (OL E08).
fn person(customer: Customer) -> Result<Customer, CustomerError> {
    if customer.is_live() && customer.status != Status::Anonymized {
        Ok(customer)
    } else {
        Err(CustomerError::NotFound)
    }
}
