//! Everything one may do with customers.

mod create;
mod delete;
mod levels;
mod life;
mod part;
mod points;
mod purchases;
mod revision;
mod search;
#[cfg(test)]
mod tests;
mod update;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

pub use delete::Deletion;
pub use part::{MOST_PUSH_TOKENS, PushTokenError};
pub(crate) use revision::{TRIES, storm};
pub use search::SearchError;
use time::OffsetDateTime;

use super::error::CustomerError;
use super::identifier::{Identifier, KeyWrite};
use super::model::Customer;
use super::port::CustomerWrite;
use super::query::{Criterion, CustomerQuery, Lookup};
use crate::access::Actor;
use crate::clock::{Clock, Entropy};
use crate::event::{Event, EventKind, RecordedEvent};
use crate::id::{CustomerId, EventId, LevelId, MerchantId};
use crate::page::Page;
use crate::storage::{Session, Storage, StorageError};

/// A merchant's customers. Whether the caller may do a thing is asked before (`access`); what the thing means is here.
#[derive(Clone)]
pub struct Customers {
    storage: Storage,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl fmt::Debug for Customers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Customers")
    }
}

impl Customers {
    /// The service on its ports.
    pub fn new(storage: Storage, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self { storage, clock, entropy }
    }

    /// The live customer with an id.
    pub async fn find(
        &self,
        merchant: MerchantId,
        id: CustomerId,
    ) -> Result<Customer, CustomerError> {
        let found = self.find_even_deleted(merchant, id).await?;
        if found.is_live() { Ok(found) } else { Err(CustomerError::NotFound) }
    }

    /// The customer with an id, softly deleted or not (MO 2.4).
    pub async fn find_even_deleted(
        &self,
        merchant: MerchantId,
        id: CustomerId,
    ) -> Result<Customer, CustomerError> {
        let found = self.storage.session().await?.customers().find(merchant, id).await?;
        found.ok_or(CustomerError::NotFound)
    }

    /// The one live customer that a look-up means: the holder of the key first, then the lowest number.
    pub async fn look_up(
        &self,
        merchant: MerchantId,
        lookup: &Lookup,
    ) -> Result<Customer, CustomerError> {
        let found = self.storage.session().await?.customers().look_up(merchant, lookup).await?;
        found.ok_or(CustomerError::NotFound)
    }

    /// One part of a list of live customers.
    pub async fn list(
        &self,
        merchant: MerchantId,
        query: &CustomerQuery,
    ) -> Result<Vec<Customer>, StorageError> {
        self.storage.session().await?.customers().list(merchant, query).await
    }

    /// One part of a list of live customers and the size of the whole.
    pub async fn page(
        &self,
        merchant: MerchantId,
        query: &CustomerQuery,
    ) -> Result<Page<Customer>, StorageError> {
        self.storage.session().await?.customers().page(merchant, query).await
    }

    /// How many live customers each level has, those of nobody left out.
    pub async fn count_by_level(
        &self,
        merchant: MerchantId,
    ) -> Result<BTreeMap<LevelId, u64>, StorageError> {
        self.storage.session().await?.customers().count_by_level(merchant).await
    }

    /// How many live customers fit, exactly.
    pub async fn count(
        &self,
        merchant: MerchantId,
        criteria: &[Criterion],
    ) -> Result<u64, StorageError> {
        self.storage.session().await?.customers().count(merchant, criteria).await
    }

    /// How many live customers came to be between each of `bounds` and the next. The bounds ascend; each belongs to
    /// what follows it.
    pub async fn count_created(
        &self,
        merchant: MerchantId,
        bounds: &[OffsetDateTime],
    ) -> Result<Vec<u64>, StorageError> {
        self.storage.session().await?.customers().count_created(merchant, bounds).await
    }

    /// The events of one customer, oldest first.
    pub async fn events(
        &self,
        merchant: MerchantId,
        id: CustomerId,
    ) -> Result<Vec<RecordedEvent>, StorageError> {
        self.storage.session().await?.customers().events(merchant, id).await
    }

    fn event(&self, kind: EventKind, actor: Actor) -> Event {
        Event { id: EventId::from(self.entropy.uuid()), kind, actor, at: self.clock.now() }
    }
}

/// Whether the agreement to marketing is to be told: once for ever, and only of what people of the programme write
/// (OL 5.9).
fn is_newsletter_due(record: &Customer, writer: Actor) -> bool {
    let of_programme = matches!(writer, Actor::Admin(_) | Actor::Seller(_) | Actor::Customer(_));
    of_programme && record.agreements.marketing && !record.newsletter_announced
}

/// Every identifier that a write demands and another customer holds, in the order of [`Identifier`]'s list.
async fn taken_identifiers(
    session: &mut dyn Session,
    write: &CustomerWrite,
) -> Result<Vec<Identifier>, StorageError> {
    let held = holders(session, write).await?;
    Ok(held.into_iter().map(|(identifier, _)| identifier).collect())
}

/// The same, and who holds them.
async fn holders(
    session: &mut dyn Session,
    write: &CustomerWrite,
) -> Result<Vec<(Identifier, CustomerId)>, StorageError> {
    let keys = &write.keys;
    let demanded = [
        (Identifier::Email, &keys.email, Lookup::Email as fn(String) -> Lookup),
        (Identifier::LoyaltyCard, &keys.loyalty_card, Lookup::LoyaltyCard),
        (Identifier::Phone, &keys.phone, Lookup::PhoneHolder),
        (Identifier::Mobile, &keys.mobile, Lookup::Mobile),
    ];
    let mut held = Vec::new();
    for (identifier, key, lookup) in demanded {
        let KeyWrite::Demand(key) = key else { continue };
        let found =
            session.customers().look_up(write.record.merchant, &lookup(key.clone())).await?;
        let other = found.filter(|other| other.id != write.record.id);
        if let Some(other) = other.filter(|other| other.holdings.include(identifier)) {
            held.push((identifier, other.id));
        }
    }
    Ok(held)
}
