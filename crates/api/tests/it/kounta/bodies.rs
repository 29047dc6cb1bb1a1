//! Bodies that break rules (contract 1.2, 2.7).

use serde_json::{Value, json};

use super::answer::Answer;
use super::world::{Program, World};

const GOOD: &str = r#"{"first_name":"A","phone":"1"}"#;
const UNREADABLE: &str = "The request body could not be parsed as JSON";

/// Sends a body to both verbs.
async fn both(program: &Program<'_>, id: i64, line: &str, body: &[u8]) -> [Answer; 2] {
    let lines = [program.basic.as_str(), line];
    let post = program.world.ask("POST", &program.path("/customers.json"), &lines, body).await;
    let path = program.path(&format!("/customers/{id}.json"));
    [post, program.world.ask("PUT", &path, &lines, body).await]
}

async fn unchanged(program: &Program<'_>, id: i64, before: &Value) {
    assert_eq!(program.shown(id).await, *before);
    assert_eq!(program.get("/customers.json").await.ids(), [id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_is_judged_by_text_then_shape_then_declared_type() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program.customer(&json!({"first_name": "A", "phone": "1"})).await;
    let before = program.shown(id).await;
    let json = "Content-Type: application/json";
    let deep = [&b"{\"a\":"[..], &b"[".repeat(40), &b"]".repeat(40), b"}"].concat();
    let declared = "The Content-Type must be application/json";
    for (line, body, sentence) in [
        (json, &b""[..], UNREADABLE),
        ("X-A: b", b"", UNREADABLE),
        (json, b"{", UNREADABLE),
        (json, b"{} {}", UNREADABLE),
        (json, b"{\"first_name\":\"A\",}", UNREADABLE),
        (json, b"\xef\xbb\xbf{}", UNREADABLE),
        (json, b"{\"first_name\":\"\xff\"}", UNREADABLE),
        (json, br#"{"first_name":"\ud800"}"#, UNREADABLE),
        (json, b"NaN", UNREADABLE),
        (json, &deep, UNREADABLE),
        ("Content-Type: application/x-www-form-urlencoded", b"first_name=A&phone=1", UNREADABLE),
        (json, b"[]", "The request body must be a JSON object"),
        (json, b"null", "The request body must be a JSON object"),
        (json, b"\"A\"", "The request body must be a JSON object"),
        ("Content-Type: text/plain", b"5", "The request body must be a JSON object"),
        ("Content-Type: text/plain", GOOD.as_bytes(), declared),
        ("Content-Type: application/xml", GOOD.as_bytes(), declared),
        ("Content-Type: application/x-www-form-urlencoded", GOOD.as_bytes(), declared),
        ("Content-Type: application/vnd.api+json", GOOD.as_bytes(), declared),
        ("X-A: b", GOOD.as_bytes(), declared),
    ] {
        for answer in both(&program, id, line, body).await {
            answer.bad_request(sentence);
        }
    }
    unchanged(&program, id, &before).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_of_the_content_type_are_allowed_and_the_last_of_repeated_keys_counts() {
    let world = World::start().await;
    let program = world.company().await;
    let body = br#"{"first_name":"A","first_name":"B","phone":"1"}"#;
    for line in [
        "Content-Type: application/json; charset=utf-8",
        "Content-Type: Application/JSON;charset=UTF-8",
    ] {
        let lines = [program.basic.as_str(), line];
        let answer = world.ask("POST", &program.path("/customers.json"), &lines, body).await;
        assert_eq!(answer.json_of(201)["first_name"], "B");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_values_are_refused_and_nothing_is_stored() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program.customer(&json!({"first_name": "A", "phone": "1"})).await;
    let before = program.shown(id).await;
    let long = |length: usize| "ż".repeat(length);
    let country = "country must be a two-character ISO 3166-1 country code";
    for (keys, sentence) in [
        (json!({"email": "ayla"}), "email must be a well-formed email address"),
        (json!({"email": "a@b@c"}), "email must be a well-formed email address"),
        (json!({"primary_address": {"country": "Australia"}}), country),
        (json!({"primary_address": {"country": "AUS"}}), country),
        (json!({"shipping_address": {"country": "XX"}}), country),
        (json!({"first_name": 1}), "first_name must be a string"),
        (json!({"phone": 1}), "phone must be a string"),
        (json!({"mobile": ["1"]}), "mobile must be a string"),
        (json!({"reference_id": {}}), "reference_id must be a string"),
        (json!({"accepts_marketing": "yes"}), "accepts_marketing must be a boolean"),
        (json!({"accepts_marketing": 1}), "accepts_marketing must be a boolean"),
        (json!({"tags": "a"}), "tags must be an array of strings"),
        (json!({"tags": ["a", ["b"]]}), "tags must be an array of strings"),
        (json!({"tags": {"0": "a"}}), "tags must be an array of strings"),
        (json!({"primary_address": ["a"]}), "primary_address must be an object"),
        (json!({"shipping_address": {"city": 1}}), "shipping_address.city must be a string"),
        (json!({"first_name": long(256)}), "first_name must be at most 255 characters"),
        (json!({"last_name": long(256)}), "last_name must be at most 255 characters"),
        (json!({"phone": long(51)}), "phone must be at most 50 characters"),
        (json!({"mobile": long(51)}), "mobile must be at most 50 characters"),
        (json!({"reference_id": long(256)}), "reference_id must be at most 255 characters"),
        (json!({"tags": [long(101)]}), "tags must be at most 100 characters"),
        (
            json!({"tags": (0..5000).map(|n| n.to_string()).collect::<Vec<_>>()}),
            "tags must be at most 100 entries",
        ),
        (json!({"first_name": "a\u{0}"}), "first_name must not contain the null character"),
        (json!({"tags": ["\u{0}"]}), "tags must not contain the null character"),
        (json!({"image": "file:///etc/passwd"}), "image must be a public URL or null"),
        (json!({"image": "javascript:alert(1)"}), "image must be a public URL or null"),
        (json!({"image": "www.example.test/a.jpg"}), "image must be a public URL or null"),
    ] {
        let mut body: Value = serde_json::from_str(GOOD).unwrap();
        for (key, value) in keys.as_object().unwrap() {
            body[key] = value.clone();
        }
        program.post(&body).await.bad_request(sentence);
        program.put(id, &body).await.bad_request(sentence);
    }
    unchanged(&program, id, &before).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_count_characters_and_are_met_exactly() {
    let world = World::start().await;
    let program = world.company().await;
    let long = |length: usize| "ż".repeat(length);
    let tags: Vec<String> = (0..100).map(|n| format!("{n:0100}")).collect();
    let image = format!("https://a.test/{}", "x".repeat(2048 - 15));
    let body = json!({
        "first_name": long(255), "last_name": long(255), "email": format!("{}@b", long(253)),
        "phone": long(50), "mobile": long(50), "reference_id": long(255), "tags": tags,
        "image": image, "primary_address": {"address": long(255)}
    });
    let shown = program.shown(program.customer(&body).await).await;
    for key in
        ["first_name", "last_name", "email", "phone", "mobile", "reference_id", "tags", "image"]
    {
        assert_eq!(shown[key], body[key], "{key}");
    }
    assert_eq!(shown["primary_address"]["address"], body["primary_address"]["address"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_is_stored_as_text_and_never_fetched() {
    let world = World::start().await;
    let program = world.company().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let image = format!("http://{}/a.jpg", listener.local_addr().unwrap());
    let id = program.customer(&json!({"first_name": "A", "phone": "1", "image": image})).await;
    assert_eq!(program.shown(id).await["image"], image);
    let asked = futures_util::FutureExt::now_or_never(listener.accept());
    assert!(asked.is_none(), "somebody came for the image");
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_beyond_the_limits_are_refused() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program.customer(&json!({"first_name": "A", "phone": "1"})).await;
    let json = "Content-Type: application/json";
    let large = json!({"first_name": "x".repeat(70_000)}).to_string();
    for answer in both(&program, id, json, large.as_bytes()).await {
        answer.refused(413, "Payload Too Large", "The request body is too large");
    }
    for answer in both(&program, id, "Content-Encoding: gzip", GOOD.as_bytes()).await {
        let sentence = "The request body must not have a content coding";
        answer.refused(415, "Unsupported Media Type", sentence);
    }
}
