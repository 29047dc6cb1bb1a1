//! The operator's surface.

mod deliveries;
mod endpoints;
mod events;

use domain::demo;
use domain::merchant::{Merchant, WebhookSettings};
use domain::text::{Line, Text};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::support::{Server, ServerOptions};

const KEY: &str = "an-operators-key-of-forty-characters-0001";

async fn opened() -> Server {
    let variables = vec![("OPS__KEY", KEY), ("WEBHOOKS__PRIVATE_ADDRESSES", "true")];
    Server::with(ServerOptions { variables, ..ServerOptions::default() }).await
}

async fn ask(server: &Server, method: &str, path: &str, key: Option<&str>) -> (u16, String, Value) {
    let request = server.client.request(method.parse().unwrap(), server.url(path));
    let request = match key {
        Some(key) => request.bearer_auth(key),
        None => request,
    };
    let answer = request.send().await.unwrap();
    let kind = answer.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    (status, kind.unwrap_or_default(), serde_json::from_str(&text).unwrap_or_default())
}

/// A request with a body.
async fn send(server: &Server, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let request = server.client.request(method.parse().unwrap(), server.url(path));
    let answer = request.bearer_auth(KEY).json(body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// The same with the credentials of a program of Kounta.
async fn kounta(server: &Server, path: &str, body: &Value) -> Value {
    let (id, secret) = demo::CLIENT;
    let request = server.client.post(server.url(path)).basic_auth(id, Some(secret)).json(body);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 201);
    answer.json().await.unwrap()
}

/// A program that wants to be told of new customers, and the path of its endpoint.
async fn subscribed(server: &Server, address: &str) -> String {
    let wish = json!({"topic": "customers/created", "address": address});
    let webhook = kounta(server, "/v1/companies/me/webhooks.json", &wish).await;
    format!("/ops/v1/merchants/{}/endpoints/{}", server.merchant.id, webhook["id"])
}

async fn create_customer(server: &Server, name: &str) -> Value {
    let customer = json!({"first_name": name, "email": format!("{name}@example.test")});
    kounta(server, "/v1/companies/me/customers.json", &customer).await
}

/// Has the merchant be told at an address.
async fn tell(server: &Server, address: &str) {
    let line = |text: &str| Line::try_from(text).ok();
    let webhook = WebhookSettings {
        enabled: true,
        url: Text::try_from(address).ok(),
        header_name: line("X-Shop-Key"),
        header_value: line("s3cret"),
    };
    let mut merchant: Merchant = server.merchant.clone();
    merchant.settings.webhook = webhook;
    server.services.merchants.update(&merchant).await.unwrap();
}

fn test_of(server: &Server) -> String {
    format!("/ops/v1/merchants/{}/endpoints/settings/test", server.merchant.id)
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_in_the_settings_there_is_no_such_surface() {
    let server = Server::start().await;
    for path in ["/ops", "/ops/v1/service", "/docs/openapi/ops.json"] {
        let (status, _, _) = ask(&server, "GET", path, Some("")).await;
        assert_eq!(status, 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_told_to_who_has_not_the_key() {
    let server = opened().await;
    let longer = format!("{KEY}1");
    for key in [None, Some("x"), Some(&KEY[1..]), Some(&longer)] {
        for (method, path) in [
            ("GET", "/ops/v1/service"),
            ("POST", "/ops/v1/service"),
            ("GET", "/ops/v1/nothing"),
            ("GET", "/ops"),
            ("POST", &test_of(&server)),
            ("GET", "/ops/v1/endpoints"),
            ("GET", "/ops/v1/events"),
        ] {
            let (status, kind, body) = ask(&server, method, path, key).await;
            assert_eq!((status, kind.as_str()), (401, "application/problem+json"), "{path}");
            assert_eq!(body["code"], "unauthorized");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_opens_and_what_is_not_there_is_a_problem() {
    let server = opened().await;
    let (status, _, body) = ask(&server, "GET", "/ops/v1/service", Some(KEY)).await;
    let dialects = json!(["open_loyalty", "kuna_core", "monri", "kounta"]);
    assert_eq!((status, &body["dialects"]), (200, &dialects));
    for (method, path, status, code) in [
        ("DELETE", "/ops/v1/service", 405, "method-not-allowed"),
        ("GET", "/ops/v1/nothing", 404, "unknown-route"),
        ("GET", "/ops", 404, "unknown-route"),
    ] {
        let (found, kind, body) = ask(&server, method, path, Some(KEY)).await;
        assert_eq!((found, kind.as_str()), (status, "application/problem+json"), "{path}");
        assert_eq!((&body["code"], &body["status"]), (&json!(code), &json!(status)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sample_is_sent_at_once_and_what_came_of_it_is_told() {
    let server = opened().await;
    let receiver = TcpListener::bind("127.0.0.1:0").await.unwrap();
    tell(&server, &format!("http://{}/ol?a=1", receiver.local_addr().unwrap())).await;
    let path = test_of(&server);
    let taken = async {
        let (mut stream, _) = receiver.accept().await.unwrap();
        let mut heard = Vec::new();
        while !heard.ends_with(b"}}") {
            assert!(stream.read_buf(&mut heard).await.unwrap() > 0);
        }
        let answer = b"HTTP/1.1 202 Accepted\r\ncontent-length: 6\r\n\r\nthanks";
        stream.write_all(answer).await.unwrap();
        String::from_utf8(heard).unwrap()
    };
    let ((status, _, body), heard) = tokio::join!(ask(&server, "POST", &path, Some(KEY)), taken);
    assert_eq!(status, 200);
    assert_eq!(
        (&body["delivered"], &body["status"], &body["body"], &body["failure"]),
        (&json!(true), &json!(202), &json!("thanks"), &Value::Null)
    );
    assert!(body["took_ms"].is_u64());
    assert!(heard.starts_with("POST /ol?a=1 HTTP/1.1\r\n"), "{heard}");
    for line in [
        "user-agent: OpenLoyalty\r\n".to_owned(),
        "content-type: application/json\r\n".to_owned(),
        "x-shop-key: s3cret\r\n".to_owned(),
        format!("webhook-id: {}\r\n", body["id"].as_str().unwrap()),
        "webhook-signature: v1,".to_owned(),
    ] {
        assert!(heard.contains(&line), "{line}: {heard}");
    }
    let sample = r#"{"type":"customer.updated","data":{"customerId":"00000000-0000-0000-0000-000000000000"}}"#;
    assert!(heard.ends_with(sample), "{heard}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_does_not_answer_is_told_as_such() {
    let server = opened().await;
    let address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    tell(&server, &format!("http://{address}/")).await;
    let (status, _, body) = ask(&server, "POST", &test_of(&server), Some(KEY)).await;
    assert_eq!((status, &body["delivered"]), (200, &json!(false)));
    assert_eq!((&body["failure"], &body["status"]), (&json!("unreachable"), &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_told_nothing_cannot_be_tried() {
    let server = opened().await;
    let merchant = server.merchant.id;
    for path in [
        test_of(&server),
        format!("/ops/v1/merchants/{merchant}/endpoints/9999/test"),
        format!("/ops/v1/merchants/{merchant}/endpoints/x/test"),
        "/ops/v1/merchants/00000000-0000-4000-8000-000000000000/endpoints/settings/test".to_owned(),
    ] {
        let (status, _, body) = ask(&server, "POST", &path, Some(KEY)).await;
        assert_eq!((status, &body["code"]), (404, &json!("no-such-endpoint")), "{path}");
    }
}
