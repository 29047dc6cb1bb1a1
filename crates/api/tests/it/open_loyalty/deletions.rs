//! Removing a customer for good (contract E36).

use domain::event::EventKind;
use serde_json::json;

use super::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_customer_is_nowhere_and_its_identifiers_are_free() {
    let world = World::start().await;
    let fields =
        json!({"email": "ada@shop.example", "phone": "123123123", "loyaltyCardNumber": "C-1"});
    let id = world.customer(fields.clone()).await;
    let token = world.admin().await;
    let path = format!("/api/customer/{id}");
    let answer = world.delete(&path).token(&token).send().await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    for path in [path.as_str(), "/api/customer/C-1"] {
        world.get(path).token(&token).send().await.http_error(404, "Not Found");
        world.put(path).token(&token).send().await.http_error(404, "Not Found");
        world.delete(path).token(&token).send().await.http_error(404, "Not Found");
    }
    let list = world.get("/api/customer").token(&token).send().await.ok();
    assert_eq!(list, json!({"customers": [], "total": 0}));
    let check = world.get("/api/customer/check?emailOrPhone=ada@shop.example").send().await;
    assert_eq!(check.ok(), json!({"total": 0}));
    assert_ne!(world.customer(fields).await, id);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_is_announced_with_who_did_it() {
    let world = World::start().await;
    let id = world.customer(json!({"email": "ada@shop.example"})).await;
    let token = world.admin().await;
    world.delete(&format!("/api/SHOP/customer/{id}")).token(&token).send().await;
    let events = world.events(&id).await;
    let last = &events.last().unwrap().event;
    assert_eq!(last.kind, EventKind::CustomerDeleted);
    assert_eq!(last.actor, domain::access::Actor::Admin(world.shop.admin.id));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_number_means_the_customer_too() {
    let world = World::start().await;
    let id =
        world.customer(json!({"email": "ada@shop.example", "loyaltyCardNumber": "A/b 1"})).await;
    let token = world.admin().await;
    let answer = world.delete("/api/customer/a%2FB%201").token(&token).send().await;
    assert_eq!(answer.status, 204);
    let path = format!("/api/customer/{id}");
    world.get(&path).token(&token).send().await.http_error(404, "Not Found");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_admins_who_may_change_customers_remove_them() {
    let world = World::start().await;
    let id = world.customer(json!({"email": "ada@shop.example"})).await;
    let path = format!("/api/customer/{id}");
    for token in [world.reporter().await, world.seller().await, world.participant(&id).await] {
        world.delete(&path).token(&token).send().await.http_error(403, "Forbidden");
    }
    world.details(&id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_of_a_removed_customer_is_refused_at_once() {
    let world = World::start().await;
    let id = world.customer(json!({"email": "ada@shop.example"})).await;
    let (own, admin) = (world.participant(&id).await, world.admin().await);
    let path = format!("/api/customer/{id}");
    world.get(&path).token(&own).send().await.ok();
    assert_eq!(world.delete(&path).token(&admin).send().await.status, 204);
    let answer = world.get(&path).token(&own).send().await;
    answer.refused(401, r#"{"code":401,"message":""}"#);
}
