//! Who may change a programme, and whose programme it is (contract 2.7, 4.2 to 4.4 and 4.8).

use reqwest::Method;
use serde_json::json;

use super::answer::Answer;
use super::levels::a_level_form;
use super::points_of_sale::a_pos_form;
use super::sellers::a_seller_form;
use super::world::{Shop, World};

/// Who is meant to pass, by the first letter: a master admin, a reporter, a seller, a customer.
const CALLS: &[(&str, &str, &str)] = &[
    ("GET", "level", "ars"),
    ("GET", "seller/level", "ars"),
    ("GET", "customer/level", "c"),
    ("POST", "level/create", "a"),
    ("GET", "level/{level}", "ars"),
    ("GET", "seller/level/{level}", "ars"),
    ("PUT", "level/{level}", "a"),
    ("POST", "level/{level}/activate", "a"),
    ("GET", "level/{level}/customers", "ar"),
    ("POST", "level/{level}/photo", "a"),
    ("DELETE", "level/{level}/photo", "a"),
    ("DELETE", "level/{level}", "a"),
    ("GET", "pos", "ars"),
    ("GET", "seller/pos", "ars"),
    ("POST", "pos", "a"),
    ("GET", "pos/{pos}", "ars"),
    ("GET", "seller/pos/{pos}", "ars"),
    ("GET", "pos/identifier/pos1", "ars"),
    ("PUT", "pos/{pos}", "a"),
    ("GET", "seller", "ar"),
    ("POST", "seller/register", "a"),
    ("GET", "seller/{seller}", "ar"),
    ("PUT", "seller/{seller}", "a"),
    ("POST", "seller/{seller}/activate", "a"),
    ("POST", "seller/{seller}/deactivate", "a"),
    ("POST", "seller/{seller}/delete", "a"),
    ("GET", "admin", "ar"),
    ("POST", "admin/data", "a"),
    ("GET", "admin/data", "ar"),
    ("PUT", "admin/data", "ar"),
    ("GET", "admin/data/{admin}", "ar"),
    ("PUT", "admin/data/{admin}", "a"),
];

fn path(call: &str, shop: &Shop, other_seller: &str) -> String {
    call.replace("{level}", &shop.retired.id.to_string())
        .replace("{pos}", &shop.pos.id.to_string())
        .replace("{seller}", other_seller)
        .replace("{admin}", &shop.admin.id.to_string())
}

async fn send(world: &World, method: &str, path: &str, token: &str) -> Answer {
    world.call(method.parse::<Method>().unwrap(), path).token(token).send().await
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_may_do_what_the_matrix_says_and_nothing_else() {
    let world = World::start().await;
    let customer = world.customer(json!({"email": "ada@shop.example"})).await;
    let other = super::sellers::a_seller(&world, &a_seller_form(&world, "o@shop.example")).await;
    let callers = [
        ("a", world.admin().await),
        ("r", world.reporter().await),
        ("s", world.seller().await),
        ("c", world.participant(&customer).await),
    ];
    for (method, call, allowed) in CALLS {
        let path = format!("/api/SHOP/{}", path(call, &world.shop, &other));
        for (caller, token) in &callers {
            // A form that is not sent is refused, but only to those who may send one.
            if *caller == "a" && (*method == "DELETE" || call.ends_with("/delete")) {
                continue;
            }
            let answer = send(&world, method, &path, token).await;
            let passed = answer.status != 403;
            assert_eq!(passed, allowed.contains(caller), "{caller} {method} {path}: {answer:?}");
            if !passed {
                answer.http_error(403, "Forbidden");
            }
        }
        let answer = world.call(method.parse().unwrap(), &path).send().await;
        answer.refused(401, r#"{"message":"Authentication Required"}"#);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_store_has_is_answered_as_what_never_was() {
    let world = World::start().await;
    let token = world.admin().await;
    let seller = world.other.seller.id.to_string();
    let never = "5d1f0c1e-7a52-4b0f-8a35-6a1d7d3f9b10";
    for (method, call, _) in CALLS {
        if !call.contains('{') {
            continue;
        }
        let root = call.split('/').next().unwrap();
        let body = match root {
            "level" => a_level_form(),
            "pos" => a_pos_form("pos9"),
            "seller" => a_seller_form(&world, "x@shop.example"),
            _ => json!({"admin": {"email": "x@shop.example"}}),
        };
        let foreign = format!("/api/{}", path(call, &world.other, &seller));
        let unknown = ["{level}", "{pos}", "{seller}", "{admin}"]
            .iter()
            .fold(format!("/api/{call}"), |path, part| path.replace(part, never));
        for path in [foreign, unknown] {
            let call = world.call(method.parse().unwrap(), &path).token(&token);
            let call = if *method == "GET" { call } else { call.json(&body) };
            call.send().await.http_error(404, "Not Found");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_have_nothing_of_another_store() {
    let world = World::start().await;
    let token = world.admin().await;
    for (call, own, foreign) in [
        ("level", world.shop.gold.id.to_string(), world.other.gold.id.to_string()),
        ("pos", world.shop.pos.id.to_string(), world.other.pos.id.to_string()),
        ("seller", world.shop.seller.id.to_string(), world.other.seller.id.to_string()),
        ("admin", world.shop.reporter.id.to_string(), world.other.reporter.id.to_string()),
    ] {
        let answer = world.get(&format!("/api/{call}?perPage=-1")).token(&token).send().await;
        answer.ok();
        assert!(answer.text.contains(&own) && !answer.text.contains(&foreign), "{call}");
        let answer = world.get(&format!("/api/OTHER/{call}")).token(&token).send().await;
        answer.http_error(404, "Not Found");
    }
}
