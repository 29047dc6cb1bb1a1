//! Logging in and renewing a login (contract 1.3).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use time::Duration;

use super::world::{Institution, JSON, World, pair};

const LOGIN: &str = "/v2/auth/login";
const REFRESH: &str = "/v2/auth/refresh";

fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

async fn works(institution: &Institution<'_>, token: &str) -> bool {
    institution.post_with(token, "/v2/customer/find", &json!({})).await.status == 201
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_wins_a_pair_of_tokens_with_the_contracts_claims() {
    let world = World::start().await;
    let institution = world.institution().await;
    let answer = institution.log_in().await;
    let (access, refresh) = pair(&answer.data());
    let expected = format!(r#"{{"data":{{"accessToken":"{access}","refreshToken":"{refresh}"}}}}"#);
    assert_eq!(answer.text, expected);
    let head = URL_SAFE_NO_PAD.decode(access.split('.').next().unwrap()).unwrap();
    assert_eq!(String::from_utf8(head).unwrap(), r#"{"typ":"JWT","alg":"HS256"}"#);
    let (access_claims, refresh_claims) = (claims(&access), claims(&refresh));
    let now = domain::Clock::now(&*world.clock).unix_timestamp();
    for (claims, typ, life) in
        [(&access_claims, "access", 900), (&refresh_claims, "refresh", 7 * 86_400)]
    {
        let expected = json!({
            "sub": institution.operator.to_string(), "merchant_id": institution.name, "typ": typ,
            "jti": claims["jti"], "iat": now, "exp": now + life,
        });
        assert_eq!(claims, &expected);
    }
    assert_ne!(access_claims["jti"], refresh_claims["jti"]);
    assert!(works(&institution, &access).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_read_in_any_case_and_the_institution_under_either_spelling() {
    let world = World::start().await;
    let institution = world.institution().await;
    institution.log_in_as(" Operator@Inst.Example ", "correct horse").await.data();
    let body = json!({"email": "operator@inst.example", "password": "correct horse"}).to_string();
    for name in ["merchant_id", "merchant-id", "Merchant_Id"] {
        world.post(LOGIN, &[JSON, (name, &institution.name)], &body).await.data();
    }
    // An access token beside it means nothing here.
    let lines = [JSON, ("merchant_id", institution.name.as_str()), ("authorization", "Bearer x")];
    world.post(LOGIN, &lines, &body).await.data();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_unknown_and_what_is_wrong_looks_alike() {
    let world = World::start().await;
    let institution = world.institution().await;
    let stranger = world.institution().await;
    institution.log_in_as("operator@inst.example", "wrong").await.is_unauthorized();
    institution.log_in_as("operator@inst.example", "correct horse ").await.is_unauthorized();
    institution.log_in_as("nobody@inst.example", "correct horse").await.is_unauthorized();
    let body = json!({"email": "operator@inst.example", "password": "correct horse"}).to_string();
    let name = institution.name.as_str();
    for lines in [
        &[JSON][..],
        &[JSON, ("merchant_id", "nowhere")],
        &[JSON, ("merchant_id", "")],
        &[JSON, ("merchant_id", &name.to_uppercase())],
        &[JSON, ("merchant_id", name), ("merchant_id", &stranger.name)],
        &[JSON, ("merchant_id", name), ("merchant-id", &stranger.name)],
        &[JSON, ("merchant_id", &institution.merchant.to_string())],
        &[JSON, ("merchant_id", "банк")],
    ] {
        // Long enough apart not to be counted together.
        world.clock.advance(Duration::minutes(15));
        world.post(LOGIN, lines, &body).await.is_unauthorized();
    }
    // The query string and the body name no institution.
    let inside = json!({
        "email": "operator@inst.example", "password": "correct horse", "merchant_id": name,
    });
    world.post_json(&format!("{LOGIN}?merchant_id={name}"), &inside).await.is_unauthorized();
}

#[tokio::test(flavor = "multi_thread")]
async fn after_five_wrong_passwords_an_operator_has_to_wait() {
    let world = World::start().await;
    let institution = world.institution().await;
    for _ in 0..5 {
        institution.log_in_as("operator@inst.example", "wrong").await.is_unauthorized();
    }
    let answer = institution.log_in_as("operator@inst.example", "correct horse").await;
    assert_eq!(answer.status, 429);
    assert!(answer.text.contains("TOO_MANY_REQUESTS"), "{}", answer.text);
    world.clock.advance(Duration::minutes(15));
    institution.log_in_as("operator@inst.example", "correct horse").await.data();
}

#[tokio::test(flavor = "multi_thread")]
async fn both_members_of_a_login_are_required_strings_of_bounded_length() {
    let world = World::start().await;
    let institution = world.institution().await;
    let lines = [JSON, ("merchant_id", institution.name.as_str())];
    let long = |length: usize| "p".repeat(length);
    for (body, problems) in [
        (json!({}), [("email", "is required"), ("password", "is required")]),
        (
            json!({"email": 5, "password": null}),
            [("email", "must be a string"), ("password", "is required")],
        ),
        (
            json!({"email": "", "password": ""}),
            [
                ("email", "must be between 1 and 254 characters long"),
                ("password", "must be between 1 and 1000 characters long"),
            ],
        ),
        (
            json!({"email": long(255), "password": long(1001)}),
            [
                ("email", "must be between 1 and 254 characters long"),
                ("password", "must be between 1 and 1000 characters long"),
            ],
        ),
        (
            json!({"email": "a\0", "password": "\0"}),
            [
                ("email", "must not contain the null character"),
                ("password", "must not contain the null character"),
            ],
        ),
    ] {
        world.post(LOGIN, &lines, &body.to_string()).await.refuses(&problems);
    }
    institution.log_in_as(&long(254), &long(1000)).await.is_unauthorized();
    // What is wrong with the body is told before the missing institution.
    assert_eq!(world.post_json(LOGIN, &json!({})).await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_works_for_seven_days_and_the_leeway() {
    let world = World::start().await;
    let institution = world.institution().await;
    let ((_, one), (_, other)) = (institution.tokens().await, institution.tokens().await);
    world.clock.advance(Duration::days(7) + Duration::seconds(29));
    world.post_json(REFRESH, &json!({"refreshToken": one})).await.data();
    world.clock.advance(Duration::SECOND);
    world.post_json(REFRESH, &json!({"refreshToken": other})).await.is_unauthorized();
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_a_refresh_token_renews_a_login() {
    let world = World::start().await;
    let institution = world.institution().await;
    let (access, refresh) = institution.tokens().await;
    for token in [access, refresh[1..].to_owned(), format!("{refresh}."), "x".to_owned()] {
        world.post_json(REFRESH, &json!({"refreshToken": token})).await.is_unauthorized();
    }
    for (body, message) in [
        (json!({}), "is required"),
        (json!({"refreshToken": null}), "is required"),
        (json!({"refreshToken": 5}), "must be a string"),
        (json!({"refresh_token": refresh}), "is required"),
    ] {
        world.post_json(REFRESH, &body).await.refuses(&[("refreshToken", message)]);
    }
    // None of this used it up.
    world.post_json(REFRESH, &json!({"refreshToken": refresh})).await.data();
}

#[tokio::test(flavor = "multi_thread")]
async fn lives_are_the_operators_to_set() {
    let world = World::with(&[
        ("KUNA_CORE__ACCESS_TOKEN_SECONDS", "60"),
        ("KUNA_CORE__REFRESH_TOKEN_DAYS", "1"),
    ])
    .await;
    let institution = world.institution().await;
    let (access, refresh) = institution.tokens().await;
    for (token, life) in [(access, 60), (refresh, 86_400)] {
        let claims = claims(&token);
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), life);
    }
}
