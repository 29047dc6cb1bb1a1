//! The outbox that people look into.

use std::sync::{Arc, Mutex};

use domain::Clock as _;
use domain::message::{Channel, Mailer, Texter};
use domain::testing::FixedClock;
use messages::Outbox;

use super::{a_mail, a_text};

#[tokio::test]
async fn both_channels_land_in_it_newest_first_and_are_shown_as_they_come() {
    let clock = Arc::new(FixedClock::default());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let watcher = Arc::clone(&seen);
    let shown = move |sent: &messages::Sent| watcher.lock().unwrap().push(sent.to.clone());
    let outbox = Outbox::watched(Arc::<FixedClock>::clone(&clock), shown);
    Mailer::send(&outbox, &a_mail("ada@shop.example", "Hello", "you")).await.unwrap();
    clock.advance(time::Duration::SECOND);
    Texter::send(&outbox, &a_text("600 500 400", "code")).await.unwrap();
    let sent = outbox.clone().sent();
    let told: Vec<_> =
        sent.iter().map(|sent| (sent.channel, &*sent.to, &*sent.subject, &*sent.body)).collect();
    assert_eq!(
        told,
        [
            (Channel::Sms, "600500400", "", "code"),
            (Channel::Email, "ada@shop.example", "Hello", "you")
        ]
    );
    assert_eq!(sent[0].at, clock.now());
    assert_eq!(*seen.lock().unwrap(), ["ada@shop.example", "600500400"]);
}
