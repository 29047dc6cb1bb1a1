//! The feed of all events.

use time::Duration;

use super::desk::{Desk, RETENTION};
use crate::delivery::{DeliveriesError, EventName, FeedFilter, FeedPosition};
use crate::storage::Storage;

pub(super) async fn promises(storage: &Storage) {
    the_feed_tells_everything_once_and_in_order(storage).await;
    filters_move_on_over_what_they_leave_out(storage).await;
    who_stayed_away_for_too_long_is_told_so(storage).await;
}

async fn the_feed_tells_everything_once_and_in_order(storage: &Storage) {
    let desk = Desk::open(storage).await;
    let start = desk.deliveries.end_of_feed().await.expect("a position");
    let ada = desk.create("Ada").await;
    let bob = desk.create("Bob").await;
    desk.rename(&ada, "Eve").await;
    let mut at = start;
    let mut told = Vec::new();
    while told.len() < 3 {
        let page = desk.deliveries.feed(Some(at), &FeedFilter::default(), 2).await;
        let page = page.expect("a page");
        assert!(page.events.windows(2).all(|pair| pair[0].position < pair[1].position));
        assert!(page.events.iter().all(|one| at < one.position && one.position <= page.next));
        told.extend(
            page.events.iter().map(|one| (one.fact.subject().id(), one.position.place.version)),
        );
        at = page.next.to_string().parse().expect("a position that survives as text");
    }
    assert_eq!(told, [(ada.id.into(), 1), (bob.id.into(), 1), (ada.id.into(), 2)]);
    let end = desk.deliveries.feed(Some(at), &FeedFilter::default(), 2).await.expect("a page");
    assert_eq!((end.events.len(), end.next, end.has_more), (0, at, false));
    desk.close().await;
}

async fn filters_move_on_over_what_they_leave_out(storage: &Storage) {
    let desk = Desk::open(storage).await;
    let start = desk.deliveries.end_of_feed().await.expect("a position");
    let ada = desk.create("Ada").await;
    let bob = desk.create("Bob").await;
    desk.rename(&bob, "Eve").await;
    desk.fan_out().await;
    let merchant = Some(desk.tenant.merchant);
    let kinds = vec![EventName::named("customer_updated").expect("a kind")];
    for (filter, count) in [
        (FeedFilter { merchant, ..FeedFilter::default() }, 3),
        (FeedFilter { merchant, kinds, customer: None }, 1),
        (FeedFilter { customer: Some(ada.id), ..FeedFilter::default() }, 1),
        (FeedFilter { merchant: Some(crate::testing::an_id()), ..FeedFilter::default() }, 0),
    ] {
        assert_eq!(desk.feed_since(start, &filter).await.len(), count, "{filter:?}");
    }
    desk.close().await;
}

async fn who_stayed_away_for_too_long_is_told_so(storage: &Storage) {
    let desk = Desk::open(storage).await;
    let start = desk.deliveries.end_of_feed().await.expect("a position");
    desk.create("Ada").await;
    desk.fan_out().await;
    let of = |after: Option<FeedPosition>| {
        let filter = FeedFilter { merchant: Some(desk.tenant.merchant), ..FeedFilter::default() };
        let deliveries = desk.deliveries.clone();
        async move { deliveries.feed(after, &filter, 9).await.map(|page| page.events.len()) }
    };
    desk.clock.advance(RETENTION);
    assert_eq!(of(Some(start)).await, Ok(1));
    assert_eq!(of(None).await, Ok(1));
    desk.clock.advance(Duration::MICROSECOND);
    assert_eq!(of(Some(start)).await, Err(DeliveriesError::TooOld));
    assert_eq!(of(None).await, Ok(0));
    let elsewhere = FeedPosition::before(i64::MAX.cast_unsigned());
    assert_eq!(of(Some(elsewhere)).await, Err(DeliveriesError::TooOld));
    desk.close().await;
}
