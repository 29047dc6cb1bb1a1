use std::collections::BTreeMap;

use time::macros::{date, datetime};
use time::{Duration, OffsetDateTime};

use super::{EVENING, World, whole};
use crate::event::{EventKind, PointsCause};
use crate::merchant::{PointExpiry, PointSettings, Settings, WarningSettings};
use crate::money::Amount;
use crate::points::{CreditState, NewPoints, PointTotals};

async fn expiry(settings: PointSettings, zone: &str, days: Option<u32>) -> Option<OffsetDateTime> {
    let world = World::with(Settings { points: settings, ..Settings::default() }, zone, &[]).await;
    let id = world.add(NewPoints { valid_days: days, ..whole(1) }).await.unwrap();
    world.transfer(id).await.credit().unwrap().expires_at
}

#[tokio::test]
async fn points_expire_at_the_end_of_a_day_where_the_programme_is() {
    let never = PointExpiry::Never;
    for (expiry_setting, zone, days, expected) in [
        (PointExpiry::AfterDays, "Europe/Warsaw", None, Some(datetime!(2026-04-01 22:59:59 UTC))),
        (
            PointExpiry::AfterDays,
            "Pacific/Auckland",
            None,
            Some(datetime!(2026-04-02 10:59:59 UTC)),
        ),
        (
            PointExpiry::AfterDays,
            "Europe/Warsaw",
            Some(1),
            Some(datetime!(2026-03-03 22:59:59 UTC)),
        ),
        (PointExpiry::EndOfMonth, "Europe/Warsaw", None, Some(datetime!(2026-03-31 22:59:59 UTC))),
        (PointExpiry::EndOfYear, "Europe/Warsaw", None, Some(datetime!(2026-12-31 22:59:59 UTC))),
        (never, "Europe/Warsaw", None, None),
        (never, "Europe/Warsaw", Some(0), Some(datetime!(2026-03-02 22:59:59 UTC))),
    ] {
        let settings = PointSettings { expiry: expiry_setting, ..PointSettings::default() };
        assert_eq!(
            expiry(settings, zone, days).await,
            expected,
            "{expiry_setting:?} {zone} {days:?}"
        );
    }
}

#[tokio::test]
async fn the_time_of_locked_points_begins_when_they_are_unlocked() {
    let settings = PointSettings {
        locked_days: Some(40),
        expiry: PointExpiry::EndOfMonth,
        ..PointSettings::default()
    };
    let expected = Some(datetime!(2026-04-30 22:59:59 UTC));
    assert_eq!(expiry(settings, "Europe/Warsaw", None).await, expected);
    let unlocked = PointSettings { locked_days: Some(0), ..PointSettings::default() };
    let world = World::of(unlocked).await;
    let id = world.add(whole(1)).await.unwrap();
    assert_eq!(world.transfer(id).await.credit().unwrap().locked_until, None);
}

#[tokio::test]
async fn locked_points_can_be_spent_from_the_first_day_after_the_lock() {
    let settings = PointSettings { locked_days: Some(2), ..PointSettings::default() };
    let world = World::of(settings).await;
    world.add(whole(5)).await.unwrap();
    let five = Amount::whole(5);
    let points = world.ada().await.points;
    assert_eq!((points.available, points.locked, points.earned), (Amount::ZERO, five, five));
    assert!(world.spend(whole(1)).await.is_err());
    world.pass(1).await;
    assert_eq!(world.ada().await.points.locked, five);
    world.pass(1).await;
    let points = world.ada().await.points;
    assert_eq!((points.available, points.locked, points.earned), (five, Amount::ZERO, five));
    let cause = PointsCause::Unlocked;
    let unlocked = EventKind::PointsChanged { amount: five, change: five, cause };
    assert_eq!(world.told().await, [unlocked]);
    world.spend(whole(5)).await.unwrap();
}

#[tokio::test]
async fn points_can_be_spent_on_their_last_day_and_not_after_it() {
    let settings = PointSettings { active_days: 2, ..PointSettings::default() };
    let world = World::of(settings).await;
    let id = world.add(whole(5)).await.unwrap();
    world.spend(whole(1)).await.unwrap();
    world.pass(2).await;
    world.spend(whole(1)).await.unwrap();
    world.pass(1).await;
    assert!(world.spend(whole(1)).await.is_err());
    assert_eq!(world.transfer(id).await.state(), CreditState::Expired);
    let expected = PointTotals {
        earned: Amount::whole(5),
        used: Amount::whole(2),
        expired: Amount::whole(3),
        earned_since_recalculation: Amount::whole(5),
        ..PointTotals::default()
    };
    assert_eq!(world.ada().await.points, expected);
    let (amount, change, cause) = (Amount::ZERO, Amount::whole(-3), PointsCause::Expired);
    let last = world.told().await.pop();
    assert_eq!(last, Some(EventKind::PointsChanged { amount, change, cause }));
    let version = world.ada().await.version;
    world.pass(5).await;
    assert_eq!(world.ada().await.version, version);
}

#[tokio::test]
async fn whoever_missed_days_makes_up_for_all_of_them() {
    let settings = PointSettings { active_days: 2, ..PointSettings::default() };
    let world = World::of(settings).await;
    for _ in 0..250 {
        world.add(whole(1)).await.unwrap();
    }
    world.clock.advance(Duration::days(9));
    world.jobs.run_due().await.unwrap();
    assert_eq!(world.ada().await.points.expired, Amount::whole(250));
    assert_eq!(world.points.imbalances(world.merchant.id).await, Ok(Vec::new()));
}

#[tokio::test]
async fn what_expires_is_told_once_for_each_moment() {
    let warnings = WarningSettings { points: 3, ..WarningSettings::default() };
    let points = PointSettings { active_days: 5, ..PointSettings::default() };
    let settings = Settings { points, warnings, ..Settings::default() };
    let world = World::with(settings, "Europe/Warsaw", &[]).await;
    world.add(whole(5)).await.unwrap();
    world.add(whole(2)).await.unwrap();
    world.add(NewPoints { valid_days: Some(6), ..whole(1) }).await.unwrap();
    let warned = async || {
        let told = world.told().await.into_iter();
        told.filter_map(|told| match told {
            EventKind::PointsExpiring { amount, at } => Some((amount, at)),
            _ => None,
        })
        .collect::<Vec<_>>()
    };
    world.pass(1).await;
    assert_eq!(warned().await, []);
    world.spend(whole(1)).await.unwrap();
    world.pass(1).await;
    let first = (Amount::whole(6), datetime!(2026-03-07 22:59:59 UTC));
    assert_eq!(warned().await, [first]);
    let late = NewPoints { valid_days: Some(3), ..whole(4) };
    world.add(late).await.unwrap();
    world.pass(1).await;
    let second = (Amount::whole(4), datetime!(2026-03-07 22:59:59 UTC));
    let third = (Amount::whole(1), datetime!(2026-03-08 22:59:59 UTC));
    assert_eq!(warned().await, [first, second, third]);
    world.pass(9).await;
    assert_eq!(warned().await.len(), 3);
    assert_eq!(world.points.imbalances(world.merchant.id).await, Ok(Vec::new()));
}

#[tokio::test]
async fn what_expires_is_shown_by_day_and_from_next_month_on_as_one_sum() {
    let world = World::of(PointSettings::default()).await;
    let figures = async || {
        let ada = world.ada().await;
        world.points.figures(&world.merchant, &ada).await.unwrap()
    };
    assert_eq!(figures().await.expiring, BTreeMap::new());
    for (points, days) in [(1, 0), (2, 29), (4, 30), (8, 30), (16, 400)] {
        world.add(NewPoints { valid_days: Some(days), ..whole(points) }).await.unwrap();
    }
    let shown = figures().await;
    let expected = [
        (date!(2026 - 03 - 02), 1),
        (date!(2026 - 03 - 31), 2),
        (date!(2026 - 04 - 01), 12),
        (date!(2027 - 04 - 06), 16),
    ];
    let expected = expected.map(|(day, points)| (day, Amount::whole(points)));
    assert_eq!(shown.expiring, BTreeMap::from(expected));
    assert_eq!(shown.expiring_from_next_month, Amount::whole(28));
    assert_eq!((shown.available, shown.earned), (Amount::whole(31), Amount::whole(31)));
    assert_eq!(EVENING.date(), date!(2026 - 03 - 02));
}
