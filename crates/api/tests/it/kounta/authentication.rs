//! Credentials (contract 1.5).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::merchant::Application;
use domain::testing::{an_application, an_id};
use domain::token::{NewToken, Scopes, TokenPurpose};
use domain::{StorageError, access::Actor};
use time::Duration;

use super::answer::Answer;
use super::world::World;

const ME: &str = "/v1/companies/me.json";

fn basic(user: &str, password: &str) -> String {
    format!("Authorization: Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

#[track_caller]
fn unknown_token(answer: &Answer) {
    let sentence = "The access token provided is invalid";
    answer.refused(401, "invalid_token", sentence);
    let challenge =
        format!(r#"Bearer realm="Service", error="invalid_token", error_description="{sentence}""#);
    assert_eq!(answer.header("www-authenticate"), Some(challenge.as_str()));
}

#[track_caller]
fn unknown_client(answer: &Answer) {
    answer.refused(401, "invalid_client", "The client credentials are invalid");
    assert_eq!(answer.header("www-authenticate"), Some(r#"Basic realm="Service""#));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_call_needs_credentials() {
    let world = World::start().await;
    for (method, target) in [
        ("GET", ME),
        ("GET", "/v1/companies/1/customers.json"),
        ("POST", "/v1/companies/1/customers.json"),
        ("GET", "/v1/companies/1/customers/1.json"),
        ("PUT", "/v1/companies/1/customers/1.json"),
        ("DELETE", "/v1/companies/1/customers/1.json"),
    ] {
        let answer = world.ask(method, target, &[], b"").await;
        answer.refused(401, "Unauthorized", "Authentication is required");
        assert_eq!(answer.header("www-authenticate"), Some(r#"Bearer realm="Service""#));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_schemes_and_unclear_headers_are_malformed() {
    let world = World::start().await;
    let program = world.company().await;
    let (good, other) = (program.basic.as_str(), "Authorization: Bearer abc");
    for lines in [
        &["Authorization: OAuth abc"][..],
        &["Authorization: Digest x=y"],
        &["Authorization:"],
        &["Authorization: abc"],
        &[good, good],
        &[good, other],
        &[other, good],
    ] {
        let answer = world.ask("GET", ME, lines, b"").await;
        answer.refused(400, "invalid_request", "Malformed auth header");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_tokens_look_alike() {
    let world = World::start().await;
    let program = world.company().await;
    let token = program.access_token().await;
    for shown in [
        "Bearer",
        "Bearer ",
        "Bearer abc",
        "bearer  abc",
        "Bearer a,b",
        "Bearer ...........",
        &format!("Bearer {}", &token[1..]),
        &format!("Bearer {}", token.to_uppercase()),
        &format!("Bearer {}", "a".repeat(8000)),
    ] {
        unknown_token(&world.ask("GET", ME, &[&format!("Authorization: {shown}")], b"").await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_scheme_is_read_in_any_case() {
    let world = World::start().await;
    let program = world.company().await;
    let token = program.access_token().await;
    for line in [
        format!("Authorization: bearer {token}"),
        format!("authorization: BEARER  {token}"),
        program.basic.replace("Basic", "basic"),
    ] {
        assert_eq!(world.ask("GET", ME, &[line.as_str()], b"").await.status, 200, "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pairs_that_do_not_belong_together_look_alike() {
    let world = World::start().await;
    let (program, other) = (world.company().await, world.company().await);
    for line in [
        basic("nobody", "x"),
        basic("", ""),
        basic(&program.client_id, ""),
        basic(&program.client_id, "x"),
        basic(&program.client_id, &other.secret),
        basic(&program.client_id, &format!("{} ", program.secret)),
        basic(&program.client_id.to_uppercase(), &program.secret),
        basic(&format!("{}\0", program.client_id), &program.secret),
        basic(&"a".repeat(4000), "x"),
        "Authorization: Basic".to_owned(),
        "Authorization: Basic !".to_owned(),
        "Authorization: Basic YQ==".to_owned(),
    ] {
        unknown_client(&world.ask("GET", ME, &[line.as_str()], b"").await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_token_says_so_and_is_not_remembered() {
    let world = World::start().await;
    let program = world.company().await;
    let line = format!("Authorization: Bearer {}", program.access_token().await);
    world.clock.advance(Duration::seconds(3599));
    assert_eq!(world.ask("GET", ME, &[line.as_str()], b"").await.status, 200);
    world.clock.advance(Duration::SECOND);
    let answer = world.ask("GET", ME, &[line.as_str()], b"").await;
    let sentence = "The access token provided has expired";
    answer.refused(401, "invalid_token", sentence);
    let challenge =
        format!(r#"Bearer realm="Service", error="invalid_token", error_description="{sentence}""#);
    assert_eq!(answer.header("www-authenticate"), Some(challenge.as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_of_other_purposes_and_other_dialects_are_unknown() {
    let world = World::start().await;
    let program = world.company().await;
    let code = program.code().await;
    let till: Application = an_application(program.merchant.id);
    world.add_application(&till).await;
    let new = |actor, purpose| NewToken {
        purpose,
        merchant: program.merchant.id,
        actor,
        scopes: Scopes::default(),
        redirect_uri: None,
        lifetime: None,
        bytes: 20,
    };
    let own = Actor::Application(program.application);
    let mut shown = vec![code];
    for token in [
        new(own, TokenPurpose::Refresh),
        new(Actor::Application(till.id), TokenPurpose::Access),
        new(Actor::Admin(an_id()), TokenPurpose::Access),
    ] {
        shown.push(world.tokens.issue(token).await.unwrap().into_inner());
    }
    for token in shown {
        let line = format!("Authorization: Bearer {token}");
        unknown_token(&world.ask("GET", ME, &[line.as_str()], b"").await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_are_judged_before_path_and_body() {
    let world = World::start().await;
    let lines = ["Content-Type: text/plain"];
    let answer = world.ask("POST", "/v1/companies/abc/customers.json", &lines, b"{").await;
    assert_eq!(answer.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storage_that_fails_is_told_without_detail() {
    for (error, status, phrase, sentence) in [
        (
            StorageError::Unavailable("pool".to_owned()),
            503,
            "Service Unavailable",
            "The service is temporarily unavailable",
        ),
        (
            StorageError::Failed("column".to_owned()),
            500,
            "Internal Server Error",
            "The request could not be served",
        ),
    ] {
        let world = World::start().await;
        let program = world.company().await;
        world.fail(error);
        program.get("/customers.json").await.refused(status, phrase, sentence);
        let form = format!("grant_type=client_credentials&{}", program.fields());
        let answer = world.token(&[], &form).await;
        answer.refused(status, phrase, sentence);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let target = format!("/authorize?client_id={}", program.client_id);
        world.ask("GET", &target, &[], b"").await.refused(status, phrase, sentence);
    }
}
