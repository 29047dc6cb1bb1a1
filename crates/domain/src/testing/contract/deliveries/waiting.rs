//! What becomes of deliveries that do not arrive.

use time::Duration;

use super::desk::Desk;
use crate::clock::Clock as _;
use crate::delivery::{
    ATTEMPTS, DeliveryState, EventName, Fact, Failure, FeedFilter, LONGEST_PAUSE, Outcome, Reply,
};
use crate::event::EventKind;
use crate::storage::Storage;
use crate::testing::Sink;

pub(super) async fn promises(storage: &Storage) {
    tries_again_follow_the_schedule_with_the_same_bytes_until_parked(storage).await;
    an_endpoint_is_left_alone_for_as_long_as_it_asks(storage).await;
    what_is_not_wanted_any_more_is_dropped(storage).await;
    answers_are_kept_for_the_operator_as_far_as_they_can_be_stored(storage).await;
    an_endpoint_that_fails_is_told_of_once_a_day(storage).await;
}

async fn tries_again_follow_the_schedule_with_the_same_bytes_until_parked(storage: &Storage) {
    let desk = Desk::open(storage).await;
    let endpoint = desk.listen_by_settings(true).await;
    let ada = desk.create("Ada").await;
    desk.rename(&ada, "Eve").await;
    desk.sink.answer_always(Reply::Failed(Failure::TimedOut));
    desk.fan_out().await;
    let longest = [5, 60, 300, 1_800, 7_200, 18_000].into_iter().chain([36_000; 8]);
    for (attempt, seconds) in (1..ATTEMPTS).zip(longest) {
        assert_eq!(desk.send().await, 1, "attempt {attempt}");
        desk.clock.advance(Duration::seconds(seconds) * 9 / 10 - Duration::MICROSECOND);
        assert_eq!(desk.send().await, 0, "attempt {attempt}");
        desk.clock.advance(Duration::seconds(seconds) / 5 + Duration::MICROSECOND);
    }
    assert_eq!(desk.send().await, 1);
    let tried = desk.sink.take();
    assert_eq!(tried.len(), ATTEMPTS as usize);
    assert!(tried.iter().all(|one| (one.id, &one.body) == (tried[0].id, &tried[0].body)));
    assert!(tried.windows(2).all(|pair| pair[0].at < pair[1].at));
    assert_eq!(desk.states(endpoint).await, [DeliveryState::Pending, DeliveryState::Parked]);
    desk.sink.answer_always(Sink::status(204));
    desk.send_all().await;
    assert_eq!(desk.bodies(), ["customer_updated 2 Eve"]);
    let health = desk.deliveries.endpoint(endpoint).await.expect("a state");
    assert_eq!((health.pending, health.parked), (0, 1));
    desk.close().await;
}

async fn an_endpoint_is_left_alone_for_as_long_as_it_asks(storage: &Storage) {
    let desk = Desk::open(storage).await;
    desk.listen_by_settings(true).await;
    desk.create("Ada").await;
    let asking = |seconds| Reply::Answered {
        status: 429,
        body: Vec::new(),
        retry_after: Some(std::time::Duration::from_secs(seconds)),
    };
    desk.sink.answer([asking(600), asking(u64::MAX)]);
    desk.send_all().await;
    desk.clock.advance(Duration::seconds(599));
    assert_eq!(desk.send().await, 0);
    desk.clock.advance(Duration::seconds(1));
    assert_eq!(desk.send().await, 1);
    desk.clock.advance(LONGEST_PAUSE);
    assert_eq!(desk.send().await, 1);
    desk.close().await;
}

async fn what_is_not_wanted_any_more_is_dropped(storage: &Storage) {
    let desk = Desk::open(storage).await;
    let endpoint = desk.listen_by_settings(true).await;
    let ada = desk.create("Ada").await;
    desk.rename(&ada, "Eve").await;
    desk.sink.answer([Sink::status(410)]);
    desk.send_all().await;
    assert_eq!(desk.states(endpoint).await, [DeliveryState::Delivered, DeliveryState::Dropped]);
    desk.close().await;
}

async fn answers_are_kept_for_the_operator_as_far_as_they_can_be_stored(storage: &Storage) {
    let desk = Desk::open(storage).await;
    let endpoint = desk.listen_by_settings(true).await;
    desk.create("Ada").await;
    let mut body = b"no\0 \xff".to_vec();
    body.resize(5_000, b'x');
    desk.sink.answer([Reply::Answered { status: 500, body, retry_after: None }]);
    desk.sink.answer([Reply::Failed(Failure::Broken)]);
    desk.send_all().await;
    desk.clock.advance(Duration::seconds(6));
    desk.send_all().await;
    let delivery = desk.list(endpoint).await.remove(0);
    let attempts = desk.attempts(&delivery).await;
    assert_eq!(attempts.iter().map(|one| one.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(attempts[0].at + Duration::seconds(6), attempts[1].at);
    let Outcome::Answered { status: 500, body } = &attempts[0].outcome else {
        panic!("an answer: {attempts:?}");
    };
    assert!(body.starts_with("no\u{fffd} \u{fffd}xxx") && body.ends_with('x'));
    assert_eq!(body.chars().count(), Outcome::SHOWN);
    assert_eq!(attempts[1].outcome, Outcome::Failed(Failure::Broken));
    desk.close().await;
}

async fn an_endpoint_that_fails_is_told_of_once_a_day(storage: &Storage) {
    let desk = Desk::open(storage).await;
    let start = desk.deliveries.end_of_feed().await.expect("a position");
    let endpoint = desk.listen_by_settings(true).await;
    desk.create("Ada").await;
    desk.sink.answer_always(Sink::status(500));
    let since = desk.clock.now();
    desk.send_all().await;
    let failing = async || {
        let all = desk.deliveries.warn().await.expect("an answer");
        all.into_iter()
            .filter(|one| one.endpoint == endpoint)
            .map(|one| one.since)
            .collect::<Vec<_>>()
    };
    let none: [time::OffsetDateTime; 0] = [];
    desk.clock.advance(Duration::hours(23));
    assert_eq!(Vec::from(none), failing().await);
    desk.clock.advance(Duration::hours(1));
    assert_eq!(vec![since], failing().await);
    assert_eq!(Vec::from(none), failing().await);
    desk.send().await;
    desk.clock.advance(Duration::hours(24));
    assert_eq!(vec![since], failing().await);
    let kinds = vec![EventName::named("endpoint_failing").expect("a kind")];
    let filter = FeedFilter { merchant: Some(endpoint.merchant), kinds, customer: None };
    let told = desk.feed_since(start, &filter).await;
    let warned = |fact: &Fact| match fact {
        Fact::Endpoint(warning) => (warning.endpoint, warning.event.kind.clone()),
        fact => panic!("a warning: {fact:?}"),
    };
    let expected = (endpoint, EventKind::EndpointFailing { since });
    assert_eq!(told.iter().map(warned).collect::<Vec<_>>(), [expected.clone(), expected]);
    desk.sink.answer_always(Sink::status(200));
    desk.send_all().await;
    desk.clock.advance(Duration::hours(24));
    assert_eq!(Vec::from(none), failing().await);
    let health = desk.deliveries.endpoint(endpoint).await.expect("a state");
    assert_eq!(health.failing_since, None);
    assert_eq!(health.last_success_at, health.last_attempt_at);
    desk.close().await;
}
