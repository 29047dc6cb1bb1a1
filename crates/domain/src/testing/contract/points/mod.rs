//! Promises about the points ledger.

mod account;
mod balance;
mod due;
mod lists;
mod rows;
mod spenders;

use time::macros::datetime;
use time::{Date, OffsetDateTime, PrimitiveDateTime};

use crate::access::Actor;
use crate::customer::{Customer, CustomerWrite, KeyWrites, WriteError};
use crate::job::Calendar;
use crate::money::Amount;
use crate::points::{Booking, Credit, CreditState, Movement, Transfer};
use crate::storage::Storage;
use crate::testing::an_id;
use crate::testing::contract::tenant::Tenant;

/// Bookings are stored whole with the records they belong to, found as asked for, and forgotten with their customers; and
/// however many spend at once, nobody spends more than there is.
pub async fn points(storage: &Storage) {
    rows::promises(storage).await;
    account::promises(storage).await;
    due::promises(storage).await;
    lists::promises(storage).await;
    balance::promises(storage).await;
    spenders::promises(storage).await;
}

/// When the ledger of these promises begins.
const NOON: OffsetDateTime = datetime!(2026-03-02 12:00:00.000_001 UTC);

/// Days of universal time.
struct Universal;

impl Calendar for Universal {
    fn day(&self, _: &str, at: OffsetDateTime) -> Date {
        at.date()
    }

    fn instant(&self, _: &str, local: PrimitiveDateTime) -> OffsetDateTime {
        local.assume_utc()
    }
}

/// Points that can be spent for ever, made at a moment.
fn credit(customer: &Customer, whole: i64, created_at: OffsetDateTime) -> Transfer {
    let value = Amount::whole(whole);
    Transfer {
        merchant: customer.merchant,
        id: an_id(),
        customer: customer.id,
        value,
        movement: Movement::Adding(Credit {
            remaining: value,
            state: CreditState::Active,
            locked_until: None,
            expires_at: None,
            warned: false,
        }),
        peer: None,
        comment: None,
        actor: Actor::System,
        created_at,
    }
}

/// The same transfer with another history.
fn with(transfer: Transfer, change: impl FnOnce(&mut Credit)) -> Transfer {
    let Movement::Adding(mut credit) = transfer.movement else { return transfer };
    change(&mut credit);
    Transfer { movement: Movement::Adding(credit), ..transfer }
}

fn debit(customer: &Customer, whole: i64, created_at: OffsetDateTime) -> Transfer {
    Transfer { movement: Movement::Spending, ..credit(customer, whole, created_at) }
}

impl Tenant<'_> {
    /// Stores a booking of a customer and returns the record as it is then.
    async fn book(&self, before: &Customer, booking: &Booking) -> Result<Customer, WriteError> {
        let record =
            Customer { version: before.version + 1, points: booking.totals, ..before.clone() };
        let keys = KeyWrites::KEEP_ALL;
        let events = booking.told.iter().map(|told| crate::testing::an_event(told.clone()));
        let write = CustomerWrite { record, keys, events: events.collect(), messages: Vec::new() };
        self.session().await.points().book(&write, &booking.transfers).await?;
        Ok(write.record)
    }

    /// Adds transfers for a customer, one booking each.
    async fn added(&self, before: &Customer, transfers: &[Transfer]) -> Customer {
        let mut record = before.clone();
        for transfer in transfers {
            let booking = Booking::adding(&record, transfer.clone());
            record = self.book(&record, &booking).await.expect("the current version");
        }
        record
    }

    /// A transfer as it is stored.
    async fn transfer(&self, transfer: &Transfer) -> Option<Transfer> {
        let mut session = self.session().await;
        let found = session.points().find_many(self.merchant, &[transfer.id]).await;
        found.expect("an answer").pop()
    }
}
