//! Figures of a programme's people (contract 4.9).

use domain::invitation::Recipient;
use serde_json::{Value, json};

use super::world::{World, customer_id};

async fn figures(world: &World, path: &str) -> Value {
    let token = world.reporter().await;
    world.get(&format!("/api/SHOP/admin/analytics/{path}")).token(&token).send().await.ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_are_counted_and_those_of_the_last_days_if_asked() {
    let world = World::start().await;
    assert_eq!(figures(&world, "customers").await, json!({"total": 0}));
    world.customer(json!({"email": "ada@shop.example"})).await;
    world.advance(time::Duration::days(3));
    let id = world.customer(json!({"email": "bob@shop.example"})).await;
    assert_eq!(figures(&world, "customers").await, json!({"total": 2}));
    let expected = json!({"total": 2, "intervals": {"in_1_days": 1, "in_7_days": 2}});
    for query in ["intervals=1,7", "intervals[]=7&intervals[]=1"] {
        assert_eq!(figures(&world, &format!("customers?{query}")).await, expected);
    }
    let admin = world.admin().await;
    assert_eq!(world.delete(&format!("/api/customer/{id}")).token(&admin).send().await.status, 204);
    assert_eq!(figures(&world, "customers").await, json!({"total": 1}));
    let path = "/api/admin/analytics/customers?intervals=week";
    world.get(path).token(&admin).send().await.http_error(400, "Bad Request");
}

#[tokio::test(flavor = "multi_thread")]
async fn referrals_are_counted_by_how_far_they_came() {
    let world = World::start().await;
    let none = json!({"total": 0, "totalCompleted": 0, "totalRegistered": 0});
    assert_eq!(figures(&world, "referrals").await, none);
    let referrer = world.customer(json!({"email": "ada@shop.example"})).await;
    let (invitations, merchant) = (&world.services().invitations, world.shop.merchant.id);
    for name in ["bob", "cyd", "dan"] {
        let email = format!("{name}@shop.example");
        let recipient = Recipient::Email(email.as_str().try_into().unwrap());
        invitations.invite(merchant, customer_id(&referrer), recipient).await.unwrap();
    }
    let mut followers = Vec::new();
    let referrer = customer_id(&referrer);
    for name in ["bob", "cyd"] {
        let id = world.customer(json!({"email": format!("{name}@shop.example")})).await;
        let follower = world.record(&id).await;
        let mut session = world.services().storage.session().await.unwrap();
        assert_eq!(session.invitations().accept_from(referrer, &follower).await, Ok(true));
        followers.push(id);
    }
    let registered = json!({"total": 3, "totalCompleted": 0, "totalRegistered": 2});
    assert_eq!(figures(&world, "referrals").await, registered);
    invitations.purchased(merchant, customer_id(&followers[0])).await.unwrap();
    let completed = json!({"total": 3, "totalCompleted": 1, "totalRegistered": 1});
    assert_eq!(figures(&world, "referrals").await, completed);
}
