//! Changes of a single part of a record: the point of sale, the picture and the addresses of devices.

use std::sync::{Mutex, PoisonError};

use super::Customers;
use super::revision::Storing;
use crate::customer::attribute::Changes;
use crate::customer::command::Origin;
use crate::customer::error::CustomerError;
use crate::customer::identifier::KeyWrites;
use crate::customer::model::Customer;
use crate::customer::port::CustomerWrite;
use crate::customer::profile::Avatar;
use crate::id::{CustomerId, MerchantId, PointOfSaleId};
use crate::storage::{Session, StorageError};
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
        self.edit(origin, id, Notice::Told, assign).await
    }

    /// The addresses of a customer's devices, in the order in which they came.
    pub async fn push_tokens(
        &self,
        merchant: MerchantId,
        id: CustomerId,
    ) -> Result<Vec<Line>, CustomerError> {
        let found = self.find(merchant, id).await?;
        // Nobody is told of what is left of a person (OL E08).
        if found.is_changeable() { Ok(found.push_tokens) } else { Err(CustomerError::NotFound) }
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
        self.edit(origin, id, Notice::Quiet, add).await.map(drop)
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
        self.edit(origin, id, Notice::Quiet, remove).await.map(drop)
    }

    /// Gives a customer who was found a moment ago another picture or none, in somebody's unit of work; returns the one it
    /// had. `updated_at` does not tell of it (OL 5.9).
    pub(crate) async fn set_avatar(
        &self,
        session: &mut dyn Session,
        origin: &Origin,
        found: Customer,
        avatar: Option<Avatar>,
    ) -> Result<Option<Avatar>, CustomerError> {
        let older = Mutex::new(None);
        let change = |before: &Customer| {
            if !before.is_changeable() {
                return Err(CustomerError::NotFound);
            }
            let mut noted = older.lock().unwrap_or_else(PoisonError::into_inner);
            noted.clone_from(&before.avatar);
            drop(noted);
            let after = Customer { avatar: avatar.clone(), ..before.clone() };
            let is_new = after != *before;
            Ok(is_new.then(|| self.revision(origin, before, after, Notice::Quiet)))
        };
        self.revise_in(session, found, Storing::Plain, change).await?;
        Ok(older.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes a customer and announces it, or does neither. What changes nothing is not announced.
    async fn edit<E: From<CustomerError> + Send>(
        &self,
        origin: &Origin,
        id: CustomerId,
        notice: Notice,
        change: impl Fn(&mut Customer) -> Result<(), E> + Send + Sync,
    ) -> Result<Customer, E> {
        let found = self.find(origin.merchant, id).await?;
        let session = self.storage.session().await;
        let mut session = session.map_err(CustomerError::from)?;
        let edited = |before: &Customer| {
            if !before.is_changeable() {
                return Err(CustomerError::NotFound.into());
            }
            let mut after = before.clone();
            change(&mut after)?;
            Ok((after != *before).then(|| self.revision(origin, before, after, notice)))
        };
        self.revise(&mut *session, found, Storing::Plain, edited).await
    }

    fn revision(
        &self,
        origin: &Origin,
        before: &Customer,
        after: Customer,
        notice: Notice,
    ) -> CustomerWrite {
        let changes = Changes::between(before, &after);
        let events = self.announcements(origin, before, &after, changes);
        let keys = KeyWrites::for_change(before, &after, origin.demands);
        let updated_at = if notice == Notice::Told { self.clock.now() } else { before.updated_at };
        let record = Customer { version: before.version + 1, updated_at, ..after };
        CustomerWrite { record, keys, events, messages: Vec::new() }
    }
}
