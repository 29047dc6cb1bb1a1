//! Logging in and staying in (contract 2.1 to 2.3).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Secret;
use domain::access::Actor;
use domain::id::{ApplicationId, OperatorId};
use domain::seller::Seller;
use domain::testing::{a_seller, an_id, an_operator};
use domain::token::{NewToken, Scopes, TokenPurpose};
use serde_json::{Value, json};
use time::Duration;

use super::world::{PASSWORD, World};

const BAD: &str = r#"{"message":"Bad credentials"}"#;
const BAD_REFRESH: &str = r#"{"code":401,"message":"Bad credentials"}"#;

/// What a client reads in a token.
fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

fn login(name: &str, password: &str) -> Value {
    json!({"_username": name, "_password": password})
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_logs_in_by_user_name_or_email_as_a_form_or_json() {
    let world = World::start().await;
    let admin = &world.shop.admin;
    let form = format!("_username={}&_password=correct+horse", admin.username);
    let answer = world.post("/api/admin/login_check").form(&form).send().await.ok();
    let keys: Vec<&String> = answer.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["token", "refresh_token"]);
    let refresh = answer["refresh_token"].as_str().unwrap();
    assert!(refresh.len() == 128 && refresh.bytes().all(|byte| byte.is_ascii_hexdigit()));

    let name = admin.email.as_str().to_uppercase();
    let body = login(&name, PASSWORD);
    let answer = world.post("/api/admin/login_check").json(&body).send().await.ok();
    let claims = claims(answer["token"].as_str().unwrap());
    assert_eq!(claims["id"], admin.id.to_string());
    assert_eq!(claims["roles"], json!(["ROLE_ADMIN"]));
    assert_eq!(claims["superAdmin"], true);
    assert_eq!(claims["permissions"]["CUSTOMER"], json!(["VIEW", "MODIFY"]));
    assert_eq!(claims["iat"], 1_772_439_300);
    assert_eq!(claims["exp"], 1_772_439_300 + 86_400);
    assert_eq!(claims["lastLoginAt"], "2026-03-02T09:15:00+0100");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_login_has_no_login_before_it() {
    let world = World::start().await;
    let claims = claims(&world.reporter().await);
    assert_eq!(claims["lastLoginAt"], Value::Null);
    assert_eq!(claims["superAdmin"], false);
    assert_eq!(claims["permissions"]["ACL"], json!(["VIEW"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seller_logs_in_by_email_or_id() {
    let world = World::start().await;
    let seller = &world.shop.seller;
    for name in ["TOVE@shop.example", &seller.id.to_string()] {
        let token = world.log_in("/api/seller/login_check", name).await;
        let claims = claims(&token);
        assert_eq!(claims["id"], seller.id.to_string());
        assert_eq!(claims["roles"], json!(["ROLE_SELLER"]));
        assert_eq!(claims["permissions"], json!([]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seller_who_is_switched_off_is_told_so_and_a_removed_one_is_not_known() {
    let world = World::start().await;
    let merchant = world.shop.merchant.id;
    let sellers = &world.services().sellers;
    let off = Seller { active: false, ..a_seller(merchant, "off@shop.example") };
    let gone = Seller { deleted_at: Some(world.now()), ..a_seller(merchant, "gone@shop.example") };
    for seller in [&off, &gone] {
        sellers.add(seller).await.unwrap();
    }
    let call = |name: &'static str| {
        world.post("/api/seller/login_check").json(&login(name, "whatever")).send()
    };
    call("off@shop.example").await.refused(400, r#"{"message":"Your account is not active"}"#);
    call("gone@shop.example").await.refused(401, BAD);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_logs_in_by_email_id_card_or_phone() {
    let world = World::start().await;
    let fields =
        json!({"email": "Ada@Shop.example", "phone": "+48221112233", "loyaltyCardNumber": "7-A"});
    let id = world.customer(fields).await;
    world.participant(&id).await;
    for name in ["ada@shop.EXAMPLE", &id, "7-A", "+48221112233"] {
        let token = world.log_in("/api/customer/login_check", name).await;
        let claims = claims(&token);
        assert_eq!(claims["id"], id, "{name}");
        assert_eq!(claims["roles"], json!(["ROLE_PARTICIPANT"]));
    }
    let other = login("48221112233", PASSWORD);
    world.post("/api/customer/login_check").json(&other).send().await.refused(401, BAD);
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_wrong_and_missing_look_alike() {
    let world = World::start().await;
    let name = world.shop.admin.username.as_str();
    for body in [
        login(name, "wrong"),
        login("nobody", PASSWORD),
        login("a\0b", PASSWORD),
        json!({"_username": name}),
        json!({"_password": PASSWORD}),
        json!({"_username": {"x": 1}, "_password": PASSWORD}),
        json!({}),
    ] {
        for who in ["admin", "seller", "customer"] {
            let path = format!("/api/{who}/login_check");
            world.post(&path).json(&body).send().await.refused(401, BAD);
        }
    }
    world.post("/api/admin/login_check").send().await.refused(401, BAD);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_with_a_store_is_for_the_people_of_that_store() {
    let world = World::start().await;
    let name = world.shop.admin.username.as_str();
    let body = login(name, PASSWORD);
    world.post("/api/SHOP/admin/login_check").json(&body).send().await.ok();
    world.post("/api/OTHER/admin/login_check").json(&body).send().await.refused(401, BAD);
    // Without a store the names of all admins are known; sellers are those of the default store.
    world.log_in("/api/admin/login_check", world.other.admin.username.as_str()).await;
    let token = world.log_in("/api/OTHER/seller/login_check", "tove@shop.example").await;
    assert_eq!(claims(&token)["id"], world.other.seller.id.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_wins_new_tokens_and_lives_on_from_each_use() {
    let world = World::start().await;
    let body = login(world.shop.admin.username.as_str(), PASSWORD);
    let pair = world.post("/api/admin/login_check").json(&body).send().await.ok();
    let refresh = pair["refresh_token"].as_str().unwrap();
    for _ in 0..2 {
        world.advance(Duration::days(29));
        let form = format!("refresh_token={refresh}");
        let answer = world.post("/api/token/refresh").form(&form).send().await.ok();
        assert_eq!(answer["refresh_token"], refresh);
        let token = answer["token"].as_str().unwrap();
        assert_eq!(claims(token)["iat"], world.now().unix_timestamp());
        world.get("/api/customer").token(token).send().await.ok();
    }
    world.advance(Duration::days(30));
    let body = json!({"refresh_token": refresh});
    world.post("/api/token/refresh").json(&body).send().await.refused(401, BAD_REFRESH);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_that_is_none_of_this_contract_is_refused() {
    let world = World::start().await;
    let merchant = world.shop.merchant.id;
    let operator = an_operator(merchant, "op@shop.example");
    world
        .services()
        .accounts
        .add_operator(&operator, Secret::new(PASSWORD.to_owned()))
        .await
        .unwrap();
    let issue = async |purpose, actor, merchant| {
        let new = NewToken {
            purpose,
            merchant,
            actor,
            scopes: Scopes::default(),
            redirect_uri: None,
            lifetime: Some(Duration::HOUR),
            bytes: 64,
        };
        world.services().tokens.issue(new).await.unwrap().into_inner()
    };
    let admin = Actor::Admin(world.shop.admin.id);
    let secrets = [
        issue(TokenPurpose::Access, admin, merchant).await,
        issue(TokenPurpose::Refresh, Actor::Operator(operator.id), merchant).await,
        issue(TokenPurpose::Refresh, Actor::Application(an_id::<ApplicationId>()), merchant).await,
        issue(TokenPurpose::Refresh, Actor::Operator(an_id::<OperatorId>()), merchant).await,
        world.admin().await,
        "no such token".to_owned(),
    ];
    for secret in secrets {
        let body = json!({"refresh_token": secret});
        world.post("/api/token/refresh").json(&body).send().await.refused(401, BAD_REFRESH);
    }
    world.post("/api/token/refresh").send().await.refused(401, BAD_REFRESH);
    let good = issue(TokenPurpose::Refresh, admin, merchant).await;
    let body = json!({"refresh_token": good});
    world.post("/api/OTHER/token/refresh").json(&body).send().await.refused(401, BAD_REFRESH);
    world.post("/api/SHOP/token/refresh").json(&body).send().await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_gone_refreshes_no_more() {
    let world = World::start().await;
    let id = world.customer(json!({"email": "ada@shop.example"})).await;
    world.participant(&id).await;
    let body = login("ada@shop.example", PASSWORD);
    let pair = world.post("/api/customer/login_check").json(&body).send().await.ok();
    let admin = world.admin().await;
    let deleted = world.delete(&format!("/api/customer/{id}")).token(&admin).send().await;
    assert_eq!(deleted.status, 204);
    let refresh = json!({"refresh_token": pair["refresh_token"]});
    world.post("/api/token/refresh").json(&refresh).send().await.refused(401, BAD_REFRESH);
    world.post("/api/customer/login_check").json(&body).send().await.refused(401, BAD);
}
