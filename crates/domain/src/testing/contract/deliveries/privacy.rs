//! Whoever is a person no more is not kept in deliveries either.

use time::Duration;

use super::desk::Desk;
use crate::customer::{Customer, KeyWrites, Status};
use crate::delivery::{Outcome, Reply};
use crate::event::EventKind;
use crate::storage::Storage;
use crate::testing::{Sink, an_event};

pub(super) async fn promises(storage: &Storage) {
    who_was_erased_is_told_of_without_what_made_a_person(storage).await;
    who_was_anonymized_meanwhile_leaves_nothing_with_an_attempt(storage).await;
}

async fn who_was_erased_is_told_of_without_what_made_a_person(storage: &Storage) {
    let desk = Desk::open(storage).await;
    let endpoint = desk.listen_by_settings(true).await;
    let ada = desk.create("Ada").await;
    let body = b"Ada is unknown here".to_vec();
    desk.sink.answer([Reply::Answered { status: 500, body, retry_after: None }]);
    desk.send_all().await;
    desk.tenant.erase(&ada).await.expect("an erased customer");
    desk.clock.advance(Duration::seconds(6));
    desk.send_all().await;
    assert_eq!(desk.bodies(), ["customer_created 1 Ada", "customer_created 1 "]);
    let delivery = desk.list(endpoint).await.remove(0);
    let attempts = desk.attempts(&delivery).await;
    let said = Outcome::Answered { status: 500, body: String::new() };
    assert_eq!(attempts[0].outcome, said);
    desk.close().await;
}

async fn who_was_anonymized_meanwhile_leaves_nothing_with_an_attempt(storage: &Storage) {
    let desk = Desk::open(storage).await;
    desk.listen_by_settings(true).await;
    let ada = desk.create("Ada").await;
    desk.fan_out().await;
    let work = desk.claim(1, 1).await;
    let mut write = crate::testing::a_change(
        &ada,
        Customer { status: Status::Anonymized, ..ada.stripped() },
        crate::testing::contract::tenant::MODEST,
    );
    write.keys = KeyWrites::RELEASE_ALL;
    write.events = vec![an_event(EventKind::CustomerAnonymized)];
    let mut session = storage.session().await.expect("a session");
    session.customers().anonymize(&write).await.expect("an anonymized customer");
    drop(session);
    desk.sink.answer([Sink::status(500)]);
    desk.finish(work).await;
    desk.clock.advance(Duration::seconds(6));
    desk.send_all().await;
    let expected = ["customer_created 1 Ada", "customer_created 1 ", "customer_anonymized 2 "];
    assert_eq!(desk.bodies(), expected);
    desk.close().await;
}
