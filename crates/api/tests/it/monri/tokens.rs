//! Access tokens (MO 1.5).

use domain::StorageError;
use serde_json::{Value, json};
use time::Duration;

use super::world::{World, json_lines};

fn request(id: &str, secret: &str) -> Value {
    json!({
        "client_id": id,
        "client_secret": secret,
        "grant_type": "client_credentials",
        "scopes": ["customers", "payment-methods"],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_answers_in_the_vendors_shape_and_lets_in() {
    let world = World::start().await;
    let shop = world.shop().await;
    let answer = world.oauth(&request(&shop.token, &shop.key)).await;
    let token = answer.approved()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(
        answer.body,
        format!(
            r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":900,"status":"approved"}}"#
        )
    );
    assert_eq!((token.len(), token.bytes().all(|byte| byte.is_ascii_hexdigit())), (64, true));
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let line = format!("Authorization: {scheme} {token}");
        world.ask("GET", "/v2/customers", &[line], b"").await.approved();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_reaches_what_its_scopes_say() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = shop.customer(&json!({"merchant_customer_id": "mc-1"})).await;
    let methods = format!("{path}/payment-methods");
    let by_id = "/v2/merchants/customers/mc-1";
    for (scopes, customers, payment_methods) in [
        (&["customers"][..], 200, 401),
        (&["payment-methods"], 401, 200),
        (&["customers", "payment-methods"], 200, 200),
        (&["payments", "customers", "x"], 200, 401),
        (&[], 401, 401),
    ] {
        let token = shop.access_token(scopes).await;
        for target in ["/v2/customers", &path, by_id] {
            assert_eq!(shop.get_as(&token, target).await.status, customers, "{scopes:?} {target}");
        }
        for target in ["/v2/payment-methods", &methods] {
            assert_eq!(
                shop.get_as(&token, target).await.status,
                payment_methods,
                "{scopes:?} {target}"
            );
        }
        let lines = [vec![format!("Authorization: Bearer {token}")], json_lines(2)].concat();
        for target in ["/v2/customers", &path] {
            assert_eq!(world.ask("POST", target, &lines, b"{}").await.status, customers);
        }
        if customers == 401 {
            world.ask("DELETE", &path, &lines[..1], b"").await.unauthorized();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_works_until_it_expires_and_earlier_ones_stay_valid() {
    let world = World::start().await;
    let shop = world.shop().await;
    let first = shop.access_token(&["customers"]).await;
    world.clock.advance(Duration::seconds(899));
    let second = shop.access_token(&["customers"]).await;
    assert_ne!(first, second);
    shop.get_as(&first, "/v2/customers").await.approved();
    world.clock.advance(Duration::seconds(1));
    shop.get_as(&first, "/v2/customers").await.unauthorized();
    shop.get_as(&second, "/v2/customers").await.approved();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_another_process_works_and_expires_alike() {
    let world = World::with("principal_cache_seconds = 0\nmonri.access_token_seconds = 60").await;
    let shop = world.shop().await;
    let token = shop.access_token(&["customers"]).await;
    shop.get_as(&token, "/v2/customers").await.approved();
    world.clock.advance(Duration::seconds(60));
    shop.get_as(&token, "/v2/customers").await.unauthorized();
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_right_pair_wins_a_token() {
    let world = World::start().await;
    let shop = world.shop().await;
    let other = world.shop().await;
    for (id, secret) in [
        (shop.token.as_str(), other.key.as_str()),
        (&shop.token, ""),
        (&shop.token, &format!("{}x", shop.key)),
        (&shop.token, &shop.key[1..]),
        ("nobody", &shop.key),
        ("", ""),
        ("a\0b", &shop.key),
        (&shop.key, &shop.token),
    ] {
        world.oauth(&request(id, secret)).await.unauthorized();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_request_for_a_token_is_told_so() {
    let world = World::start().await;
    let shop = world.shop().await;
    let mut wrong = request(&shop.token, &shop.key);
    wrong["grant_type"] = json!("password");
    world.oauth(&wrong).await.refused(400, "Grant type is invalid");
    wrong["grant_type"] = json!("client_credentials");
    wrong["scopes"] = json!("customers");
    world.oauth(&wrong).await.refused(400, "Scopes is invalid");
    wrong["scopes"] = json!([1]);
    world.oauth(&wrong).await.refused(400, "Scopes is invalid");
    let answer = world.ask("POST", "/v2/oauth", &[], b"").await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.json()["errors"],
        json!([
            "Client can't be blank",
            "Client secret can't be blank",
            "Grant type can't be blank"
        ])
    );
    for (body, sentence) in [
        ("{", "Request body is not valid JSON"),
        ("[]", "Request body is not a JSON object"),
        ("client_id=a", "Request body is not valid JSON"),
    ] {
        world
            .ask("POST", "/v2/oauth", &json_lines(body.len()), body.as_bytes())
            .await
            .refused(400, sentence);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clients_default_header_does_not_disturb() {
    let world = World::start().await;
    let shop = world.shop().await;
    let body = request(&shop.token, &shop.key).to_string();
    let mobile = format!("Authorization: WP3-v2-Client {}", shop.token);
    let lines = [vec![mobile], json_lines(body.len())].concat();
    world.ask("POST", "/v2/oauth", &lines, body.as_bytes()).await.approved();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_token_is_given_while_storage_is_away() {
    let world = World::start().await;
    let shop = world.shop().await;
    world.fail(StorageError::Unavailable("refused".to_owned()));
    assert_eq!(world.oauth(&request(&shop.token, &shop.key)).await.status, 503);
}
