//! What levels follow from: purchases and points of one customer.

use std::collections::BTreeMap;

use time::Date;

use crate::customer::{Customer, PurchaseFigures};
use crate::merchant::{DowngradeBase, TierBasis, TierSettings};
use crate::money::Amount;
use crate::points::PointTotals;

/// The figures of one customer that the rules of levels look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Purchases.
    pub purchases: PurchaseFigures,
    /// Points.
    pub points: PointFigures,
}

/// A customer's points by state (OL 5.6). All are zero for who has no points account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PointFigures {
    /// What can be spent.
    pub available: Amount,
    /// The part of them that other customers gave.
    pub from_customers: Amount,
    /// Everything that was ever earned, but for what was cancelled or given by other customers.
    pub earned: Amount,
    /// What was spent.
    pub used: Amount,
    /// What expired unspent.
    pub expired: Amount,
    /// What cannot be spent yet.
    pub locked: Amount,
    /// The part of the earned ones that came after the level was last looked at, or after the customer came to be.
    pub earned_since_recalculation: Amount,
    /// The available ones that expire on or after the first day of next month.
    pub expiring_from_next_month: Amount,
    /// The available ones that expire after the first day of this month, by the day on which they do.
    pub expiring: BTreeMap<Date, Amount>,
}

impl From<PointTotals> for PointFigures {
    fn from(totals: PointTotals) -> Self {
        Self {
            available: totals.available,
            from_customers: totals.from_customers,
            earned: totals.earned,
            used: totals.used,
            expired: totals.expired,
            locked: totals.locked,
            earned_since_recalculation: totals.earned_since_recalculation,
            expiring_from_next_month: Amount::ZERO,
            expiring: BTreeMap::new(),
        }
    }
}

impl Figures {
    /// The figures that the record itself knows: all that decide about levels. What expires when is not among them.
    pub fn of(record: &Customer) -> Self {
        Self { purchases: record.purchases, points: record.points.into() }
    }

    /// The amount that decides about levels (OL 5.1).
    pub fn deciding(&self, tiers: &TierSettings) -> Amount {
        let points = &self.points;
        match tiers.basis {
            TierBasis::Transactions => self.spent(tiers),
            TierBasis::Points => match tiers.downgrade_base {
                DowngradeBase::None | DowngradeBase::ActivePoints => points.available,
                DowngradeBase::EarnedPoints | DowngradeBase::EarnedSinceLevelChange => {
                    points.earned_since_recalculation
                }
            },
        }
    }

    /// The money that counts towards a level: without what is excluded, and without delivery where that is left out.
    fn spent(&self, tiers: &TierSettings) -> Amount {
        let purchases = &self.purchases;
        let gross = if tiers.exclude_delivery {
            purchases.amount_without_delivery
        } else {
            purchases.amount
        };
        gross.minus(purchases.amount_excluded_from_level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures() -> Figures {
        Figures {
            purchases: PurchaseFigures {
                amount: Amount::whole(100),
                amount_without_delivery: Amount::whole(90),
                amount_excluded_from_level: Amount::whole(25),
                ..PurchaseFigures::default()
            },
            points: PointFigures {
                available: Amount::whole(40),
                earned: Amount::whole(70),
                earned_since_recalculation: Amount::whole(30),
                ..PointFigures::default()
            },
        }
    }

    #[test]
    fn money_counts_without_what_is_excluded_and_without_delivery_where_that_is_left_out() {
        let tiers = TierSettings::default();
        assert_eq!(figures().deciding(&tiers), Amount::whole(75));
        let tiers = TierSettings { exclude_delivery: true, ..tiers };
        assert_eq!(figures().deciding(&tiers), Amount::whole(65));
    }

    #[test]
    fn points_count_as_the_base_of_downgrades_says() {
        for (downgrade_base, expected) in [
            (DowngradeBase::None, 40),
            (DowngradeBase::ActivePoints, 40),
            (DowngradeBase::EarnedPoints, 30),
            (DowngradeBase::EarnedSinceLevelChange, 30),
        ] {
            let basis = TierBasis::Points;
            let tiers = TierSettings { basis, downgrade_base, ..TierSettings::default() };
            assert_eq!(figures().deciding(&tiers), Amount::whole(expected), "{downgrade_base:?}");
        }
    }
}
