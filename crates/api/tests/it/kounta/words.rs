//! "invalid" and "expired" make a client refresh its token without end (contract 1.5).

use serde_json::{Value, json};

use super::answer::Answer;
use super::world::{Program, World};

#[track_caller]
fn harmless(answer: &Answer) {
    assert!((400..500).contains(&answer.status), "{answer:?}");
    let text = answer.body.to_lowercase();
    assert!(!text.contains("invalid") && !text.contains("expired"), "{}", answer.body);
    let body = answer.json();
    let keys: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["error", "error_description"]);
}

/// Bodies that break every rule, each with the words in it.
fn broken() -> Vec<Value> {
    let base = json!({"first_name": "invalid", "phone": "1"});
    let values = [
        ("first_name", json!("")),
        ("first_name", json!(["invalid"])),
        ("phone", json!(null)),
        ("phone", json!("invalid".repeat(10))),
        ("mobile", json!("0491 570 156 expired")),
        ("email", json!("invalid")),
        ("email", json!({"invalid": "expired"})),
        ("tags", json!("invalid")),
        ("tags", json!(["expired".repeat(20)])),
        ("tags", json!([" "])),
        ("image", json!("invalid")),
        ("accepts_marketing", json!("expired")),
        ("reference_id", json!(["invalid"])),
        ("primary_address", json!("invalid")),
        ("primary_address", json!({"country": "invalid"})),
        ("shipping_address", json!({"city": ["expired"]})),
        ("last_name", json!("invalid\u{0}")),
    ];
    values
        .into_iter()
        .map(|(key, value)| {
            let mut body = base.clone();
            body[key] = value;
            body
        })
        .collect()
}

/// The same for webhooks.
fn broken_webhooks() -> Vec<Value> {
    let base = json!({"topic": "customers/created", "address": "https://hooks.example.test/"});
    let values = [
        ("topic", json!("customers/expired")),
        ("topic", json!(["invalid"])),
        ("address", json!("invalid")),
        ("address", json!("http://127.0.0.1/invalid")),
        ("address", json!({"expired": 1})),
        ("format", json!("invalid")),
        ("headers", json!("invalid")),
        ("headers", json!({"Invalid": "expired"})),
        ("headers", json!({"X-Kounta-Invalid": "expired"})),
        ("headers", json!({"X-Invalid": ["expired"]})),
        ("headers", json!({"X-Invalid": "expired\n"})),
        ("filter", json!("expired")),
        ("filter", json!({"attributes": ["invalid"]})),
        ("filter", json!({"site_ids": ["invalid"]})),
        ("filter", json!({"invalid": "expired".repeat(1000)})),
    ];
    let broken = |(key, value): (&str, Value)| {
        let mut body = base.clone();
        body[key] = value;
        body
    };
    values.into_iter().map(broken).collect()
}

async fn refusals(program: &Program<'_>, id: i64) -> Vec<Answer> {
    let mut answers = Vec::new();
    for body in broken() {
        answers.push(program.post(&body).await);
        answers.push(program.put(id, &body).await);
    }
    let webhook =
        json!({"topic": "customers/created", "address": "https://hooks.example.test/expired"});
    let webhook = program.webhook(&webhook).await;
    for body in broken_webhooks() {
        answers.push(program.post_webhook(&body).await);
        answers.push(program.put_webhook(webhook, &body).await);
    }
    answers.push(program.get("/webhooks/invalid.json").await);
    answers.push(program.send("PATCH", "/webhooks.json", &[], "").await);
    for body in ["", "invalid", "[\"expired\"]", "\"invalid\""] {
        answers.push(program.send("POST", "/customers.json", &[], body).await);
    }
    let declared = ["Content-Type: application/invalid", program.basic.as_str()];
    let path = program.path("/customers.json");
    answers.push(program.world.ask("POST", &path, &declared, b"{}").await);
    answers.push(program.world.ask("POST", &path, &declared, &b"x".repeat(70_000)).await);
    let coded = ["Content-Encoding: invalid", program.basic.as_str()];
    answers.push(program.world.ask("POST", &path, &coded, b"{}").await);
    for rest in [
        "/customers/invalid.json",
        "/customers/999999.json?expired=invalid",
        "/customers.json?email=invalid",
        "/customers.json?email[invalid]=expired",
        "/customers.json?mobile=expired",
        "/customers.json?first_name=invalid",
        "/customers.json?invalid=%zz",
        "/invalid.json",
        "/customers.xml",
        "/customers",
    ] {
        answers.push(program.get(rest).await);
    }
    for (method, target) in [
        ("GET", "/v1/companies/invalid/customers.json"),
        ("GET", "/v1/companies/999999999/customers.json"),
        ("GET", "/v1/expired"),
        ("INVALID", "/v1/companies/me.json"),
        ("PATCH", "/v1/companies/me/customers/1.json"),
    ] {
        answers.push(program.world.ask(method, target, &[program.basic.as_str()], b"").await);
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn no_refusal_outside_credentials_has_the_words() {
    let world = World::start().await;
    let program = world.company().await;
    program.customer(&json!({"first_name": "A", "mobile": "0491570156"})).await;
    let id = program.customer(&json!({"first_name": "B", "phone": "1"})).await;
    let answers = refusals(&program, id).await;
    for answer in &answers {
        harmless(answer);
    }
    for status in [400, 403, 404, 405, 406, 413, 415] {
        assert!(answers.iter().any(|answer| answer.status == status), "{status} was never tried");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_refusal_of_too_many_requests_does_not_have_the_words() {
    let world = World::with(&[("KOUNTA__BASIC_REQUESTS_PER_MINUTE", "1")]).await;
    let program = world.company().await;
    program.get(".json").await;
    let answer = program.get(".json").await;
    assert_eq!(answer.status, 429);
    harmless(&answer);
}
