//! Who waits for the daily look at levels is found, longest first.

use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::customer::{Customer, Status};
use crate::id::CustomerId;
use crate::storage::Storage;
use crate::testing::contract::tenant::{Tenant, ids};

pub(super) async fn promises(storage: &Storage) {
    whoever_waited_long_enough_is_due_longest_first(storage).await;
    nobody_else_is_due(storage).await;
}

const NOW: OffsetDateTime = datetime!(2026-03-02 08:15 UTC);

async fn due(tenant: Tenant<'_>, most: u32) -> Vec<CustomerId> {
    let mut session = tenant.session().await;
    let due = session.customers().list_due_for_recalculation(tenant.merchant, NOW, most).await;
    ids(&due.expect("an answer"))
}

async fn whoever_waited_long_enough_is_due_longest_first(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let looked_at = |at| Customer { level_recalculated_at: Some(at), ..tenant.customer() };
    let just = tenant.given(looked_at(NOW)).await.id;
    tenant.given(looked_at(NOW + Duration::MICROSECOND)).await;
    let long = tenant.given(looked_at(NOW - Duration::days(3))).await.id;
    let never = Customer { created_at: NOW - Duration::days(2), ..tenant.customer() };
    let never = tenant.given(never).await.id;
    let later = Customer { created_at: NOW + Duration::SECOND, ..tenant.customer() };
    tenant.given(later).await;
    let blocked = Customer { status: Status::Blocked, ..looked_at(NOW - Duration::DAY) };
    let blocked = tenant.given(blocked).await.id;
    assert_eq!(due(tenant, 10).await, [long, never, blocked, just]);
    assert_eq!(due(tenant, 2).await, [long, never]);
}

async fn nobody_else_is_due(storage: &Storage) {
    let [tenant, stranger] = [Tenant::new(storage).await, Tenant::new(storage).await];
    stranger.given(stranger.customer()).await;
    let deleted = tenant.given(tenant.customer()).await;
    tenant.delete(&deleted).await;
    tenant.given(Customer { status: Status::Anonymized, ..tenant.customer() }).await;
    assert_eq!(due(tenant, 10).await, []);
}
