//! What is no webhook (contract 3.2 to 3.4).

use serde_json::{Value, json};

use super::world::World;

const NAMES: &str = "headers may only contain Authorization or X-* names other than X-Kounta*";
const URL: &str = "address must be an absolute http or https URL";
const INSIDE: &str = "address must be a public URL";
const TOPIC: &str = "topic must be one of the supported topics";
const ATTRIBUTES: &str = "filter.attributes may only contain name, phone, mobile, email, address, tags, image or accepts_marketing";

fn minimal() -> Value {
    json!({"topic": "customers/updated", "address": "https://hooks.example.test/kounta"})
}

fn refusals() -> Vec<(&'static str, Value, &'static str)> {
    let many: serde_json::Map<_, _> = (0..21).map(|n| (format!("X-{n}"), json!("v"))).collect();
    vec![
        ("topic", json!(null), "topic is required"),
        ("topic", json!(""), "topic is required"),
        ("topic", json!("customers/*"), TOPIC),
        ("topic", json!("Customers/Updated"), TOPIC),
        ("topic", json!("customers/merged"), TOPIC),
        ("topic", json!(["customers/updated"]), "topic must be a string"),
        ("address", json!(null), "address is required"),
        ("address", json!(" "), "address is required"),
        ("address", json!(5), "address must be a string"),
        ("address", json!("hooks.example.test/kounta"), URL),
        ("address", json!("/kounta"), URL),
        ("address", json!("gopher://hooks.example.test/"), URL),
        ("address", json!("http://"), URL),
        ("address", json!("http://user@127.0.0.1/"), URL),
        ("address", json!("http://a#@127.0.0.1/"), URL),
        ("address", json!("http://127.1/"), URL),
        ("address", json!("http://0177.0.0.1/"), URL),
        ("address", json!("http://2130706433/"), URL),
        (
            "address",
            json!(format!("http://a.test/{}", "x".repeat(2035))),
            "address must be at most 2048 characters",
        ),
        ("address", json!("http://127.0.0.1/"), INSIDE),
        ("address", json!("http://127.0.0.1./"), INSIDE),
        ("address", json!("http://0.0.0.0/"), INSIDE),
        ("address", json!("http://10.1.2.3:8080/x"), INSIDE),
        ("address", json!("http://169.254.169.254/latest"), INSIDE),
        ("address", json!("http://[::1]/"), INSIDE),
        ("address", json!("http://[::ffff:7f00:1]/"), INSIDE),
        ("address", json!("http://[64:ff9b::7f00:1]/"), INSIDE),
        ("address", json!("http://localhost:3000/"), INSIDE),
        ("address", json!("https://hooks.example.test:22/"), INSIDE),
        ("format", json!("yaml"), "format must be json or xml"),
        ("format", json!("JSON"), "format must be json or xml"),
        ("format", json!(1), "format must be a string"),
        ("headers", json!("X-A: b"), "headers must be an object"),
        ("headers", json!([{"X-A": "b"}]), "headers must be an object"),
        ("headers", json!({"Host": "b"}), NAMES),
        ("headers", json!({"Content-Length": "1"}), NAMES),
        ("headers", json!({"X-Kounta-Signature": "b"}), NAMES),
        ("headers", json!({"x-kountaish": "b"}), NAMES),
        ("headers", json!({"X-A\r\nHost": "b"}), NAMES),
        ("headers", json!({"": "b"}), NAMES),
        ("headers", json!({"X-A": 1}), "headers must have strings as values"),
        ("headers", json!({"X-A": "a\r\nb"}), "headers must not have control characters in values"),
        (
            "headers",
            json!({"X-A": "a\u{0}b"}),
            "headers must not have control characters in values",
        ),
        (
            "headers",
            json!({"X-A": "a".repeat(1025)}),
            "headers must have values of at most 1024 characters",
        ),
        ("headers", json!({"X-A": "1", "X-a": "2"}), "headers must not repeat a name"),
        ("headers", Value::Object(many), "headers must be at most 20 entries"),
        ("filter", json!("name"), "filter must be an object"),
        ("filter", json!(["name"]), "filter must be an object"),
        ("filter", json!({"attributes": ["first_name"]}), ATTRIBUTES),
        (
            "filter",
            json!({"attributes": {"name": true}}),
            "filter.attributes must be an array of strings",
        ),
        ("filter", json!({"site_ids": ["923"]}), "filter.site_ids must be an array of numbers"),
        (
            "filter",
            json!({"site_ids": vec![1; 1001]}),
            "filter.site_ids must be at most 1000 entries",
        ),
        ("filter", json!({"x": "y".repeat(4096)}), "filter must be at most 4096 characters"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_is_not_stored() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program.webhook(&minimal()).await;
    let before = program.get(&format!("/webhooks/{id}.json")).await.body;
    for (key, value, sentence) in refusals() {
        let mut body = minimal();
        body[key] = value.clone();
        program.post_webhook(&body).await.bad_request(sentence);
        program.put_webhook(id, &json!({"format": "xml", key: value})).await.bad_request(sentence);
    }
    assert_eq!(program.get("/webhooks.json").await.ids(), [id]);
    assert_eq!(program.get(&format!("/webhooks/{id}.json")).await.body, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_required_must_be_sent() {
    let world = World::start().await;
    let program = world.company().await;
    let sentence = "topic is required";
    program.post_webhook(&json!({})).await.bad_request(sentence);
    program.post_webhook(&json!({"address": "https://a.test/"})).await.bad_request(sentence);
    let answer = program.post_webhook(&json!({"topic": "customers/created"})).await;
    answer.bad_request("address is required");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_is_judged_as_that_of_a_customer() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program.webhook(&minimal()).await;
    let element = format!("/webhooks/{id}.json");
    for (method, rest) in [("POST", "/webhooks.json"), ("PUT", element.as_str())] {
        for (body, sentence) in [
            ("", "The request body could not be parsed as JSON"),
            ("{", "The request body could not be parsed as JSON"),
            ("[]", "The request body must be a JSON object"),
        ] {
            program.send(method, rest, &[], body).await.bad_request(sentence);
        }
        let lines = [program.basic.as_str(), "Content-Type: text/plain"];
        let answer = world.ask(method, &program.path(rest), &lines, b"{}").await;
        answer.bad_request("The Content-Type must be application/json");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_just_within_the_rules_is_kept() {
    let world = World::start().await;
    let program = world.company().await;
    let names: serde_json::Map<_, _> =
        (0..20).map(|n| (format!("X-{n}"), json!("ż".repeat(1024)))).collect();
    for (key, value) in [
        ("address", json!(format!("http://a.test/{}", "x".repeat(2034)))),
        ("address", json!("HTTP://93.184.216.34:80/")),
        ("headers", json!({"AUTHORIZATION": "", "x-kount": "Zoë\tx"})),
        ("headers", Value::Object(names)),
        ("filter", json!({"site_ids": [1, 9_007_199_254_740_993_i64, -5]})),
    ] {
        let mut body = minimal();
        body[key] = value.clone();
        assert_eq!(program.post_webhook(&body).await.json_of(201)[key], value, "{key}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_inside_are_taken_where_the_operator_allows_them() {
    let world = World::with(&[("WEBHOOKS__PRIVATE_ADDRESSES", "true")]).await;
    let program = world.company().await;
    for address in
        ["http://127.0.0.1:9999/kounta", "http://[::1]/", "http://localhost/", "http://a.test:22/"]
    {
        let body = json!({"topic": "customers/created", "address": address});
        assert_eq!(program.post_webhook(&body).await.json_of(201)["address"], address);
    }
    let body = json!({"topic": "customers/created", "address": "http://127.1/"});
    program.post_webhook(&body).await.bad_request(URL);
}
