//! Who is let in to the private endpoints (contract 1.2).

use domain::testing::a_merchant;
use jsonwebtoken::{Algorithm, Header};
use serde_json::{Value, json};
use time::Duration;

use super::world::{Institution, JSON, World};

const FIND: &str = "/v2/customer/find";
const PRIVATE: [&str; 4] =
    ["/v2/customer/create", "/v2/customer/details", FIND, "/v2/customer/update"];

async fn status(world: &World, lines: &[(&str, &str)]) -> u16 {
    world.post(FIND, &[&[JSON], lines].concat(), "{}").await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn without_credentials_nothing_private_answers_whatever_the_body() {
    let world = World::start().await;
    for path in PRIVATE {
        for body in ["{}", "", "no JSON", "[]"] {
            world.post(path, &[JSON], body).await.is_unauthorized();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_credential_is_told_before_a_bad_body_or_its_type() {
    let world = World::start().await;
    let lines = [("content-type", "text/plain"), ("api-key", "unknown")];
    for path in PRIVATE {
        world.post(path, &lines, "no JSON").await.is_unauthorized();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_or_a_token_is_enough_under_any_spelling_of_the_header() {
    let world = World::start().await;
    let institution = world.institution().await;
    let (token, _) = institution.tokens().await;
    for lines in [
        [("api-key", institution.key.clone())],
        [("Api-Key", institution.key.clone())],
        [("authorization", format!("Bearer {token}"))],
        [("Authorization", format!("bearer  {token}"))],
        [("AUTHORIZATION", format!("BEARER {token}"))],
    ] {
        let [(name, value)] = &lines;
        assert_eq!(status(&world, &[(name, value)]).await, 201, "{lines:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn authorization_decides_over_a_key() {
    let world = World::start().await;
    let institution = world.institution().await;
    let key = ("api-key", institution.key.as_str());
    assert_eq!(status(&world, &[("authorization", "Bearer x"), key]).await, 401);
    assert_eq!(status(&world, &[("authorization", "Basic YTpi"), key]).await, 401);
    let bearer = format!("Bearer {}", institution.tokens().await.0);
    assert_eq!(status(&world, &[("authorization", &bearer), ("api-key", "x")]).await, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_are_nearly_right_are_refused() {
    let world = World::start().await;
    let institution = world.institution().await;
    let key = &institution.key;
    for wrong in [
        String::new(),
        key[..key.len() - 1].to_owned(),
        format!("{key}0"),
        format!("x{}", &key[1..]),
        key.to_uppercase(),
        format!("Bearer {key}"),
        "ключ".to_owned(),
    ] {
        assert_eq!(status(&world, &[("api-key", &wrong)]).await, 401, "{wrong}");
    }
    let twice = [("api-key", key.as_str()), ("api-key", key.as_str())];
    assert_eq!(status(&world, &twice).await, 401);
    let answer = world.post(&format!("{FIND}?api-key={key}"), &[JSON], "{}").await;
    answer.is_unauthorized();
    // A key is no token and a token no key.
    assert_eq!(status(&world, &[("authorization", &format!("Bearer {key}"))]).await, 401);
    let (token, _) = institution.tokens().await;
    assert_eq!(status(&world, &[("api-key", &token)]).await, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_caller_costs_no_look_up() {
    let world = World::start().await;
    let institution = world.institution().await;
    let (token, _) = institution.tokens().await;
    for lines in [
        [JSON, ("api-key", institution.key.as_str())],
        [JSON, ("authorization", &format!("Bearer {token}"))],
    ] {
        world.post(FIND, &lines, "{}").await.data();
        let before = world.storage.asked();
        world.post(FIND, &lines, "{}").await.data();
        assert_eq!(world.storage.asked() - before, 1, "{lines:?}");
    }
}

/// Claims of an access token that works.
fn claims(institution: &Institution<'_>) -> Value {
    let now = domain::Clock::now(&*institution.world.clock).unix_timestamp();
    json!({
        "sub": institution.operator.to_string(), "merchant_id": institution.name, "typ": "access", "jti": "j",
        "iat": now, "exp": now + 900,
    })
}

async fn accepts(institution: &Institution<'_>, header: &Header, claims: &Value) -> bool {
    let key = &institution.world.keys.kuna_core.encoding;
    let token = jsonwebtoken::encode(header, claims, key).unwrap();
    match institution.post_with(&token, FIND, &json!({})).await {
        answer if answer.status == 201 => true,
        answer => {
            answer.is_unauthorized();
            false
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_tokens_with_every_claim_rightly_typed_are_accepted() {
    let world = World::start().await;
    let institution = world.institution().await;
    let good = claims(&institution);
    assert!(accepts(&institution, &Header::default(), &good).await);
    let now = good["iat"].as_i64().unwrap();
    let stranger = a_merchant().institution;
    for (name, value) in [
        ("exp", json!(now - 30)),
        ("exp", json!("9999999999")),
        ("exp", json!(1e308)),
        ("exp", json!(-1)),
        ("exp", Value::Null),
        ("exp", json!([now + 900])),
        ("iat", json!(now + 31)),
        ("iat", json!("now")),
        ("nbf", json!(now + 86_400)),
        ("nbf", json!("tomorrow")),
        ("typ", json!("refresh")),
        ("sub", json!("6d962783-f0cf-420d-a511-3a48c71c5595")),
        ("sub", json!("' or 1=1")),
        ("sub", json!(5)),
        ("merchant_id", json!(stranger.as_str())),
        ("merchant_id", json!(institution.merchant.to_string())),
        ("jti", Value::Null),
        ("aud", json!("kuna")),
    ] {
        let mut bad = good.clone();
        bad[name] = value;
        assert!(!accepts(&institution, &Header::default(), &bad).await, "{bad}");
    }
    for header in [
        Header::new(Algorithm::HS384),
        Header::new(Algorithm::HS512),
        Header { kid: Some("../../dev/null".to_owned()), ..Header::default() },
        Header { jku: Some("http://127.0.0.1:1/keys".to_owned()), ..Header::default() },
        Header { crit: Some(vec!["b64".to_owned()]), ..Header::default() },
    ] {
        assert!(!accepts(&institution, &header, &good).await, "{header:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_were_tampered_with_are_refused() {
    let world = World::start().await;
    let institution = world.institution().await;
    let (token, refresh) = institution.tokens().await;
    let (message, signature) = token.rsplit_once('.').unwrap();
    let (head, payload) = message.split_once('.').unwrap();
    let other = if payload.ends_with('A') { "B" } else { "A" };
    for forged in [
        refresh,
        message.to_owned(),
        format!("{message}."),
        format!("{token}="),
        format!("{message}.{}", &signature[..signature.len() - 1]),
        format!("{head}.{}{other}.{signature}", &payload[..payload.len() - 1]),
        format!("eyJhbGciOiJub25lIn0.{payload}."),
        ".".repeat(3_000),
        "a".repeat(7_000),
    ] {
        let answer = institution.post_with(&forged, FIND, &json!({})).await;
        answer.is_unauthorized();
    }
    institution.post_with(&token, FIND, &json!({})).await.data();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_token_works_for_its_time_and_the_leeway_remembered_or_not() {
    let world = World::with("principal_cache_seconds = 3600").await;
    let institution = world.institution().await;
    let (token, _) = institution.tokens().await;
    institution.post_with(&token, FIND, &json!({})).await.data();
    world.clock.advance(Duration::seconds(929));
    institution.post_with(&token, FIND, &json!({})).await.data();
    world.clock.advance(Duration::SECOND);
    institution.post_with(&token, FIND, &json!({})).await.is_unauthorized();
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_removed_is_let_in_no_more() {
    let world = World::with("principal_cache_seconds = 0").await;
    let institution = world.institution().await;
    let (token, refresh) = institution.tokens().await;
    world.database.execute("DELETE FROM operators").await;
    institution.post_with(&token, FIND, &json!({})).await.is_unauthorized();
    let body = json!({"refreshToken": refresh});
    world.post_json("/v2/auth/refresh", &body).await.is_unauthorized();
    institution.log_in().await.is_unauthorized();
    assert_eq!(institution.post(FIND, &json!({})).await.status, 201);
    world.database.execute("DELETE FROM applications").await;
    institution.post(FIND, &json!({})).await.is_unauthorized();
}
