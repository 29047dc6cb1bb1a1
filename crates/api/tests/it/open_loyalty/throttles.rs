//! Logins and questions that are counted (reliability A17, O41, P12 and T12).

use std::collections::BTreeSet;

use domain::merchant::CommunicationMethod;
use serde_json::json;
use time::Duration;

use super::answer::Answer;
use super::world::{PASSWORD, World};

const BAD: &str = r#"{"message":"Bad credentials"}"#;

async fn behind_a_proxy() -> World {
    World::with(&[("TRUSTED_PROXIES", "127.0.0.1")], CommunicationMethod::Email).await
}

async fn log_in(world: &World, from: &str, name: &str, password: &str) -> Answer {
    let body = json!({"_username": name, "_password": password});
    let request = world.post("/api/customer/login_check").header("x-forwarded-for", from);
    request.json(&body).send().await
}

#[tokio::test(flavor = "multi_thread")]
async fn after_five_wrong_passwords_one_has_to_wait_and_then_gets_in() {
    let world = behind_a_proxy().await;
    let id = world.customer(json!({"email": "ada@shop.example"})).await;
    world.participant(&id).await;
    for name in ["ada@shop.example", "nobody@shop.example"] {
        for _ in 0..5 {
            log_in(&world, "203.0.113.1", name, "wrong").await.refused(401, BAD);
        }
        for password in ["wrong", PASSWORD] {
            let refused = log_in(&world, "203.0.113.1", name, password).await;
            refused.http_error(429, "Too Many Requests");
            assert_eq!(refused.header("retry-after"), Some("900"));
        }
    }
    log_in(&world, "203.0.113.2", "ada@shop.example", PASSWORD).await.ok();
    world.advance(Duration::minutes(15));
    log_in(&world, "203.0.113.1", "ada@shop.example", PASSWORD).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn one_name_is_not_guessed_at_from_fifty_addresses_and_its_owner_gets_in_later() {
    let world = behind_a_proxy().await;
    let id = world.customer(json!({"email": "ada@shop.example"})).await;
    world.participant(&id).await;
    let mut statuses = Vec::new();
    for at in 0..50 {
        let from = format!("203.0.113.{at}");
        statuses.push(log_in(&world, &from, "ada@shop.example", "wrong").await.status);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 30);
    assert!(statuses[30..].iter().all(|status| *status == 429), "{statuses:?}");
    world.advance(Duration::minutes(15));
    log_in(&world, "203.0.113.1", "ada@shop.example", PASSWORD).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_login_counts_nothing() {
    let world = World::start().await;
    for _ in 0..40 {
        world.admin().await;
    }
    let counted = "SELECT count(*)::text AS text FROM budgets";
    assert_eq!(world.server.database.texts(counted).await, ["0"]);
}

/// Bodies, statuses and headers are equal; that the work is, tests of the domain say, which count it.
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_login_tells_nobody_who_exists() {
    let world = behind_a_proxy().await;
    let known = world.customer(json!({"email": "ada@shop.example"})).await;
    world.participant(&known).await;
    let blocked = world.customer(json!({"email": "blocked@shop.example"})).await;
    world.participant(&blocked).await;
    let block = format!("UPDATE customers SET status = 'blocked' WHERE id = '{blocked}'");
    world.server.database.execute(&block).await;
    let form = json!({"customer": {
        "firstName": "N", "lastName": "N", "agreement1": true, "email": "new@shop.example",
        "plainPassword": super::activation::STRONG,
    }});
    world.post("/api/customer/self_register").json(&form).send().await.ok();
    let mut seen = BTreeSet::new();
    for at in 0..100 {
        let (from, password) =
            (format!("203.0.113.{at}"), if at % 2 == 0 { "wrong" } else { "also wrong" });
        for name in ["ada", "blocked", "new", "nobody"] {
            let name = if at % 25 == 0 { name.to_owned() } else { format!("{name}{at}") };
            let name = format!("{name}@shop.example");
            seen.insert(shape(&log_in(&world, &from, &name, password).await));
        }
    }
    assert_eq!(seen.len(), 1, "{seen:?}");
}

/// Everything of an answer but what differs between any two.
fn shape(answer: &Answer) -> String {
    let headers: BTreeSet<_> = answer
        .headers
        .iter()
        .filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    format!("{} {headers:?} {}", answer.status, answer.text)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_who_logs_in_at_another_store_is_refused_and_it_is_not_noted() {
    let world = World::start().await;
    let name = world.shop.admin.username.as_str();
    let body = json!({"_username": name, "_password": PASSWORD});
    world.post("/api/OTHER/admin/login_check").json(&body).send().await.refused(401, BAD);
    let noted = "SELECT count(last_login_at)::text AS text FROM passwords";
    assert_eq!(world.server.database.texts(noted).await, ["0"]);
    world.post("/api/SHOP/admin/login_check").json(&body).send().await.ok();
    assert_eq!(world.server.database.texts(noted).await, ["1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_caller_asks_about_thirty_addresses_a_minute() {
    let world = behind_a_proxy().await;
    let admin = world.admin().await;
    let check = async |at: u32, token: Option<&str>| {
        let path = format!("/api/customer/check?emailOrPhone=c{at}@shop.example");
        let request = world.get(&path).header("x-forwarded-for", "203.0.113.1");
        let request = if let Some(token) = token { request.token(token) } else { request };
        request.send().await
    };
    for token in [None, Some(admin.as_str())] {
        for at in 0..30 {
            assert_eq!(check(at, token).await.ok(), json!({"total": 0}));
        }
        let refused = check(30, token).await;
        refused.http_error(429, "Too Many Requests");
        assert_eq!(refused.header("retry-after"), Some("60"));
    }
    let path = "/api/customer/check?emailOrPhone=a@shop.example";
    let elsewhere = world.get(path).header("x-forwarded-for", "203.0.113.2");
    assert_eq!(elsewhere.send().await.ok(), json!({"total": 0}));
    world.advance(Duration::minutes(1));
    assert_eq!(check(31, None).await.ok(), json!({"total": 0}));
}
