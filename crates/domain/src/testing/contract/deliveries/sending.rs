//! What is sent to whom, and in which order.

use std::collections::BTreeSet;

use super::desk::Desk;
use crate::clock::Clock as _;
use crate::delivery::{DeliveryState, Lease, Outcome, Room, Source, Unwritten};
use crate::event::EventKind;
use crate::storage::Storage;
use crate::subscription::Topic;
use crate::testing::{Sink, a_registration, a_transaction, an_id};
use time::Duration;

pub(super) async fn promises(storage: &Storage) {
    everyone_who_wants_an_event_is_told_once(storage).await;
    a_subject_is_told_in_order_and_holds_up_nobody_else(storage).await;
    two_dispatchers_never_take_on_the_same(storage).await;
    an_endpoint_has_no_more_than_its_share(storage).await;
    a_lost_lease_leaves_the_attempt_and_nothing_else(storage).await;
    whoever_subscribes_is_told_nothing_of_long_ago(storage).await;
    whoever_unsubscribes_is_told_no_more(storage).await;
    a_changed_address_is_asked_at_the_next_attempt(storage).await;
    what_cannot_be_told_is_dropped_and_noted(storage).await;
    events_of_a_dropped_unit_of_work_are_not_told(storage).await;
}

async fn everyone_who_wants_an_event_is_told_once(storage: &Storage) {
    let desk = Desk::open(storage).await;
    desk.subscribe(Topic::CustomersCreated).await;
    let renamed = desk.subscribe(Topic::CustomersUpdated).await;
    desk.listen_by_settings(true).await;
    let ada = desk.create("Ada").await;
    desk.rename(&ada, "Eve").await;
    desk.send_all().await;
    let taken = desk.sink.taken();
    let ids: BTreeSet<_> = taken.iter().map(|one| one.id).collect();
    assert_eq!(ids.len(), 4);
    assert!(taken.iter().all(|one| one.secrets.len() == 1));
    let secrets: BTreeSet<_> = taken.iter().map(|one| one.secrets[0].expose().clone()).collect();
    assert_eq!(secrets.len(), 3, "each endpoint has a secret of its own");
    let mut bodies = desk.bodies();
    bodies.sort();
    let [created, updated] = ["customer_created 1 Ada", "customer_updated 2 Eve"];
    assert_eq!(bodies, [created, created, updated, updated]);
    assert_eq!(desk.states(renamed).await, [DeliveryState::Delivered]);
    desk.send_all().await;
    assert!(desk.sink.taken().is_empty());
    desk.close().await;
}

async fn a_subject_is_told_in_order_and_holds_up_nobody_else(storage: &Storage) {
    let desk = Desk::open(storage).await;
    desk.listen_by_settings(true).await;
    let ada = desk.create("Ada").await;
    let ada = desk.rename(&ada, "Eve").await;
    desk.sink.answer([Sink::status(500)]);
    desk.send_all().await;
    assert_eq!(desk.bodies(), ["customer_created 1 Ada"]);
    desk.rename(&ada, "Zoe").await;
    desk.create("Bob").await;
    desk.send_all().await;
    assert_eq!(desk.bodies(), ["customer_created 1 Bob"]);
    desk.clock.advance(Duration::seconds(6));
    desk.send_all().await;
    let in_order = ["customer_created 1 Ada", "customer_updated 2 Eve", "customer_updated 3 Zoe"];
    assert_eq!(desk.bodies(), in_order);
    desk.close().await;
}

async fn two_dispatchers_never_take_on_the_same(storage: &Storage) {
    let desk = Desk::open(storage).await;
    desk.listen_by_settings(true).await;
    for name in ["Ada", "Bob", "Eve", "Zoe"] {
        desk.create(name).await;
    }
    desk.fan_out().await;
    let first = desk.claim(3, 64).await;
    let second = desk.claim(3, 64).await;
    assert_eq!((first.len(), second.len()), (3, 1));
    assert!(desk.claim(3, 64).await.is_empty());
    desk.finish(first.into_iter().chain(second).collect()).await;
    let ids: BTreeSet<_> = desk.sink.taken().iter().map(|one| one.id).collect();
    assert_eq!(ids.len(), 4);
    desk.close().await;
}

async fn an_endpoint_has_no_more_than_its_share(storage: &Storage) {
    let desk = Desk::open(storage).await;
    let (busy, other) =
        (desk.listen_by_settings(true).await, desk.subscribe(Topic::CustomersCreated).await);
    for name in ["Ada", "Bob", "Eve"] {
        desk.create(name).await;
    }
    desk.fan_out().await;
    let of = |work: &[crate::delivery::Work]| {
        let count = |endpoint| work.iter().filter(|one| one.endpoint() == endpoint).count();
        (count(busy), count(other))
    };
    assert_eq!(of(&desk.claim(2, 1).await), (1, 1));
    let room = Room { total: 64, per_endpoint: 2, underway: vec![(busy, 2), (other, 1)] };
    let more = desk.dispatcher.claim(&room).await.expect("claims");
    assert_eq!(of(&more), (0, 1));
    desk.close().await;
}

async fn a_lost_lease_leaves_the_attempt_and_nothing_else(storage: &Storage) {
    let desk = Desk::open(storage).await;
    let endpoint = desk.listen_by_settings(true).await;
    desk.create("Ada").await;
    desk.fan_out().await;
    let slow = desk.claim(1, 1).await;
    desk.clock.advance(Duration::seconds(61));
    let quick = desk.claim(1, 1).await;
    assert_eq!(quick.len(), 1);
    desk.sink.answer([Sink::status(503)]);
    desk.finish(slow).await;
    let delivery = desk.list(endpoint).await.remove(0);
    assert_eq!((delivery.state, delivery.attempts), (DeliveryState::Pending, 0));
    assert!(desk.claim(1, 1).await.is_empty());
    desk.finish(quick).await;
    let delivery = desk.list(endpoint).await.remove(0);
    assert_eq!((delivery.state, delivery.attempts), (DeliveryState::Delivered, 1));
    assert_eq!(desk.attempts(&delivery).await.len(), 2);
    let taken = desk.sink.taken();
    assert_eq!((taken[0].id, &taken[0].body), (taken[1].id, &taken[1].body));
    desk.close().await;
}

async fn whoever_subscribes_is_told_nothing_of_long_ago(storage: &Storage) {
    let desk = Desk::open(storage).await;
    desk.create("Ada").await;
    let (now, minute) = (desk.clock.now(), Duration::minutes(1));
    for (since, is_told) in [(now, true), (now + minute * 15, true), (now + minute * 16, false)] {
        desk.clock.advance(since - desk.clock.now());
        let endpoint = desk.subscribe(Topic::CustomersCreated).await;
        let mut session = storage.session().await.expect("a session");
        let all = session.deliveries().listeners(&[endpoint.merchant]).await.expect("a list");
        let listener = all.iter().find(|one| one.endpoint == endpoint).expect("a listener");
        assert_eq!(listener.is_told(&EventKind::CustomerCreated, now), is_told, "{since}");
    }
    desk.send_all().await;
    assert_eq!(desk.bodies().len(), 2);
    desk.close().await;
}

async fn whoever_unsubscribes_is_told_no_more(storage: &Storage) {
    let desk = Desk::open(storage).await;
    let endpoint = desk.subscribe(Topic::CustomersCreated).await;
    let Source::Subscription(number) = endpoint.source else { panic!("a subscription") };
    desk.create("Ada").await;
    desk.create("Bob").await;
    desk.fan_out().await;
    let [first] = desk.claim(1, 1).await.try_into().expect("one delivery");
    desk.unsubscribe(number).await;
    assert_eq!(desk.send().await, 0);
    desk.finish(vec![first]).await;
    let lease = Lease { id: an_id(), until: time::OffsetDateTime::UNIX_EPOCH };
    let room = Room { total: 9, per_endpoint: 9, underway: Vec::new() };
    let mut session = storage.session().await.expect("a session");
    let far = time::macros::datetime!(2100-01-01 00:00 UTC);
    let claims = session.deliveries().claim(far, lease, &room).await.expect("claims");
    assert!(claims.iter().all(|claim| claim.key.lane.endpoint != endpoint));
    drop(session);
    while desk.deliveries.purge().await.expect("purged") > 0 {}
    assert_eq!(desk.states(endpoint).await, [DeliveryState::Delivered]);
    desk.close().await;
}

async fn a_changed_address_is_asked_at_the_next_attempt(storage: &Storage) {
    let desk = Desk::open(storage).await;
    desk.listen_by_settings(true).await;
    desk.create("Ada").await;
    desk.sink.answer([Sink::status(404)]);
    desk.send_all().await;
    let mut session = storage.session().await.expect("a session");
    let merchant = session.merchants().find(desk.tenant.merchant).await.expect("an answer");
    let mut merchant = merchant.expect("the merchant");
    let moved = "https://hooks.example.test/moved";
    merchant.settings.webhook.url = moved.try_into().ok();
    session.merchants().update(&merchant).await.expect("a stored merchant");
    drop(session);
    desk.clock.advance(Duration::seconds(6));
    desk.send_all().await;
    let addresses: Vec<_> = desk.sink.taken().iter().map(|one| one.address.to_string()).collect();
    assert_eq!(addresses, ["https://hooks.example.test/loyalty", moved]);
    desk.close().await;
}

async fn what_cannot_be_told_is_dropped_and_noted(storage: &Storage) {
    let desk = Desk::open(storage).await;
    let endpoint = desk.listen_by_settings(true).await;
    let mut session = storage.session().await.expect("a session");
    let sale = a_transaction(desk.tenant.merchant, "FV/1");
    let stored = session.transactions().insert(&sale, &a_registration()).await;
    assert_eq!(stored, Ok(true));
    drop(session);
    desk.send_all().await;
    assert!(desk.sink.taken().is_empty());
    let delivery = desk.list(endpoint).await.remove(0);
    assert_eq!(delivery.state, DeliveryState::Dropped);
    let outcomes: Vec<_> =
        desk.attempts(&delivery).await.into_iter().map(|one| one.outcome).collect();
    assert_eq!(outcomes, [Outcome::Unwritten(Unwritten::Untellable)]);
    desk.close().await;
}

async fn events_of_a_dropped_unit_of_work_are_not_told(storage: &Storage) {
    let desk = Desk::open(storage).await;
    desk.listen_by_settings(true).await;
    let write =
        crate::testing::a_birth(desk.tenant.customer(), crate::testing::contract::tenant::MODEST);
    let dropped = storage.atomically(async |unit| {
        unit.customers().create(&write).await.expect("a new customer");
        Err::<(), _>(crate::StorageError::Failed("on purpose".to_owned()))
    });
    dropped.await.expect_err("a dropped unit of work");
    desk.send_all().await;
    assert!(desk.sink.taken().is_empty());
    desk.close().await;
}
