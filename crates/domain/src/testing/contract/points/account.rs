//! What one customer can spend.

use time::Duration;

use super::{NOON, credit, debit, with};
use crate::customer::Customer;
use crate::money::Amount;
use crate::points::{Booking, CreditState, Transfer};
use crate::storage::Storage;
use crate::testing::contract::tenant::Tenant;

pub(super) async fn promises(storage: &Storage) {
    only_as_many_as_are_needed_are_found_the_oldest_first(storage).await;
    what_cannot_be_spent_is_not_found(storage).await;
    what_expires_is_summed_by_its_moment(storage).await;
}

async fn active(tenant: Tenant<'_>, customer: &Customer, amount: Amount) -> Vec<Transfer> {
    let mut session = tenant.session().await;
    let found = session.points().oldest_active(tenant.merchant, customer.id, amount).await;
    found.expect("an answer")
}

async fn only_as_many_as_are_needed_are_found_the_oldest_first(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let customer = tenant.given(tenant.customer()).await;
    let ages = [1, 3, 2];
    let all = ages.map(|age| credit(&customer, 10 * age, NOON - Duration::hours(age)));
    tenant.added(&customer, &all).await;
    let [newest, oldest, middle] = all;
    for (whole, expected) in [
        (1, vec![oldest.clone()]),
        (30, vec![oldest.clone()]),
        (31, vec![oldest.clone(), middle.clone()]),
        (50, vec![oldest.clone(), middle.clone()]),
        (51, vec![oldest.clone(), middle.clone(), newest.clone()]),
        (1_000_000, vec![oldest, middle, newest]),
    ] {
        assert_eq!(active(tenant, &customer, Amount::whole(whole)).await, expected, "{whole}");
    }
    let everything = Amount::from_ten_thousandths(i64::MAX);
    assert_eq!(active(tenant, &customer, everything).await.len(), 3);
}

async fn what_cannot_be_spent_is_not_found(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let customer = tenant.given(tenant.customer()).await;
    let other = tenant.given(tenant.customer()).await;
    tenant.added(&other, &[credit(&other, 5, NOON)]).await;
    let states = [CreditState::Locked, CreditState::Expired, CreditState::Canceled];
    let mut transfers: Vec<_> = states
        .into_iter()
        .map(|state| with(credit(&customer, 5, NOON), |credit| credit.state = state))
        .collect();
    transfers.push(with(credit(&customer, 5, NOON), |credit| credit.remaining = Amount::ZERO));
    transfers.push(debit(&customer, 5, NOON));
    let booking = Booking { transfers, totals: customer.points, told: Vec::new() };
    tenant.book(&customer, &booking).await.expect("the current version");
    assert_eq!(active(tenant, &customer, Amount::whole(5)).await, []);
}

async fn what_expires_is_summed_by_its_moment(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let customer = tenant.given(tenant.customer()).await;
    let at = |days: i64| NOON + Duration::days(days);
    let expiring = |whole, days| {
        with(credit(&customer, whole, NOON), |credit| credit.expires_at = Some(at(days)))
    };
    let locked = with(expiring(9, 1), |credit| credit.state = CreditState::Locked);
    let transfers = [
        expiring(4, 2),
        expiring(1, 1),
        expiring(2, 1),
        expiring(8, 0),
        locked,
        credit(&customer, 7, NOON),
    ];
    tenant.added(&customer, &transfers).await;
    let mut session = tenant.session().await;
    let sums = session.points().expiring(tenant.merchant, customer.id, NOON).await;
    assert_eq!(sums, Ok(vec![(at(1), Amount::whole(3)), (at(2), Amount::whole(4))]));
}
