//! Records are compared with the ledger.

use time::Duration;

use super::{NOON, credit, with};
use crate::customer::Customer;
use crate::money::Amount;
use crate::points::{Booking, CreditState, Imbalance, PointTotals, Transfer};
use crate::storage::Storage;
use crate::testing::an_id;
use crate::testing::contract::tenant::{MODEST, Tenant};

pub(super) async fn promises(storage: &Storage) {
    what_was_booked_is_in_balance(storage).await;
    every_total_that_is_wrong_is_found(storage).await;
}

async fn imbalances(tenant: Tenant<'_>) -> Vec<Imbalance> {
    tenant.session().await.points().imbalances(tenant.merchant).await.expect("an answer")
}

/// A customer with a transfer of every kind, before and after a look at the level.
async fn a_saver(tenant: Tenant<'_>) -> Customer {
    let looked_at = Customer { level_recalculated_at: Some(NOON), ..tenant.customer() };
    let customer = tenant.given(looked_at).await;
    let later = NOON + Duration::SECOND;
    let transfers = [
        credit(&customer, 1, NOON - Duration::SECOND),
        credit(&customer, 2, NOON),
        credit(&customer, 4, later),
        with(credit(&customer, 8, later), |credit| credit.state = CreditState::Locked),
        with(credit(&customer, 16, later), |credit| credit.state = CreditState::Expired),
        with(credit(&customer, 32, later), |credit| credit.state = CreditState::Canceled),
        with(credit(&customer, 64, later), |credit| credit.remaining = Amount::whole(1)),
        Transfer { peer: Some(an_id()), ..credit(&customer, 128, later) },
    ];
    tenant.added(&customer, &transfers).await
}

async fn what_was_booked_is_in_balance(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    tenant.given(tenant.customer()).await;
    let record = a_saver(tenant).await;
    let [available, from_customers, earned, used, expired, locked, since] =
        [136, 128, 95, 63, 16, 8, 92].map(Amount::whole);
    let expected = PointTotals {
        available,
        from_customers,
        earned,
        used,
        expired,
        locked,
        earned_since_recalculation: since,
    };
    assert_eq!(record.points, expected);
    assert_eq!(imbalances(tenant).await, []);
    let mut session = tenant.session().await;
    let active = session
        .points()
        .oldest_active(tenant.merchant, record.id, Amount::whole(7))
        .await
        .expect("an answer");
    drop(session);
    let spending = super::debit(&record, 7, NOON + Duration::DAY);
    let booking = Booking::spending(&record, spending, active).expect("enough");
    tenant.book(&record, &booking).await.expect("the current version");
    assert_eq!(imbalances(tenant).await, []);
}

async fn every_total_that_is_wrong_is_found(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let record = a_saver(here).await;
    let ledger = record.points;
    let parts: [fn(&mut PointTotals) -> &mut Amount; 7] = [
        |totals| &mut totals.available,
        |totals| &mut totals.from_customers,
        |totals| &mut totals.earned,
        |totals| &mut totals.used,
        |totals| &mut totals.expired,
        |totals| &mut totals.locked,
        |totals| &mut totals.earned_since_recalculation,
    ];
    let mut before = record;
    for part in parts {
        let mut wrong = ledger;
        *part(&mut wrong) = Amount::from_ten_thousandths(7);
        let after = Customer { points: wrong, ..before.clone() };
        before = here.update(&before, after, MODEST).await.expect("the current version");
        let expected = Imbalance { customer: before.id, record: wrong, ledger };
        assert_eq!(imbalances(here).await, [expected]);
    }
    assert_eq!(imbalances(there).await, []);
}
