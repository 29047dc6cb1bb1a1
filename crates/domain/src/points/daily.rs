//! What happens to points by itself: they are unlocked, they expire, and customers are told before.

use std::collections::BTreeMap;

use super::booking::Booking;
use super::model::Transfer;
use super::port::Due;
use super::service::{PointsProgramme, no_key_involved};
use crate::access::Actor;
use crate::customer::{Customer, CustomerWrite, Customers, WriteError};
use crate::event::PointsCause;
use crate::id::{CustomerId, TransferId};
use crate::money::Amount;
use crate::storage::{Session, StorageError};

/// Customers who still exist, each with the transfers whose time has come.
type Accounts = BTreeMap<CustomerId, Option<(Customer, Vec<Transfer>)>>;

/// One day's work on a programme's points, in batches.
#[derive(Clone, Copy)]
pub(crate) struct PointsDay<'d> {
    pub(crate) customers: &'d Customers,
    pub(crate) programme: PointsProgramme<'d>,
}

impl PointsDay<'_> {
    /// Books what is due, up to so many transfers. Returns how many customers it was, and nothing where nothing is due any
    /// more.
    pub(crate) async fn book_due(
        self,
        session: &mut dyn Session,
        due: Due,
        most: u32,
    ) -> Result<Option<u64>, StorageError> {
        let merchant = self.programme.merchant.id;
        let transfers = session.points().list_due(merchant, due, most).await?;
        if transfers.is_empty() {
            return Ok(None);
        }
        let mut accounts = Accounts::new();
        for transfer in &transfers {
            accounts.insert(transfer.customer, None);
        }
        for (id, account) in &mut accounts {
            let found = session.customers().find(merchant, *id).await?;
            *account = found.map(|customer| (customer, Vec::new()));
        }
        // Read once more after the records, so that whatever somebody else changed meanwhile makes a write a stale one.
        let ids: Vec<TransferId> = transfers.iter().map(|transfer| transfer.id).collect();
        for transfer in session.points().find_many(merchant, &ids).await? {
            if let Some(Some((_, transfers))) = accounts.get_mut(&transfer.customer) {
                transfers.push(transfer);
            }
        }
        let mut booked = 0;
        for (before, transfers) in accounts.into_values().flatten() {
            let booking = match due {
                Due::Unlocking(_) => Booking::unlocking(&before, transfers),
                Due::Expiring(_) => Booking::expiring(&before, transfers, PointsCause::Expired),
                Due::Warning(_) => Booking::warning(&before, transfers),
            };
            let (ladder, tiers) = (self.programme.ladder, &self.programme.merchant.settings.tiers);
            let write = self.customers.booked(&before, &booking, Actor::System, ladder, tiers);
            match session.points().book(&write, &booking.transfers).await {
                Ok(_) => booked += 1,
                // Somebody was first: what is still due comes with a later batch.
                Err(WriteError::Stale) => {}
                Err(error) => return Err(no_key_involved(error)),
            }
        }
        Ok(Some(booked))
    }

    /// A look at a level that takes the customer's points away with it (OL 5.3).
    pub(crate) async fn with_points_lost(
        self,
        session: &mut dyn Session,
        before: &Customer,
        look: CustomerWrite,
    ) -> Result<(CustomerWrite, Vec<Transfer>), StorageError> {
        if before.points.available == Amount::ZERO {
            return Ok((look, Vec::new()));
        }
        let all = Amount::from_ten_thousandths(i64::MAX);
        let active = session.points().oldest_active(before.merchant, before.id, all).await?;
        let lost = Booking::expiring(&look.record, active, PointsCause::Reset);
        Ok((self.customers.and_booked(look, &lost), lost.transfers))
    }
}
