use time::Duration;
use time::macros::datetime;

use super::{DEMANDING, Shop, card, email, phone};
use crate::access::Actor;
use crate::clock::Clock;
use crate::customer::{
    Activation, CreateCustomer, Criterion, CustomerError, CustomerQuery, Holdings, Identifier,
    LevelAssignment, Origin, Sort, SortKey, StartLevel, Status, UpdateCustomer,
};
use crate::event::{EventKind, LevelCause};
use crate::level::{Ladder, Level};
use crate::page::{PageRequest, Total};
use crate::seller::Seller;
use crate::testing::{a_level, a_point_of_sale, a_seller, an_id, create_customer};

#[tokio::test]
async fn a_new_customer_is_active_numbered_and_announced() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test").await;
    assert_eq!((i64::from(ada.number), ada.version, ada.status), (1, 1, Status::Active));
    assert_eq!((ada.created_at, ada.updated_at), (shop.clock.now(), shop.clock.now()));
    assert_eq!(ada.holdings, Holdings { email: true, ..Holdings::default() });
    assert_eq!(shop.find(&ada).await, Ok(ada.clone()));
    assert_eq!(shop.history(&ada).await[0], EventKind::CustomerCreated);
}

#[tokio::test]
async fn whoever_is_to_be_activated_later_starts_as_new() {
    let shop = Shop::new().await;
    let pending =
        CreateCustomer { activation: Activation::Pending, ..create_customer("a@example.test") };
    assert_eq!(shop.create(pending).await.unwrap().status, Status::New);
}

#[tokio::test]
async fn a_creation_may_be_said_to_have_been_earlier() {
    let shop = Shop::new().await;
    let moment = datetime!(2020-01-01 00:00:00 UTC);
    let earlier = CreateCustomer { created_at: Some(moment), ..create_customer("a@example.test") };
    let stored = shop.create(earlier).await.unwrap();
    assert_eq!((stored.created_at, stored.updated_at), (moment, shop.clock.now()));
}

#[tokio::test]
async fn a_new_customer_starts_on_the_lowest_level() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test").await;
    let start = shop.ladder.start().unwrap().id;
    assert_eq!(ada.level, Some(LevelAssignment { level: start, manual: false }));
    let moved = EventKind::LevelChanged {
        from: None,
        to: Some(start),
        cause: LevelCause::Automatic,
        direction: None,
    };
    assert_eq!(shop.history(&ada).await, [EventKind::CustomerCreated, moved]);
}

#[tokio::test]
async fn without_levels_a_customer_has_none_unless_one_is_required() {
    let mut shop = Shop::new().await;
    shop.ladder = Ladder::default();
    let bare = shop.customer("ada@example.test").await;
    assert_eq!(bare.level, None);
    assert_eq!(shop.history(&bare).await, [EventKind::CustomerCreated]);
    let insisting =
        CreateCustomer { start_level: StartLevel::Required, ..create_customer("eve@example.test") };
    assert_eq!(shop.create(insisting).await, Err(CustomerError::NoStartLevel));
    assert_eq!(shop.customers.count(shop.merchant, &[]).await, Ok(1));
}

#[tokio::test]
async fn a_taken_identifier_is_told_before_a_missing_level() {
    let mut shop = Shop::new().await;
    let taken = CreateCustomer { phone: Some(phone("1")), ..create_customer("ada@example.test") };
    shop.create(taken.clone()).await.unwrap();
    shop.ladder = Ladder::default();
    let late = CreateCustomer { start_level: StartLevel::Required, ..taken };
    assert_eq!(shop.create(late).await, Err(CustomerError::Taken(vec![Identifier::Email])));
}

#[tokio::test]
async fn a_level_by_hand_must_be_active() {
    let mut shop = Shop::new().await;
    let retired = Level { merchant: shop.merchant, active: false, ..a_level(50, 20) };
    let silver = shop.ladder.iter().last().unwrap().clone();
    shop.ladder = Ladder::new(vec![retired.clone(), silver.clone()]);
    let on = |level| CreateCustomer {
        start_level: StartLevel::Manual(level),
        ..create_customer("ada@example.test")
    };
    assert_eq!(shop.create(on(an_id())).await, Err(CustomerError::UnknownLevel));
    assert_eq!(shop.create(on(retired.id)).await, Err(CustomerError::UnknownLevel));
    let ada = shop.create(on(silver.id)).await.unwrap();
    assert_eq!(ada.level, Some(LevelAssignment { level: silver.id, manual: true }));
    let to = Some(silver.id);
    let moved =
        EventKind::LevelChanged { from: None, to, cause: LevelCause::Manual, direction: None };
    assert_eq!(shop.history(&ada).await[1], moved);
}

#[tokio::test]
async fn a_customer_of_a_till_belongs_to_its_seller_and_point_of_sale() {
    let shop = Shop::new().await;
    let [own, other] = [a_point_of_sale(shop.merchant), a_point_of_sale(shop.merchant)];
    let seller = Seller { pos: Some(own.id), ..a_seller(shop.merchant, "tove@example.test") };
    let mut session = shop.storage.session().await.unwrap();
    session.points_of_sale().insert(&own).await.unwrap();
    session.points_of_sale().insert(&other).await.unwrap();
    session.sellers().insert(&seller).await.unwrap();
    let origin = Origin { actor: Actor::Seller(seller.id), ..shop.demanding() };
    for (chosen, expected) in [(None, own.id), (Some(other.id), other.id)] {
        let command = CreateCustomer { pos: chosen, ..CreateCustomer::default() };
        let stored = shop.customers.create(&origin, &shop.ladder, command).await.unwrap();
        assert_eq!((stored.seller, stored.pos), (Some(seller.id), Some(expected)));
    }
}

#[tokio::test]
async fn nobody_can_belong_to_what_does_not_exist() {
    let shop = Shop::new().await;
    let removed = Seller {
        deleted_at: Some(datetime!(2026-01-01 00:00:00 UTC)),
        ..a_seller(shop.merchant, "gone@example.test")
    };
    let elsewhere = a_seller(an_id(), "tove@example.test");
    let mut session = shop.storage.session().await.unwrap();
    for seller in [&removed, &elsewhere] {
        session.sellers().insert(seller).await.unwrap();
    }
    for id in [an_id(), removed.id, elsewhere.id] {
        let of_seller = CreateCustomer { seller: Some(id), ..CreateCustomer::default() };
        assert_eq!(shop.create(of_seller).await, Err(CustomerError::UnknownSeller));
    }
    let of_till = CreateCustomer { pos: Some(an_id()), ..CreateCustomer::default() };
    assert_eq!(shop.create(of_till).await, Err(CustomerError::UnknownPointOfSale));
    assert_eq!(shop.customers.count(shop.merchant, &[]).await, Ok(0));
}

#[tokio::test]
async fn whoever_does_not_insist_carries_what_is_taken() {
    let shop = Shop::new().await;
    let all = CreateCustomer {
        loyalty_card: Some(card("c1")),
        phone: Some(phone("1")),
        mobile: Some(phone("2")),
        ..create_customer("ada@example.test")
    };
    shop.create(all.clone()).await.unwrap();
    let refused = shop.create(all.clone()).await;
    assert_eq!(refused, Err(CustomerError::Taken(vec![Identifier::Email])));
    let carrier = shop.customers.create(&shop.modest(), &shop.ladder, all).await.unwrap();
    assert_eq!(carrier.holdings, Holdings::default());
    assert_eq!(carrier.email, Some(email("ada@example.test")));
}

#[tokio::test]
async fn every_creation_of_a_batch_is_judged_for_itself() {
    let shop = Shop::new().await;
    let mut commands = vec![
        create_customer("a@example.test"),
        create_customer("b@example.test"),
        create_customer("A@example.test"),
        create_customer("c@example.test"),
    ];
    commands[1].start_level = StartLevel::Manual(an_id());
    let results = shop.customers.create_many(&shop.demanding(), &shop.ladder, commands).await;
    let [first, second, third, fourth] = results.unwrap().try_into().unwrap();
    assert_eq!(second, Err(CustomerError::UnknownLevel));
    assert_eq!(third, Err(CustomerError::Taken(vec![Identifier::Email])));
    for stored in [first.unwrap(), fourth.unwrap()] {
        assert!(stored.holdings.email);
        assert_eq!(shop.history(&stored).await.len(), 2);
        assert_eq!(shop.find(&stored).await, Ok(stored));
    }
    assert_eq!(shop.customers.count(shop.merchant, &[]).await, Ok(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_registrations_of_one_address_exactly_one_succeeds() {
    let shop = Shop::new().await;
    let origin = Origin { demands: DEMANDING, ..shop.modest() };
    let registrations: Vec<_> = (0..32)
        .map(|_| {
            let (customers, ladder) = (shop.customers.clone(), shop.ladder.clone());
            let command = create_customer("ada@example.test");
            tokio::spawn(async move { customers.create(&origin, &ladder, command).await })
        })
        .collect();
    let mut stored = 0;
    for registration in registrations {
        match registration.await.unwrap() {
            Ok(_) => stored += 1,
            Err(error) => assert_eq!(error, CustomerError::Taken(vec![Identifier::Email])),
        }
    }
    assert_eq!(stored, 1);
}

#[tokio::test]
async fn a_page_tells_the_size_of_the_whole() {
    let shop = Shop::new().await;
    let mut ids = Vec::new();
    for n in 0..5 {
        ids.push(shop.customer(&format!("{n}@example.test")).await.id);
        shop.clock.advance(Duration::SECOND);
    }
    let sort = Sort { key: SortKey::CreatedAt, descending: false };
    for (offset, expected) in [(0, &ids[..2]), (4, &ids[4..]), (9, &[][..])] {
        let page = PageRequest { offset, limit: Some(2) };
        let query = CustomerQuery { criteria: Vec::<Criterion>::new(), sort, page };
        let page = shop.customers.page(shop.merchant, &query).await.unwrap();
        let listed: Vec<_> = page.items.iter().map(|customer| customer.id).collect();
        assert_eq!((page.total, &listed[..]), (Total::Exact(5), expected));
    }
}

#[tokio::test]
async fn another_merchant_finds_nobody() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test").await;
    let stranger = an_id();
    let not_found = Err(CustomerError::NotFound);
    assert_eq!(shop.customers.find(stranger, ada.id).await, not_found);
    assert_eq!(shop.customers.find_even_deleted(stranger, ada.id).await, not_found);
    let origin = Origin { merchant: stranger, ..shop.modest() };
    let update = UpdateCustomer { touch: true, ..UpdateCustomer::default() };
    assert_eq!(shop.customers.update(&origin, &shop.ladder, ada.id, update).await, not_found);
}
