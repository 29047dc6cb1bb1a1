//! Live customers are counted by when they came to be.

use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::customer::{Criterion, Customer, Range};
use crate::storage::Storage;
use crate::testing::contract::crowd::all_at_once;
use crate::testing::contract::tenant::{MODEST, Tenant};

pub(super) async fn promises(storage: &Storage) {
    each_bound_belongs_to_what_follows_it(storage).await;
    bounds_need_not_be_whole_hours(storage).await;
    counts_follow_every_change(storage).await;
    customers_who_come_at_once_are_all_counted(storage).await;
    without_two_bounds_there_is_nothing_to_count(storage).await;
}

const NOON: OffsetDateTime = datetime!(2026-01-01 12:00:00 UTC);

async fn counted(tenant: Tenant<'_>, bounds: &[OffsetDateTime]) -> Vec<u64> {
    let mut session = tenant.session().await;
    session.customers().count_created(tenant.merchant, bounds).await.expect("an answer")
}

async fn born(tenant: Tenant<'_>, created_at: OffsetDateTime) -> Customer {
    tenant.given(Customer { created_at, ..tenant.customer() }).await
}

async fn each_bound_belongs_to_what_follows_it(storage: &Storage) {
    let [tenant, elsewhere] = [Tenant::new(storage).await, Tenant::new(storage).await];
    born(elsewhere, NOON).await;
    for created_at in [
        NOON - Duration::MICROSECOND,
        NOON,
        NOON + Duration::DAY - Duration::MICROSECOND,
        NOON + Duration::DAY,
        NOON + Duration::days(3),
    ] {
        born(tenant, created_at).await;
    }
    let days = [0, 1, 2, 3].map(|day| NOON + Duration::days(day));
    assert_eq!(counted(tenant, &days).await, [2, 1, 0]);
}

async fn bounds_need_not_be_whole_hours(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let bounds = [
        NOON + Duration::minutes(15),
        NOON + Duration::minutes(45),
        NOON + Duration::minutes(45),
        NOON + Duration::minutes(150),
        NOON + Duration::hours(3),
        NOON + Duration::hours(26) + Duration::MICROSECOND,
    ];
    let (mut inside, mut expected) = (Vec::new(), [0; 5]);
    for step in 0..60 {
        inside.push(NOON + Duration::minutes(step * 7));
    }
    for created_at in &inside {
        born(tenant, *created_at).await;
        for (pair, count) in bounds.windows(2).zip(&mut expected) {
            *count += u64::from(pair[0] <= *created_at && *created_at < pair[1]);
        }
    }
    assert_eq!(counted(tenant, &bounds).await, expected);
}

async fn counts_follow_every_change(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let bounds = [NOON, NOON + Duration::DAY, NOON + Duration::days(2)];
    let [moved, removed, erased, kept] = [
        born(tenant, NOON).await,
        born(tenant, NOON).await,
        born(tenant, NOON).await,
        born(tenant, NOON).await,
    ];
    assert_eq!(counted(tenant, &bounds).await, [4, 0]);
    let later = Customer { created_at: NOON + Duration::DAY, ..moved.clone() };
    tenant.update(&moved, later, MODEST).await.expect("the current version");
    assert_eq!(counted(tenant, &bounds).await, [3, 1]);
    tenant.delete(&removed).await;
    tenant.erase(&erased).await.expect("the current version");
    assert_eq!(counted(tenant, &bounds).await, [1, 1]);
    let renamed = Customer { comment: None, updated_at: NOON, ..kept.clone() };
    tenant.update(&kept, renamed, MODEST).await.expect("the current version");
    assert_eq!(counted(tenant, &bounds).await, [1, 1]);
    let listed = Criterion::CreatedAt(Range { from: Some(bounds[0]), to: None });
    assert_eq!(tenant.count(&[listed]).await, 2);
}

async fn customers_who_come_at_once_are_all_counted(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    all_at_once((0..16).map(|_| born(tenant, NOON))).await;
    assert_eq!(counted(tenant, &[NOON, NOON + Duration::DAY]).await, [16]);
}

async fn without_two_bounds_there_is_nothing_to_count(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    assert_eq!(counted(tenant, &[]).await, [0; 0]);
    assert_eq!(counted(tenant, &[NOON]).await, [0; 0]);
}
