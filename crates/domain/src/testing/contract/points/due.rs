//! Whose time has come.

use time::Duration;

use super::{NOON, credit, with};
use crate::id::TransferId;
use crate::money::Amount;
use crate::points::{Credit, CreditState, Due, Transfer};
use crate::storage::Storage;
use crate::testing::contract::tenant::Tenant;

pub(super) async fn promises(storage: &Storage) {
    transfers_are_due_in_their_order_and_in_parts(storage).await;
    what_is_due_depends_on_the_state(storage).await;
}

async fn due(tenant: Tenant<'_>, due: Due, most: u32) -> Vec<TransferId> {
    let found = tenant.session().await.points().list_due(tenant.merchant, due, most).await;
    found.expect("an answer").into_iter().map(|transfer| transfer.id).collect()
}

async fn transfers_are_due_in_their_order_and_in_parts(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let customer = tenant.given(tenant.customer()).await;
    let expiring = |hours| {
        let at = Some(NOON + Duration::hours(hours));
        with(credit(&customer, 1, NOON), |credit| credit.expires_at = at)
    };
    let all = [expiring(3), expiring(1), expiring(2), expiring(4)];
    tenant.added(&customer, &all).await;
    let ids = [1, 2, 0].map(|at: usize| all[at].id);
    let until = Due::Expiring(NOON + Duration::hours(4));
    assert_eq!(due(tenant, until, 10).await, ids);
    assert_eq!(due(tenant, until, 2).await, ids[..2]);
    assert_eq!(due(Tenant::new(storage).await, until, 10).await, []);
}

async fn what_is_due_depends_on_the_state(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let customer = tenant.given(tenant.customer()).await;
    let past = Some(NOON - Duration::SECOND);
    let made = |change: fn(&mut Credit)| -> Transfer {
        let ended = |credit: &mut Credit| {
            credit.expires_at = past;
            credit.locked_until = past;
            change(credit);
        };
        with(credit(&customer, 5, NOON), ended)
    };
    let locked = made(|credit| credit.state = CreditState::Locked);
    let active = made(|_| ());
    let warned = made(|credit| credit.warned = true);
    let used_up = made(|credit| credit.remaining = Amount::ZERO);
    let expired = made(|credit| credit.state = CreditState::Expired);
    let canceled = made(|credit| credit.state = CreditState::Canceled);
    let unending = made(|credit| credit.expires_at = None);
    let all = [&locked, &active, &warned, &used_up, &expired, &canceled, &unending];
    tenant.added(&customer, &all.map(Clone::clone)).await;
    for (question, expected) in [
        (Due::Unlocking(NOON), vec![&locked]),
        (Due::Expiring(NOON), vec![&active, &warned, &used_up]),
        (Due::Warning(NOON), vec![&active]),
        (Due::Unlocking(NOON - Duration::SECOND), vec![&locked]),
        (Due::Unlocking(NOON - Duration::MINUTE), vec![]),
        (Due::Expiring(NOON - Duration::SECOND), vec![]),
        (Due::Warning(NOON - Duration::SECOND), vec![]),
    ] {
        let mut expected: Vec<_> = expected.into_iter().map(|transfer| transfer.id).collect();
        expected.sort();
        assert_eq!(due(tenant, question, 10).await, expected, "{question:?}");
    }
}
