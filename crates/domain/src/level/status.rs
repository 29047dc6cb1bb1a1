//! How a customer stands in the programme (OL 5.6), as a pure function of the record, the levels, the settings, the
//! figures and the time.

use time::{Duration, OffsetDateTime};

use super::figures::Figures;
use super::ladder::Ladder;
use super::model::Level;
use crate::customer::Customer;
use crate::merchant::{TierBasis, TierSettings};
use crate::money::Amount;

/// How a customer stands in the programme. What the settings leave out is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgrammeStatus<'l> {
    /// The level now.
    pub level: Option<&'l Level>,
    /// The level that comes next.
    pub next: Option<&'l Level>,
    /// What is still to be spent for it; only where levels follow from money.
    pub spending_to_next: Option<SpendingToNext>,
    /// The points still missing for it; only where levels follow from points.
    pub points_to_next: Option<Amount>,
    /// When and how the level is kept; only where the daily job looks at levels again.
    pub retention: Option<Retention>,
}

/// What is still to be spent for the next level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpendingToNext {
    /// Delivery costs count.
    WithDelivery(Amount),
    /// Delivery costs do not count.
    WithoutDelivery(Amount),
}

/// When and how a level is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Days until the level is looked at again, begun ones counted whole; 0 when the time is over.
    pub days: i64,
    /// The points earned since it was last looked at.
    pub earned: Amount,
    /// The points still to be earned to keep it; none on the highest level.
    pub required: Option<Amount>,
}

impl<'l> ProgrammeStatus<'l> {
    /// How the customer of a record stands at a moment.
    pub fn of(
        record: &Customer,
        ladder: &'l Ladder,
        tiers: &TierSettings,
        figures: &Figures,
        now: OffsetDateTime,
    ) -> Self {
        let level = record.level.and_then(|assignment| ladder.level(assignment.level));
        let amount = figures.deciding(tiers);
        // The vendor cuts the amount to a whole one before it looks ahead.
        let next = ladder.next(amount.truncated(), level);
        let missing = |amount| next.map(|next| next.condition.minus(amount));
        let (spending_to_next, points_to_next) = match tiers.basis {
            TierBasis::Points => (None, missing(figures.points.available.truncated())),
            TierBasis::Transactions if tiers.exclude_delivery => {
                (missing(amount).map(SpendingToNext::WithoutDelivery), None)
            }
            TierBasis::Transactions => (missing(amount).map(SpendingToNext::WithDelivery), None),
        };
        let retention = tiers.are_looked_at_again().then(|| {
            let earned = figures.points.earned_since_recalculation;
            let condition = level.map_or(Amount::ZERO, |level| level.condition);
            Retention {
                days: days_left(record, tiers, now),
                earned,
                required: next.map(|_| condition.minus(earned).max(Amount::ZERO)),
            }
        });
        Self { level, next, spending_to_next, points_to_next, retention }
    }
}

/// When the period after which a level is looked at again began.
pub fn period_began(record: &Customer) -> OffsetDateTime {
    record.level_recalculated_at.unwrap_or(record.created_at)
}

fn days_left(record: &Customer, tiers: &TierSettings, now: OffsetDateTime) -> i64 {
    let days = Duration::days(i64::from(tiers.downgrade_days.0));
    let left = period_began(record).saturating_add(days) - now;
    let begun = i64::from(left > Duration::days(left.whole_days()));
    (left.whole_days() + begun).max(0)
}

#[cfg(test)]
mod tests;
