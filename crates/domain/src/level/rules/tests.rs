use proptest::prelude::*;

use super::*;
use crate::merchant::DowngradeBase;
use crate::testing::a_level;

/// A: from 0, reward 10. B: from 20, reward 200. C: from 30, reward 300 (OL 5.2).
fn ladder() -> Ladder {
    Ladder::new(vec![a_level(0, 10), a_level(20, 200), a_level(30, 300)])
}

fn level(ladder: &Ladder, name: char) -> &Level {
    let condition = match name {
        'A' => 0,
        'B' => 20,
        _ => 30,
    };
    ladder.iter().find(|level| level.condition == Amount::whole(condition)).unwrap()
}

fn tiers(basis: TierBasis, downgrade: DowngradeMode) -> TierSettings {
    TierSettings { basis, downgrade, ..TierSettings::default() }
}

/// The name of the level after a trigger, and which way it went.
fn moved(
    (current, manual): (Option<char>, Option<char>),
    trigger: Trigger,
    amount: i64,
    tiers: &TierSettings,
) -> Option<(char, LevelDirection)> {
    let ladder = ladder();
    let standing = Standing {
        current: current.map(|name| level(&ladder, name)),
        manual: manual.map(|name| level(&ladder, name)),
    };
    let promotion = standing.after(trigger, Amount::whole(amount), &ladder, tiers)?;
    let name = ['A', 'B', 'C'].into_iter().find(|name| level(&ladder, *name).id == promotion.to.id);
    Some((name.unwrap(), promotion.direction))
}

use LevelDirection::{Down, Up};

#[test]
fn the_worked_examples_of_the_contract_come_out() {
    let tiers = tiers(TierBasis::Transactions, DowngradeMode::None);
    for (current, manual, amount, expected) in [
        ('B', 'B', 40, Some(('C', Up))),
        ('C', 'B', 0, Some(('B', Down))),
        ('B', 'B', 21, None),
        ('C', 'A', 21, Some(('B', Down))),
    ] {
        let outcome = moved((Some(current), Some(manual)), Trigger::Purchase, amount, &tiers);
        assert_eq!(outcome, expected, "current {current}, manual {manual}, amount {amount}");
    }
}

#[test]
fn with_money_a_return_moves_down_at_once_whatever_the_mode() {
    for mode in [DowngradeMode::None, DowngradeMode::Automatic, DowngradeMode::AfterDays] {
        let tiers = tiers(TierBasis::Transactions, mode);
        assert_eq!(moved((Some('C'), None), Trigger::Purchase, 0, &tiers), Some(('A', Down)));
    }
}

#[test]
fn with_money_a_level_assigned_by_hand_protects_whoever_is_on_it() {
    let tiers = tiers(TierBasis::Transactions, DowngradeMode::Automatic);
    assert_eq!(moved((Some('C'), Some('C')), Trigger::Purchase, 0, &tiers), None);
}

#[test]
fn whoever_has_no_level_moves_up_to_the_fitting_one() {
    for (basis, trigger) in
        [(TierBasis::Transactions, Trigger::Purchase), (TierBasis::Points, Trigger::Points)]
    {
        let tiers = tiers(basis, DowngradeMode::None);
        assert_eq!(moved((None, None), trigger, 25, &tiers), Some(('B', Up)));
    }
}

#[test]
fn where_nothing_fits_nobody_moves() {
    let tiers = tiers(TierBasis::Transactions, DowngradeMode::None);
    assert_eq!(moved((Some('C'), None), Trigger::Purchase, -1, &tiers), None);
    assert_eq!(moved((None, None), Trigger::Purchase, -1, &tiers), None);
}

#[test]
fn a_trigger_counts_only_where_levels_follow_from_its_figure() {
    let money = tiers(TierBasis::Transactions, DowngradeMode::Automatic);
    let points = tiers(TierBasis::Points, DowngradeMode::Automatic);
    assert_eq!(moved((Some('A'), None), Trigger::Purchase, 40, &points), None);
    assert_eq!(moved((Some('A'), None), Trigger::Points, 40, &money), None);
    assert_eq!(moved((Some('A'), None), Trigger::Recalculation, 40, &money), None);
}

#[test]
fn points_move_up_in_every_mode() {
    for mode in [DowngradeMode::None, DowngradeMode::Automatic, DowngradeMode::AfterDays] {
        for trigger in [Trigger::Points, Trigger::Recalculation] {
            let tiers = tiers(TierBasis::Points, mode);
            assert_eq!(moved((Some('A'), None), trigger, 30, &tiers), Some(('C', Up)));
        }
    }
}

#[test]
fn points_move_down_as_the_mode_says() {
    for (mode, trigger, expected) in [
        (DowngradeMode::None, Trigger::Points, None),
        (DowngradeMode::None, Trigger::Recalculation, None),
        (DowngradeMode::Automatic, Trigger::Points, Some(('A', Down))),
        (DowngradeMode::Automatic, Trigger::Recalculation, Some(('A', Down))),
        (DowngradeMode::AfterDays, Trigger::Points, None),
        (DowngradeMode::AfterDays, Trigger::Recalculation, Some(('A', Down))),
    ] {
        let tiers = tiers(TierBasis::Points, mode);
        assert_eq!(moved((Some('C'), None), trigger, 0, &tiers), expected, "{mode:?} {trigger:?}");
    }
}

#[test]
fn with_points_a_level_assigned_by_hand_catches_a_fall_if_it_is_better() {
    let tiers = tiers(TierBasis::Points, DowngradeMode::Automatic);
    assert_eq!(moved((Some('C'), Some('B')), Trigger::Points, 0, &tiers), Some(('B', Down)));
    assert_eq!(moved((Some('C'), Some('C')), Trigger::Points, 0, &tiers), None);
    assert_eq!(moved((Some('C'), Some('A')), Trigger::Points, 20, &tiers), Some(('B', Down)));
}

#[test]
fn a_higher_condition_with_a_smaller_reward_never_promotes() {
    let ladder = Ladder::new(vec![a_level(0, 50), a_level(20, 10)]);
    let (first, second) = (level(&ladder, 'A'), level(&ladder, 'B'));
    let standing = Standing { current: Some(first), manual: None };
    let points = tiers(TierBasis::Points, DowngradeMode::None);
    let amount = Amount::whole(25);
    assert_eq!(standing.after(Trigger::Points, amount, &ladder, &points), None);
    let money = tiers(TierBasis::Transactions, DowngradeMode::None);
    let promotion = standing.after(Trigger::Purchase, amount, &ladder, &money).unwrap();
    assert_eq!((promotion.to.id, promotion.direction), (second.id, Down));
}

#[test]
fn a_level_that_is_gone_is_no_level() {
    let ladder = ladder();
    let gone = LevelAssignment { level: crate::testing::an_id(), manual: true };
    let standing = Standing::of(Some(gone), &ladder);
    assert!(standing.current.is_none() && standing.manual.is_none());
    let tiers = tiers(TierBasis::Transactions, DowngradeMode::None);
    let promotion = standing.after(Trigger::Purchase, Amount::ZERO, &ladder, &tiers).unwrap();
    assert_eq!((promotion.to.id, promotion.direction), (level(&ladder, 'A').id, Up));
}

/// The contract's tables once more, word for word and level by level, without any of the functions above.
fn naive(
    levels: &[Level],
    (current, manual): (Option<usize>, Option<usize>),
    trigger: Trigger,
    amount: i64,
    tiers: &TierSettings,
) -> Option<usize> {
    let mut order: Vec<usize> = (0..levels.len()).filter(|at| levels[*at].active).collect();
    order.sort_by_key(|at| (levels[*at].condition, levels[*at].reward.value));
    order.retain(|at| levels[*at].condition.ten_thousandths() <= amount * 10_000);
    let fitting = *order.last()?;
    let reward = |at: usize| levels[at].reward.value.millionths();
    let differs = |target: usize| if Some(target) == current { None } else { Some(target) };
    let is_money = tiers.basis == TierBasis::Transactions;
    if is_money != (trigger == Trigger::Purchase) {
        return None;
    }
    let Some(now) = current else { return Some(fitting) };
    if reward(now) < reward(fitting) {
        return Some(fitting);
    }
    if is_money {
        return match manual {
            Some(manual) if manual == now => None,
            Some(manual) if reward(manual) > reward(fitting) => differs(manual),
            _ => differs(fitting),
        };
    }
    let falls = tiers.downgrade == DowngradeMode::Automatic
        || tiers.downgrade == DowngradeMode::AfterDays && trigger == Trigger::Recalculation;
    match manual {
        _ if !falls => None,
        Some(manual) if reward(manual) > reward(fitting) => differs(manual),
        _ => differs(fitting),
    }
}

prop_compose! {
    /// Levels whose conditions and rewards differ pairwise, so that "the" fitting one is one.
    fn some_levels()(
        conditions in proptest::collection::btree_set(-5_i64..40, 1..6),
        rewards in Just((1_i64..40).collect::<Vec<_>>()).prop_shuffle(),
        active in proptest::collection::vec(any::<bool>(), 6),
    ) -> Vec<Level> {
        let pairs = conditions.into_iter().zip(rewards).zip(active);
        pairs.map(|((condition, reward), active)| Level { active, ..a_level(condition, reward) }).collect()
    }
}

proptest! {
    #[test]
    fn the_rules_are_those_of_the_contract_on_any_ladder(
        levels in some_levels(),
        current in proptest::option::of(0_usize..6),
        manual in proptest::option::of(0_usize..6),
        amount in -10_i64..50,
        trigger in prop::sample::select(vec![Trigger::Purchase, Trigger::Points, Trigger::Recalculation]),
        basis in prop::sample::select(vec![TierBasis::Transactions, TierBasis::Points]),
        downgrade in prop::sample::select(vec![DowngradeMode::None, DowngradeMode::Automatic, DowngradeMode::AfterDays]),
    ) {
        let [current, manual] = [current, manual].map(|at| at.filter(|at| *at < levels.len()));
        let tiers = TierSettings { downgrade_base: DowngradeBase::None, ..tiers(basis, downgrade) };
        let expected = naive(&levels, (current, manual), trigger, amount, &tiers);
        let ladder = Ladder::new(levels.clone());
        let standing = Standing { current: current.map(|at| &levels[at]), manual: manual.map(|at| &levels[at]) };
        let promotion = standing.after(trigger, Amount::whole(amount), &ladder, &tiers);
        prop_assert_eq!(promotion.map(|promotion| promotion.to.id), expected.map(|at| levels[at].id));
        if let (Some(promotion), Some(at)) = (promotion, expected) {
            let up = current.is_none_or(|now| levels[at].reward.value > levels[now].reward.value);
            prop_assert_eq!(promotion.direction, if up { Up } else { Down });
        }
    }

    #[test]
    fn the_next_level_is_the_nearest_one_ahead(
        levels in some_levels(),
        current in proptest::option::of(0_usize..6),
        amount in -10_i64..50,
    ) {
        let current = current.filter(|at| *at < levels.len()).map(|at| &levels[at]);
        let ladder = Ladder::new(levels.clone());
        let mut ahead: Vec<_> = levels.iter().filter(|level| level.active).collect();
        ahead.retain(|level| level.condition > Amount::whole(amount));
        ahead.retain(|level| current.is_none_or(|current| level.condition > current.condition));
        ahead.sort_by_key(|level| level.condition);
        let next = ladder.next(Amount::whole(amount), current);
        prop_assert_eq!(next.map(|level| level.id), ahead.first().map(|level| level.id));
    }
}
