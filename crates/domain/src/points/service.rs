//! Everything one may do with points.

use std::fmt;
use std::sync::Arc;

use time::OffsetDateTime;

use super::booking::Booking;
use super::error::PointsError;
use super::expiring::{Expiring, shown_from};
use super::model::{Credit, CreditState, Movement, Transfer};
use super::port::Imbalance;
use super::query::{ListedTransfer, SpentPoints, TransferQuery};
use super::schedule;
use crate::access::Actor;
use crate::clock::{Clock, Entropy};
use crate::customer::{Customer, Customers, Status, TRIES, WriteError, storm};
use crate::id::{MerchantId, SellerId, TransferId};
use crate::job::Calendar;
use crate::level::{Ladder, PointFigures};
use crate::merchant::Merchant;
use crate::money::Amount;
use crate::page::Page;
use crate::storage::{Session, Storage, StorageError};
use crate::text::Note;

/// The programme in which points move: its settings, and its levels, which follow the points (OL 5.2).
#[derive(Clone, Copy, Debug)]
pub struct PointsProgramme<'p> {
    /// Whose programme.
    pub merchant: &'p Merchant,
    /// Its levels.
    pub ladder: &'p Ladder,
}

/// Points that somebody adds or spends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPoints {
    /// How many, above zero.
    pub value: Amount,
    /// For how many days added points can be spent, instead of what the programme says.
    pub valid_days: Option<u32>,
    /// What it is for.
    pub comment: Option<Note>,
}

/// A merchant's points ledger. Whether the caller may do a thing is asked before (`access`); what the thing means is here.
#[derive(Clone)]
pub struct Points {
    storage: Storage,
    customers: Customers,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    calendar: Arc<dyn Calendar>,
}

impl fmt::Debug for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Points")
    }
}

/// What is to be booked.
enum Order {
    Add(Transfer),
    Spend(Transfer),
    Cancel(TransferId),
}

impl Points {
    /// The service on its ports.
    pub fn new(
        storage: Storage,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        calendar: Arc<dyn Calendar>,
    ) -> Self {
        let customers = Customers::new(storage.clone(), Arc::clone(&clock), Arc::clone(&entropy));
        Self { storage, customers, clock, entropy, calendar }
    }

    /// Adds points for a customer who was found a moment ago and may earn. They can be spent at once, unless the programme
    /// locks new ones.
    pub async fn add(
        &self,
        programme: PointsProgramme<'_>,
        actor: Actor,
        found: Customer,
        points: NewPoints,
    ) -> Result<TransferId, PointsError> {
        let now = self.clock.now();
        let locked_until = schedule::locked_until(programme.merchant, now);
        let spendable_from = locked_until.unwrap_or(now);
        let credit = Credit {
            remaining: points.value,
            state: if locked_until.is_some() { CreditState::Locked } else { CreditState::Active },
            locked_until,
            expires_at: schedule::expires_at(
                programme.merchant,
                &*self.calendar,
                points.valid_days,
                spendable_from,
            ),
            warned: false,
        };
        let transfer = self.transfer(actor, &found, points, Movement::Adding(credit), now);
        let id = transfer.id;
        self.book(programme, actor, found, Order::Add(transfer)).await?;
        Ok(id)
    }

    /// Spends points of a customer who was found a moment ago and may spend: the oldest active ones first.
    pub async fn spend(
        &self,
        programme: PointsProgramme<'_>,
        actor: Actor,
        found: Customer,
        points: NewPoints,
    ) -> Result<TransferId, PointsError> {
        let now = self.clock.now();
        let transfer = self.transfer(actor, &found, points, Movement::Spending, now);
        let id = transfer.id;
        self.book(programme, actor, found, Order::Spend(transfer)).await?;
        Ok(id)
    }

    /// Takes back points that were added and of which none are gone.
    pub async fn cancel(
        &self,
        programme: PointsProgramme<'_>,
        actor: Actor,
        id: TransferId,
    ) -> Result<(), PointsError> {
        let merchant = programme.merchant.id;
        let mut session = self.storage.session().await?;
        let transfer = session.points().find_many(merchant, &[id]).await?.pop();
        let customer = transfer.ok_or(PointsError::NotFound)?.customer;
        let found = session.customers().find(merchant, customer).await?;
        drop(session);
        let found = found.filter(Customer::is_live).ok_or(PointsError::NotFound)?;
        self.book(programme, actor, found, Order::Cancel(id)).await
    }

    /// Whether a seller may add and spend points (OL `allowPointTransfer`).
    pub async fn trusts(
        &self,
        merchant: MerchantId,
        seller: SellerId,
    ) -> Result<bool, StorageError> {
        let found = self.storage.session().await?.sellers().find(merchant, seller).await?;
        Ok(found.is_some_and(|seller| seller.allow_point_transfer))
    }

    /// One part of a list of transfers, and the size of the whole.
    pub async fn page(
        &self,
        merchant: MerchantId,
        query: &TransferQuery,
    ) -> Result<Page<ListedTransfer>, StorageError> {
        self.storage.session().await?.points().page(merchant, query).await
    }

    /// What was spent in a programme.
    pub async fn spent(&self, merchant: MerchantId) -> Result<SpentPoints, StorageError> {
        self.storage.session().await?.points().spent(merchant).await
    }

    /// All figures of a customer's points: the totals of the record, and what expires when.
    pub async fn figures(
        &self,
        merchant: &Merchant,
        customer: &Customer,
    ) -> Result<PointFigures, StorageError> {
        let figures = PointFigures::from(customer.points);
        if customer.points.available == Amount::ZERO {
            return Ok(figures);
        }
        let (zone, now) = (merchant.time_zone.as_str(), self.clock.now());
        let after = shown_from(zone, &*self.calendar, now);
        let mut session = self.storage.session().await?;
        let sums = session.points().expiring(merchant.id, customer.id, after).await?;
        let Expiring { from_next_month, by_day } = Expiring::of(&sums, zone, &*self.calendar, now);
        Ok(PointFigures { expiring_from_next_month: from_next_month, expiring: by_day, ..figures })
    }

    /// Every customer whose totals are not the sums of the ledger. There are none, unless somebody went around this service.
    pub async fn imbalances(&self, merchant: MerchantId) -> Result<Vec<Imbalance>, StorageError> {
        self.storage.session().await?.points().imbalances(merchant).await
    }

    fn transfer(
        &self,
        actor: Actor,
        customer: &Customer,
        points: NewPoints,
        movement: Movement,
        created_at: OffsetDateTime,
    ) -> Transfer {
        Transfer {
            merchant: customer.merchant,
            id: TransferId::from(self.entropy.uuid()),
            customer: customer.id,
            value: points.value,
            movement,
            peer: None,
            comment: points.comment,
            actor,
            created_at,
        }
    }

    /// Books an order; again, of what is stored then, when somebody else changed the customer first.
    async fn book(
        &self,
        programme: PointsProgramme<'_>,
        actor: Actor,
        found: Customer,
        order: Order,
    ) -> Result<(), PointsError> {
        let PointsProgramme { merchant, ladder } = programme;
        let mut session = self.storage.session().await?;
        let mut before = found;
        for _ in 0..TRIES {
            let booking = prepare(&mut *session, merchant, &before, &order).await?;
            let tiers = &merchant.settings.tiers;
            let write = self.customers.booked(&before, &booking, actor, ladder, tiers);
            match session.points().book(&write, &booking.transfers).await {
                Ok(_) => return Ok(()),
                Err(WriteError::Stale) => {
                    let found = session.customers().find(before.merchant, before.id).await?;
                    before = found.ok_or(PointsError::NotAllowed)?;
                }
                Err(error) => return Err(no_key_involved(error).into()),
            }
        }
        Err(storm().into())
    }
}

/// What an order comes to for a customer. The record must have been read before: what the ledger says later can only make the
/// write a stale one.
async fn prepare(
    session: &mut dyn Session,
    merchant: &Merchant,
    customer: &Customer,
    order: &Order,
) -> Result<Booking, PointsError> {
    let settings = &merchant.settings.points;
    match order {
        Order::Add(transfer) => {
            must_be_among(customer, &settings.earning)?;
            Ok(Booking::adding(customer, transfer.clone()))
        }
        Order::Spend(transfer) => {
            must_be_among(customer, &settings.spending)?;
            let (merchant, id) = (merchant.id, customer.id);
            let oldest = session.points().oldest_active(merchant, id, transfer.value).await?;
            Ok(Booking::spending(customer, transfer.clone(), oldest)?)
        }
        Order::Cancel(id) => {
            let found = session.points().find_many(merchant.id, &[*id]).await?.pop();
            Ok(Booking::canceling(customer, found.ok_or(PointsError::NotFound)?)?)
        }
    }
}

fn must_be_among(customer: &Customer, statuses: &[Status]) -> Result<(), PointsError> {
    let may = customer.is_changeable() && statuses.contains(&customer.status);
    if may { Ok(()) } else { Err(PointsError::NotAllowed) }
}

/// Why a booking failed, which touches no key.
pub(super) fn no_key_involved(error: WriteError) -> StorageError {
    match error {
        WriteError::Storage(error) => error,
        WriteError::Stale | WriteError::Taken(_) => {
            StorageError::Failed("a booking touched a key".to_owned())
        }
    }
}
