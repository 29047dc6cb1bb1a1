//! A booking and the record it belongs to are stored together or not at all.

use time::Duration;

use super::{NOON, credit, debit, with};
use crate::access::Actor;
use crate::customer::{Customer, WriteError};
use crate::event::{EventKind, PointsCause};
use crate::money::Amount;
use crate::points::{Booking, CreditState, PointTotals, Transfer};
use crate::storage::Storage;
use crate::testing::an_id;
use crate::testing::contract::tenant::Tenant;
use crate::text::Text;

pub(super) async fn promises(storage: &Storage) {
    a_transfer_survives_storage(storage).await;
    a_booking_changes_what_is_left_and_nothing_else(storage).await;
    a_booking_of_an_older_version_stores_nothing(storage).await;
    a_booking_is_told_with_the_record_after_it(storage).await;
    another_merchants_transfers_are_invisible(storage).await;
    whoever_is_erased_takes_the_ledger_along(storage).await;
    whoever_is_anonymized_keeps_the_points_without_comments(storage).await;
}

async fn a_transfer_survives_storage(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let customer = tenant.given(tenant.customer()).await;
    let plain = credit(&customer, 5, NOON);
    let full = with(credit(&customer, 7, NOON), |credit| {
        credit.remaining = Amount::from_ten_thousandths(1);
        credit.state = CreditState::Locked;
        credit.locked_until = Some(NOON + Duration::DAY);
        credit.expires_at = Some(NOON + Duration::WEEK);
        credit.warned = true;
    });
    let full = Transfer {
        peer: Some(an_id()),
        comment: Text::try_from("zażółć '); -- {}\n\"").ok(),
        actor: Actor::Seller(an_id()),
        ..full
    };
    let spending = Transfer { actor: Actor::Admin(an_id()), ..debit(&customer, 3, NOON) };
    let canceled = with(credit(&customer, 1, NOON), |credit| credit.state = CreditState::Canceled);
    let expired = with(credit(&customer, 1, NOON), |credit| credit.state = CreditState::Expired);
    let all = vec![plain, full, spending, canceled, expired];
    let booking = Booking { transfers: all.clone(), totals: customer.points, told: Vec::new() };
    tenant.book(&customer, &booking).await.expect("the current version");
    for transfer in all {
        assert_eq!(tenant.transfer(&transfer).await, Some(transfer));
    }
}

async fn a_booking_changes_what_is_left_and_nothing_else(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let customer = tenant.given(tenant.customer()).await;
    let before = credit(&customer, 5, NOON);
    let record = tenant.added(&customer, std::slice::from_ref(&before)).await;
    let spending = debit(&customer, 2, NOON);
    let booking = Booking::spending(&record, spending.clone(), vec![before.clone()]);
    let record = tenant.book(&record, &booking.expect("enough")).await.expect("current");
    let left = with(before, |credit| credit.remaining = Amount::whole(3));
    assert_eq!(tenant.transfer(&left).await, Some(left));
    assert_eq!(tenant.transfer(&spending).await, Some(spending));
    assert_eq!(tenant.find(customer.id).await, Some(record));
}

async fn a_booking_of_an_older_version_stores_nothing(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let customer = tenant.given(tenant.customer()).await;
    let record = tenant.added(&customer, &[credit(&customer, 5, NOON)]).await;
    let late = credit(&customer, 9, NOON);
    let booking = Booking::adding(&customer, late.clone());
    assert_eq!(tenant.book(&customer, &booking).await, Err(WriteError::Stale));
    assert_eq!(tenant.transfer(&late).await, None);
    assert_eq!(tenant.find(customer.id).await, Some(record));
    assert_eq!(tenant.events(customer.id).await.len(), 2);
}

async fn a_booking_is_told_with_the_record_after_it(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let customer = tenant.given(tenant.customer()).await;
    let record = tenant.added(&customer, &[credit(&customer, 5, NOON)]).await;
    let level = (an_id(), an_id());
    let told = vec![
        EventKind::PointsExpiring { amount: Amount::whole(5), at: NOON },
        EventKind::LevelExpiring { level: level.0, future: level.1, at: NOON },
    ];
    let totals = record.points;
    let booking = Booking { transfers: Vec::new(), totals, told: told.clone() };
    tenant.book(&record, &booking).await.expect("the current version");
    let events = tenant.events(customer.id).await;
    let cause = PointsCause::Added;
    let five = Amount::whole(5);
    let changed = EventKind::PointsChanged { amount: five, change: five, cause };
    let kinds: Vec<_> = events[1..].iter().map(|told| told.event.kind.clone()).collect();
    assert_eq!(kinds, [vec![changed], told].concat());
    assert_eq!(events[1].record.points, record.points);
    let expected = PointTotals {
        available: five,
        earned: five,
        earned_since_recalculation: five,
        ..PointTotals::default()
    };
    assert_eq!(record.points, expected);
}

async fn another_merchants_transfers_are_invisible(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let customer = here.given(here.customer()).await;
    let transfer = credit(&customer, 5, NOON);
    here.added(&customer, std::slice::from_ref(&transfer)).await;
    assert_eq!(there.transfer(&transfer).await, None);
    let mut session = there.session().await;
    let mut points = session.points();
    let active = points.oldest_active(there.merchant, customer.id, Amount::whole(1)).await;
    assert_eq!(active, Ok(Vec::new()));
    points = session.points();
    let early = NOON - Duration::DAY;
    assert_eq!(points.expiring(there.merchant, customer.id, early).await, Ok(Vec::new()));
}

async fn whoever_is_erased_takes_the_ledger_along(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let [gone, left] = [tenant.customer(), tenant.customer()];
    let (gone, left) = (tenant.given(gone).await, tenant.given(left).await);
    let [lost, kept] = [&gone, &left].map(|customer| credit(customer, 5, NOON));
    let gone = tenant.added(&gone, std::slice::from_ref(&lost)).await;
    tenant.added(&left, std::slice::from_ref(&kept)).await;
    tenant.erase(&gone).await.expect("the current version");
    assert_eq!(tenant.transfer(&lost).await, None);
    assert_eq!(tenant.transfer(&kept).await, Some(kept));
}

async fn whoever_is_anonymized_keeps_the_points_without_comments(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let [gone, left] = [tenant.customer(), tenant.customer()];
    let (gone, left) = (tenant.given(gone).await, tenant.given(left).await);
    let comment = Text::try_from("for Ada's birthday").ok();
    let [bare, kept] = [&gone, &left]
        .map(|customer| Transfer { comment: comment.clone(), ..credit(customer, 5, NOON) });
    let before = tenant.added(&gone, std::slice::from_ref(&bare)).await;
    tenant.added(&left, std::slice::from_ref(&kept)).await;
    let after = Customer { status: crate::customer::Status::Anonymized, ..before.stripped() };
    let write = crate::testing::a_change(&before, after, crate::customer::Demands::default());
    let mut session = tenant.session().await;
    session.customers().anonymize(&write).await.expect("the current version");
    drop(session);
    let bare = Transfer { comment: None, ..bare };
    assert_eq!(tenant.transfer(&bare).await, Some(bare));
    assert_eq!(tenant.transfer(&kept).await, Some(kept));
    let found = tenant.find(gone.id).await.map(|found| found.points.available);
    assert_eq!(found, Some(Amount::whole(5)));
}
