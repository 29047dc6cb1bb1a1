//! Webhooks leave the house: from a process that serves, and from one that does nothing else.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use domain::demo;
use serde_json::{Value, json};

use super::instance::{GUARD, Instance, client, planted};

/// Answers every delivery well and hands it on, head and body.
fn sink() -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/hook", listener.local_addr().unwrap());
    let (heard, taken) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut bytes = Vec::new();
            let mut part = [0; 4096];
            while !is_whole(&bytes) {
                match stream.read(&mut part).unwrap() {
                    0 => break,
                    read => bytes.extend_from_slice(&part[..read]),
                }
            }
            let answer = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
            stream.write_all(answer.as_bytes()).unwrap();
            if heard.send(String::from_utf8(bytes).unwrap()).is_err() {
                return;
            }
        }
    });
    (address, taken)
}

fn is_whole(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    length.is_none_or(|length| body.len() >= length)
}

async fn subscribe(instance: &Instance, address: &str) {
    let (id, secret) = demo::CLIENT;
    let request = client()
        .post(instance.url("/v1/companies/5678/webhooks.json"))
        .basic_auth(id, Some(secret))
        .json(&json!({"topic": "customers/created", "address": address}));
    assert_eq!(request.send().await.unwrap().status().as_u16(), 201);
}

async fn create(instance: &Instance, name: &str) {
    let (id, secret) = demo::CLIENT;
    let body =
        json!({"first_name": name, "last_name": "Byron", "email": format!("{name}@hooks.test")});
    let request = client()
        .post(instance.url("/v1/companies/5678/customers.json"))
        .basic_auth(id, Some(secret))
        .json(&body);
    assert_eq!(request.send().await.unwrap().status().as_u16(), 201);
}

fn told(taken: &Receiver<String>) -> (String, Value) {
    let delivery = taken.recv_timeout(GUARD).expect("a delivery in time");
    let (head, body) = delivery.split_once("\r\n\r\n").unwrap();
    (head.to_ascii_lowercase(), serde_json::from_str(body).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_is_told_by_the_process_that_serves() {
    let database = planted().await;
    let inside = ("CLIENTELE_WEBHOOKS__PRIVATE_ADDRESSES", "true");
    let instance = Instance::start(database.url(), &[inside]).await;
    let (address, taken) = sink();
    subscribe(&instance, &address).await;
    create(&instance, "Ada").await;
    let (head, body) = told(&taken);
    assert!(head.starts_with("post /hook http/1.1\r\n"), "{head}");
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature", "x-kounta-signature"] {
        assert!(head.contains(&format!("\r\n{name}: ")), "{head}");
    }
    assert_eq!(body["first_name"], "Ada");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_for_work_alone_tells_what_another_one_stores_and_serves_nothing() {
    let database = planted().await;
    let variables = [
        ("CLIENTELE_WEBHOOKS__PRIVATE_ADDRESSES", "true"),
        ("CLIENTELE_WEBHOOKS__WORKERS", "false"),
        // Word of events is what it goes by.
        ("CLIENTELE_WEBHOOKS__POLL_MILLISECONDS", "3600000"),
    ];
    let server = Instance::start(database.url(), &variables).await;
    let mut worker = Instance::spawn_with(&["worker"], database.url(), &variables);
    worker.become_ready().await;
    let (address, taken) = sink();
    subscribe(&server, &address).await;
    create(&server, "Ada").await;
    assert_eq!(told(&taken).1["first_name"], "Ada");
    create(&server, "Eve").await;
    assert_eq!(told(&taken).1["first_name"], "Eve");
    assert_eq!(worker.get("/v1/companies/me.json").await, 404);
    worker.terminate();
    assert!(worker.ended(GUARD).await.success());
}
