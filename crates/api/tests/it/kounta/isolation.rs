//! Companies do not see each other's customers.

use serde_json::json;

use super::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn another_companys_customer_does_not_exist() {
    let world = World::start().await;
    let (ours, theirs) = (world.company().await, world.company().await);
    let body = json!({
        "first_name": "Ayla", "last_name": "N", "email": "a@x", "phone": "1", "mobile": "2",
        "reference_id": "r"
    });
    let foreign = theirs.customer(&body).await;
    let path = format!("/customers/{foreign}.json");
    for rest in [
        path.as_str(),
        "/customers.json?email=a%40x",
        "/customers.json?mobile=2",
        "/customers.json?first_name=Ayla&last_name=N&phone=1",
    ] {
        ours.get(rest).await.customer_not_found();
    }
    ours.put(foreign, &json!({"phone": "9"})).await.customer_not_found();
    ours.send("DELETE", &path, &[], "").await.customer_not_found();
    assert!(ours.get("/customers.json").await.ids().is_empty());
    assert!(ours.get("/customers.json?reference_id=r").await.ids().is_empty());
    let before = theirs.shown(foreign).await;
    let own = ours.customer(&body).await;
    assert_eq!(theirs.shown(foreign).await, before);
    for (program, id) in [(&ours, own), (&theirs, foreign)] {
        for query in ["email=a%40x", "mobile=2", "first_name=Ayla&last_name=N&phone=1"] {
            let found = program.get(&format!("/customers.json?{query}")).await;
            assert_eq!(found.redirect(), program.link(&format!("/customers/{id}.json")));
        }
        assert_eq!(program.get("/customers.json?reference_id=r").await.ids(), [id]);
        assert_eq!(program.get(&format!("/customers.json?start={}", id - 1)).await.ids(), [id]);
    }
}
