//! Deliveries: what was tried, and trying again.

use std::sync::Arc;

use api::dialects;
use domain::delivery::{Beyond, Dispatcher, FanOut, Room};

use super::*;

/// Has everything that happened be made into deliveries for those who are told by now.
async fn fan_out(server: &Server) {
    let ports = &server.services.ports;
    let fan_out = FanOut::new(
        server.services.storage.clone(),
        Arc::clone(&ports.clock),
        Arc::clone(&ports.entropy),
        Arc::clone(&ports.keeper),
    );
    // What other tests write at the same time holds up the feed.
    while fan_out.run().await.unwrap().beyond != Beyond::Nothing {
        tokio::task::yield_now().await;
    }
}

/// Tries what is due, once.
async fn dispatch(server: &Server) {
    let ports = &server.services.ports;
    let renderer = dialects::renderer(Arc::clone(&ports.keeper));
    let dispatcher = Dispatcher::new(
        server.services.storage.clone(),
        Arc::clone(&ports.clock),
        Arc::clone(&ports.entropy),
        Arc::clone(&ports.keeper),
        Arc::clone(&ports.sender),
        renderer,
    );
    let room = Room { total: 10, per_endpoint: 10, underway: Vec::new() };
    for work in dispatcher.claim(&room).await.unwrap() {
        let settlement = dispatcher.attempt(work).await;
        dispatcher.settle(&[settlement]).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_is_shown_with_what_was_tried_and_begun_anew() {
    let server = opened().await;
    let receiver = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", receiver.local_addr().unwrap());
    // What was there before is nobody's news.
    fan_out(&server).await;
    let path = subscribed(&server, &address).await;
    create_customer(&server, "ada").await;
    fan_out(&server).await;
    let list = format!("{path}/deliveries");
    let (status, _, waiting) = ask(&server, "GET", &list, Some(KEY)).await;
    assert_eq!((status, &waiting["next"]), (200, &Value::Null));
    let delivery = &waiting["deliveries"][0];
    assert_eq!((&delivery["state"], &delivery["attempts"]), (&json!("pending"), &json!(0)));
    assert_eq!((&delivery["event"], &delivery["version"]), (&json!("customer_created"), &json!(1)));

    let taken = async {
        let (mut stream, _) = receiver.accept().await.unwrap();
        let mut heard = Vec::new();
        while !heard.ends_with(b"}") {
            assert!(stream.read_buf(&mut heard).await.unwrap() > 0);
        }
        stream.write_all(b"HTTP/1.1 410 Gone\r\ncontent-length: 3\r\n\r\nbye").await.unwrap();
    };
    tokio::join!(dispatch(&server), taken);
    let one = format!("{list}/{}", delivery["id"].as_str().unwrap());
    let (status, _, tried) = ask(&server, "GET", &one, Some(KEY)).await;
    assert_eq!((status, &tried["state"]), (200, &json!("dropped")));
    let attempt = &tried["tried"][0];
    assert_eq!((&attempt["number"], &attempt["status"]), (&json!(1), &json!(410)));
    assert_eq!((&attempt["body"], &attempt["failure"]), (&json!("bye"), &Value::Null));
    for (state, found) in [("dropped", 1), ("pending", 0)] {
        let (_, _, page) = ask(&server, "GET", &format!("{list}?state={state}"), Some(KEY)).await;
        assert_eq!(page["deliveries"].as_array().unwrap().len(), found, "{state}");
    }

    let (status, _, again) = ask(&server, "POST", &format!("{one}/replay"), Some(KEY)).await;
    assert_eq!((status, &again["state"], &again["id"]), (202, &json!("pending"), &delivery["id"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_since_a_moment_is_sent_again() {
    let server = opened().await;
    let path = subscribed(&server, "http://127.0.0.1:9/").await;
    create_customer(&server, "ada").await;
    fan_out(&server).await;
    let replay = format!("{path}/replay");
    // What waits is left alone.
    let (status, body) =
        send(&server, "POST", &replay, &json!({"since": "2026-03-02T00:00:00Z"})).await;
    assert_eq!((status, body), (202, json!({"begun": 0})));
    let (status, body) =
        send(&server, "POST", &replay, &json!({"since": "2025-01-01T00:00:00Z"})).await;
    assert_eq!((status, &body["code"]), (410, &json!("too-old")));
    for body in [
        json!({}),
        json!({"since": "yesterday"}),
        json!({"since": 1}),
        json!([]),
        json!({"since": "2026-03-02T00:00:00Z", "until": ""}),
    ] {
        let (status, problem) = send(&server, "POST", &replay, &body).await;
        assert_eq!((status, &problem["code"]), (400, &json!("invalid")), "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_or_cannot_be_meant_is_refused() {
    let server = opened().await;
    let path = subscribed(&server, "http://127.0.0.1:9/").await;
    for rest in ["x", "00000000-0000-4000-8000-000000000000"] {
        let one = format!("{path}/deliveries/{rest}");
        let (status, _, body) = ask(&server, "GET", &one, Some(KEY)).await;
        assert_eq!((status, &body["code"]), (404, &json!("no-such-delivery")), "{rest}");
    }
    for query in [
        "state=lost",
        "before=x",
        "limit=0",
        "limit=1001",
        "since=x",
        "until=9999-12-31T23:59:59-01:00",
    ] {
        let list = format!("{path}/deliveries?{query}");
        let (status, _, body) = ask(&server, "GET", &list, Some(KEY)).await;
        assert_eq!((status, &body["code"]), (400, &json!("invalid")), "{query}");
    }
    let unknown = format!("/ops/v1/merchants/{}/endpoints/9999/replay", server.merchant.id);
    let (status, body) =
        send(&server, "POST", &unknown, &json!({"since": "2026-03-02T00:00:00Z"})).await;
    assert_eq!((status, &body["code"]), (404, &json!("no-such-endpoint")));
}
