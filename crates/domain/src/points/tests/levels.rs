use time::Duration;

use super::{EVENING, World, tiered, whole};
use crate::event::{EventKind, LevelCause, LevelDirection, PointsCause};
use crate::merchant::{DowngradeBase, DowngradeDays, DowngradeMode, TierBasis, TierSettings};
use crate::money::Amount;
use crate::points::NewPoints;

const LEVELS: [(i64, i64); 3] = [(0, 0), (20, 5), (50, 10)];

fn by_points(downgrade: DowngradeMode, downgrade_base: DowngradeBase) -> TierSettings {
    let basis = TierBasis::Points;
    TierSettings { basis, downgrade, downgrade_base, ..TierSettings::default() }
}

async fn world(tiers: TierSettings) -> World {
    World::with(tiered(tiers), "Europe/Warsaw", &LEVELS).await
}

fn lasting(points: i64) -> NewPoints {
    NewPoints { valid_days: Some(5_000), ..whole(points) }
}

#[tokio::test]
async fn whoever_earns_enough_moves_up_and_it_is_told_with_the_points() {
    let world = world(by_points(DowngradeMode::None, DowngradeBase::None)).await;
    world.add(whole(19)).await.unwrap();
    assert_eq!(world.level().await, Some(Amount::ZERO));
    world.add(whole(1)).await.unwrap();
    assert_eq!(world.level().await, Some(Amount::whole(20)));
    let told = world.told().await;
    assert!(matches!(told[1], EventKind::PointsChanged { cause: PointsCause::Added, .. }));
    let EventKind::LevelChanged { cause, direction, .. } = told[2] else { panic!("{told:?}") };
    assert_eq!((cause, direction), (LevelCause::Automatic, Some(LevelDirection::Up)));
    assert!(matches!(told[3], EventKind::LevelMoved { direction: LevelDirection::Up, .. }));
}

#[tokio::test]
async fn points_move_nobody_where_levels_follow_from_money() {
    let world = world(TierSettings::default()).await;
    world.add(whole(100)).await.unwrap();
    assert_eq!(world.level().await, Some(Amount::ZERO));
}

#[tokio::test]
async fn spending_moves_down_at_once_only_where_the_programme_says_so() {
    for (downgrade, left) in
        [(DowngradeMode::None, 20), (DowngradeMode::Automatic, 0), (DowngradeMode::AfterDays, 20)]
    {
        let world = world(by_points(downgrade, DowngradeBase::ActivePoints)).await;
        world.add(whole(20)).await.unwrap();
        world.spend(whole(1)).await.unwrap();
        assert_eq!(world.level().await, Some(Amount::whole(left)), "{downgrade:?}");
    }
}

#[tokio::test]
async fn whoever_loses_points_with_time_moves_down_where_the_programme_says_so() {
    let world = world(by_points(DowngradeMode::Automatic, DowngradeBase::None)).await;
    world.add(whole(20)).await.unwrap();
    assert_eq!(world.level().await, Some(Amount::whole(20)));
    world.pass(31).await;
    assert_eq!(world.level().await, Some(Amount::ZERO));
}

#[tokio::test]
async fn a_look_at_the_level_keeps_those_who_earned_enough_and_moves_others_down() {
    let tiers = TierSettings {
        downgrade_days: DowngradeDays(10),
        ..by_points(DowngradeMode::AfterDays, DowngradeBase::EarnedPoints)
    };
    let world = world(tiers).await;
    world.add(lasting(50)).await.unwrap();
    assert_eq!(world.level().await, Some(Amount::whole(50)));
    world.pass(10).await;
    assert_eq!(world.level().await, Some(Amount::whole(50)), "earned in the first period");
    let ada = world.ada().await;
    assert_eq!(ada.level_recalculated_at, Some(EVENING + Duration::days(10)));
    assert_eq!(ada.points.earned_since_recalculation, Amount::ZERO);
    assert_eq!((ada.points.available, ada.points.earned), (Amount::whole(50), Amount::whole(50)));
    world.clock.advance(Duration::HOUR);
    world.add(lasting(20)).await.unwrap();
    assert_eq!(world.ada().await.points.earned_since_recalculation, Amount::whole(20));
    world.pass(10).await;
    assert_eq!(world.level().await, Some(Amount::whole(20)), "earned in the second period");
    world.pass(11).await;
    assert_eq!(world.level().await, Some(Amount::ZERO), "nothing earned in the third period");
    assert_eq!(world.points.imbalances(world.merchant.id).await, Ok(Vec::new()));
}

#[tokio::test]
async fn a_move_begins_the_period_anew_where_points_count_since_the_move() {
    let base = DowngradeBase::EarnedSinceLevelChange;
    let world = world(by_points(DowngradeMode::AfterDays, base)).await;
    world.clock.advance(Duration::HOUR);
    world.add(whole(25)).await.unwrap();
    let ada = world.ada().await;
    assert_eq!(world.level().await, Some(Amount::whole(20)));
    assert_eq!(ada.level_recalculated_at, Some(EVENING + Duration::HOUR));
    assert_eq!(ada.points.earned_since_recalculation, Amount::ZERO);
    world.clock.advance(Duration::HOUR);
    world.add(whole(5)).await.unwrap();
    assert_eq!(world.ada().await.points.earned_since_recalculation, Amount::whole(5));
    assert_eq!(world.points.imbalances(world.merchant.id).await, Ok(Vec::new()));
}

#[tokio::test]
async fn a_look_at_the_level_takes_the_points_away_where_the_programme_says_so() {
    for (base, reset_points, left) in [
        (DowngradeBase::ActivePoints, true, 0),
        (DowngradeBase::ActivePoints, false, 30),
        (DowngradeBase::EarnedPoints, true, 30),
    ] {
        let tiers = TierSettings {
            downgrade_days: DowngradeDays(10),
            reset_points,
            ..by_points(DowngradeMode::AfterDays, base)
        };
        let world = world(tiers).await;
        world.add(lasting(10)).await.unwrap();
        world.add(lasting(20)).await.unwrap();
        world.pass(10).await;
        assert_eq!(world.level().await, Some(Amount::whole(20)), "{base:?}");
        let points = world.ada().await.points;
        assert_eq!(points.available, Amount::whole(left), "{base:?} {reset_points}");
        assert_eq!(points.expired, Amount::whole(30 - left));
        let lost = world.told().await.into_iter().filter(|told| {
            matches!(told, EventKind::PointsChanged { cause: PointsCause::Reset, .. })
        });
        assert_eq!(lost.count(), usize::from(left == 0));
        assert_eq!(world.points.imbalances(world.merchant.id).await, Ok(Vec::new()));
    }
}

#[tokio::test]
async fn whoever_will_fall_is_told_once_before_each_look() {
    let tiers = TierSettings {
        downgrade_days: DowngradeDays(30),
        ..by_points(DowngradeMode::AfterDays, DowngradeBase::EarnedPoints)
    };
    let world = world(tiers).await;
    let warnings = async || {
        let told = world.told().await.into_iter();
        let moments = told.filter_map(|told| match told {
            EventKind::LevelExpiring { level, future, at } => {
                let from = |id| world.ladder.level(id).unwrap().condition;
                Some((from(level), from(future), at))
            }
            _ => None,
        });
        moments.collect::<Vec<_>>()
    };
    world.add(lasting(20)).await.unwrap();
    world.pass(30).await;
    assert_eq!(warnings().await, [], "nobody is told who will stay");
    world.pass(19).await;
    assert_eq!(warnings().await, []);
    world.pass(1).await;
    let look = EVENING + Duration::days(60);
    let expected = (Amount::whole(20), Amount::ZERO, look);
    assert_eq!(warnings().await, [expected]);
    world.pass(9).await;
    assert_eq!(warnings().await, [expected]);
    world.pass(1).await;
    assert_eq!(world.level().await, Some(Amount::ZERO));
    world.pass(30).await;
    assert_eq!(warnings().await, [expected], "nobody falls from the first level");
}
