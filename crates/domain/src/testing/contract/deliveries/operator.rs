//! What the operator sees and does.

use time::Duration;

use super::desk::{Desk, RETENTION};
use crate::clock::Clock as _;
use crate::delivery::{DeliveriesError, DeliveryQuery, DeliveryState, Endpoint, OVERLAP, Source};
use crate::storage::Storage;
use crate::subscription::Topic;
use crate::testing::{Sink, an_id};

pub(super) async fn promises(storage: &Storage) {
    pages_of_deliveries_go_back_in_time(storage).await;
    one_delivery_is_sent_again_under_its_id(storage).await;
    everything_since_a_time_is_sent_again_in_order(storage).await;
    a_paused_endpoint_is_left_alone_until_it_is_resumed(storage).await;
    a_new_secret_is_shown_once_and_signs_beside_the_old_one(storage).await;
    what_is_old_is_forgotten(storage).await;
    who_is_told_of_nothing_is_no_endpoint(storage).await;
}

async fn pages_of_deliveries_go_back_in_time(storage: &Storage) {
    let desk = Desk::open(storage).await;
    let endpoint = desk.listen_by_settings(true).await;
    for name in ["Ada", "Bob", "Eve"] {
        desk.create(name).await;
    }
    desk.sink.answer([Sink::status(410)]);
    desk.send_all().await;
    let all = desk.list(endpoint).await;
    assert!(all.windows(2).all(|pair| pair[0].id > pair[1].id) && all.len() == 3);
    let query = DeliveryQuery { before: Some(all[0].id), limit: 1, ..DeliveryQuery::default() };
    assert_eq!(desk.deliveries.page(endpoint, query).await.expect("a page"), all[1..2]);
    let state = Some(DeliveryState::Dropped);
    let query = DeliveryQuery { state, limit: 9, ..DeliveryQuery::default() };
    let dropped = desk.deliveries.page(endpoint, query).await.expect("a page");
    assert_eq!(dropped.len(), 1);
    assert_eq!(dropped[0].kind, crate::event::EventKind::CustomerCreated);
    assert_eq!(dropped[0].settled_at, Some(desk.clock.now()));
    desk.clock.advance(Duration::minutes(1));
    desk.create("Fay").await;
    desk.fan_out().await;
    let now = Some(desk.clock.now());
    for (since, until, found) in [(now, None, 1), (None, now, 3), (now, now, 0), (None, None, 4)] {
        let query = DeliveryQuery { since, until, limit: 9, ..DeliveryQuery::default() };
        let page = desk.deliveries.page(endpoint, query).await.expect("a page");
        assert_eq!(page.len(), found, "{since:?} to {until:?}");
    }
    let endpoints = desk.deliveries.endpoints(Some(desk.tenant.merchant)).await;
    let endpoints = endpoints.expect("a list");
    assert_eq!(endpoints.iter().map(|one| one.endpoint).collect::<Vec<_>>(), [endpoint]);
    desk.close().await;
}

async fn one_delivery_is_sent_again_under_its_id(storage: &Storage) {
    let desk = Desk::open(storage).await;
    let endpoint = desk.listen_by_settings(true).await;
    let ada = desk.create("Ada").await;
    desk.rename(&ada, "Eve").await;
    desk.send_all().await;
    let first = desk.sink.take().remove(0);
    assert_eq!(desk.deliveries.replay(endpoint, first.id).await, Ok(true));
    assert_eq!(desk.deliveries.replay(endpoint, first.id).await, Ok(false));
    desk.send_all().await;
    let again = desk.sink.take();
    let shown: Vec<_> = again.iter().map(|one| (one.id, &one.body)).collect();
    assert_eq!(shown, [(first.id, &first.body)]);
    let delivery = desk.deliveries.find(endpoint, first.id).await.expect("the delivery");
    assert_eq!((delivery.0.state, delivery.1.len()), (DeliveryState::Delivered, 2));
    let unknown = desk.deliveries.replay(endpoint, an_id()).await;
    assert_eq!(unknown, Err(DeliveriesError::NoSuchDelivery));
    desk.close().await;
}

async fn everything_since_a_time_is_sent_again_in_order(storage: &Storage) {
    let desk = Desk::open(storage).await;
    let endpoint = desk.listen_by_settings(true).await;
    let ada = desk.create("Ada").await;
    desk.send_all().await;
    let late = desk.subscribe(Topic::CustomersCreated).await;
    desk.rename(&ada, "Eve").await;
    desk.send_all().await;
    let before = desk.sink.take();
    let since = desk.clock.now();
    assert_eq!(desk.deliveries.replay_since(endpoint, since).await, Ok(2));
    assert_eq!(desk.deliveries.replay_since(endpoint, since).await, Ok(0), "they wait already");
    desk.send_all().await;
    let after = desk.sink.take();
    let shown = |all: &[crate::delivery::Outgoing]| {
        all.iter().map(|one| (one.id, one.body.clone())).collect::<Vec<_>>()
    };
    assert_eq!(shown(&after), shown(&before));
    assert_eq!(desk.deliveries.replay_since(late, since).await, Ok(1), "it never was");
    desk.send_all().await;
    assert_eq!(desk.bodies(), ["customer_created 1 Ada"]);
    let later = since + Duration::MICROSECOND;
    assert_eq!(desk.deliveries.replay_since(endpoint, later).await, Ok(0));
    let too_old = desk.clock.now() - RETENTION - Duration::MICROSECOND;
    let refused = desk.deliveries.replay_since(endpoint, too_old).await;
    assert_eq!(refused, Err(DeliveriesError::TooOld));
    desk.close().await;
}

async fn a_paused_endpoint_is_left_alone_until_it_is_resumed(storage: &Storage) {
    let desk = Desk::open(storage).await;
    let endpoint = desk.listen_by_settings(true).await;
    assert_eq!(desk.deliveries.pause(endpoint).await, Ok(()));
    desk.create("Ada").await;
    desk.send_all().await;
    assert_eq!(desk.bodies(), Vec::<String>::new());
    let health = desk.deliveries.endpoint(endpoint).await.expect("a state");
    assert_eq!((health.paused_at, health.pending), (Some(desk.clock.now()), 1));
    assert_eq!(health.oldest_pending_at, Some(desk.clock.now()));
    assert_eq!(desk.deliveries.resume(endpoint).await, Ok(()));
    desk.send_all().await;
    assert_eq!(desk.bodies(), ["customer_created 1 Ada"]);
    desk.close().await;
}

async fn a_new_secret_is_shown_once_and_signs_beside_the_old_one(storage: &Storage) {
    let desk = Desk::open(storage).await;
    let endpoint = desk.listen_by_settings(true).await;
    let first = desk.deliveries.rotate_secret(endpoint).await.expect("a secret");
    let second = desk.deliveries.rotate_secret(endpoint).await.expect("a secret");
    assert_ne!(first, second);
    desk.create("Ada").await;
    desk.send_all().await;
    assert_eq!(desk.sink.take()[0].secrets, [second.clone(), first]);
    desk.clock.advance(OVERLAP);
    desk.create("Bob").await;
    desk.send_all().await;
    assert_eq!(desk.sink.take()[0].secrets, [second]);
    desk.close().await;
}

async fn what_is_old_is_forgotten(storage: &Storage) {
    let desk = Desk::open(storage).await;
    let endpoint = desk.listen_by_settings(true).await;
    let ada = desk.create("Ada").await;
    desk.create("Bob").await;
    desk.sink.answer([Sink::status(500)]);
    desk.send_all().await;
    desk.rename(&ada, "Eve").await;
    desk.clock.advance(RETENTION);
    let purge = async || while desk.deliveries.purge().await.expect("purged") > 0 {};
    purge().await;
    assert_eq!(desk.list(endpoint).await.len(), 2);
    desk.clock.advance(Duration::MICROSECOND);
    purge().await;
    assert_eq!(desk.states(endpoint).await, [DeliveryState::Pending]);
    desk.send_all().await;
    assert_eq!(desk.states(endpoint).await, [DeliveryState::Delivered; 2]);
    desk.close().await;
}

async fn who_is_told_of_nothing_is_no_endpoint(storage: &Storage) {
    let desk = Desk::open(storage).await;
    let endpoint = Endpoint { merchant: desk.tenant.merchant, source: Source::Settings };
    let refused = DeliveriesError::NoSuchEndpoint;
    assert_eq!(desk.deliveries.endpoint(endpoint).await, Err(refused.clone()));
    assert_eq!(desk.deliveries.pause(endpoint).await, Err(refused.clone()));
    assert_eq!(desk.deliveries.rotate_secret(endpoint).await, Err(refused.clone()));
    let now = desk.clock.now();
    assert_eq!(desk.deliveries.replay_since(endpoint, now).await, Err(refused));
    desk.close().await;
}
