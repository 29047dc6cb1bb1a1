//! Promises hold when many write at once.

use crate::customer::{Customer, Demands, Identifier, References, WriteError};
use crate::storage::Storage;
use crate::testing::contract::crowd::all_at_once;
use crate::testing::contract::tenant::{DEMANDING, MODEST, Tenant};
use crate::text::Text;

/// How many write at once.
const CROWD: usize = 32;

pub(super) async fn promises(storage: &Storage) {
    of_many_who_demand_one_address_exactly_one_gets_it(storage).await;
    of_many_who_offer_one_address_all_are_stored_and_one_holds(storage).await;
    those_who_offer_never_fail_because_of_those_who_demand(storage).await;
    of_many_who_use_one_merchants_own_id_exactly_one_is_stored(storage).await;
    of_many_changes_of_one_version_exactly_one_is_stored(storage).await;
    of_many_deletions_exactly_one_is_stored(storage).await;
}

async fn of_many_who_demand_one_address_exactly_one_gets_it(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let results = crowd_of_namesakes(tenant, |_| DEMANDING).await;
    let taken = Err(WriteError::Taken(Identifier::Email));
    let refused = results.iter().filter(|result| **result == taken).count();
    let stored: Vec<_> = results.iter().flatten().collect();
    assert_eq!((stored.len(), refused), (1, CROWD - 1), "{results:?}");
    assert!(stored[0].holdings.email);
    assert_eq!(tenant.count(&[]).await, 1);
}

async fn of_many_who_offer_one_address_all_are_stored_and_one_holds(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let results = crowd_of_namesakes(tenant, |_| MODEST).await;
    let stored: Vec<_> = results.iter().flatten().collect();
    assert_eq!(stored.len(), CROWD, "{results:?}");
    let holders: Vec<_> = stored.iter().filter(|record| record.holdings.email).collect();
    assert_eq!(holders.len(), 1);
    let found = tenant.find(holders[0].id).await.expect("the stored holder");
    assert!(found.holdings.email);
    assert_eq!(tenant.count(&[]).await, CROWD as u64);
}

async fn those_who_offer_never_fail_because_of_those_who_demand(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let results = crowd_of_namesakes(tenant, |n| if n % 2 == 0 { DEMANDING } else { MODEST }).await;
    let modest = results.iter().skip(1).step_by(2);
    assert!(modest.into_iter().all(Result::is_ok), "{results:?}");
    let holders = results.iter().flatten().filter(|record| record.holdings.email).count();
    assert_eq!(holders, 1);
}

async fn crowd_of_namesakes(
    tenant: Tenant<'_>,
    demands: fn(usize) -> Demands,
) -> Vec<Result<Customer, WriteError>> {
    let births = (0..CROWD).map(|n| tenant.create(tenant.mailed("ada@example.test"), demands(n)));
    all_at_once(births).await
}

async fn of_many_who_use_one_merchants_own_id_exactly_one_is_stored(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let record = || {
        let merchant_customer_id = Text::try_from("own-1").ok();
        let references = References { merchant_customer_id, ..References::default() };
        Customer { references, ..tenant.customer() }
    };
    let results = all_at_once((0..CROWD).map(|_| tenant.create(record(), MODEST))).await;
    assert_eq!(results.iter().flatten().count(), 1, "{results:?}");
    let taken = Err(WriteError::Taken(Identifier::MerchantCustomerId));
    assert_eq!(results.iter().filter(|result| **result == taken).count(), CROWD - 1);
}

async fn of_many_changes_of_one_version_exactly_one_is_stored(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let before = tenant.given(tenant.customer()).await;
    let changes = (0..CROWD).map(|n| {
        let comment = Text::try_from(format!("change {n}")).ok();
        tenant.update(&before, Customer { comment, ..before.clone() }, MODEST)
    });
    let results = all_at_once(changes).await;
    let stored: Vec<_> = results.iter().flatten().collect();
    assert_eq!(stored.len(), 1, "{results:?}");
    assert_eq!(
        results.iter().filter(|result| **result == Err(WriteError::Stale)).count(),
        CROWD - 1
    );
    assert_eq!(tenant.find(before.id).await.as_ref(), Some(stored[0]));
    assert_eq!(tenant.events(before.id).await.len(), 2);
}

async fn of_many_deletions_exactly_one_is_stored(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let before = tenant.given(tenant.customer()).await;
    let results = all_at_once((0..CROWD).map(|_| tenant.erase(&before))).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
    assert_eq!(tenant.events(before.id).await.len(), 2);
}
