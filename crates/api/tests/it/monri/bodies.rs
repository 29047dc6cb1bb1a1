//! What a request body may be (MO 1.1).

use domain::StorageError;
use serde_json::json;

use super::world::{Shop, World, json_lines};

/// Sends a signed create with header lines of one's own.
async fn create(shop: &Shop<'_>, lines: &[&str], body: &[u8]) -> super::answer::Answer {
    let lines = lines
        .iter()
        .map(|line| (*line).to_owned())
        .chain([format!("Content-Length: {}", body.len()), shop.signed("/v2/customers", body)]);
    shop.world.ask("POST", "/v2/customers", &lines.collect::<Vec<_>>(), body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn json_may_be_called_so_with_parameters_or_not_at_all() {
    let world = World::start().await;
    let shop = world.shop().await;
    for lines in [
        &["Content-Type: application/json"][..],
        &["content-type: application/json; charset=UTF-8"],
        &["Content-Type: Application/JSON;charset=utf-8"],
        &["Content-Type:"],
        &[],
        &["Content-Type: application/json", "Accept: text/html"],
    ] {
        create(&shop, lines, br#"{"name":"Ana"}"#).await.approved();
    }
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "json",
    ] {
        create(&shop, &[&format!("Content-Type: {kind}")], b"{}")
            .await
            .refused(400, "Content type is not application/json");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_json_object_is_refused() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = shop.customer(&json!({})).await;
    let deep = format!(r#"{{"x":{}{}}}"#, "[".repeat(32), "]".repeat(32));
    for (body, sentence) in [
        (&b"{"[..], "Request body is not valid JSON"),
        (b"{}{}", "Request body is not valid JSON"),
        (b"{'name':1}", "Request body is not valid JSON"),
        (b"{\"x\":\"\xff\"}", "Request body is not valid JSON"),
        (br#"{"name":"\ud800"}"#, "Request body is not valid JSON"),
        (deep.as_bytes(), "Request body is not valid JSON"),
        (b"[]", "Request body is not a JSON object"),
        (b"null", "Request body is not a JSON object"),
        (b" ", "Request body is not valid JSON"),
        (b"\xef\xbb\xbf{}", "Request body is not valid JSON"),
    ] {
        shop.send("POST", "/v2/customers", body).await.refused(400, sentence);
        shop.send("POST", &path, body).await.refused(400, sentence);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_of_equal_members_counts() {
    let world = World::start().await;
    let shop = world.shop().await;
    let body = br#"{"name":"Ana","name":"Eva","metadata":{"a":1,"a":2}}"#;
    let created = shop.send("POST", "/v2/customers", body).await.approved();
    assert_eq!((&created["name"], &created["metadata"]), (&json!("Eva"), &json!({"a": 2})));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_may_come_in_chunks() {
    let world = World::start().await;
    let shop = world.shop().await;
    let lines = [
        "Content-Type: application/json; charset=UTF-8".to_owned(),
        "Transfer-Encoding: chunked".to_owned(),
        shop.signed("/v2/customers", br#"{"name":"Ana"}"#),
    ];
    let chunks = b"4\r\n{\"na\r\na\r\nme\":\"Ana\"}\r\n0\r\n\r\n";
    let created = world.ask("POST", "/v2/customers", &lines, chunks).await.approved();
    assert_eq!(created["name"], "Ana");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_may_have_a_mebibyte_and_no_more() {
    let world = World::start().await;
    let shop = world.shop().await;
    let body = |length: usize| format!(r#"{{"x":"{}"}}"#, "a".repeat(length - 8)).into_bytes();
    shop.send("POST", "/v2/customers", &body(1 << 20)).await.approved();
    shop.send("POST", "/v2/customers", &body((1 << 20) + 1))
        .await
        .refused(413, "Request body is too large");
    let token = format!("Authorization: Bearer {}", shop.access_token(&["customers"]).await);
    let lines = [vec![token], json_lines(1 << 40)].concat();
    world.ask("POST", "/v2/customers", &lines, b"").await.refused(413, "Request body is too large");
    world
        .ask("POST", "/v2/oauth", &json_lines(1 << 40), b"")
        .await
        .refused(413, "Request body is too large");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_stops_coming_is_told_so() {
    let world = World::with("limits.body_seconds = 1").await;
    let shop = world.shop().await;
    let lines = [vec![shop.signed("/v2/customers", b"{}")], json_lines(2)].concat();
    world
        .ask("POST", "/v2/customers", &lines, b"{")
        .await
        .refused(408, "Request body came too slowly");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_is_never_inflated() {
    let world = World::start().await;
    let shop = world.shop().await;
    create(&shop, &["Content-Encoding: gzip"], b"{}")
        .await
        .refused(415, "Request body must not have a content coding");
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_of_ours_say_nothing_of_their_cause() {
    let expected = r#"{"status":"error","message":"Internal server error","errors":["Internal server error"]}"#;
    for (error, status) in [
        (StorageError::Failed("relation \"customers\" does not exist".to_owned()), 500),
        (StorageError::Unavailable("pool is empty".to_owned()), 503),
    ] {
        let world = World::start().await;
        let shop = world.shop().await;
        let path = shop.customer(&json!({})).await;
        world.fail(error);
        for (method, target) in [
            ("GET", path.as_str()),
            ("POST", &path),
            ("DELETE", &path),
            ("GET", "/v2/customers"),
            ("POST", "/v2/customers"),
            ("GET", "/v2/merchants/customers/a"),
            ("GET", "/v2/customers/a/payment-methods"),
        ] {
            let answer = shop.send(method, target, b"").await;
            assert_eq!(
                (answer.status, answer.body.as_str()),
                (status, expected),
                "{method} {target}"
            );
            answer.json();
        }
    }
}
