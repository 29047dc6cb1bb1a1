//! Formats, suffixes and verbs (contract 1.1, 1.2, 1.4).

use super::answer::exchange;
use super::world::World;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn the_suffix_or_accept_asks_for_json() {
    let world = World::start().await;
    let program = world.company().await;
    for (suffix, accept, served) in [
        (".json", None, true),
        (".json", Some("text/html"), true),
        ("", Some("application/json"), true),
        ("", Some("application/json, text/plain, */*"), true),
        ("", Some("*/*"), true),
        ("", Some("application/*"), true),
        ("", None, false),
        ("", Some("text/html"), false),
        ("", Some("application/xml"), false),
        ("", Some("application/json;q=0"), false),
        (".xml", Some("application/json"), false),
        (".xml", None, false),
    ] {
        for rest in ["", "/customers", "/customers/1", "/webhooks", "/webhooks/1"] {
            let accept = accept.map(|accept| format!("Accept: {accept}"));
            let lines: Vec<&str> = accept.as_deref().into_iter().collect();
            let answer = program.send("GET", &format!("{rest}{suffix}"), &lines, "").await;
            if served {
                assert_ne!(answer.status, 406, "{rest}{suffix} {accept:?}");
                answer.json();
            } else {
                let sentence = "Responses are available as application/json only";
                answer.refused(406, "Not Acceptable", sentence);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_is_refused_its_format_changes_nothing() {
    let world = World::start().await;
    let program = world.company().await;
    let body = json!({"first_name": "A", "phone": "1"}).to_string();
    assert_eq!(program.send("POST", "/customers", &[], &body).await.status, 406);
    assert!(program.get("/customers.json").await.ids().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn links_carry_the_suffix_of_the_request() {
    let world = World::start().await;
    let program = world.company().await;
    for (suffix, name) in [(".json", "a"), ("", "b")] {
        let body = json!({"first_name": "A", "email": format!("{name}@x")}).to_string();
        let accept = ["Accept: */*"];
        let created = program.send("POST", &format!("/customers{suffix}"), &accept, &body).await;
        let id = created.json_of(201)["id"].as_i64().unwrap();
        let expected = program.link(&format!("/customers/{id}{suffix}"));
        assert_eq!(created.header("location"), Some(expected.as_str()));
        let search = format!("/customers{suffix}?email={name}%40x");
        let found = program.send("GET", &search, &accept, "").await;
        assert_eq!(found.redirect(), expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_verbs_do_not_judge_the_content_type() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program.customer(&json!({"first_name": "A", "phone": "1"})).await;
    let path = format!("/customers/{id}.json");
    for content_type in ["Content-Type: application/json", "Content-Type: text/plain"] {
        assert_eq!(program.send("GET", &path, &[content_type], "").await.status, 200);
        assert_eq!(program.send("HEAD", &path, &[content_type], "").await.status, 200);
    }
    let lines = ["Content-Type: application/json", "Content-Length: 0"];
    assert_eq!(program.send("DELETE", &path, &lines, "").await.status, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn head_is_get_without_the_body() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program.customer(&json!({"first_name": "A", "phone": "1", "email": "a@x"})).await;
    for rest in [
        ".json",
        "/customers.json",
        "/customers.json?email=a%40x",
        "/customers.json?email=b%40x",
        &format!("/customers/{id}.json"),
        "/customers/999999.json",
    ] {
        let (get, head) = (program.get(rest).await, program.send("HEAD", rest, &[], "").await);
        assert_eq!((head.status, head.body.as_str()), (get.status, ""), "{rest}");
        for name in ["content-length", "content-type", "location", "x-pages", "x-page"] {
            assert_eq!(head.header(name), get.header(name), "{rest} {name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn options_lists_the_verbs_without_credentials_or_format() {
    let world = World::start().await;
    for (path, allow) in [
        ("/v1/companies/me", "GET, HEAD, OPTIONS"),
        ("/v1/companies/me.json", "GET, HEAD, OPTIONS"),
        ("/v1/companies/5/customers", "GET, HEAD, POST, OPTIONS"),
        ("/v1/companies/5/customers/7.json", "GET, HEAD, PUT, DELETE, OPTIONS"),
        ("/v1/companies/5/webhooks", "GET, HEAD, POST, OPTIONS"),
        ("/v1/companies/5/webhooks/7.json", "GET, HEAD, PUT, DELETE, OPTIONS"),
        ("/v1/token", "POST, OPTIONS"),
        ("/v1/token.json", "POST, OPTIONS"),
        ("/authorize", "GET, HEAD, POST, OPTIONS"),
    ] {
        let answer = world.ask("OPTIONS", path, &[], b"").await;
        assert_eq!((answer.status, answer.body.as_str()), (204, ""), "{path}");
        assert_eq!(answer.header("allow"), Some(allow), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_verbs_are_refused_with_the_allowed_ones() {
    let world = World::start().await;
    let program = world.company().await;
    for (verb, rest, allow) in [
        ("POST", ".json", "GET, HEAD, OPTIONS"),
        ("DELETE", "/customers.json", "GET, HEAD, POST, OPTIONS"),
        ("PUT", "/customers.json", "GET, HEAD, POST, OPTIONS"),
        ("PATCH", "/customers/1.json", "GET, HEAD, PUT, DELETE, OPTIONS"),
        ("POST", "/customers/1.json", "GET, HEAD, PUT, DELETE, OPTIONS"),
        ("TRACE", "/customers/1.json", "GET, HEAD, PUT, DELETE, OPTIONS"),
        ("FOO", "/customers.json", "GET, HEAD, POST, OPTIONS"),
        ("DELETE", "/webhooks.json", "GET, HEAD, POST, OPTIONS"),
        ("POST", "/webhooks/1.json", "GET, HEAD, PUT, DELETE, OPTIONS"),
    ] {
        let answer = program.send(verb, rest, &[], "").await;
        let sentence = "The method is not allowed on this resource";
        answer.refused(405, "Method Not Allowed", sentence);
        assert_eq!(answer.header("allow"), Some(allow), "{verb} {rest}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_method_override_header_means_nothing() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program.customer(&json!({"first_name": "A", "phone": "1"})).await;
    let path = format!("/customers/{id}.json");
    let answer = program.send("GET", &path, &["X-HTTP-Method-Override: DELETE"], "").await;
    assert_eq!(answer.status, 200);
    assert_eq!(program.get(&path).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_paths_are_not_found_in_the_vendors_shape() {
    let world = World::start().await;
    let program = world.company().await;
    for target in [
        "/v1",
        "/v1/",
        "/v1/companies",
        "/v1/companies.json",
        "/v1/companies/me/",
        "/v1/companies/me/customers/",
        "/v1/companies/me/customers/1/",
        "/v1/companies//customers",
        "/v1/companies/me/people.json",
        "/v1/companies/me/customers/1/2/3",
        "/v1/tokens",
        "/v1/token.xml",
        "/v1/people/1",
    ] {
        let answer = world.ask("GET", target, &[program.basic.as_str()], b"").await;
        answer.refused(404, "Not Found", "Resource not found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn segments_are_decoded_before_they_are_matched() {
    let world = World::start().await;
    let program = world.company().await;
    for target in ["/v1/companies/m%65.json", "/v1/companies/me%2Ejson", "/v1/compan%69es/me.json"]
    {
        let answer = world.ask("GET", target, &[program.basic.as_str()], b"").await;
        assert_eq!(answer.status, 200, "{target}: {}", answer.body);
    }
    // A dash that was escaped is still no digit.
    let answer = world.ask("GET", "/v1/companies/%2D1.json", &[program.basic.as_str()], b"").await;
    answer.refused(404, "Not Found", "Company not found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_of_http_1_0_gets_a_length() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program.customer(&json!({"first_name": "A", "email": "a@x"})).await;
    for (rest, status) in [
        (".json".to_owned(), 200),
        ("/customers.json".to_owned(), 200),
        (format!("/customers/{id}.json"), 200),
        ("/customers.json?email=a%40x".to_owned(), 302),
        ("/customers/999999.json".to_owned(), 404),
    ] {
        let request = format!("GET {} HTTP/1.0\r\n{}\r\n\r\n", program.path(&rest), program.basic);
        let answer = exchange(world.server.address, request.as_bytes()).await;
        assert_eq!(answer.status, status, "{rest}");
        let length = answer.body.len().to_string();
        assert_eq!(answer.header("content-length"), Some(length.as_str()), "{rest}");
        assert_eq!(answer.header("transfer-encoding"), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn browsers_of_other_origins_are_let_in_only_if_configured() {
    let off = World::start().await;
    let program = off.company().await;
    let origin = "Origin: https://dash.example.test";
    let answer = program.send("GET", "/customers.json", &[origin], "").await;
    assert_eq!(answer.header("access-control-allow-origin"), None);
    let on = World::with(&[("KOUNTA__CORS", "true")]).await;
    let program = on.company().await;
    let answer = program.send("GET", "/customers.json", &[origin], "").await;
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(
        answer.header("access-control-expose-headers"),
        Some(
            "X-Page, X-Pages, X-Next-Page, X-Ratelimit-Limit, X-Ratelimit-Remaining, X-Ratelimit-Reset, Location"
        )
    );
    let asked = [
        origin,
        "Access-Control-Request-Method: GET",
        "Access-Control-Request-Headers: authorization",
    ];
    let answer = on.ask("OPTIONS", "/v1/companies/me.json", &asked, b"").await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("access-control-allow-headers"), Some("authorization"));
}
