//! Routes and verbs (MO 1.6 and 2).

use serde_json::json;

use super::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_path_below_the_prefixes_that_is_no_route_is_not_found() {
    let world = World::start().await;
    for target in [
        "/v2/customers/",
        "/v2/customers/a/b",
        "/v2/customers/a/payment-methods/1",
        "/v2/merchants/customers",
        "/v2/merchants/customers/",
        "/v2/merchants/customers/a/b",
        "/v2/payment-methods/1",
        "/v2/oauth/token",
        "/v2",
        "/v2/payment/new",
        "/v2//customers",
        "/v2/Customers",
    ] {
        for method in ["GET", "POST", "DELETE"] {
            world.ask(method, target, &[], b"").await.refused(404, "Not found");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verb_that_a_route_does_not_know_is_refused_with_those_it_does() {
    let world = World::start().await;
    for (target, allowed) in [
        ("/v2/customers", "GET, HEAD, POST"),
        ("/v2/customers/a", "GET, HEAD, POST, DELETE"),
        ("/v2/customers/a/payment-methods", "GET, HEAD"),
        ("/v2/merchants/customers/a", "GET, HEAD"),
        ("/v2/payment-methods", "GET, HEAD"),
        ("/v2/oauth", "POST"),
    ] {
        for method in ["GET", "POST", "DELETE", "PUT", "PATCH", "OPTIONS", "TRACE", "FOO"] {
            if allowed.split(", ").any(|known| known == method) {
                continue;
            }
            let lines = ["X-HTTP-Method-Override: GET".to_owned()];
            let answer = world.ask(method, target, &lines, b"").await;
            answer.refused(405, "Method not allowed");
            assert_eq!(answer.header("allow"), Some(allowed), "{method} {target}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_request_is_a_read_without_its_body() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = shop.customer(&json!({"merchant_customer_id": "mc-1"})).await;
    let methods = format!("{path}/payment-methods");
    for target in
        ["/v2/customers", &path, &methods, "/v2/merchants/customers/mc-1", "/v2/payment-methods"]
    {
        let (head, read) = (shop.send("HEAD", target, b"").await, shop.get(target).await);
        assert_eq!((head.status, head.body.as_str()), (200, ""), "{target}");
        assert_eq!(head.header("content-length"), read.header("content-length"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_paths_of_other_dialects_are_left_alone() {
    let world = World::start().await;
    for target in ["/v2/customer", "/v2/customer/find", "/v2/auth", "/v2/auth/login", "/v1", "/v20"]
    {
        let answer = world.ask("PUT", target, &[], b"").await;
        assert!(!answer.body.contains("invalid-request"), "{target}: {}", answer.body);
    }
}

#[test]
fn the_description_names_every_operation() {
    let document = serde_json::to_value(api::dialects::monri::openapi()).unwrap();
    let operations: Vec<_> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, verbs)| {
            verbs.as_object().unwrap().keys().map(move |verb| format!("{verb} {path}"))
        })
        .collect();
    let expected = [
        "get /v2/customers",
        "post /v2/customers",
        "get /v2/customers/{uuid}",
        "post /v2/customers/{uuid}",
        "delete /v2/customers/{uuid}",
        "get /v2/customers/{uuid}/payment-methods",
        "get /v2/merchants/customers/{merchant_customer_id}",
        "post /v2/oauth",
        "get /v2/payment-methods",
    ];
    assert!(
        expected.iter().all(|operation| operations.iter().any(|listed| listed == operation)),
        "{operations:?}"
    );
    assert_eq!(operations.len(), expected.len());
    let schemas = document["components"]["schemas"].as_object().unwrap();
    assert!(
        schemas.contains_key("Customer") && schemas.contains_key("Error"),
        "{:?}",
        schemas.keys()
    );
}
