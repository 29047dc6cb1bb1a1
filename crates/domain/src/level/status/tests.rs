use time::macros::datetime;

use super::*;
use crate::customer::{LevelAssignment, PurchaseFigures};
use crate::level::PointFigures;
use crate::merchant::{DowngradeDays, DowngradeMode};
use crate::testing::{a_customer, a_level, a_merchant_id};

fn ladder() -> Ladder {
    Ladder::new(vec![a_level(0, 0), a_level(20, 5), a_level(200, 10)])
}

/// A customer on the level from a condition.
fn on(ladder: &Ladder, condition: i64) -> Customer {
    let level = ladder.iter().find(|level| level.condition == Amount::whole(condition));
    let level = level.map(|level| LevelAssignment { level: level.id, manual: false });
    Customer { level, ..a_customer(a_merchant_id()) }
}

fn spent(whole: i64) -> Figures {
    let purchases = PurchaseFigures {
        amount: Amount::whole(whole),
        amount_without_delivery: Amount::whole(whole - 1),
        ..PurchaseFigures::default()
    };
    Figures { purchases, ..Figures::default() }
}

fn points(available: &str, earned_since_recalculation: i64) -> Figures {
    let points = PointFigures {
        available: available.parse().unwrap(),
        earned_since_recalculation: Amount::whole(earned_since_recalculation),
        ..PointFigures::default()
    };
    Figures { points, ..Figures::default() }
}

fn status<'l>(
    record: &Customer,
    ladder: &'l Ladder,
    tiers: &TierSettings,
    figures: &Figures,
) -> ProgrammeStatus<'l> {
    ProgrammeStatus::of(record, ladder, tiers, figures, datetime!(2026-03-02 08:15 UTC))
}

fn conditions(status: &ProgrammeStatus<'_>) -> (Option<Amount>, Option<Amount>) {
    (status.level.map(|level| level.condition), status.next.map(|level| level.condition))
}

#[test]
fn whoever_spent_3_lacks_17_for_the_level_from_20() {
    let ladder = ladder();
    let tiers = TierSettings::default();
    let status = status(&on(&ladder, 0), &ladder, &tiers, &spent(3));
    assert_eq!(conditions(&status), (Some(Amount::ZERO), Some(Amount::whole(20))));
    let missing = SpendingToNext::WithDelivery(Amount::whole(17));
    assert_eq!(status.spending_to_next, Some(missing));
    assert_eq!((status.points_to_next, status.retention), (None, None));
}

#[test]
fn where_delivery_is_left_out_the_missing_money_is_told_without_it() {
    let ladder = ladder();
    let tiers = TierSettings { exclude_delivery: true, ..TierSettings::default() };
    let status = status(&on(&ladder, 0), &ladder, &tiers, &spent(3));
    let missing = SpendingToNext::WithoutDelivery(Amount::whole(18));
    assert_eq!(status.spending_to_next, Some(missing));
}

#[test]
fn the_amount_is_cut_before_the_next_level_is_looked_for() {
    let ladder = Ladder::new(vec![a_level(0, 0), a_level(19, 5), a_level(20, 10)]);
    let tiers = TierSettings { basis: TierBasis::Points, ..TierSettings::default() };
    let status = status(&on(&ladder, 0), &ladder, &tiers, &points("19.9", 0));
    assert_eq!(conditions(&status).1, Some(Amount::whole(20)));
    assert_eq!(status.points_to_next, Some(Amount::whole(1)));
}

#[test]
fn on_the_highest_level_nothing_is_missing() {
    let ladder = ladder();
    let tiers = TierSettings {
        basis: TierBasis::Points,
        downgrade: DowngradeMode::AfterDays,
        ..TierSettings::default()
    };
    let status = status(&on(&ladder, 200), &ladder, &tiers, &points("5", 5));
    assert_eq!(conditions(&status), (Some(Amount::whole(200)), None));
    assert_eq!((status.points_to_next, status.spending_to_next), (None, None));
    let retention = status.retention.unwrap();
    assert_eq!((retention.earned, retention.required), (Amount::whole(5), None));
}

#[test]
fn without_a_level_any_level_ahead_of_the_amount_is_next() {
    let ladder = ladder();
    let record = a_customer(a_merchant_id());
    let status = status(&record, &ladder, &TierSettings::default(), &spent(25));
    assert_eq!(conditions(&status), (None, Some(Amount::whole(200))));
}

#[test]
fn a_level_is_kept_by_earning_its_condition_again() {
    let ladder = ladder();
    let tiers = TierSettings {
        basis: TierBasis::Points,
        downgrade: DowngradeMode::AfterDays,
        ..TierSettings::default()
    };
    for (earned, required) in [(0, 20), (5, 15), (20, 0), (50, 0)] {
        let status = status(&on(&ladder, 20), &ladder, &tiers, &points("80.5", earned));
        let retention = status.retention.unwrap();
        assert_eq!(retention.required, Some(Amount::whole(required)), "{earned}");
        assert_eq!(status.points_to_next, Some(Amount::whole(120)));
    }
}

#[test]
fn the_days_left_are_counted_up_from_the_last_look_or_from_the_beginning() {
    let ladder = ladder();
    let tiers = TierSettings {
        basis: TierBasis::Points,
        downgrade: DowngradeMode::AfterDays,
        downgrade_days: DowngradeDays(100),
        ..TierSettings::default()
    };
    let born = datetime!(2026-03-02 08:15 UTC);
    for (created, looked_at, days) in [
        (born, None, 100),
        (born - Duration::SECOND, None, 100),
        (born - Duration::DAY, None, 99),
        (born - Duration::days(100), None, 0),
        (born - Duration::days(500), None, 0),
        (born - Duration::days(500), Some(born - Duration::HOUR), 100),
        (born + Duration::HOUR, None, 101),
    ] {
        let record =
            Customer { created_at: created, level_recalculated_at: looked_at, ..on(&ladder, 20) };
        let status = status(&record, &ladder, &tiers, &points("0", 0));
        assert_eq!(status.retention.unwrap().days, days, "{created} {looked_at:?}");
    }
}

#[test]
fn only_points_that_are_looked_at_again_have_days() {
    let ladder = ladder();
    for (basis, downgrade) in [
        (TierBasis::Points, DowngradeMode::None),
        (TierBasis::Points, DowngradeMode::Automatic),
        (TierBasis::Transactions, DowngradeMode::AfterDays),
    ] {
        let tiers = TierSettings { basis, downgrade, ..TierSettings::default() };
        let status = status(&on(&ladder, 20), &ladder, &tiers, &spent(30));
        assert_eq!(status.retention, None, "{basis:?} {downgrade:?}");
    }
}
