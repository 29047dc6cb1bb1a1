//! Registering webhooks (contract 3.1, 3.2).

use domain::text::hex;
use serde_json::{Value, json};
use time::Duration;

use super::world::{BASE, World};

fn minimal() -> Value {
    json!({"topic": "customers/updated", "address": "https://hooks.example.test/kounta"})
}

fn full() -> Value {
    json!({
        "topic": "customers/updated",
        "address": "https://hooks.example.test/kounta",
        "format": "json",
        "filter": {"attributes": ["name", "mobile"]},
        "headers": {"Authorization": "Bearer receiver-secret", "X-Tenant": "geelong"}
    })
}

/// The contract's sample, byte for byte but for its id.
fn sample(id: i64, updated_at: &str) -> String {
    let filter = r#"{"attributes":["name","mobile"]}"#;
    let headers = r#"{"Authorization":"Bearer receiver-secret","X-Tenant":"geelong"}"#;
    format!(
        r#"{{"id":{id},"topic":"customers/updated","address":"https://hooks.example.test/kounta","format":"json","created_at":"2026-03-02T09:15:00+11:00","updated_at":"{updated_at}","filter":{filter},"headers":{headers}}}"#
    )
}

fn path(id: i64) -> String {
    format!("/webhooks/{id}.json")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contracts_sample_is_made_shown_and_listed_byte_for_byte() {
    let world = World::start().await;
    let program = world.company().await;
    let made = program.post_webhook(&full()).await;
    let id = made.json_of(201)["id"].as_i64().unwrap();
    assert_eq!(made.header("location"), Some(program.link(&path(id)).as_str()));
    let expected = sample(id, "2026-03-02T09:15:00+11:00");
    assert_eq!(made.body, expected);
    let shown = program.get(&path(id)).await;
    assert_eq!((shown.status, shown.body.as_str()), (200, expected.as_str()));
    let listed = program.get("/webhooks.json").await;
    assert_eq!((listed.status, listed.body), (200, format!("[{expected}]")));
}

#[tokio::test(flavor = "multi_thread")]
async fn timestamps_are_the_real_ones_with_the_companys_offset() {
    let world = World::start().await;
    let program = world.company().await;
    let mut body = full();
    body["format"] = json!("xml");
    let id = program.webhook(&body).await;
    // Over the end of summer time.
    world.server.clock.advance(Duration::days(60));
    let changed = program.put_webhook(id, &json!({"format": "json"})).await;
    let expected = sample(id, "2026-05-01T08:15:00+10:00");
    assert_eq!((changed.status, changed.body.as_str()), (200, expected.as_str()));
    world.server.clock.advance(Duration::days(1));
    for same in [json!({}), json!({"unknown": 1, "id": 7, "created_at": null}), full()] {
        let answer = program.put_webhook(id, &same).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, expected.as_str()), "{same}");
    }
    assert_eq!(program.get(&path(id)).await.body, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn filter_and_headers_are_objects_even_when_empty() {
    let world = World::start().await;
    let program = world.company().await;
    let mut bodies = vec![minimal()];
    for value in [json!(null), json!([]), json!({})] {
        let mut body = minimal();
        body["filter"] = value.clone();
        body["headers"] = value;
        bodies.push(body);
    }
    // What the client written in Go sends.
    let mut body = minimal();
    body["filter"] = json!({"site_ids": null});
    body["format"] = json!("json");
    bodies.push(body);
    for body in bodies {
        let made = program.post_webhook(&body).await;
        made.json_of(201);
        assert!(made.body.ends_with(r#""filter":{},"headers":{}}"#), "{}", made.body);
        assert!(made.body.contains(r#""format":"json""#), "{}", made.body);
    }
    let id = program.webhook(&full()).await;
    for value in [json!(null), json!([])] {
        assert_eq!(program.put_webhook(id, &full()).await.status, 200);
        let cleared = program.put_webhook(id, &json!({"filter": value, "headers": value})).await;
        assert!(cleared.body.ends_with(r#""filter":{},"headers":{}}"#), "{}", cleared.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_replaces_the_keys_that_it_has_each_as_a_whole() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program.webhook(&full()).await;
    let mut expected = program.get(&path(id)).await.json();
    for (key, value) in [
        ("topic", json!("orders/completed")),
        ("address", json!("http://other.example.test:8080/a?b=c")),
        ("format", json!("xml")),
        ("headers", json!({"x-other": "1"})),
        ("filter", json!({"site_ids": [923, 5]})),
        ("filter", json!({"attributes": ["tags"]})),
    ] {
        expected[key] = value.clone();
        let changed = program.put_webhook(id, &json!({key: value})).await;
        assert_eq!(changed.json_of(200).to_string(), expected.to_string(), "{key}");
        assert_eq!(program.get(&path(id)).await.json(), expected, "{key}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_that_is_not_understood_is_shown_as_it_came() {
    let world = World::start().await;
    let program = world.company().await;
    let mut body = minimal();
    let filter = r#"{"attributes":["email"],"site_ids":[923],"z":{"first_name":true,"n":1.50},"a":"\u0000ż"}"#;
    body["filter"] = serde_json::from_str(filter).unwrap();
    let id = program.webhook(&body).await;
    let shown = program.get(&path(id)).await;
    assert!(shown.body.contains(&format!(r#""filter":{filter},"#)), "{}", shown.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_topic_and_format_is_kept_and_equal_webhooks_stand_beside_each_other() {
    let world = World::start().await;
    let program = world.company().await;
    let mut topics = vec!["orders/completed".to_owned()];
    for resource in ["customers", "orders", "products", "registers", "sites", "staff"] {
        topics.extend(["created", "updated", "deleted"].map(|event| format!("{resource}/{event}")));
    }
    let mut ids = Vec::new();
    for topic in &topics {
        for format in ["json", "xml"] {
            let mut body = minimal();
            body["topic"] = json!(topic);
            body["format"] = json!(format);
            let made = program.post_webhook(&body).await.json_of(201);
            assert_eq!((&made["topic"], &made["format"]), (&json!(topic), &json!(format)));
            ids.push(made["id"].as_i64().unwrap());
        }
    }
    let twins = [program.webhook(&full()).await, program.webhook(&full()).await];
    ids.extend(twins);
    assert!(ids.windows(2).all(|two| two[0] < two[1]), "{ids:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_webhooks_are_three_pages_by_header_and_by_link() {
    let world = World::start().await;
    let program = world.company().await;
    let mut ids = Vec::new();
    for _ in 0..60 {
        ids.push(program.webhook(&minimal()).await);
    }
    for (page, part) in [
        (None, 0..25),
        (Some("0"), 0..25),
        (Some("1"), 25..50),
        (Some("2"), 50..60),
        (Some("3"), 60..60),
    ] {
        let header = page.map(|page| format!("X-Page: {page}"));
        let lines: Vec<&str> = header.as_deref().into_iter().collect();
        let answer = program.send("GET", "/webhooks.json", &lines, "").await;
        assert_eq!(answer.ids(), ids[part], "{page:?}");
        assert_eq!(answer.header("x-pages"), Some("3"));
        assert_eq!(answer.header("x-page"), Some(page.unwrap_or("0")));
    }
    let (mut seen, mut pages) = (Vec::new(), Vec::new());
    let mut link = Some(program.link("/webhooks.json?limit=7"));
    while let Some(next) = link {
        let target = next.strip_prefix(BASE).expect("our own address").to_owned();
        assert!(target.contains("/webhooks.json?limit=7"), "{target}");
        let answer = world.ask("GET", &target, &[program.basic.as_str()], b"").await;
        seen.extend(answer.ids());
        pages.push(answer.header("x-page").unwrap().to_owned());
        link = answer.header("x-next-page").map(str::to_owned);
    }
    assert_eq!((seen, pages), (ids, vec!["0".to_owned(), "1".to_owned(), "2".to_owned()]));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_webhooks_are_one_empty_page() {
    let world = World::start().await;
    let program = world.company().await;
    let answer = program.get("/webhooks.json").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "[]"));
    let told = ["x-pages", "x-page", "x-next-page"].map(|name| answer.header(name));
    assert_eq!(told, [Some("1"), Some("0"), None]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_removed_once() {
    let world = World::start().await;
    let program = world.company().await;
    let (gone, kept) = (program.webhook(&full()).await, program.webhook(&minimal()).await);
    let lines = ["Content-Type: application/json", "Content-Length: 0"];
    let answer = program.send("DELETE", &path(gone), &lines, "").await;
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    program.send("DELETE", &path(gone), &lines, "").await.webhook_not_found();
    program.get(&path(gone)).await.webhook_not_found();
    program.put_webhook(gone, &json!({"format": "xml"})).await.webhook_not_found();
    // Whatever the body says of it.
    program.put_webhook(gone, &json!({"format": "x"})).await.webhook_not_found();
    assert_eq!(program.get("/webhooks.json").await.ids(), [kept]);
    for rest in ["/webhooks/0.json", "/webhooks/x.json", "/webhooks/9007199254740992.json"] {
        program.get(rest).await.webhook_not_found();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_sees_its_own_webhooks_only() {
    let world = World::start().await;
    let ours = world.company().await;
    let neighbour = world.program(&ours.merchant).await;
    let stranger = world.company().await;
    let id = ours.webhook(&full()).await;
    for other in [&neighbour, &stranger] {
        let own = other.webhook(&minimal()).await;
        assert_eq!(other.get("/webhooks.json").await.ids(), [own]);
        assert_eq!(other.get(&format!("/webhooks.json?start={}", id - 1)).await.ids(), [own]);
        other.get(&path(id)).await.webhook_not_found();
        other.put_webhook(id, &json!({"address": "http://theirs.test/"})).await.webhook_not_found();
        other.send("DELETE", &path(id), &[], "").await.webhook_not_found();
    }
    assert_eq!(ours.get("/webhooks.json").await.ids(), [id]);
    assert_eq!(ours.get(&path(id)).await.body, sample(id, "2026-03-02T09:15:00+11:00"));
    // A token of the same client is the same application.
    let bearer = format!("Authorization: Bearer {}", ours.access_token().await);
    let target = ours.path(&path(id));
    assert_eq!(world.ask("GET", &target, &[&bearer], b"").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_companys_webhooks_are_forbidden_whether_they_exist_or_not() {
    let world = World::start().await;
    let (ours, theirs) = (world.company().await, world.company().await);
    let id = theirs.webhook(&full()).await;
    let sentence = "This application has no access to the company";
    let body = full().to_string();
    for (method, rest, body) in [
        ("GET", "/webhooks.json".to_owned(), ""),
        ("POST", "/webhooks.json".to_owned(), body.as_str()),
        ("GET", path(id), ""),
        ("GET", path(id + 1), ""),
        ("PUT", path(id), "{}"),
        ("DELETE", path(id), ""),
    ] {
        let lines = [ours.basic.as_str(), "Content-Type: application/json"];
        let answer = world.ask(method, &theirs.path(&rest), &lines, body.as_bytes()).await;
        answer.refused(403, "Forbidden", sentence);
    }
    assert_eq!(theirs.get("/webhooks.json").await.ids(), [id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn me_and_paths_without_suffix_mean_the_same() {
    let world = World::start().await;
    let program = world.company().await;
    let lines =
        [program.basic.as_str(), "Accept: application/json", "Content-Type: application/json"];
    let made =
        world.ask("POST", "/v1/companies/me/webhooks", &lines, full().to_string().as_bytes()).await;
    let id = made.json_of(201)["id"].as_i64().unwrap();
    let expected = program.link(&format!("/webhooks/{id}"));
    assert_eq!(made.header("location"), Some(expected.as_str()));
    let target = format!("/v1/companies/me/webhooks/{id}");
    let shown = world.ask("GET", &target, &lines, b"").await;
    assert_eq!(shown.body, program.get(&path(id)).await.body);
    let (get, head) =
        (program.get(&path(id)).await, program.send("HEAD", &path(id), &[], "").await);
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(head.header("content-length"), get.header("content-length"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_values_of_headers_are_sealed_at_rest() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program.webhook(&full()).await;
    assert_eq!(program.put_webhook(id, &json!({"format": "xml"})).await.status, 200);
    let hexadecimal = hex(b"receiver-secret");
    let rows = world.server.database.rows().await;
    assert!(rows.iter().any(|row| row.starts_with("subscriptions ")), "a webhook is stored");
    for row in rows {
        assert!(!row.contains("receiver-secret") && !row.contains(&hexadecimal), "{row}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_may_have_so_many_webhooks() {
    let world = World::with(&[("KOUNTA__WEBHOOKS_PER_APPLICATION", "3")]).await;
    let program = world.company().await;
    let neighbour = world.program(&program.merchant).await;
    let body = minimal();
    let answers = futures_util::future::join_all((0..6).map(|_| program.post_webhook(&body))).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 3);
    for refused in answers.iter().filter(|answer| answer.status != 201) {
        refused.bad_request("An application may have at most 3 webhooks");
    }
    let ids = program.get("/webhooks.json").await.ids();
    assert_eq!(program.put_webhook(ids[0], &full()).await.status, 200);
    assert_eq!(program.send("DELETE", &path(ids[0]), &[], "").await.status, 204);
    program.webhook(&minimal()).await;
    neighbour.webhook(&minimal()).await;
}
