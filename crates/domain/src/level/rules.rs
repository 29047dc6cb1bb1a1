//! When a customer moves between levels by itself (OL 5.2), as pure functions.

use super::ladder::Ladder;
use super::model::Level;
use crate::customer::LevelAssignment;
use crate::event::LevelDirection;
use crate::merchant::{DowngradeMode, TierBasis, TierSettings};
use crate::money::Amount;

/// The level a customer is on, and the one that somebody assigned by hand. After a move by hand they are the same;
/// a move by the rules ends the assignment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Standing<'l> {
    /// The level now; none for who has none, or one that is gone.
    pub current: Option<&'l Level>,
    /// The level assigned by hand.
    pub manual: Option<&'l Level>,
}

/// What makes the rules look at a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// A purchase was registered; it counts where levels follow from money.
    Purchase,
    /// The available points changed; it counts where levels follow from points.
    Points,
    /// The daily job looks again; it counts where levels follow from points.
    Recalculation,
}

/// A move that the rules decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promotion<'l> {
    /// Where to.
    pub to: &'l Level,
    /// Which way.
    pub direction: LevelDirection,
}

impl<'l> Standing<'l> {
    /// Where a record stands on its merchant's ladder.
    pub fn of(assignment: Option<LevelAssignment>, ladder: &'l Ladder) -> Self {
        let current = assignment.and_then(|assignment| ladder.level(assignment.level));
        let is_manual = assignment.is_some_and(|assignment| assignment.manual);
        Self { current, manual: current.filter(|_| is_manual) }
    }

    /// Where the rules move the customer when something happened; none if it stays. `amount` is the one that decides
    /// ([`super::Figures::deciding`]).
    pub fn after(
        self,
        trigger: Trigger,
        amount: Amount,
        ladder: &'l Ladder,
        tiers: &TierSettings,
    ) -> Option<Promotion<'l>> {
        let counts = match trigger {
            Trigger::Purchase => tiers.basis == TierBasis::Transactions,
            Trigger::Points | Trigger::Recalculation => tiers.basis == TierBasis::Points,
        };
        let fitting = ladder.fit(amount).filter(|_| counts)?;
        let Some(current) = self.current else { return Some(self.promotion(fitting)) };
        let may_fall = match (trigger, tiers.downgrade) {
            (Trigger::Purchase, _)
            | (Trigger::Points | Trigger::Recalculation, DowngradeMode::Automatic)
            | (Trigger::Recalculation, DowngradeMode::AfterDays) => true,
            (Trigger::Points | Trigger::Recalculation, DowngradeMode::None)
            | (Trigger::Points, DowngradeMode::AfterDays) => false,
        };
        let target = if fitting.is_better_than(current) {
            fitting
        } else if !may_fall {
            return None;
        } else {
            self.manual.filter(|manual| self.protects(manual, fitting, trigger)).unwrap_or(fitting)
        };
        (target.id != current.id).then(|| self.promotion(target))
    }

    /// Whether the level assigned by hand stands against a fall to the fitting one: where levels follow from money
    /// also when it is no better, if the customer is on it.
    fn protects(self, manual: &Level, fitting: &Level, trigger: Trigger) -> bool {
        let is_current = self.current.is_some_and(|current| current.id == manual.id);
        manual.is_better_than(fitting) || (trigger == Trigger::Purchase && is_current)
    }

    fn promotion(self, to: &'l Level) -> Promotion<'l> {
        let up = self.current.is_none_or(|current| to.is_better_than(current));
        let direction = if up { LevelDirection::Up } else { LevelDirection::Down };
        Promotion { to, direction }
    }
}

#[cfg(test)]
mod tests;
