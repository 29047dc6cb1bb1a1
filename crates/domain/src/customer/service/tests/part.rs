use time::Duration;

use super::{Shop, line};
use crate::clock::Clock;
use crate::customer::{
    Attribute, Changes, Customer, CustomerError, Deletion, MOST_PUSH_TOKENS, PushTokenError, Status,
};
use crate::event::EventKind;
use crate::testing::{a_change, a_point_of_sale, an_id};

fn updated(attribute: Attribute) -> EventKind {
    EventKind::CustomerUpdated(Changes::from_iter([attribute]))
}

impl Shop {
    async fn push_tokens(&self, customer: &Customer) -> Vec<String> {
        let tokens = self.customers.push_tokens(self.merchant, customer.id).await.unwrap();
        tokens.iter().map(ToString::to_string).collect()
    }

    async fn add_device(&self, customer: &Customer, token: &str) -> Result<(), PushTokenError> {
        self.customers.add_push_token(&self.modest(), customer.id, line(token)).await
    }
}

#[tokio::test]
async fn a_point_of_sale_is_assigned_and_announced() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test").await;
    let pos = a_point_of_sale(shop.merchant);
    shop.storage.session().await.unwrap().points_of_sale().insert(&pos).await.unwrap();
    shop.clock.advance(Duration::HOUR);
    let assign = async |pos| shop.customers.assign_point_of_sale(&shop.modest(), ada.id, pos).await;
    let after = assign(pos.id).await.unwrap();
    assert_eq!((after.pos, after.updated_at), (Some(pos.id), shop.clock.now()));
    assert_eq!(shop.history(&ada).await.last(), Some(&updated(Attribute::PointOfSale)));
    assert_eq!(shop.find(&ada).await, Ok(after));
}

#[tokio::test]
async fn a_point_of_sale_that_nobody_knows_is_assigned_all_the_same() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test").await;
    let unknown = an_id();
    let origin = shop.modest();
    let after = shop.customers.assign_point_of_sale(&origin, ada.id, unknown).await.unwrap();
    assert_eq!(after.pos, Some(unknown));
}

#[tokio::test]
async fn the_current_point_of_sale_again_is_no_change() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test").await;
    let pos = an_id();
    let origin = shop.modest();
    let after = shop.customers.assign_point_of_sale(&origin, ada.id, pos).await.unwrap();
    shop.clock.advance(Duration::HOUR);
    let again = shop.customers.assign_point_of_sale(&origin, ada.id, pos).await.unwrap();
    assert_eq!(again, after);
}

#[tokio::test]
async fn devices_stay_in_the_order_in_which_they_came() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test").await;
    assert_eq!(shop.push_tokens(&ada).await, [""; 0]);
    for token in ["second", "first", "second", "third"] {
        shop.add_device(&ada, token).await.unwrap();
    }
    assert_eq!(shop.push_tokens(&ada).await, ["second", "first", "third"]);
    let remove =
        async |token| shop.customers.remove_push_token(&shop.modest(), ada.id, token).await;
    remove("first").await.unwrap();
    remove("first").await.unwrap();
    assert_eq!(shop.push_tokens(&ada).await, ["second", "third"]);
    assert_eq!(shop.find(&ada).await.unwrap().version, 5);
}

#[tokio::test]
async fn devices_are_announced_and_leave_the_time_of_the_last_change_alone() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test").await;
    shop.clock.advance(Duration::HOUR);
    shop.add_device(&ada, "t1").await.unwrap();
    assert_eq!(shop.find(&ada).await.unwrap().updated_at, ada.updated_at);
    assert_eq!(shop.history(&ada).await.last(), Some(&updated(Attribute::PushTokens)));
}

#[tokio::test]
async fn a_customer_has_so_many_devices_and_not_one_more() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test").await;
    for number in 0..MOST_PUSH_TOKENS {
        shop.add_device(&ada, &format!("t{number}")).await.unwrap();
    }
    assert_eq!(shop.add_device(&ada, "late").await, Err(PushTokenError::TooMany));
    assert_eq!(shop.add_device(&ada, "t7").await, Ok(()));
    assert_eq!(shop.push_tokens(&ada).await.len(), MOST_PUSH_TOKENS);
}

#[tokio::test]
async fn who_is_gone_or_no_person_any_more_is_not_found() {
    let shop = Shop::new().await;
    let [gone, stripped] =
        [shop.customer("gone@example.test").await, shop.customer("stripped@example.test").await];
    let origin = shop.modest();
    shop.customers.delete(&origin, gone.id, Deletion::Soft).await.unwrap();
    let after = Customer { status: Status::Anonymized, ..stripped.clone() };
    let write = a_change(&stripped, after, origin.demands);
    shop.storage.session().await.unwrap().customers().update(&write).await.unwrap();
    for id in [gone.id, stripped.id, an_id()] {
        let customers = &shop.customers;
        let missing = CustomerError::NotFound;
        let assigned = customers.assign_point_of_sale(&origin, id, an_id()).await;
        assert_eq!(assigned, Err(missing.clone()));
        let added = customers.add_push_token(&origin, id, line("t")).await;
        assert_eq!(added, Err(PushTokenError::Customer(missing.clone())));
        let removed = customers.remove_push_token(&origin, id, "t").await;
        assert_eq!(removed, Err(missing.clone()));
        assert_eq!(customers.push_tokens(shop.merchant, id).await, Err(missing));
    }
}
