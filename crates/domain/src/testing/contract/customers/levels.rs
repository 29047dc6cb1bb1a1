//! Promises about who is on which level.

use std::collections::BTreeMap;

use time::Duration;
use time::macros::datetime;
use uuid::Uuid;

use crate::customer::{Criterion, Customer, LevelAssignment, Status};
use crate::id::{CustomerId, LevelId};
use crate::storage::Storage;
use crate::testing::an_id;
use crate::testing::contract::tenant::Tenant;

pub(super) async fn promises(storage: &Storage) {
    live_customers_are_counted_and_found_by_level(storage).await;
    whoever_was_not_told_since_the_last_look_is_found_in_parts(storage).await;
}

async fn live_customers_are_counted_and_found_by_level(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let [gold, silver]: [LevelId; 2] = [an_id(), an_id()];
    let on = |tenant: Tenant<'_>, level: Option<LevelId>, manual| Customer {
        level: level.map(|level| LevelAssignment { level, manual }),
        ..tenant.customer()
    };
    let first = here.given(on(here, Some(gold), true)).await;
    let second = here.given(on(here, Some(gold), false)).await;
    let third = here.given(on(here, Some(silver), false)).await;
    here.given(on(here, None, false)).await;
    there.given(on(there, Some(gold), false)).await;
    let removed = here.given(on(here, Some(silver), false)).await;
    here.delete(&removed).await;
    let mut session = here.session().await;
    let counts = session.customers().count_by_level(here.merchant).await;
    assert_eq!(counts, Ok(BTreeMap::from([(gold, 2), (silver, 1)])));
    drop(session);
    assert_eq!(here.fitting(vec![Criterion::Level(gold)]).await, [first.id, second.id]);
    assert_eq!(here.fitting(vec![Criterion::Level(silver)]).await, [third.id]);
    assert_eq!(here.count(&[Criterion::Level(an_id())]).await, 0);
}

async fn whoever_was_not_told_since_the_last_look_is_found_in_parts(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let noon = datetime!(2026-03-02 12:00 UTC);
    let at = |hour: i64| noon + Duration::hours(hour);
    let born = |hour| Customer { created_at: at(hour), ..tenant.customer() };
    let first = tenant.given(born(1)).await;
    let second = Customer { level_recalculated_at: Some(at(2)), ..born(0) };
    let second = tenant.given(Customer { level_warned_at: Some(at(1)), ..second }).await;
    let third = tenant.given(born(3)).await;
    tenant.given(Customer { level_warned_at: Some(at(1)), ..born(1) }).await;
    tenant.given(Customer { status: Status::Anonymized, ..born(1) }).await;
    let gone = tenant.given(born(1)).await;
    tenant.delete(&gone).await;
    let found = async |until: i64, behind, most| {
        let mut session = tenant.session().await;
        let found = session.customers().list_unwarned(tenant.merchant, at(until), behind, most);
        let found = found.await.expect("an answer");
        found.into_iter().map(|customer| customer.id).collect::<Vec<_>>()
    };
    let start = (at(0), CustomerId::from(Uuid::max()));
    assert_eq!(found(3, start, 9).await, [first.id, second.id, third.id]);
    assert_eq!(found(3, start, 1).await, [first.id]);
    assert_eq!(found(3, (at(1), first.id), 9).await, [second.id, third.id]);
    assert_eq!(found(2, (at(1), first.id), 9).await, [second.id]);
    assert_eq!(found(9, (at(3), third.id), 9).await, []);
}
