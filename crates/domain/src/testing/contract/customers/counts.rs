//! How many customers there are, and how many each level has, is told exactly at any time.

use std::collections::BTreeMap;

use crate::customer::{Customer, LevelAssignment};
use crate::id::LevelId;
use crate::level::Level;
use crate::storage::Storage;
use crate::testing::contract::crowd::all_at_once;
use crate::testing::contract::tenant::{DEMANDING, MODEST, Tenant};
use crate::testing::{a_birth, a_level};

/// How many write at once.
const CROWD: usize = 32;

pub(super) async fn promises(storage: &Storage) {
    every_way_to_come_and_go_is_counted(storage).await;
    batches_are_counted(storage).await;
    of_writes_that_come_to_nothing_nothing_is_counted(storage).await;
    crowds_are_counted(storage).await;
}

async fn levels(tenant: Tenant<'_>) -> [LevelId; 2] {
    let levels =
        [0, 20].map(|condition| Level { merchant: tenant.merchant, ..a_level(condition, 5) });
    for level in &levels {
        tenant.session().await.levels().insert(level).await.expect("a new level");
    }
    levels.map(|level| level.id)
}

fn at(tenant: Tenant<'_>, level: LevelId) -> Customer {
    moved(&tenant.customer(), Some(level))
}

fn moved(customer: &Customer, level: Option<LevelId>) -> Customer {
    let level = level.map(|level| LevelAssignment { level, manual: false });
    Customer { level, ..customer.clone() }
}

/// All customers, and those of each level.
async fn counts(tenant: Tenant<'_>) -> (u64, BTreeMap<LevelId, u64>) {
    let mut session = tenant.session().await;
    let by_level = session.customers().count_by_level(tenant.merchant).await.expect("an answer");
    (tenant.count(&[]).await, by_level)
}

async fn every_way_to_come_and_go_is_counted(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let [low, high] = levels(tenant).await;
    assert_eq!(counts(tenant).await, (0, BTreeMap::new()));
    let first = tenant.given(at(tenant, low)).await;
    let second = tenant.given(at(tenant, low)).await;
    let third = tenant.given(tenant.customer()).await;
    assert_eq!(counts(tenant).await, (3, BTreeMap::from([(low, 2)])));
    let first = tenant.update(&first, moved(&first, Some(high)), MODEST).await.expect("a change");
    let third = tenant.update(&third, moved(&third, Some(high)), MODEST).await.expect("a change");
    assert_eq!(counts(tenant).await, (3, BTreeMap::from([(low, 1), (high, 2)])));
    let third = tenant.update(&third, moved(&third, None), MODEST).await.expect("a change");
    tenant.delete(&first).await;
    assert_eq!(counts(tenant).await, (2, BTreeMap::from([(low, 1)])));
    tenant.erase(&second).await.expect("a removal");
    tenant.erase(&third).await.expect("a removal");
    assert_eq!(counts(tenant).await, (0, BTreeMap::new()));
}

async fn batches_are_counted(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let [low, high] = levels(tenant).await;
    let writes: Vec<_> = [low, high, low, low]
        .map(|level| a_birth(moved(&tenant.mailed("same@example.test"), Some(level)), MODEST))
        .into_iter()
        .chain([a_birth(tenant.mailed("same@example.test"), DEMANDING)])
        .collect();
    let results = tenant.session().await.customers().create_many(&writes).await;
    assert_eq!(results.expect("the batch as such is fine").iter().flatten().count(), 4);
    assert_eq!(counts(tenant).await, (4, BTreeMap::from([(low, 3), (high, 1)])));
}

async fn of_writes_that_come_to_nothing_nothing_is_counted(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let [low, high] = levels(tenant).await;
    let before = tenant.given(moved(&tenant.mailed("ada@example.test"), Some(low))).await;
    tenant.create(tenant.mailed("ada@example.test"), DEMANDING).await.expect_err("a taken address");
    let stale = Customer { version: before.version + 1, ..before.clone() };
    tenant.update(&stale, moved(&stale, Some(high)), MODEST).await.expect_err("a stale record");
    let write = a_birth(at(tenant, high), MODEST);
    let undone: Result<(), crate::storage::StorageError> = storage
        .atomically(async |unit| {
            unit.customers().create(&write).await.expect("a new customer");
            Err(crate::storage::StorageError::Failed("on second thoughts".to_owned()))
        })
        .await;
    undone.expect_err("an undone unit of work");
    assert_eq!(counts(tenant).await, (1, BTreeMap::from([(low, 1)])));
}

async fn crowds_are_counted(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let [low, high] = levels(tenant).await;
    let births = (0..CROWD).map(|n| tenant.given(at(tenant, if n % 2 == 0 { low } else { high })));
    let born = all_at_once(births).await;
    let half = CROWD as u64 / 2;
    assert_eq!(counts(tenant).await, (2 * half, BTreeMap::from([(low, half), (high, half)])));
    // Every other moves up while the rest leave.
    let ends = born.iter().enumerate().map(async |(n, one)| {
        if n % 2 == 0 {
            tenant.update(one, moved(one, Some(high)), MODEST).await.expect("a change");
        } else {
            tenant.delete(one).await;
        }
    });
    all_at_once(ends).await;
    assert_eq!(counts(tenant).await, (half, BTreeMap::from([(high, half)])));
}
