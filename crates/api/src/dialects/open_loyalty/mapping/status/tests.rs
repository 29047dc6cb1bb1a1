use domain::customer::{LevelAssignment, Name, PurchaseFigures};
use domain::level::{LevelText, PointFigures};
use domain::merchant::{DowngradeDays, DowngradeMode, Language, Settings, TierBasis, TierSettings};
use domain::testing::{a_customer, a_level, a_merchant};
use domain::text::Line;
use time::macros::{date, datetime};

use super::*;

const ID: &str = "5d1f0c1e-7a52-4b0f-8a35-6a1d7d3f9b10";

fn level(condition: i64, percent: i64, name: &str) -> Level {
    let text = LevelText { name: Line::try_from(name).unwrap(), description: None };
    let texts = [(Language::try_from("en").unwrap(), text)].into();
    Level { texts, ..a_level(condition, percent) }
}

fn ladder() -> Ladder {
    Ladder::new(vec![level(0, 0, "level0"), level(20, 5, "level1"), level(200, 10, "level2")])
}

fn merchant(tiers: TierSettings) -> Merchant {
    Merchant { settings: Settings { tiers, ..Settings::default() }, ..a_merchant() }
}

fn ada(merchant: &Merchant, ladder: &Ladder, condition: Option<i64>) -> Customer {
    let line = |text: &str| Line::try_from(text).unwrap();
    let fits = |level: &&Level| condition.map(Amount::whole) == Some(level.condition);
    let level = ladder.iter().find(fits);
    Customer {
        id: ID.parse().unwrap(),
        name: Name::Divided { first: line("Ada"), last: line("Byron") },
        level: level.map(|level| LevelAssignment { level: level.id, manual: false }),
        created_at: datetime!(2019-03-01 10:20:30 UTC),
        ..a_customer(merchant.id)
    }
}

/// The figures of the contract's example 9.3.
fn figures() -> Figures {
    let amount = |text: &str| text.parse().unwrap();
    Figures {
        purchases: PurchaseFigures {
            count: 2,
            amount: amount("31.5"),
            amount_without_delivery: amount("31.5"),
            ..PurchaseFigures::default()
        },
        points: PointFigures {
            available: amount("120.5"),
            earned: amount("200.5"),
            used: amount("30"),
            expired: amount("50"),
            expiring_from_next_month: amount("120.5"),
            expiring: [
                (date!(2019 - 04 - 17), amount("20.5")),
                (date!(2019 - 04 - 14), amount("100")),
            ]
            .into(),
            ..PointFigures::default()
        },
    }
}

fn text(tiers: TierSettings, condition: Option<i64>, figures: &Figures) -> String {
    let (merchant, ladder) = (merchant(tiers), ladder());
    let customer = ada(&merchant, &ladder, condition);
    let now = datetime!(2019-03-01 10:20:30 UTC);
    let body = programme_status(&customer, &merchant, &ladder, figures, now);
    serde_json::to_string(&body).unwrap()
}

/// What comes before and after the part that the configuration decides.
const HEAD: &str = concat!(
    r#"{"firstName":"Ada","lastName":"Byron","customerId":"5d1f0c1e-7a52-4b0f-8a35-6a1d7d3f9b10","#,
    r#""points":120.5,"p2pPoints":0,"totalEarnedPoints":200.5,"usedPoints":30,"expiredPoints":50,"lockedPoints":0,"#
);
const TAIL: &str = concat!(
    r#""pointsExpiringNextMonth":120.5,"#,
    r#""pointsExpiringBreakdown":{"2019-04-14":100,"2019-04-17":20.5}}"#
);

#[test]
fn the_contracts_example_of_money_comes_out_byte_for_byte() {
    let middle = concat!(
        r#""level":"5.00%","levelName":"level1","levelConditionValue":20,"#,
        r#""nextLevel":"10.00%","nextLevelName":"level2","nextLevelConditionValue":200,"#,
        r#""transactionsAmountWithoutDeliveryCosts":31.5,"transactionsAmountToNextLevel":168.5,"#,
        r#""averageTransactionsAmount":"15.75","transactionsCount":2,"transactionsAmount":31.5,"currency":"eur","#
    );
    let expected = [HEAD, middle, TAIL].concat();
    assert_eq!(text(TierSettings::default(), Some(20), &figures()), expected);
}

#[test]
fn where_delivery_is_left_out_the_missing_money_stands_before_the_sums() {
    let middle = concat!(
        r#""level":"5.00%","levelName":"level1","levelConditionValue":20,"#,
        r#""nextLevel":"10.00%","nextLevelName":"level2","nextLevelConditionValue":200,"#,
        r#""transactionsAmountToNextLevelWithoutDeliveryCosts":168.5,"#,
        r#""transactionsAmountWithoutDeliveryCosts":31.5,"#,
        r#""averageTransactionsAmount":"15.75","transactionsCount":2,"transactionsAmount":31.5,"currency":"eur","#
    );
    let tiers = TierSettings { exclude_delivery: true, ..TierSettings::default() };
    assert_eq!(text(tiers, Some(20), &figures()), [HEAD, middle, TAIL].concat());
}

#[test]
fn points_are_missing_where_levels_follow_from_points() {
    for downgrade in [DowngradeMode::None, DowngradeMode::Automatic] {
        let middle = concat!(
            r#""level":"5.00%","levelName":"level1","levelConditionValue":20,"#,
            r#""nextLevel":"10.00%","nextLevelName":"level2","nextLevelConditionValue":200,"#,
            r#""transactionsAmountWithoutDeliveryCosts":31.5,"#,
            r#""averageTransactionsAmount":"15.75","transactionsCount":2,"transactionsAmount":31.5,"#,
            r#""pointsToNextLevel":80,"currency":"eur","#
        );
        let tiers = TierSettings { basis: TierBasis::Points, downgrade, ..TierSettings::default() };
        assert_eq!(text(tiers, Some(20), &figures()), [HEAD, middle, TAIL].concat());
    }
}

fn after_100_days() -> TierSettings {
    TierSettings {
        basis: TierBasis::Points,
        downgrade: DowngradeMode::AfterDays,
        downgrade_days: DowngradeDays(100),
        ..TierSettings::default()
    }
}

#[test]
fn the_contracts_example_of_points_that_are_looked_at_again_comes_out_byte_for_byte() {
    let middle = concat!(
        r#""level":"5.00%","levelName":"level1","levelConditionValue":20,"#,
        r#""nextLevel":"10.00%","nextLevelName":"level2","nextLevelConditionValue":200,"#,
        r#""transactionsAmountWithoutDeliveryCosts":31.5,"#,
        r#""averageTransactionsAmount":"15.75","transactionsCount":2,"transactionsAmount":31.5,"#,
        r#""pointsToNextLevel":80,"currency":"eur","levelWillExpireInDays":100,"#,
        r#""pointsSinceLastLevelRecalculation":0,"pointsRequiredToRetainLevel":20,"#
    );
    assert_eq!(text(after_100_days(), Some(20), &figures()), [HEAD, middle, TAIL].concat());
}

#[test]
fn at_the_top_nothing_is_next_and_nothing_is_missing() {
    let top = r#""level":"10.00%","levelName":"level2","levelConditionValue":200,"nextLevelConditionValue":0,"#;
    let sums = concat!(
        r#""transactionsAmountWithoutDeliveryCosts":31.5,"#,
        r#""averageTransactionsAmount":"15.75","transactionsCount":2,"transactionsAmount":31.5,"currency":"eur","#
    );
    let points = r#""levelWillExpireInDays":100,"pointsSinceLastLevelRecalculation":0,"#;
    assert_eq!(
        text(TierSettings::default(), Some(200), &figures()),
        [HEAD, top, sums, TAIL].concat()
    );
    assert_eq!(
        text(after_100_days(), Some(200), &figures()),
        [HEAD, top, sums, points, TAIL].concat()
    );
}

#[test]
fn without_a_level_and_figures_there_are_zeros() {
    let expected = concat!(
        r#"{"firstName":"Ada","lastName":"Byron","customerId":"5d1f0c1e-7a52-4b0f-8a35-6a1d7d3f9b10","#,
        r#""points":0,"p2pPoints":0,"totalEarnedPoints":0,"usedPoints":0,"expiredPoints":0,"lockedPoints":0,"#,
        r#""levelConditionValue":0,"#,
        r#""nextLevel":"5.00%","nextLevelName":"level1","nextLevelConditionValue":20,"#,
        r#""transactionsAmountWithoutDeliveryCosts":0,"transactionsAmountToNextLevel":20,"#,
        r#""averageTransactionsAmount":"0.00","transactionsCount":0,"transactionsAmount":0,"currency":"eur","#,
        r#""pointsExpiringNextMonth":0,"pointsExpiringBreakdown":{}}"#
    );
    assert_eq!(text(TierSettings::default(), None, &Figures::default()), expected);
}
