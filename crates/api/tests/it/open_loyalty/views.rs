//! Looks at customers are noted for the audit (contract E11).

use domain::access::Actor;
use domain::audit::View;
use serde_json::json;

use super::world::{World, customer_id};

async fn views(world: &World, id: &str) -> Vec<View> {
    let mut session = world.services().storage.session().await.unwrap();
    session.audit().views(world.shop.merchant.id, customer_id(id)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_who_looks_at_a_customer_is_noted() {
    let world = World::start().await;
    let id = world.customer(json!({"email": "ada@shop.example", "loyaltyCardNumber": "C-1"})).await;
    let path = format!("/api/customer/{id}");
    let lookers = [
        (world.admin().await, Actor::Admin(world.shop.admin.id)),
        (world.seller().await, Actor::Seller(world.shop.seller.id)),
        (world.participant(&id).await, Actor::Customer(customer_id(&id))),
    ];
    for (token, _) in &lookers {
        world.get(&path).token(token).send().await.ok();
        world.advance(time::Duration::MINUTE);
    }
    world.get("/api/customer/C-1").token(&lookers[0].0).send().await.ok();
    world.services().views.flush().await;
    let noted: Vec<_> = views(&world, &id).await.into_iter().map(|view| view.actor).collect();
    let expected = [lookers[0].1, lookers[1].1, lookers[2].1, lookers[0].1];
    assert_eq!(noted, expected);
    assert_eq!(views(&world, &id).await[3].at, world.now());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_is_stored_without_anybody_asking() {
    let world = World::start().await;
    let id = world.customer(json!({"email": "ada@shop.example"})).await;
    world.details(&id).await;
    while views(&world, &id).await.is_empty() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_saw_nothing_is_not_noted() {
    let world = World::start().await;
    let one = world.customer(json!({"email": "one@shop.example"})).await;
    let two = world.customer(json!({"email": "two@shop.example"})).await;
    let token = world.participant(&two).await;
    let path = format!("/api/customer/{one}");
    world.get(&path).token(&token).send().await.http_error(403, "Forbidden");
    world.get(&path).send().await;
    let admin = world.admin().await;
    world.get("/api/customer").token(&admin).send().await.ok();
    world.services().views.flush().await;
    assert_eq!(views(&world, &one).await, []);
}
