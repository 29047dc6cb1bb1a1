//! What is remembered, so that a request costs no trip to the database for it.

use serde_json::json;

use super::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_known_caller_is_not_looked_up_again() {
    let world = World::start().await;
    let (program, newcomer) = (world.company().await, world.company().await);
    let bearer = format!("Authorization: Bearer {}", program.access_token().await);
    let id = program.customer(&json!({"first_name": "A", "phone": "1"})).await;
    let target = program.path(&format!("/customers/{id}.json"));
    let ask = async |line: &str| world.ask("GET", &target, &[line], b"").await.status;
    assert_eq!(ask(&bearer).await, 200);
    for table in ["merchants", "applications", "tokens", "levels"] {
        world.server.database.execute(&format!("ALTER TABLE {table} RENAME TO away_{table}")).await;
    }
    assert_eq!((ask(&program.basic).await, ask(&bearer).await), (200, 200));
    assert_eq!(program.customer(&json!({"first_name": "B", "phone": "2"})).await, id + 1);
    assert_eq!(newcomer.get(".json").await.status, 500, "the tables are gone indeed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_can_have_is_not_looked_for() {
    let world = World::start().await;
    let program = world.company().await;
    assert_eq!(program.get(".json").await.status, 200);
    for table in ["customers", "customer_counts"] {
        world.server.database.execute(&format!("ALTER TABLE {table} RENAME TO away_{table}")).await;
    }
    for (rest, status) in [
        (".json", 200),
        ("/customers/abc.json", 404),
        ("/customers.json?reference_id=", 200),
        ("/customers.json?email=", 404),
        ("/customers.json?mobile=none", 404),
        ("/customers.json?phone=1", 400),
    ] {
        assert_eq!(program.get(rest).await.status, status, "{rest}");
    }
    assert_eq!(program.get("/customers.json").await.status, 500, "the table is gone indeed");
}
