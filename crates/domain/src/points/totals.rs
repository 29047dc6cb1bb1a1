//! Running totals of the ledger.

use super::model::{CreditState, Transfer};
use crate::customer::Customer;
use crate::money::Amount;

/// A customer's points by what became of them (OL 5.6): the sums of the ledger, kept on the record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PointTotals {
    /// What can be spent.
    pub available: Amount,
    /// The part of them that other customers gave.
    pub from_customers: Amount,
    /// Everything that was ever earned, but for what was canceled or given by other customers.
    pub earned: Amount,
    /// What was spent.
    pub used: Amount,
    /// What expired unspent.
    pub expired: Amount,
    /// What cannot be spent yet.
    pub locked: Amount,
    /// The part of the earned ones that came after the level was last looked at, or since the customer came to be
    /// (OL 5.1).
    pub earned_since_recalculation: Amount,
}

impl PointTotals {
    /// What one transfer adds to the totals of its customer.
    pub fn of(transfer: &Transfer, customer: &Customer) -> Self {
        let Some(credit) = transfer.credit() else { return Self::default() };
        let given = |counts: bool, amount: Amount| if counts { amount } else { Amount::ZERO };
        let active = credit.state == CreditState::Active;
        let earned = credit.state != CreditState::Canceled && transfer.peer.is_none();
        Self {
            available: given(active, credit.remaining),
            from_customers: given(active && transfer.peer.is_some(), credit.remaining),
            earned: given(earned, transfer.value),
            used: transfer.value.minus(credit.remaining),
            expired: given(credit.state == CreditState::Expired, credit.remaining),
            locked: given(credit.state == CreditState::Locked, credit.remaining),
            earned_since_recalculation: given(
                earned && is_of_this_period(transfer, customer),
                transfer.value,
            ),
        }
    }

    /// The sums.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        self.each(other, Amount::plus)
    }

    /// The differences.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        self.each(other, Amount::minus)
    }

    fn each(self, other: Self, join: impl Fn(Amount, Amount) -> Amount) -> Self {
        Self {
            available: join(self.available, other.available),
            from_customers: join(self.from_customers, other.from_customers),
            earned: join(self.earned, other.earned),
            used: join(self.used, other.used),
            expired: join(self.expired, other.expired),
            locked: join(self.locked, other.locked),
            earned_since_recalculation: join(
                self.earned_since_recalculation,
                other.earned_since_recalculation,
            ),
        }
    }
}

/// Whether a transfer came after the customer's level was last looked at. What led to the look does not count again.
fn is_of_this_period(transfer: &Transfer, customer: &Customer) -> bool {
    match customer.level_recalculated_at {
        Some(looked_at) => transfer.created_at > looked_at,
        None => transfer.created_at >= customer.created_at,
    }
}
