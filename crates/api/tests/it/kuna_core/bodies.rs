//! Routes and bodies that are no use (contract 1.1, 1.4).

use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::world::{JSON, World};

const FIND: &str = "/v2/customer/find";
const ROUTES: [&str; 6] = [
    "/v2/auth/login",
    "/v2/auth/refresh",
    "/v2/customer/create",
    "/v2/customer/details",
    FIND,
    "/v2/customer/update",
];

#[tokio::test(flavor = "multi_thread")]
async fn other_verbs_and_paths_are_unknown_routes() {
    let world = World::start().await;
    for path in ROUTES {
        for method in ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO"] {
            world.send(method, path, &[], "").await.fails(404, "NOT_FOUND", "Route not found");
        }
        assert_eq!(world.send("HEAD", path, &[], "").await.status, 404);
        let override_ = [("x-http-method-override", "POST")];
        assert_eq!(world.send("GET", path, &override_, "").await.status, 404);
    }
    for path in [
        "/v2/customer",
        "/v2/customer/",
        "/v2/customer/list",
        "/v2/customer/find/",
        "/v2/customer/Find",
        "/v2/customer//find",
        "/v2/customer/find%2f",
        "/v2/customer/%00",
        "/v2/customer/%ff",
        "/v2/auth",
        "/v2/auth/logout",
    ] {
        world.post(path, &[JSON], "{}").await.fails(404, "NOT_FOUND", "Route not found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_of_others_are_not_answered_in_this_shape() {
    let world = World::with("dialects = [\"kuna_core\"]").await;
    for path in
        ["/", "/v2", "/v2/customers", "/v2/customers/find", "/v2/authorize", "/v1/customer/find"]
    {
        let answer = world.post(path, &[JSON], "{}").await;
        assert_eq!((answer.status, answer.text.as_str()), (404, ""), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_no_json_object_is_refused() {
    let world = World::start().await;
    let institution = world.institution().await;
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(32), "]".repeat(32));
    for body in [
        " ",
        "null",
        "5",
        "\"text\"",
        "[]",
        "[\"alex@example.com\"]",
        "{",
        "{}{}",
        "{\"email\":\"a@b.c\",}",
        "{'email':'a'}",
        "{\"take\":NaN}",
        "\u{feff}{}",
        "{\"email\":\"\\ud800\"}",
        "{\"email\":\"\u{1}\"}",
        "email=a",
        "<find/>",
        &"[".repeat(65_536),
        &"{\"a\":".repeat(10_000),
        &deep,
    ] {
        let answer = institution.post_text(FIND, body).await;
        let message = "request body must be a JSON object";
        answer.fails(400, "ARGUMENT_VALIDATION_ERROR", message);
    }
    // One level less is fine, and so are numbers that nobody asked for.
    institution.post_text(FIND, &deep.replacen('[', "", 1).replacen(']', "", 1)).await.data();
    let digits = format!("{{\"colour\":{}}}", "9".repeat(10_000));
    let answer = institution.post_text(FIND, &digits).await;
    assert!(matches!(answer.status, 201 | 400), "{}", answer.text);
    let many: serde_json::Map<_, _> = (0..1000).map(|n| (format!("k{n}"), json!(n))).collect();
    institution.post(FIND, &many.into()).await.data();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_not_utf8_is_refused() {
    let world = World::start().await;
    let institution = world.institution().await;
    let head = format!(
        "POST {FIND} HTTP/1.1\r\nHost: x\r\nApi-Key: {}\r\nContent-Type: application/json\r\nContent-Length: 14\r\nConnection: close\r\n\r\n",
        institution.key
    );
    let answer = raw(&world, &[head.as_bytes(), b"{\"email\":\"\xff\"} "].concat()).await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(
        answer.ends_with(r#""extensions":{"code":"ARGUMENT_VALIDATION_ERROR"}}]}"#),
        "{answer}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_is_json_by_its_type_or_says_nothing() {
    let world = World::start().await;
    let institution = world.institution().await;
    let key = ("api-key", institution.key.as_str());
    for kind in
        ["application/json", "Application/JSON; charset=utf-8", "application/json; charset=utf-7"]
    {
        world.post(FIND, &[("content-type", kind), key], "{}").await.data();
    }
    world.post(FIND, &[key], "{}").await.data();
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/xml",
    ] {
        let answer = world.post(FIND, &[("content-type", kind), key], "{}").await;
        let message = "request body must be application/json without a content coding";
        answer.fails(415, "UNSUPPORTED_MEDIA_TYPE", message);
        // Without a body there is nothing to mistake.
        world.post(FIND, &[("content-type", kind), key], "").await.data();
    }
    for coding in ["gzip", "gzip, gzip, gzip", "br"] {
        let answer = world.post(FIND, &[JSON, ("content-encoding", coding), key], "{}").await;
        assert_eq!(answer.status, 415, "{coding}");
    }
    // What the caller accepts does not matter.
    world.post(FIND, &[JSON, ("accept", "application/xml"), key], "{}").await.data();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_fits_up_to_its_limit() {
    let world = World::start().await;
    let institution = world.institution().await;
    let body = |length: usize| format!("{{\"colour\":\"{}\"}}", "r".repeat(length - 13));
    assert_eq!(body(100).len(), 100);
    institution.post_text(FIND, &body(1_048_576)).await.data();
    let answer = institution.post_text(FIND, &body(1_048_577)).await;
    answer.fails(413, "PAYLOAD_TOO_LARGE", "request body is too large");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_never_ends_is_given_up() {
    let world = World::with("[limits]\nbody_seconds = 1").await;
    let institution = world.institution().await;
    let request = format!(
        "POST {FIND} HTTP/1.1\r\nHost: x\r\nApi-Key: {}\r\nContent-Type: application/json\r\nContent-Length: 10\r\nConnection: close\r\n\r\n{{",
        institution.key
    );
    let answer = raw(&world, request.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.ends_with(r#"{"errors":[{"code":"REQUEST_TIMEOUT","message":"request body was not received in time","extensions":{"code":"REQUEST_TIMEOUT"}}]}"#), "{answer}");
}

/// Sends bytes and reads until the server closes.
async fn raw(world: &World, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    timeout(Duration::from_secs(20), read).await.expect("an answer and an end").unwrap();
    String::from_utf8(answer).unwrap()
}
