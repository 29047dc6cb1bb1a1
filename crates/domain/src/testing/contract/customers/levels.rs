//! Promises about who is on which level.

use std::collections::BTreeMap;

use crate::customer::{Criterion, Customer, LevelAssignment};
use crate::id::LevelId;
use crate::storage::Storage;
use crate::testing::an_id;
use crate::testing::contract::tenant::Tenant;

pub(super) async fn promises(storage: &Storage) {
    live_customers_are_counted_and_found_by_level(storage).await;
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
