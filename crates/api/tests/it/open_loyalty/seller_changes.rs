//! Sellers as they are changed, shut out and removed (contract 4.4).

use serde_json::json;

use super::sellers::{a_seller, a_seller_form, log_in};
use super::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_replacement_keeps_the_password_and_switches_off_what_it_does_not_name() {
    let world = World::start().await;
    let id = a_seller(&world, &a_seller_form(&world, "sel@shop.example")).await;
    let token = world.admin().await;
    let path = format!("/api/seller/{id}");
    let mut form = json!({"seller": {
        "firstName": "Sally", "lastName": "Ler", "email": "sally@shop.example", "active": "1",
        "posId": world.shop.pos.id.to_string(),
    }});
    let answer = world.put(&path).token(&token).json(&form).send().await;
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (200, format!(r#"{{"sellerId":"{id}"}}"#).as_str())
    );
    let shown = world.get(&path).token(&token).send().await.ok();
    assert_eq!((&shown["name"], shown.get("phone")), (&json!("Sally Ler"), None));
    assert_eq!((&shown["active"], &shown["allowPointTransfer"]), (&json!(true), &json!(false)));
    log_in(&world, "sally@shop.example", "oloy").await.ok();
    form["seller"]["plainPassword"] = " new ".into();
    form["seller"].as_object_mut().unwrap().remove("active");
    world.put(&path).token(&token).json(&form).send().await.ok();
    assert_eq!(world.get(&path).token(&token).send().await.ok()["active"], false);
    let answer = log_in(&world, "sally@shop.example", " new ").await;
    answer.refused(400, r#"{"message":"Your account is not active"}"#);
    form["seller"]["active"] = true.into();
    world.put(&path).token(&token).json(&form).send().await.ok();
    log_in(&world, "sally@shop.example", " new ").await.ok();
    assert_eq!(log_in(&world, "sally@shop.example", "oloy").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_registered_without_active_may_not_log_in_yet() {
    let world = World::start().await;
    let mut form = a_seller_form(&world, "sel@shop.example");
    form["seller"].as_object_mut().unwrap().remove("active");
    let id = a_seller(&world, &form).await;
    let answer = log_in(&world, "sel@shop.example", "oloy").await;
    answer.refused(400, r#"{"message":"Your account is not active"}"#);
    let token = world.admin().await;
    let answer = world.post(&format!("/api/seller/{id}/activate")).token(&token).send().await;
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    log_in(&world, "sel@shop.example", "oloy").await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sellers_tokens_stop_at_once_when_the_account_does() {
    let world = World::start().await;
    let token = world.admin().await;
    let id = a_seller(&world, &a_seller_form(&world, "sel@shop.example")).await;
    for change in ["deactivate", "delete"] {
        let path = |action: &str| format!("/api/seller/{id}/{action}");
        world.post(&path("activate")).token(&token).send().await;
        let pair = log_in(&world, "sel@shop.example", "oloy").await.ok();
        let own = pair["token"].as_str().unwrap();
        world.get("/api/customer").token(own).send().await.ok();
        let answer = world.post(&path(change)).token(&token).send().await;
        assert_eq!((answer.status, answer.text.as_str()), (200, ""));
        let answer = world.get("/api/customer").token(own).send().await;
        answer.refused(401, r#"{"code":401,"message":""}"#);
        let refresh = json!({"refresh_token": pair["refresh_token"]});
        let answer = world.post("/api/token/refresh").json(&refresh).send().await;
        assert_eq!(answer.status, 401);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_from_before_a_switch_do_not_come_back_with_it() {
    let world = World::start().await;
    let token = world.admin().await;
    let id = a_seller(&world, &a_seller_form(&world, "sel@shop.example")).await;
    let pair = log_in(&world, "sel@shop.example", "oloy").await.ok();
    for change in ["deactivate", "activate"] {
        let answer = world.post(&format!("/api/seller/{id}/{change}")).token(&token).send().await;
        assert_eq!(answer.status, 200);
    }
    let refresh = json!({"refresh_token": pair["refresh_token"]});
    let answer = world.post("/api/token/refresh").json(&refresh).send().await;
    answer.refused(401, r#"{"code":401,"message":"Bad credentials"}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_seller_is_shown_not_listed_and_leaves_the_address() {
    let world = World::start().await;
    let token = world.admin().await;
    let form = a_seller_form(&world, "sel@shop.example");
    let id = a_seller(&world, &form).await;
    let path = |action: &str| format!("/api/seller/{id}{action}");
    for _ in 0..2 {
        let answer = world.post(&path("/delete")).token(&token).send().await;
        assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    }
    let shown = world.get(&path("")).token(&token).send().await.ok();
    assert_eq!((&shown["deleted"], &shown["email"]), (&json!(true), &json!("sel@shop.example")));
    let list = world.get("/api/seller").token(&token).send().await.ok();
    assert_eq!(list["total"], 1);
    assert_eq!(log_in(&world, "sel@shop.example", "oloy").await.status, 401);
    for action in ["/activate", "/deactivate"] {
        world.post(&path(action)).token(&token).send().await.http_error(404, "Not Found");
    }
    world.put(&path("")).token(&token).json(&form).send().await.http_error(404, "Not Found");
    a_seller(&world, &form).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seller_who_does_not_exist_is_not_found() {
    let world = World::start().await;
    let token = world.admin().await;
    let form = a_seller_form(&world, "sel@shop.example");
    for target in ["5d1f0c1e-7a52-4b0f-8a35-6a1d7d3f9b10", "tove", "%00"] {
        let path = format!("/api/seller/{target}");
        for call in [
            world.get(&path),
            world.put(&path).json(&form),
            world.post(&format!("{path}/activate")),
            world.post(&format!("{path}/deactivate")),
            world.post(&format!("{path}/delete")),
        ] {
            call.token(&token).send().await.http_error(404, "Not Found");
        }
    }
}
