//! Lists of levels.

use super::ladder::Ladder;
use super::model::Level;
use crate::merchant::Language;
use crate::page::{Order, Page, PageRequest};

/// What a list of levels is ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelSortKey {
    /// Id.
    Id,
    /// Name, letter case aside.
    Name,
    /// The points or money from which it fits.
    Condition,
    /// The least order.
    MinOrder,
    /// Active or not.
    Active,
    /// What the reward is worth.
    Reward,
}

/// A list of levels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelQuery {
    /// Whether those that the rules may not choose are left out.
    pub active_only: bool,
    /// In which order; by condition, if not given.
    pub order: Option<Order<LevelSortKey>>,
    /// Which part.
    pub page: PageRequest,
}

/// What levels are compared by. Values of one list are all of one kind.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Value {
    Text(String),
    Number(i64),
}

impl Ladder {
    /// One part of a list of the levels; names are compared in the given languages, as [`Level::name`] gives them.
    pub fn page(
        &self,
        query: &LevelQuery,
        language: Option<&Language>,
        default: Option<&Language>,
    ) -> Page<&Level> {
        let mut levels: Vec<&Level> =
            self.iter().filter(|level| level.active || !query.active_only).collect();
        if let Some(order) = query.order {
            let value = |level: &Level| match order.key {
                LevelSortKey::Id => Some(Value::Text(level.id.to_string())),
                LevelSortKey::Name => {
                    Some(Value::Text(level.name(language, default).to_lowercase()))
                }
                LevelSortKey::Condition => Some(Value::Number(level.condition.ten_thousandths())),
                LevelSortKey::MinOrder => {
                    level.min_order.map(|least| Value::Number(least.ten_thousandths()))
                }
                LevelSortKey::Active => Some(Value::Number(level.active.into())),
                LevelSortKey::Reward => Some(Value::Number(level.reward.value.millionths())),
            };
            // Sorting is stable: equals stay in the order of the ladder.
            levels
                .sort_by(|left, right| order.compare(value(left).as_ref(), value(right).as_ref()));
        }
        Page::cut(levels, query.page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Amount;
    use crate::testing::a_level;

    fn ladder() -> Ladder {
        let with_least = |level, least| Level { min_order: Some(Amount::whole(least)), ..level };
        Ladder::new(vec![
            with_least(a_level(0, 30), 5),
            a_level(10, 20),
            Level { active: false, ..with_least(a_level(20, 10), 1) },
        ])
    }

    fn conditions(order: Option<(LevelSortKey, bool)>, active_only: bool) -> Vec<i64> {
        let order = order.map(|(key, descending)| Order { key, descending });
        let page = PageRequest { offset: 0, limit: None };
        let ladder = ladder();
        let listed = ladder.page(&LevelQuery { active_only, order, page }, None, None);
        listed.items.iter().map(|level| level.condition.ten_thousandths() / 10_000).collect()
    }

    #[test]
    fn levels_come_by_condition_unless_an_order_is_asked_for() {
        assert_eq!(conditions(None, false), [0, 10, 20]);
        assert_eq!(conditions(Some((LevelSortKey::Condition, true)), false), [20, 10, 0]);
        assert_eq!(conditions(Some((LevelSortKey::Reward, false)), false), [20, 10, 0]);
        assert_eq!(conditions(Some((LevelSortKey::Active, false)), false), [20, 0, 10]);
        assert_eq!(conditions(Some((LevelSortKey::MinOrder, false)), false), [20, 0, 10]);
        assert_eq!(conditions(Some((LevelSortKey::MinOrder, true)), false), [0, 20, 10]);
    }

    #[test]
    fn a_list_of_active_levels_leaves_the_others_out() {
        assert_eq!(conditions(None, true), [0, 10]);
    }
}
