//! What a change of the ledger comes to, as pure functions of the record and the transfers it touches.

use std::collections::BTreeMap;

use super::model::{Credit, CreditState, Transfer};
use super::totals::PointTotals;
use crate::customer::Customer;
use crate::event::{EventKind, PointsCause};
use crate::money::Amount;

/// The lines of the ledger that are new or changed, and what the customer has after them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booking {
    /// New and changed transfers, each as it is from now on.
    pub transfers: Vec<Transfer>,
    /// The customer's totals after them.
    pub totals: PointTotals,
    /// What is told of it.
    pub told: Vec<EventKind>,
}

/// Fewer points are available than are to be spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not enough points")]
pub struct NotEnough;

/// The transfer spends points, or some of those it added are gone already (OL 4.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the transfer cannot be canceled")]
pub struct NotCancelable;

impl Booking {
    /// Points come to a customer.
    pub fn adding(customer: &Customer, transfer: Transfer) -> Self {
        let totals = customer.points.plus(PointTotals::of(&transfer, customer));
        Self::moving(customer, totals, vec![transfer], PointsCause::Added)
    }

    /// Points go from a customer: the oldest of the active ones first. `oldest` are active transfers in that order, enough of
    /// them if there are enough.
    pub fn spending(
        customer: &Customer,
        spending: Transfer,
        oldest: Vec<Transfer>,
    ) -> Result<Self, NotEnough> {
        let mut missing = spending.value;
        let mut changed = Vec::new();
        for before in oldest {
            let Some(credit) = before.credit().filter(is_spendable) else { continue };
            if missing == Amount::ZERO {
                break;
            }
            let taken = credit.remaining.min(missing);
            missing = missing.minus(taken);
            let remaining = credit.remaining.minus(taken);
            changed.push((before.clone(), before.with(Credit { remaining, ..credit })));
        }
        if missing > Amount::ZERO {
            return Err(NotEnough);
        }
        let mut booking = Self::changing(customer, changed, PointsCause::Spent);
        booking.transfers.push(spending);
        Ok(booking)
    }

    /// A transfer is taken back. Only one that added points, none of which are spent or expired, can be.
    pub fn canceling(customer: &Customer, transfer: Transfer) -> Result<Self, NotCancelable> {
        let unused = |credit: &Credit| {
            let open = matches!(credit.state, CreditState::Active | CreditState::Locked);
            open && credit.remaining == transfer.value
        };
        let credit = transfer.credit().filter(unused).ok_or(NotCancelable)?;
        let canceled = transfer.clone().with(Credit { state: CreditState::Canceled, ..credit });
        Ok(Self::changing(customer, vec![(transfer, canceled)], PointsCause::Canceled))
    }

    /// Active points are lost: because their time is over, or with a look at the level (OL 5.3). Other transfers stay as
    /// they are.
    pub fn expiring(customer: &Customer, due: Vec<Transfer>, cause: PointsCause) -> Self {
        let expired = due.into_iter().filter_map(|transfer| {
            let credit = transfer.credit().filter(|credit| credit.state == CreditState::Active)?;
            let expired = Credit { state: CreditState::Expired, ..credit };
            Some((transfer.clone(), transfer.with(expired)))
        });
        Self::changing(customer, expired.collect(), cause)
    }

    /// Locked points can be spent from now on. Other transfers stay as they are.
    pub fn unlocking(customer: &Customer, due: Vec<Transfer>) -> Self {
        let unlocked = due.into_iter().filter_map(|transfer| {
            let credit = transfer.credit().filter(|credit| credit.state == CreditState::Locked)?;
            let active = Credit { state: CreditState::Active, ..credit };
            Some((transfer.clone(), transfer.with(active)))
        });
        Self::changing(customer, unlocked.collect(), PointsCause::Unlocked)
    }

    /// The customer is told which points expire and when, once for each moment at which some do. Other transfers stay as
    /// they are.
    pub fn warning(customer: &Customer, due: Vec<Transfer>) -> Self {
        let mut moments = BTreeMap::new();
        let mut transfers = Vec::new();
        for transfer in due {
            let Some(credit) = transfer.credit().filter(is_spendable) else { continue };
            let Some(at) = credit.expires_at.filter(|_| !credit.warned) else { continue };
            let sum = moments.entry(at).or_insert(Amount::ZERO);
            *sum = credit.remaining.plus(*sum);
            transfers.push(transfer.with(Credit { warned: true, ..credit }));
        }
        let told = moments.into_iter().map(|(at, amount)| EventKind::PointsExpiring { amount, at });
        Self { transfers, totals: customer.points, told: told.collect() }
    }

    /// Transfers become something else; each is given before and after.
    fn changing(
        customer: &Customer,
        changes: Vec<(Transfer, Transfer)>,
        cause: PointsCause,
    ) -> Self {
        let totals = changes.iter().fold(customer.points, |totals, (before, after)| {
            totals.minus(PointTotals::of(before, customer)).plus(PointTotals::of(after, customer))
        });
        let transfers = changes.into_iter().map(|(_, after)| after).collect();
        Self::moving(customer, totals, transfers, cause)
    }

    fn moving(
        customer: &Customer,
        totals: PointTotals,
        transfers: Vec<Transfer>,
        cause: PointsCause,
    ) -> Self {
        let (amount, before) = (totals.available, customer.points.available);
        let changed = EventKind::PointsChanged { amount, change: amount.minus(before), cause };
        let told = if amount == before { Vec::new() } else { vec![changed] };
        Self { transfers, totals, told }
    }
}

fn is_spendable(credit: &Credit) -> bool {
    credit.state == CreditState::Active && credit.remaining > Amount::ZERO
}
