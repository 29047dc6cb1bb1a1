//! Promises about levels.

use std::collections::BTreeMap;

use time::macros::datetime;

use crate::id::LevelId;
use crate::level::{Level, LevelText, Reward, SpecialReward};
use crate::merchant::Language;
use crate::money::{Amount, Fraction};
use crate::picture::PicturePath;
use crate::storage::{Storage, StorageError};
use crate::testing::contract::crowd::all_at_once;
use crate::testing::contract::tenant::Tenant;
use crate::testing::{a_level, an_id};
use crate::text::{Line, Text};

/// Levels are stored whole and listed by condition.
pub async fn levels(storage: &Storage) {
    levels_survive_storage_and_come_by_condition(storage).await;
    another_merchants_levels_are_invisible(storage).await;
    a_level_changes_as_a_whole(storage).await;
    a_removed_level_is_gone(storage).await;
    changes_of_one_level_wait_for_each_other(storage).await;
}

fn line(raw: &str) -> Line {
    Line::try_from(raw).expect("a short text")
}

async fn list(tenant: Tenant<'_>) -> Vec<Level> {
    tenant.session().await.levels().list(tenant.merchant).await.expect("an answer")
}

async fn levels_survive_storage_and_come_by_condition(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let of_tenant = |level| Level { merchant: tenant.merchant, ..level };
    let words = |name: &str, description: &str| LevelText {
        name: line(name),
        description: Text::try_from(description).ok(),
    };
    let language = |code| Language::try_from(code).expect("a language");
    let exact = Level {
        condition: Amount::from_ten_thousandths(200_001),
        reward: Reward {
            name: line("Rabatt \"5\""),
            value: Fraction::from_millionths(12_345),
            code: line(""),
        },
        active: false,
        texts: BTreeMap::from([
            (language("pl"), words("złoty", "opis")),
            (language("en"), words("gold", "")),
        ]),
        special_rewards: vec![a_special_reward("second"), a_special_reward("first")],
        min_order: Some(Amount::from_ten_thousandths(1)),
        photo: PicturePath::try_from("levels/0f.png").ok(),
        ..a_level(0, 0)
    };
    let wordless = Level { texts: BTreeMap::new(), ..a_level(300, 30) };
    let levels = [a_level(20, 200), wordless, a_level(-5, 1), exact, a_level(0, 10)].map(of_tenant);
    let mut session = tenant.session().await;
    for level in &levels {
        session.levels().insert(level).await.expect("a new level");
    }
    drop(session);
    let [second, highest, least, exact, zero] = levels;
    assert_eq!(list(tenant).await, [least, zero, second, exact, highest]);
}

async fn another_merchants_levels_are_invisible(storage: &Storage) {
    let [owner, stranger] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let level = Level { merchant: owner.merchant, ..a_level(0, 10) };
    owner.session().await.levels().insert(&level).await.expect("a new level");
    assert_eq!(list(owner).await, [level]);
    assert_eq!(list(stranger).await, []);
}

fn a_special_reward(name: &str) -> SpecialReward {
    SpecialReward {
        id: an_id(),
        reward: Reward { name: line(name), value: Fraction::from_millionths(1), code: line("") },
        active: name == "first",
        created_at: datetime!(2026-03-02 08:15:00.000_001 UTC),
        starts_at: datetime!(2026-06-01 00:00 UTC),
        ends_at: datetime!(2026-06-30 22:00 UTC),
    }
}

async fn stored(tenant: Tenant<'_>) -> Level {
    let level = Level { merchant: tenant.merchant, ..a_level(0, 10) };
    tenant.session().await.levels().insert(&level).await.expect("a new level");
    level
}

async fn to_change(tenant: Tenant<'_>, id: LevelId) -> Option<Level> {
    let found = tenant
        .storage
        .atomically(async |unit| unit.levels().find_to_change(tenant.merchant, id).await);
    found.await.expect("an answer")
}

async fn a_level_changes_as_a_whole(storage: &Storage) {
    let [tenant, stranger] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let (level, other) = (stored(tenant).await, stored(tenant).await);
    let changed = Level {
        condition: Amount::whole(7),
        special_rewards: vec![a_special_reward("first")],
        min_order: Some(Amount::whole(3)),
        active: false,
        texts: BTreeMap::new(),
        ..level.clone()
    };
    tenant.session().await.levels().update(&changed).await.expect("a change");
    assert_eq!(list(tenant).await, [other, changed.clone()]);
    assert_eq!(to_change(tenant, level.id).await, Some(changed.clone()));
    assert_eq!(to_change(stranger, level.id).await, None);
    let foreign = Level { merchant: stranger.merchant, active: true, ..changed.clone() };
    stranger.session().await.levels().update(&foreign).await.expect("no change");
    assert_eq!(to_change(tenant, level.id).await, Some(changed));
}

async fn a_removed_level_is_gone(storage: &Storage) {
    let [tenant, stranger] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let (level, other) = (stored(tenant).await, stored(tenant).await);
    stranger.session().await.levels().delete(stranger.merchant, level.id).await.expect("nothing");
    assert_eq!(list(tenant).await.len(), 2);
    tenant.session().await.levels().delete(tenant.merchant, level.id).await.expect("a removal");
    assert_eq!(list(tenant).await, [other]);
}

async fn changes_of_one_level_wait_for_each_other(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let level = stored(tenant).await;
    let increment = async || {
        let changed = storage.atomically(async |unit| {
            let found = unit.levels().find_to_change(tenant.merchant, level.id).await?;
            let found = found.expect("the level is there");
            let condition = Amount::from_ten_thousandths(found.condition.ten_thousandths() + 1);
            unit.levels().update(&Level { condition, ..found }).await?;
            Ok::<_, StorageError>(())
        });
        changed.await.expect("a change");
    };
    all_at_once((0..4).map(|_| increment())).await;
    let after = to_change(tenant, level.id).await.map(|level| level.condition);
    assert_eq!(after, Some(Amount::from_ten_thousandths(4)));
}
