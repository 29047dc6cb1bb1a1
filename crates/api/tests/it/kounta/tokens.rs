//! The token endpoint (contract 1.5).

use serde_json::{Value, json};
use time::Duration;

use super::answer::Answer;
use super::world::{REDIRECT_URI, World, escaped};

fn is_token(value: &Value) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| b"0123456789abcdef".contains(&byte));
    value.as_str().is_some_and(|text| text.len() == 40 && digits(text))
}

#[track_caller]
fn granted(answer: &Answer) -> Value {
    let body = answer.json_of(200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("pragma"), Some("no-cache"));
    assert!(is_token(&body["access_token"]), "{body}");
    let keys: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(keys[..4], ["access_token", "expires_in", "token_type", "scope"]);
    assert_eq!(
        (&body["expires_in"], &body["token_type"], &body["scope"]),
        (&json!(3600), &json!("Bearer"), &Value::Null)
    );
    body
}

#[track_caller]
fn denied(answer: &Answer, error: &str, description: &str) {
    answer.refused(400, error, description);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

fn code_form(code: &str) -> String {
    format!("grant_type=authorization_code&code={code}&redirect_uri={}", escaped(REDIRECT_URI))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_wins_tokens_once() {
    let world = World::start().await;
    let program = world.company().await;
    let form = format!("{}&{}", code_form(&program.code().await), program.fields());
    let body = granted(&world.token(&[], &form).await);
    assert!(is_token(&body["refresh_token"]), "{body}");
    let line = format!("Authorization: Bearer {}", body["access_token"].as_str().unwrap());
    let me = world.ask("GET", "/v1/companies/me.json", &[line.as_str()], b"").await;
    assert_eq!(me.json_of(200)["id"], i64::from(program.merchant.company_id));
    let sentence = "Authorization code doesn't exist or is invalid for the client";
    denied(&world.token(&[], &form).await, "invalid_grant", sentence);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_requests_with_one_code_one_gets_it() {
    let world = World::start().await;
    let program = world.company().await;
    let form = format!("{}&{}", code_form(&program.code().await), program.fields());
    let (first, second) = tokio::join!(world.token(&[], &form), world.token(&[], &form));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_bound_to_its_client_its_address_and_its_time() {
    let world = World::start().await;
    let (program, other) = (world.company().await, world.company().await);
    let code = program.code().await;
    let unknown = "Authorization code doesn't exist or is invalid for the client";
    let stolen = format!("{}&{}", code_form(&code), other.fields());
    denied(&world.token(&[], &stolen).await, "invalid_grant", unknown);
    let made_up = format!("{}&{}", code_form(&"0".repeat(40)), program.fields());
    denied(&world.token(&[], &made_up).await, "invalid_grant", unknown);
    let expected = json!({
        "error": "redirect_uri_mismatch",
        "error_description": "The redirect URI is missing or do not match",
        "error_uri": "http://tools.ietf.org/html/rfc6749#section-4.1.3"
    });
    for uri in ["", "&redirect_uri=", "&redirect_uri=https%3A%2F%2Fapp.example.test%2F"] {
        let form = format!("grant_type=authorization_code&code={code}{uri}&{}", program.fields());
        let answer = world.token(&[], &form).await;
        assert_eq!((answer.status, answer.body), (400, expected.to_string()), "{uri}");
    }
    // None of these mistakes cost the client its code.
    let form = format!("{}&{}", code_form(&code), program.fields());
    granted(&world.token(&[], &form).await);
    let late = format!("{}&{}", code_form(&program.code().await), program.fields());
    world.clock.advance(Duration::seconds(600));
    let sentence = "The authorization code has expired";
    denied(&world.token(&[], &late).await, "invalid_grant", sentence);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_stays_the_same_for_ever() {
    let world = World::start().await;
    let program = world.company().await;
    let form = format!("{}&{}", code_form(&program.code().await), program.fields());
    let first = granted(&world.token(&[], &form).await);
    let refresh = first["refresh_token"].as_str().unwrap();
    let form = format!(
        "grant_type=refresh_token&refresh_token={refresh}&redirect_uri=anything&{}",
        program.fields()
    );
    let second = granted(&world.token(&[], &form).await);
    assert_eq!(second["refresh_token"], refresh);
    assert_ne!(second["access_token"], first["access_token"]);
    for body in [&first, &second] {
        let line = format!("Authorization: Bearer {}", body["access_token"].as_str().unwrap());
        let me = world.ask("GET", "/v1/companies/me.json", &[line.as_str()], b"").await;
        assert_eq!(me.status, 200, "the older token works until its own end");
    }
    world.clock.advance(Duration::days(3650));
    assert_eq!(granted(&world.token(&[], &form).await)["refresh_token"], refresh);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_is_bound_to_its_client() {
    let world = World::start().await;
    let (program, other) = (world.company().await, world.company().await);
    let form = format!("{}&{}", code_form(&program.code().await), program.fields());
    let body = granted(&world.token(&[], &form).await);
    for (token, client) in [
        (body["refresh_token"].as_str().unwrap(), &other),
        (body["access_token"].as_str().unwrap(), &program),
        ("0", &program),
    ] {
        let form = format!("grant_type=refresh_token&refresh_token={token}&{}", client.fields());
        denied(&world.token(&[], &form).await, "invalid_grant", "Invalid refresh token");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn client_credentials_win_an_access_token_alone() {
    let world = World::start().await;
    let program = world.company().await;
    let form = format!("grant_type=client_credentials&{}", program.fields());
    let body = granted(&world.token(&[], &form).await);
    assert_eq!(body.as_object().unwrap().len(), 4, "{body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_are_forms_or_json_and_credentials_may_stand_in_the_header() {
    let world = World::start().await;
    let program = world.company().await;
    let (id, secret) = (&program.client_id, &program.secret);
    let form = format!("grant_type=client_credentials&{}", program.fields());
    let json = json!({
        "grant_type": "client_credentials", "client_id": id, "client_secret": secret
    });
    let basic = program.basic.as_str();
    let grant = "grant_type=client_credentials";
    for (content_type, line, body) in [
        ("application/x-www-form-urlencoded", "X-A: b", form.as_str()),
        ("application/x-www-form-urlencoded;charset=UTF-8", "X-A: b", &form),
        ("application/json", "X-A: b", &json.to_string()),
        ("application/json; charset=utf-8", "X-A: b", &json.to_string()),
        ("application/x-www-form-urlencoded", basic, grant),
        ("application/json", basic, r#"{"grant_type":"client_credentials"}"#),
        ("application/x-www-form-urlencoded", "Authorization: Bearer old", &form),
        ("application/x-www-form-urlencoded", "Accept: text/html", &form),
    ] {
        for target in ["/v1/token", "/v1/token.json"] {
            let content_type = format!("Content-Type: {content_type}");
            let answer =
                world.ask("POST", target, &[content_type.as_str(), line], body.as_bytes()).await;
            granted(&answer);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_header_wins_over_the_body() {
    let world = World::start().await;
    let (program, other) = (world.company().await, world.company().await);
    let form = format!("grant_type=client_credentials&{}", other.fields());
    let body = granted(&world.token(&[&program.basic], &form).await);
    let line = format!("Authorization: Bearer {}", body["access_token"].as_str().unwrap());
    let me = world.ask("GET", "/v1/companies/me.json", &[line.as_str()], b"").await;
    assert_eq!(me.json_of(200)["id"], i64::from(program.merchant.company_id));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mistake_has_its_sentence() {
    let world = World::start().await;
    let program = world.company().await;
    let fields = program.fields();
    let id = &program.client_id;
    let no_grant = "The grant type was not specified in the request";
    let no_client = "Client credentials were not found in the headers or body";
    let unknown = "The client credentials are invalid";
    let long = "x".repeat(1000);
    for (form, error, sentence) in [
        (fields.clone(), "invalid_request", no_grant),
        (format!("grant_type=&{fields}"), "invalid_request", no_grant),
        (format!("grant_type[]=refresh_token&{fields}"), "invalid_request", no_grant),
        ("grant_type=%zz".to_owned(), "invalid_request", no_grant),
        (String::new(), "invalid_request", no_grant),
        (
            format!("grant_type=password&{fields}"),
            "unsupported_grant_type",
            "Grant type \"password\" not supported",
        ),
        (
            format!("grant_type={long}&{fields}"),
            "unsupported_grant_type",
            &format!("Grant type \"{}\" not supported", &long[..64]),
        ),
        ("grant_type=refresh_token".to_owned(), "invalid_client", no_client),
        ("grant_type=refresh_token&client_id=".to_owned(), "invalid_client", no_client),
        (format!("grant_type=refresh_token&client_id={id}"), "invalid_client", unknown),
        (
            format!("grant_type=refresh_token&client_id={id}&client_secret=x"),
            "invalid_client",
            unknown,
        ),
        (
            "grant_type=refresh_token&client_id=a%00b&client_secret=x".to_owned(),
            "invalid_client",
            unknown,
        ),
        (
            format!("grant_type=authorization_code&{fields}"),
            "invalid_request",
            "Missing parameter: \"code\" is required",
        ),
        (
            format!("grant_type=refresh_token&{fields}"),
            "invalid_request",
            "Missing parameter: \"refresh_token\" is required",
        ),
    ] {
        denied(&world.token(&[], &form).await, error, sentence);
    }
    let lines = ["Content-Type: application/json"];
    for body in ["", "{", "[]", "\"grant_type\"", "null"] {
        let answer = world.ask("POST", "/v1/token", &lines, body.as_bytes()).await;
        denied(&answer, "invalid_request", no_grant);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_post_wins_tokens() {
    let world = World::start().await;
    for verb in ["GET", "PUT", "DELETE", "PATCH"] {
        for target in ["/v1/token", "/v1/token.json"] {
            let answer = world.ask(verb, target, &[], b"").await;
            let sentence = "The request method must be POST when requesting an access token";
            answer.refused(405, "invalid_request", sentence);
            assert_eq!(answer.header("allow"), Some("POST, OPTIONS"));
            assert_eq!(answer.header("cache-control"), Some("no-store"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_beyond_the_limit_is_refused() {
    let world = World::start().await;
    let answer = world.token(&[], &"a".repeat(70_000)).await;
    answer.refused(413, "Payload Too Large", "The request body is too large");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}
