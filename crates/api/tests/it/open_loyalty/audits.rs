//! The audit log (contract 4.9).

use serde_json::{Value, json};

use super::world::World;

/// The log as somebody sees it who may.
async fn log(world: &World, query: &str) -> Value {
    // Looks are written behind the requests that looked.
    world.services().views.flush().await;
    let token = world.reporter().await;
    world.get(&format!("/api/SHOP/audit/log?{query}")).token(&token).send().await.ok()
}

fn types(log: &Value) -> Vec<&str> {
    let logs = log["logs"].as_array().unwrap();
    logs.iter().map(|entry| entry["eventType"].as_str().unwrap()).collect()
}

/// A customer to whom several things happened, an hour apart.
async fn story(world: &World) -> String {
    let id = world.customer(json!({"email": "ada@shop.example", "phone": "+48500600700"})).await;
    let admin = world.admin().await;
    let post = async |path: &str, body: Value| {
        world.advance(time::Duration::HOUR);
        let answer = world.post(&format!("/api/{path}")).token(&admin).json(&body).send().await;
        assert!(answer.status < 300, "{path}: {}", answer.text);
    };
    post(&format!("customer/{id}/pos"), json!({"posId": world.shop.pos.id.to_string()})).await;
    post(&format!("customer/{id}/level"), json!({"levelId": world.shop.gold.id.to_string()})).await;
    world.advance(time::Duration::HOUR);
    let edit =
        json!({"customer": {"firstName": "Augusta", "lastName": "Byron", "agreement1": true}});
    world.put(&format!("/api/customer/{id}")).token(&admin).json(&edit).send().await.ok();
    world.advance(time::Duration::HOUR);
    let agree = json!({"customer": {
        "firstName": "Augusta", "lastName": "Byron", "agreement1": true, "agreement2": true,
    }});
    world.put(&format!("/api/customer/{id}")).token(&admin).json(&agree).send().await.ok();
    post(&format!("admin/customer/{id}/deactivate"), json!({})).await;
    world.advance(time::Duration::HOUR);
    let seller = world.seller().await;
    world.get(&format!("/api/customer/{id}")).token(&seller).send().await.ok();
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_and_looks_are_told_newest_first_in_the_vendors_words() {
    let world = World::start().await;
    let id = story(&world).await;
    let log = log(&world, "").await;
    assert_eq!(
        types(&log),
        [
            "ViewCustomer",
            "DeactivateCustomer",
            "AgreementsUpdated",
            "UpdateCustomerDetails",
            "MoveCustomerToLevel",
            "AssignPosToCustomer",
            "MoveCustomerToLevel",
            "RegisterCustomer",
        ]
    );
    assert_eq!(log["total"], 8);
    let entry = |at: usize| &log["logs"][at];
    let keys: Vec<_> = entry(0).as_object().unwrap().keys().collect();
    let expected =
        ["auditLogId", "createdAt", "eventType", "entityType", "entityId", "username", "data"];
    assert_eq!(keys, expected);
    assert_eq!((&entry(0)["entityType"], &entry(0)["entityId"]), (&json!("customer"), &json!(id)));
    assert_eq!(entry(0)["username"], world.shop.seller.email.as_str());
    assert_eq!(entry(0)["data"], json!({}));
    assert_eq!(entry(1)["username"], world.shop.admin.username.as_str());
    assert_eq!(entry(2)["data"], json!({"agreement2": true}));
    assert_eq!(entry(3)["data"], json!({"firstName": "Augusta", "lastName": "Byron"}));
    assert_eq!(entry(4)["data"], json!([world.shop.gold.id.to_string()]));
    assert_eq!(entry(5)["data"], json!([world.shop.pos.id.to_string()]));
    let registered = &entry(7)["data"];
    assert_eq!(registered["firstName"], "Ada");
    assert_eq!(
        (&registered["email"], &registered["agreement1"]),
        (&json!("ada@shop.example"), &json!(true))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_filtered_and_paged() {
    let world = World::start().await;
    let id = story(&world).await;
    let all = log(&world, "").await;
    let first = &all["logs"][0];
    let (name, seller) = (world.shop.admin.username.as_str(), world.shop.seller.email.as_str());
    let moment = all["logs"][1]["createdAt"].as_str().unwrap().replace('+', "%2B");
    for (query, count) in [
        ("eventType=MoveCustomerToLevel".to_owned(), 2),
        ("eventType=AssignPosToCustomer&entityType=customer".to_owned(), 1),
        ("eventType=Nonsense".to_owned(), 0),
        ("entityType=level".to_owned(), 0),
        (format!("entityId={id}"), 8),
        ("entityId=5d1f0c1e-7a52-4b0f-8a35-6a1d7d3f9b10".to_owned(), 0),
        ("entityId=x".to_owned(), 0),
        (format!("auditLogId={}", first["auditLogId"]["auditLogId"].as_str().unwrap()), 1),
        (format!("username={name}"), 7),
        (format!("username={}&eventType=ViewCustomer", seller.to_uppercase()), 1),
        ("username=%3Cnotlogged%3E".to_owned(), 0),
        (format!("createdAtFrom={moment}"), 2),
        (format!("createdAtTo={moment}"), 7),
        ("createdAtFrom=2000-01-01&createdAtTo=2000-01-02".to_owned(), 0),
    ] {
        let found = log(&world, &query).await;
        assert_eq!((types(&found).len(), &found["total"]), (count, &json!(count)), "{query}");
    }
    let part = log(&world, "page=2&perPage=3").await;
    assert_eq!(part["total"], 8);
    assert_eq!(part["logs"].as_array().unwrap()[..], all["logs"].as_array().unwrap()[3..6]);
    assert_eq!(log(&world, "page=99999999999").await["logs"], json!([]));
    let token = world.reporter().await;
    for query in ["createdAtFrom=never", "createdAtTo=2019-02-31", "username[]=x"] {
        let path = format!("/api/audit/log?{query}");
        world.get(&path).token(&token).send().await.http_error(400, "Bad Request");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_whoever_is_anonymized_the_log_keeps_what_happened_and_no_data() {
    let world = World::start().await;
    let id = story(&world).await;
    let admin = world.admin().await;
    let path = format!("/api/admin/customer/{id}/anonymize");
    assert_eq!(world.post(&path).token(&admin).send().await.status, 204);
    let log = log(&world, &format!("entityId={id}&perPage=-1")).await;
    assert_eq!(log["total"], 9);
    assert!(types(&log).contains(&"AnonymizeCustomer"));
    let text = log.to_string();
    for word in ["Augusta", "Byron", "ada@", "500600700"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_store_sees_another_ones_log() {
    let world = World::start().await;
    story(&world).await;
    let other = world.other.admin.username.as_str();
    let token = world.log_in("/api/admin/login_check", other).await;
    let theirs = world.get("/api/OTHER/audit/log").token(&token).send().await.ok();
    assert_eq!(theirs, json!({"logs": [], "total": 0}));
}
