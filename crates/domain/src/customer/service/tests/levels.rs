use time::Duration;

use super::Shop;
use crate::access::Actor;
use crate::clock::Clock;
use crate::customer::{
    Attribute, Changes, Customer, CustomerError, LevelAssignment, LevelChoice, UpdateCustomer,
};
use crate::event::{EventKind, LevelCause};
use crate::level::{Ladder, Level};
use crate::merchant::{DowngradeBase, DowngradeMode, Period, TierSettings};
use crate::testing::{a_level, an_id};

fn by_hand(level: &Level) -> LevelChoice {
    LevelChoice { level: level.id, period: Period::GoesOn }
}

fn levels(shop: &Shop) -> [Level; 2] {
    let levels: Vec<_> = shop.ladder.iter().cloned().collect();
    levels.try_into().unwrap()
}

async fn assign(
    shop: &Shop,
    found: &Customer,
    choice: LevelChoice,
) -> Result<Customer, CustomerError> {
    shop.customers.assign_level(&shop.modest(), &shop.ladder, found.clone(), choice).await
}

async fn remove(shop: &Shop, found: &Customer) -> Result<Customer, CustomerError> {
    let (origin, period) = (shop.modest(), Period::GoesOn);
    shop.customers.remove_manual_level(&origin, &shop.ladder, period, found.clone()).await
}

fn manually(level: &Level) -> LevelAssignment {
    LevelAssignment { level: level.id, manual: true }
}

fn moved(from: Option<&Level>, to: Option<&Level>, cause: LevelCause) -> EventKind {
    let (from, to) = (from.map(|level| level.id), to.map(|level| level.id));
    EventKind::LevelChanged { from, to, cause, direction: None }
}

#[tokio::test]
async fn a_move_by_hand_sets_the_level_and_moves_no_time() {
    let shop = Shop::new().await;
    let [start, gold] = levels(&shop);
    let before = shop.customer("ada@example.test").await;
    shop.clock.advance(Duration::HOUR);
    let after = assign(&shop, &before, by_hand(&gold)).await.unwrap();
    assert_eq!(after, Customer { level: Some(manually(&gold)), version: 2, ..before });
    assert_eq!(
        shop.history(&after).await[2..],
        [
            EventKind::CustomerUpdated(Changes::from_iter([Attribute::Level])),
            moved(Some(&start), Some(&gold), LevelCause::Manual),
        ]
    );
}

#[tokio::test]
async fn the_same_level_by_hand_becomes_manual_without_a_move() {
    let shop = Shop::new().await;
    let [start, _] = levels(&shop);
    let before = shop.customer("ada@example.test").await;
    let after = assign(&shop, &before, by_hand(&start)).await.unwrap();
    assert_eq!(after.level, Some(manually(&start)));
    let updated = EventKind::CustomerUpdated(Changes::from_iter([Attribute::Level]));
    assert_eq!(shop.history(&after).await[2..], [updated]);
    assert_eq!(assign(&shop, &after, by_hand(&start)).await, Ok(after));
}

#[tokio::test]
async fn an_inactive_level_can_be_assigned_and_an_unknown_one_cannot() {
    let mut shop = Shop::new().await;
    let retired = Level { active: false, merchant: shop.merchant, ..a_level(5, 1) };
    let all = shop.ladder.iter().cloned().chain([retired.clone()]).collect();
    shop.ladder = Ladder::new(all);
    let before = shop.customer("ada@example.test").await;
    let after = assign(&shop, &before, by_hand(&retired)).await.unwrap();
    assert_eq!(after.level, Some(manually(&retired)));
    let unknown = LevelChoice { level: an_id(), period: Period::GoesOn };
    assert_eq!(assign(&shop, &after, unknown).await, Err(CustomerError::UnknownLevel));
}

#[tokio::test]
async fn a_level_taken_back_leaves_what_the_points_are_good_for() {
    let shop = Shop::new().await;
    let [start, gold] = levels(&shop);
    let before = shop.customer("ada@example.test").await;
    let manual = assign(&shop, &before, by_hand(&gold)).await.unwrap();
    shop.clock.advance(Duration::HOUR);
    let after = remove(&shop, &manual).await.unwrap();
    let automatic = Some(LevelAssignment { level: start.id, manual: false });
    assert_eq!(after, Customer { level: automatic, version: 3, ..before.clone() });
    assert_eq!(
        shop.history(&after).await[4..],
        [EventKind::ManualLevelRemoved, moved(Some(&gold), Some(&start), LevelCause::Automatic),]
    );
    assert_eq!(remove(&shop, &after).await, Err(CustomerError::NoManualLevel));
    assert_eq!(remove(&shop, &before).await, Err(CustomerError::NoManualLevel));
}

#[tokio::test]
async fn where_no_points_are_enough_a_level_taken_back_leaves_none() {
    let mut shop = Shop::new().await;
    let far = Level { merchant: shop.merchant, ..a_level(50, 1) };
    shop.ladder = Ladder::new(vec![far.clone()]);
    let before = shop.customer("ada@example.test").await;
    assert_eq!(before.level, None);
    let manual = assign(&shop, &before, by_hand(&far)).await.unwrap();
    let after = remove(&shop, &manual).await.unwrap();
    assert_eq!(after.level, None);
    let last = moved(Some(&far), None, LevelCause::Automatic);
    assert_eq!(shop.history(&after).await.last(), Some(&last));
}

#[tokio::test]
async fn a_level_taken_back_that_fits_stays_without_a_move() {
    let shop = Shop::new().await;
    let [start, _] = levels(&shop);
    let before = shop.customer("ada@example.test").await;
    let manual = assign(&shop, &before, by_hand(&start)).await.unwrap();
    let after = remove(&shop, &manual).await.unwrap();
    assert_eq!(after.level, Some(LevelAssignment { level: start.id, manual: false }));
    assert_eq!(shop.history(&after).await.last(), Some(&EventKind::ManualLevelRemoved));
}

#[tokio::test]
async fn a_move_begins_the_period_anew_only_where_points_count_since_the_move() {
    let base = DowngradeBase::EarnedSinceLevelChange;
    let anew = TierSettings {
        downgrade: DowngradeMode::AfterDays,
        downgrade_base: base,
        ..TierSettings::default()
    };
    assert_eq!(anew.period_after_move(), Period::BeginsAnew);
    let earned = TierSettings { downgrade_base: DowngradeBase::EarnedPoints, ..anew.clone() };
    assert_eq!(earned.period_after_move(), Period::GoesOn);
    let at_once = TierSettings { downgrade: DowngradeMode::Automatic, ..anew };
    assert_eq!(at_once.period_after_move(), Period::GoesOn);

    let shop = Shop::new().await;
    let [start, gold] = levels(&shop);
    let before = shop.customer("ada@example.test").await;
    let anew = |level: &Level| LevelChoice { level: level.id, period: Period::BeginsAnew };
    let same = assign(&shop, &before, anew(&start)).await.unwrap();
    assert_eq!(same.level_recalculated_at, None, "the same level is no move");
    let stays = assign(&shop, &same, by_hand(&gold)).await.unwrap();
    assert_eq!(stays.level_recalculated_at, None);
    shop.clock.advance(Duration::HOUR);
    let command = UpdateCustomer { level: Some(anew(&start)), ..UpdateCustomer::default() };
    let moved = shop.update(&stays, command).await.unwrap();
    assert_eq!(moved.level_recalculated_at, Some(shop.clock.now()));
    assert_eq!(moved.updated_at, before.updated_at);
    shop.clock.advance(Duration::HOUR);
    let moved = assign(&shop, &moved, anew(&gold)).await.unwrap();
    assert_eq!(moved.level_recalculated_at, Some(shop.clock.now()));
    shop.clock.advance(Duration::HOUR);
    let (origin, period) = (shop.modest(), Period::BeginsAnew);
    let removed =
        shop.customers.remove_manual_level(&origin, &shop.ladder, period, moved).await.unwrap();
    assert_eq!(removed.level_recalculated_at, Some(shop.clock.now()));
    assert_eq!(origin.actor, Actor::System);
}

#[tokio::test]
async fn a_stale_look_is_no_obstacle_to_a_move() {
    let shop = Shop::new().await;
    let [_, gold] = levels(&shop);
    let before = shop.customer("ada@example.test").await;
    let name = UpdateCustomer { first_name: Some(super::line("Bea")), ..UpdateCustomer::default() };
    shop.update(&before, name).await.unwrap();
    let after = assign(&shop, &before, by_hand(&gold)).await.unwrap();
    assert_eq!((after.name.first(), after.version), ("Bea", 3));
}
