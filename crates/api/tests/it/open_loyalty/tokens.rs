//! Access tokens that are not good (contract 2.6).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::id::AdminId;
use domain::testing::an_id;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use time::Duration;

use super::world::World;

const INVALID: &str = r#"{"code":401,"message":"Invalid JWT Token"}"#;

/// The claims of a good token, changed.
fn claims(world: &World, change: &Value) -> Value {
    let now = world.now().unix_timestamp();
    let mut claims = json!({
        "exp": now + 100, "iat": now, "username": "ada", "roles": ["ROLE_ADMIN"],
        "id": world.shop.admin.id.to_string(), "lastLoginAt": null, "permissions": [],
        "superAdmin": false, "merchant": world.shop.merchant.id.to_string(),
    });
    for (name, value) in change.as_object().unwrap() {
        if value == "absent" {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}

fn signed(world: &World, header: &Header, claims: &Value) -> String {
    encode(header, claims, &world.services().keys.open_loyalty.encoding).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_credentials_are_asked_for() {
    let world = World::start().await;
    for call in [
        world.get("/api/customer"),
        world.get("/api/customer").header("authorization", "Basic YTpi"),
    ] {
        let answer = call.send().await;
        answer.refused(401, r#"{"message":"Authentication Required"}"#);
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_not_ours_is_invalid() {
    let world = World::start().await;
    let good = world.admin().await;
    let header = Header::new(Algorithm::RS256);
    let parts: Vec<&str> = good.split('.').collect();
    let payload = |claims: &Value| URL_SAFE_NO_PAD.encode(claims.to_string());
    let with_header =
        |header: Value| [&URL_SAFE_NO_PAD.encode(header.to_string()), parts[1], parts[2]].join(".");
    let shared = EncodingKey::from_secret(b"shared");
    let forged = [
        "x".to_owned(),
        "a.b.c".to_owned(),
        format!("{good}x"),
        format!("{}.{}.", parts[0], parts[1]),
        [parts[0], &payload(&claims(&world, &json!({}))), parts[2]].join("."),
        with_header(json!({"typ": "JWT", "alg": "none"})),
        with_header(json!({"typ": "JWT", "alg": "nOnE"})),
        with_header(json!({"typ": "JWT", "alg": "HS256"})),
        with_header(json!({"alg": "RS256", "typ": "JWT", "crit": ["x"]})),
        encode(&Header::new(Algorithm::HS256), &claims(&world, &json!({})), &shared).unwrap(),
        signed(
            &world,
            &Header { kid: Some("../../dev/null".to_owned()), ..header.clone() },
            &claims(&world, &json!({})),
        ),
        signed(
            &world,
            &Header { jku: Some("http://127.0.0.1/".to_owned()), ..header.clone() },
            &claims(&world, &json!({})),
        ),
    ];
    for token in forged {
        let answer = world.get("/api/customer").token(&token).send().await;
        answer.refused(401, INVALID);
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
    world.get("/api/customer").token(&good).send().await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn claims_must_be_there_and_of_their_types() {
    let world = World::start().await;
    let header = Header::new(Algorithm::RS256);
    let good = signed(&world, &header, &claims(&world, &json!({})));
    world.get("/api/customer").token(&good).send().await.ok();
    let tomorrow = world.now().unix_timestamp() + 86_400;
    for change in [
        json!({"exp": "absent"}),
        json!({"exp": null}),
        json!({"exp": "4000000000"}),
        json!({"exp": 4e9}),
        json!({"exp": 1e300}),
        json!({"exp": [4_000_000_000_u64]}),
        json!({"iat": "absent"}),
        json!({"iat": tomorrow}),
        json!({"nbf": tomorrow}),
        json!({"roles": []}),
        json!({"roles": ["ROLE_GOD"]}),
        json!({"id": "1"}),
        json!({"merchant": "absent"}),
        json!({"merchant": "x"}),
    ] {
        let token = signed(&world, &header, &claims(&world, &change));
        let answer = world.get("/api/customer").token(&token).send().await;
        assert_eq!((answer.status, answer.text.as_str()), (401, INVALID), "{change}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_expires_a_minute_late_at_most() {
    let world = World::start().await;
    let token = world.admin().await;
    world.advance(Duration::seconds(86_400 + 59));
    world.get("/api/customer").token(&token).send().await.ok();
    world.advance(Duration::seconds(2));
    let answer = world.get("/api/customer").token(&token).send().await;
    answer.refused(401, r#"{"code":401,"message":"Expired JWT Token"}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_somebody_who_is_gone_is_refused_without_a_word() {
    let world = World::start().await;
    let gone = an_id::<AdminId>().to_string();
    let token =
        signed(&world, &Header::new(Algorithm::RS256), &claims(&world, &json!({"id": gone})));
    let answer = world.get("/api/customer").token(&token).send().await;
    answer.refused(401, r#"{"code":401,"message":""}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_authorization_headers_are_as_bad_as_a_wrong_one() {
    let world = World::start().await;
    let token = world.admin().await;
    let answer = world
        .get("/api/customer")
        .token(&token)
        .header("authorization", &format!("Bearer {token}"))
        .send()
        .await;
    answer.refused(401, INVALID);
}
