//! What a request costs in trips to the database.

use serde_json::json;

use super::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_known_caller_costs_no_trip_of_its_own() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program
        .customer(&json!({"first_name": "A", "email": "a@x", "mobile": "2", "reference_id": "r"}))
        .await;
    let bearer = format!("Authorization: Bearer {}", program.access_token().await);
    let me = program.path(".json");
    for line in [program.basic.as_str(), &bearer] {
        assert_eq!(world.ask("GET", &me, &[line], b"").await.status, 200);
    }
    for (rest, trips) in [
        (".json".to_owned(), 0),
        (format!("/customers/{id}.json"), 1),
        ("/customers.json".to_owned(), 1),
        ("/customers.json?start=0".to_owned(), 1),
        ("/customers.json?reference_id=r".to_owned(), 1),
        ("/customers.json?reference_id=".to_owned(), 0),
        ("/customers.json?email=a%40x".to_owned(), 1),
        ("/customers.json?mobile=2".to_owned(), 1),
        ("/customers.json?mobile=none".to_owned(), 0),
        ("/customers/abc.json".to_owned(), 0),
    ] {
        for line in [program.basic.as_str(), &bearer] {
            let before = world.asked();
            let status = world.ask("GET", &program.path(&rest), &[line], b"").await.status;
            assert!(status < 500, "{rest}");
            assert_eq!(world.asked() - before, trips, "{rest}");
        }
    }
}
