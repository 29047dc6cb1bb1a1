//! Which level fits whom (OL 5.1), as pure functions of the levels.

use super::model::Level;
use crate::id::LevelId;
use crate::money::Amount;

/// All levels of one merchant, for rules and for showing them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ladder(Vec<Level>);

impl Ladder {
    /// A ladder of levels in any order.
    pub fn new(levels: Vec<Level>) -> Self {
        Self(levels)
    }

    /// The level with an id, active or not.
    pub fn level(&self, id: LevelId) -> Option<&Level> {
        self.0.iter().find(|level| level.id == id)
    }

    /// The active level with an id.
    pub fn active(&self, id: LevelId) -> Option<&Level> {
        self.level(id).filter(|level| level.active)
    }

    /// The active level with the highest condition that an amount meets; of equals the one with the higher reward.
    pub fn fit(&self, amount: Amount) -> Option<&Level> {
        let met = self.0.iter().filter(|level| level.active && level.condition <= amount);
        met.max_by_key(|level| (level.condition, level.reward.value))
    }

    /// The active level with the lowest condition beyond an amount and beyond the current level; of equals the one with
    /// the higher reward.
    pub fn next(&self, amount: Amount, current: Option<&Level>) -> Option<&Level> {
        let beyond = |level: &&Level| {
            level.active
                && level.condition > amount
                && current.is_none_or(|current| level.condition > current.condition)
        };
        let ahead = self.0.iter().filter(beyond);
        ahead.min_by_key(|level| (level.condition, std::cmp::Reverse(level.reward.value)))
    }

    /// Where a new customer starts (OL 5.2).
    pub fn start(&self) -> Option<&Level> {
        self.fit(Amount::ZERO)
    }

    /// All levels.
    pub fn iter(&self) -> impl Iterator<Item = &Level> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::a_level;

    #[test]
    fn the_highest_met_condition_fits() {
        let ladder = Ladder::new(vec![a_level(0, 10), a_level(20, 200), a_level(30, 300)]);
        let fits = |amount| ladder.fit(Amount::whole(amount)).map(|level| level.condition);
        assert_eq!(
            [fits(0), fits(19), fits(20), fits(40)].map(Option::unwrap),
            [0, 0, 20, 30].map(Amount::whole)
        );
        assert_eq!(fits(-1), None);
    }

    #[test]
    fn of_equal_conditions_the_better_reward_fits() {
        let ladder = Ladder::new(vec![a_level(0, 10), a_level(0, 30), a_level(0, 20)]);
        assert_eq!(
            ladder.start().map(|level| level.reward.value),
            Some(crate::money::Fraction::percent(30))
        );
    }

    #[test]
    fn inactive_levels_never_fit() {
        let retired = Level { active: false, ..a_level(0, 10) };
        let id = retired.id;
        let ladder = Ladder::new(vec![retired]);
        assert_eq!(ladder.start(), None);
        assert_eq!(ladder.active(id), None);
        assert!(ladder.level(id).is_some());
    }
}
