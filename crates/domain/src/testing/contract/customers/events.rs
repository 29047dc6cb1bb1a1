//! A change and its events are stored together or not at all.

use crate::access::Actor;
use crate::customer::{Attribute, Changes, Customer, CustomerWrite, Holdings, WriteError};
use crate::event::{Event, EventKind, LevelCause, LevelDirection};
use crate::storage::Storage;
use crate::testing::contract::tenant::{DEMANDING, MODEST, Tenant};
use crate::testing::{a_birth, a_change, an_event, an_id};
use crate::text::Text;

pub(super) async fn promises(storage: &Storage) {
    events_carry_the_record_as_it_was(storage).await;
    events_survive_storage(storage).await;
    a_change_may_be_nobodys_business(storage).await;
    a_refused_creation_leaves_no_event(storage).await;
    a_refused_change_leaves_no_event(storage).await;
    a_deletion_tells_what_was_deleted(storage).await;
}

fn commented(record: &Customer, comment: &str) -> Customer {
    Customer { comment: Text::try_from(comment).ok(), ..record.clone() }
}

/// The record as an event tells it: without what the customer held.
fn told(record: &Customer) -> Customer {
    Customer { holdings: Holdings::default(), ..record.clone() }
}

async fn events_carry_the_record_as_it_was(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    tenant.given(tenant.mailed("somebody.else@example.test")).await;
    let mut states = vec![tenant.created(tenant.full().await, DEMANDING).await];
    for comment in ["one", "two", "three"] {
        let before = &states[states.len() - 1];
        let after = tenant.update(before, commented(before, comment), MODEST).await;
        states.push(after.expect("the current version"));
    }
    let recorded = tenant.events(states[0].id).await;
    let records: Vec<_> = recorded.into_iter().map(|recorded| recorded.record).collect();
    assert_eq!(records, states.iter().map(told).collect::<Vec<_>>());
    assert_eq!(records.iter().map(|record| record.version).collect::<Vec<_>>(), [1, 2, 3, 4]);
}

async fn events_survive_storage(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let levels = [an_id(), an_id()];
    let moved = |from, to, cause, direction| EventKind::LevelChanged { from, to, cause, direction };
    let kinds = [
        EventKind::CustomerActivated,
        EventKind::CustomerDeactivated,
        EventKind::CustomerAnonymized,
        EventKind::NewsletterAnnounced,
        EventKind::ManualLevelRemoved,
        EventKind::TransactionAssigned { transaction: an_id() },
        EventKind::CustomerCreated,
        EventKind::CustomerUpdated(Attribute::ALL.iter().copied().collect()),
        EventKind::CustomerUpdated(Changes::from_iter([Attribute::Tags])),
        moved(None, Some(levels[0]), LevelCause::Automatic, None),
        moved(Some(levels[0]), Some(levels[1]), LevelCause::Manual, None),
        moved(Some(levels[1]), None, LevelCause::Automatic, None),
        moved(Some(levels[0]), Some(levels[1]), LevelCause::Automatic, Some(LevelDirection::Up)),
        moved(Some(levels[1]), Some(levels[0]), LevelCause::Automatic, Some(LevelDirection::Down)),
    ];
    let actors = [
        Actor::Admin(an_id()),
        Actor::Seller(an_id()),
        Actor::Customer(an_id()),
        Actor::Operator(an_id()),
        Actor::Application(an_id()),
        Actor::System,
    ];
    for actor in actors {
        let told = |kind: &EventKind| Event { actor, ..an_event(kind.clone()) };
        let events: Vec<_> = kinds.iter().map(told).collect();
        let write = CustomerWrite { events, ..a_birth(tenant.customer(), MODEST) };
        tenant.session().await.customers().create(&write).await.expect("a new record");
        let recorded = tenant.events(write.record.id).await;
        let told: Vec<_> = recorded.into_iter().map(|recorded| recorded.event).collect();
        assert_eq!(told, write.events);
    }
}

async fn a_change_may_be_nobodys_business(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let before = tenant.given(tenant.customer()).await;
    let silent = CustomerWrite { events: Vec::new(), ..a_change(&before, before.clone(), MODEST) };
    let after = tenant.write(silent).await.expect("the current version");
    assert_eq!(tenant.find(before.id).await, Some(after));
    assert_eq!(tenant.events(before.id).await.len(), 1);
}

async fn a_refused_creation_leaves_no_event(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    tenant.created(tenant.mailed("ada@example.test"), DEMANDING).await;
    let late = tenant.mailed("ada@example.test");
    assert!(tenant.create(late.clone(), DEMANDING).await.is_err());
    assert_eq!(tenant.events(late.id).await, []);
}

async fn a_refused_change_leaves_no_event(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    tenant.created(tenant.mailed("ada@example.test"), DEMANDING).await;
    let before = tenant.created(tenant.mailed("eve@example.test"), DEMANDING).await;
    let greedy = tenant.mailed("ada@example.test").email;
    let greedy = Customer { email: greedy, ..before.clone() };
    assert!(tenant.update(&before, greedy, DEMANDING).await.is_err());
    let ahead = Customer { version: 5, ..before.clone() };
    let stale = tenant.update(&ahead, commented(&ahead, "late"), MODEST).await;
    assert_eq!(stale, Err(WriteError::Stale));
    assert_eq!(tenant.erase(&ahead).await, Err(WriteError::Stale));
    assert_eq!(tenant.events(before.id).await.len(), 1);
}

async fn a_deletion_tells_what_was_deleted(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let before = tenant.created(tenant.mailed("ada@example.test"), DEMANDING).await;
    let deleted = tenant.delete(&before).await;
    assert_eq!((deleted.version, &deleted.email), (2, &before.email));
    let recorded = tenant.events(before.id).await;
    let kinds: Vec<_> = recorded.iter().map(|recorded| recorded.event.kind.clone()).collect();
    assert_eq!(kinds, [EventKind::CustomerCreated, EventKind::CustomerDeleted]);
    assert_eq!(recorded[1].record, deleted);
}
