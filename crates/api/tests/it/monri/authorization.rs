//! Who is let in (MO 1.2 and 1.3).

use domain::token::{NewToken, Scopes, TokenPurpose};
use serde_json::json;

use super::world::{World, json_lines};

const TARGET: &str = "/v2/customers";

#[tokio::test(flavor = "multi_thread")]
async fn nobody_without_usable_credentials_is_let_in() {
    let world = World::start().await;
    let shop = world.shop().await;
    let good = shop.signed(TARGET, b"");
    let (token, key) = (&shop.token, &shop.key);
    let digest = good.rsplit_once(' ').unwrap().1;
    let time = "1764633600";
    for lines in [
        vec![],
        vec!["Authorization:".to_owned()],
        vec!["Authorization: Bearer".to_owned()],
        vec!["Authorization: Bearer nobody".to_owned()],
        vec![format!("Authorization: Bearer {token}")],
        vec![format!("Authorization: Bearer {key}")],
        vec!["Authorization: Basic YTpi".to_owned()],
        vec![format!("Authorization: WP3-v2-Client {token}")],
        vec![format!("Authorization: WP3-v2 {token} {time} {digest}")],
        vec![format!("Authorization: WP3-v2.1 {token} {digest}")],
        vec![format!("Authorization: WP3-v2.1  {token} {time} {digest}")],
        vec![format!("Authorization: wp3-v2.1 {token} {time} {digest}")],
        vec![format!("Authorization: WP3-v2.1 {token} {time} {}", &digest[1..])],
        vec![format!("Authorization: WP3-v2.1 {token} {time} {digest}0")],
        vec![format!("Authorization: WP3-v2.1 {token} {time} {}", "0".repeat(128))],
        vec![format!("Authorization: WP3-v2.1 0{token} {} {digest}", &time[..9])],
        vec![format!("Authorization: WP3-v2.1 nobody {time} {digest}")],
        vec![good.clone(), good.clone()],
        vec![good.clone(), "Authorization: Bearer x".to_owned()],
    ] {
        world.ask("GET", TARGET, &lines, b"").await.unauthorized();
    }
    world.ask("GET", TARGET, &[good], b"").await.approved();
}

#[tokio::test(flavor = "multi_thread")]
async fn header_name_and_digest_are_read_in_any_case_and_blanks_around_are_tolerated() {
    let world = World::start().await;
    let shop = world.shop().await;
    let good = shop.signed(TARGET, b"");
    let (scheme, digest) = good.rsplit_once(' ').unwrap();
    for line in [
        good.replacen("Authorization", "authorization", 1),
        format!("{scheme} {}", digest.to_uppercase()),
        good.replacen(": ", ":   ", 1) + "  ",
    ] {
        world.ask("GET", TARGET, &[line], b"").await.approved();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_covers_the_whole_target_and_the_body() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = shop.customer(&json!({})).await;
    let body = br#"{"name":"Ana"}"#;
    for (method, target, signed_target, sent, signed_body) in [
        ("GET", "/v2/customers?limit=1", "/v2/customers?limit=2", &b""[..], &b""[..]),
        ("GET", "/v2/customers?limit=1", "/v2/customers", b"", b""),
        ("GET", "/v2/customers?", "/v2/customers", b"", b""),
        ("GET", &path, TARGET, b"", b""),
        ("GET", &path.replacen("/0", "/%30", 1), &path, b"", b""),
        ("POST", &path, &path, body, b""),
        ("POST", &path, &path, b"", body),
        ("POST", TARGET, TARGET, body, br#"{"name":"Eva"}"#),
    ] {
        let lines =
            [vec![shop.signed(signed_target, signed_body)], json_lines(sent.len())].concat();
        world.ask(method, target, &lines, sent).await.unauthorized();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_a_read_counts_too() {
    let world = World::start().await;
    let shop = world.shop().await;
    let lines = [vec![shop.signed(TARGET, b"")], json_lines(2)].concat();
    world.ask("GET", TARGET, &lines, b"{}").await.unauthorized();
    let lines = [vec![shop.signed(TARGET, b"{}")], json_lines(2)].concat();
    world.ask("GET", TARGET, &lines, b"{}").await.approved();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lengthened_message_is_never_carried_out() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = shop.customer(&json!({"name": "Ana"})).await;
    // What a stranger could add to a signed bodiless request: padding, the length, and a tail of his own.
    let stretched =
        [&b"\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x03\x28"[..], br#"{"name":"Eva"}"#].concat();
    shop.send("POST", &path, &stretched).await.refused(400, "Request body is not valid JSON");
    assert_eq!(shop.get(&path).await.approved()["name"], "Ana");
}

#[tokio::test(flavor = "multi_thread")]
async fn clocks_may_differ_by_a_quarter_of_an_hour() {
    let world = World::start().await;
    let shop = world.shop().await;
    for (time, accepted) in [
        ("1764632700", true),
        ("1764632699", false),
        ("1764634500", true),
        ("1764634501", false),
        ("1764633600123", true),
        ("1764634501000", false),
        ("0", false),
    ] {
        let answer = world.ask("GET", TARGET, &[shop.signed_at(time, TARGET, b"")], b"").await;
        assert_eq!(answer.status, if accepted { 200 } else { 401 }, "{time}");
    }
    for time in ["-1764633600", "1.7e9", "12345678901234567"] {
        world.ask("GET", TARGET, &[shop.signed_at(time, TARGET, b"")], b"").await.unauthorized();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_may_switch_the_clock_check_off() {
    let world = World::with("monri.clock_skew_seconds = 0").await;
    let shop = world.shop().await;
    for time in ["1", "9999999999999999"] {
        world.ask("GET", TARGET, &[shop.signed_at(time, TARGET, b"")], b"").await.approved();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_merchants_key_opens_nothing_of_another() {
    let world = World::start().await;
    let (ours, theirs) = (world.shop().await, world.shop().await);
    let path = ours.customer(&json!({"merchant_customer_id": "mc-1", "name": "Ana"})).await;
    let by_id = "/v2/merchants/customers/mc-1";
    for (method, target) in
        [("GET", path.as_str()), ("POST", &path), ("DELETE", &path), ("GET", by_id)]
    {
        theirs.send(method, target, b"").await.customer_not_found();
    }
    for target in
        [format!("{path}/payment-methods"), "/v2/customers/mc-1/payment-methods".to_owned()]
    {
        theirs.get(&target).await.customer_not_found();
    }
    assert_eq!(theirs.get(TARGET).await.approved()["data"], json!([]));
    let mixed = super::world::Shop { key: theirs.key.clone(), token: ours.token.clone(), ..theirs };
    mixed.get(TARGET).await.unauthorized();
    assert_eq!(ours.get(&path).await.approved()["name"], "Ana", "nothing happened to it");
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_of_other_dialects_reach_nothing() {
    let world = World::start().await;
    let shop = world.shop().await;
    for (purpose, scopes) in [
        (TokenPurpose::Access, Scopes::default()),
        (TokenPurpose::Refresh, Scopes { customers: true, payment_methods: true }),
    ] {
        let new = NewToken {
            purpose,
            merchant: shop.merchant,
            actor: shop.actor,
            scopes,
            redirect_uri: None,
            lifetime: None,
            bytes: 32,
        };
        let token = world.tokens.issue(new).await.unwrap();
        for target in [TARGET, "/v2/payment-methods"] {
            shop.get_as(token.expose(), target).await.unauthorized();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_are_refused_before_their_body_is_read() {
    let world = World::start().await;
    let lines = [vec!["Authorization: Bearer x".to_owned()], json_lines(usize::MAX)].concat();
    world.ask("POST", TARGET, &lines, b"").await.unauthorized();
}
