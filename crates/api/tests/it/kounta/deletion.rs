//! Customers that go (contract 2.9).

use domain::customer::Lookup;
use domain::event::EventKind;
use serde_json::json;

use super::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_customer_is_gone_from_everywhere() {
    let world = World::start().await;
    let program = world.company().await;
    let body = json!({
        "first_name": "Ayla", "last_name": "N", "email": "a@x", "phone": "1", "mobile": "2",
        "reference_id": "r"
    });
    let id = program.customer(&body).await;
    let merchant = program.merchant.id;
    let number = Lookup::Number(id.try_into().unwrap());
    let before = world.customers.look_up(merchant, &number).await.unwrap();
    let path = format!("/customers/{id}.json");
    let answer = program.send("DELETE", &path, &[], "").await;
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    assert_eq!(answer.header("content-type"), None);
    program.get(&path).await.customer_not_found();
    program.send("DELETE", &path, &[], "").await.customer_not_found();
    program.put(id, &json!({"phone": "3"})).await.customer_not_found();
    assert!(program.get("/customers.json").await.ids().is_empty());
    assert!(program.get("/customers.json?reference_id=r").await.ids().is_empty());
    for query in ["email=a%40x", "mobile=2", "first_name=Ayla&last_name=N&phone=1"] {
        program.get(&format!("/customers.json?{query}")).await.customer_not_found();
    }
    let events = world.customers.events(merchant, before.id).await.unwrap();
    let last = events.last().unwrap();
    assert_eq!(last.event.kind, EventKind::CustomerDeleted);
    assert_eq!(last.record.name, before.name, "the event has the customer as it was");
    assert_ne!(program.customer(&body).await, id, "its number is never given again");
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_can_be_switched_off() {
    let settings = "basic_requests_per_minute = 0\nallow_delete = false";
    let world = World::with(settings).await;
    let program = world.company().await;
    let id = program.customer(&json!({"first_name": "A", "phone": "1"})).await;
    let path = format!("/customers/{id}.json");
    let answer = program.send("DELETE", &path, &[], "").await;
    answer.refused(405, "Method Not Allowed", "The method is not allowed on this resource");
    assert_eq!(answer.header("allow"), Some("GET, HEAD, PUT, OPTIONS"));
    assert_eq!(program.get(&path).await.status, 200);
}
