use time::Duration;

use super::Shop;
use crate::clock::Clock;
use crate::customer::{Customer, CustomerError, Deletion, Holdings, Lookup, UpdateCustomer};
use crate::event::EventKind;
use crate::testing::an_id;

#[tokio::test]
async fn a_softly_deleted_customer_is_found_only_by_whoever_asks_for_the_deleted_too() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test").await;
    shop.clock.advance(Duration::HOUR);
    let deleted = shop.customers.delete(&shop.modest(), ada.id, Deletion::Soft).await;
    assert_eq!(deleted, Ok(ada.clone()));
    assert_eq!(shop.find(&ada).await, Err(CustomerError::NotFound));
    let left = shop.customers.find_even_deleted(shop.merchant, ada.id).await;
    let now = shop.clock.now();
    let expected = Customer {
        version: 2,
        holdings: Holdings::default(),
        updated_at: now,
        deleted_at: Some(now),
        ..ada.clone()
    };
    assert_eq!(left, Ok(expected));
    let lookup = Lookup::Email("ada@example.test".to_owned());
    let found = shop.customers.look_up(shop.merchant, &lookup).await;
    assert_eq!(found, Err(CustomerError::NotFound));
}

#[tokio::test]
async fn an_erased_customer_is_gone_and_the_events_stay_without_the_person() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test").await;
    let erased = shop.customers.delete(&shop.modest(), ada.id, Deletion::Erasure).await;
    assert_eq!(erased, Ok(ada.clone()));
    let left = shop.customers.find_even_deleted(shop.merchant, ada.id).await;
    assert_eq!(left, Err(CustomerError::NotFound));
    let events = shop.customers.events(shop.merchant, ada.id).await.unwrap();
    let last = events.last().unwrap();
    assert_eq!(last.event.kind, EventKind::CustomerDeleted);
    assert_eq!((last.record.id, last.record.level), (ada.id, ada.level));
    assert!(events.iter().all(|told| told.record == told.record.stripped()));
}

#[tokio::test]
async fn whoever_is_deleted_cannot_be_touched_again() {
    let shop = Shop::new().await;
    for deletion in [Deletion::Soft, Deletion::Erasure] {
        let ada = shop.customer("ada@example.test").await;
        shop.customers.delete(&shop.modest(), ada.id, deletion).await.unwrap();
        for again in [Deletion::Soft, Deletion::Erasure] {
            let refused = shop.customers.delete(&shop.modest(), ada.id, again).await;
            assert_eq!(refused, Err(CustomerError::NotFound));
        }
        let touch = UpdateCustomer { touch: true, ..UpdateCustomer::default() };
        assert_eq!(shop.update(&ada, touch).await, Err(CustomerError::NotFound));
        let kinds = shop.history(&ada).await;
        let deletions = kinds.iter().filter(|kind| **kind == EventKind::CustomerDeleted);
        assert_eq!(deletions.count(), 1);
    }
    let nobody = shop.customers.delete(&shop.modest(), an_id(), Deletion::Soft).await;
    assert_eq!(nobody, Err(CustomerError::NotFound));
}

#[tokio::test]
async fn what_a_deleted_customer_held_is_free() {
    let shop = Shop::new().await;
    for deletion in [Deletion::Soft, Deletion::Erasure] {
        let ada = shop.customer("ada@example.test").await;
        assert!(ada.holdings.email);
        shop.customers.delete(&shop.modest(), ada.id, deletion).await.unwrap();
    }
    assert!(shop.customer("ada@example.test").await.holdings.email);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_deletions_exactly_one_succeeds() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test").await;
    let deletions: Vec<_> = (0..16)
        .map(|n| {
            let (customers, origin, id) = (shop.customers.clone(), shop.modest(), ada.id);
            let deletion = if n % 2 == 0 { Deletion::Soft } else { Deletion::Erasure };
            tokio::spawn(async move { customers.delete(&origin, id, deletion).await })
        })
        .collect();
    let mut deleted = 0;
    for deletion in deletions {
        match deletion.await.unwrap() {
            Ok(_) => deleted += 1,
            Err(error) => assert_eq!(error, CustomerError::NotFound),
        }
    }
    assert_eq!(deleted, 1);
}
