//! The customers that are asked for. Everything that tells one from another holds its key, twelve decimal digits, so
//! that a script of SQL can name them as easily as a request can.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::access::Actor;
use domain::customer::{
    Address, CreateCustomer, Demands, Email, Gender, Name, Origin, PhoneNumber,
};
use domain::demo;
use domain::id::CustomerId;
use domain::merchant::Merchant;
use domain::text::{InvalidText, Line};
use tokio::task::JoinSet;

use crate::backend::{Domain, explained};
use crate::database;
use crate::failure::Failure;
use crate::key::MasterKey;

/// The key of the first customer.
pub(super) const FIRST_KEY: u64 = 100_000_000_000;
/// The number of the first customer.
pub(super) const FIRST_NUMBER: u64 = 10_000_000;
/// The start of every id; the key is the rest.
pub(super) const ID_PREFIX: &str = "01900000-0000-7000-8000-";

/// Customers that are stored together.
const BATCH: u32 = 500;
/// Batches that are under way at the same time.
const BATCHES_AT_ONCE: usize = 6;

/// Somebody who is or will be a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) key: u64,
    /// The customer's number; newcomers get theirs from the service.
    pub(super) number: Option<u64>,
    /// Another one at each request.
    pub(super) turn: u64,
}

impl Person {
    /// Somebody who is no customer yet.
    pub(super) fn newcomer() -> Self {
        let turn = next_turn();
        Self { key: 5 * FIRST_KEY + turn, number: None, turn }
    }

    pub(super) fn id(&self) -> String {
        format!("{ID_PREFIX}{}", self.key)
    }

    pub(super) fn email(&self) -> String {
        format!("c{}@example.com", self.key)
    }

    pub(super) fn phone(&self) -> String {
        format!("+{}", self.key)
    }
}

/// One of the customers that [`fill`] adds.
pub(super) fn member(index: u32) -> Person {
    let index = u64::from(index);
    Person { key: FIRST_KEY + index, number: Some(FIRST_NUMBER + index), turn: next_turn() }
}

fn next_turn() -> u64 {
    static TURN: AtomicU64 = AtomicU64::new(1);
    TURN.fetch_add(1, Ordering::Relaxed)
}

/// Makes the demonstration merchants and gives the first one `customers`.
pub(super) async fn fill(url: &str, key: &MasterKey, customers: u32) -> Result<(), Failure> {
    let domain = Domain::open(url, key)?;
    let merchant = plant(&domain).await?;
    let ladder = Arc::new(domain.levels().ladder(merchant.id).await.map_err(explained)?);
    let origin =
        Origin { merchant: merchant.id, actor: Actor::System, demands: Demands::default() };
    let mut batches = (0..customers).step_by(BATCH as usize);
    let mut running = JoinSet::new();
    loop {
        while running.len() < BATCHES_AT_ONCE
            && let Some(first) = batches.next()
        {
            let people = (first..customers.min(first + BATCH)).map(command);
            let people = people.collect::<Result<Vec<_>, _>>().map_err(explained)?;
            let (service, ladder) = (domain.customers(), Arc::clone(&ladder));
            running.spawn(async move { service.create_many(&origin, &ladder, people).await });
        }
        let Some(finished) = running.join_next().await else { break };
        for customer in finished.map_err(explained)?.map_err(explained)? {
            customer.map_err(explained)?;
        }
    }
    number_in_order(url)
}

/// Makes the demonstration merchants.
pub(super) async fn plant(domain: &Domain) -> Result<Merchant, Failure> {
    let ports =
        (Arc::clone(&domain.clock), Arc::clone(&domain.entropy), Arc::clone(&domain.keeper));
    demo::plant(&domain.storage, ports.0, ports.1, ports.2).await.map_err(explained)
}

/// Gives each customer the number that [`member`] expects, whatever the order in which the batches were stored, and
/// leaves the tables as tidy as if nothing had happened.
fn number_in_order(url: &str) -> Result<(), Failure> {
    let numbers = format!(
        "UPDATE customers SET number = {FIRST_NUMBER} + right(id::text, 12)::bigint - {FIRST_KEY} \
         WHERE id::text LIKE '{ID_PREFIX}%'"
    );
    for statement in [&numbers, "VACUUM FULL customers", "VACUUM ANALYZE", "CHECKPOINT"] {
        database::query(url, statement)?;
    }
    Ok(())
}

fn command(index: u32) -> Result<CreateCustomer, InvalidText> {
    let person = member(index);
    let id = u128::from_str_radix(&person.id().replace('-', ""), 16).unwrap_or_default();
    Ok(CreateCustomer {
        id: Some(CustomerId::from(uuid::Uuid::from_u128(id))),
        name: Name::Divided { first: Line::try_from("Ada")?, last: Line::try_from("Kowalska")? },
        email: Some(Email::try_from(person.email())?),
        phone: Some(PhoneNumber::try_from(person.phone())?),
        primary_address: Some(Address {
            street: Line::try_from("Harbour Road")?,
            house: Line::try_from("18")?,
            unit: Line::default(),
            city: Line::try_from("Geelong")?,
            province: Line::try_from("VIC")?,
            postal_code: Line::try_from("3220")?,
            country: Line::try_from("AU")?,
        }),
        gender: Some(Gender::Female),
        ..CreateCustomer::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_customer_ends_in_its_key() {
        let person = member(77);
        let id: uuid::Uuid = person.id().parse().unwrap();
        assert_eq!(command(77).unwrap().id, Some(CustomerId::from(id)));
        assert!(id.to_string().ends_with("100000000077"));
    }
}
