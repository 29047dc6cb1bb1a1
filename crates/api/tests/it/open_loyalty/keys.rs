//! Lasting keys (contract 2.4).

use domain::merchant::CommunicationMethod;
use serde_json::json;

use super::world::{World, a_form};

const KEY: &str = "let-me-in";
const UNKNOWN: &str = r#"{"message":"Username could not be found."}"#;

async fn world() -> World {
    let settings = &[("OPEN_LOYALTY__MASTER_API_KEY", KEY)];
    World::with(settings, CommunicationMethod::Email).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operators_key_opens_every_store_by_header_and_by_query() {
    let world = world().await;
    for store in ["", "/SHOP", "/OTHER"] {
        let path = format!("/api{store}/customer");
        world.get(&path).header("x-auth-token", KEY).send().await.ok();
        world.get(&format!("{path}?auth_token={KEY}&perPage=1")).send().await.ok();
    }
    let form = a_form(&json!({"email": "ada@shop.example"}));
    let request = world.post("/api/OTHER/customer/register").header("x-auth-token", KEY);
    let id = request.json(&form).send().await.ok()["customerId"].as_str().unwrap().to_owned();
    let path = format!("/api/OTHER/customer/{id}");
    world.get(&path).header("x-auth-token", KEY).send().await.ok();
    let path = format!("/api/customer/{id}");
    world.get(&path).header("x-auth-token", KEY).send().await.http_error(404, "Not Found");
    let nowhere = world.get("/api/NOWHERE/customer").header("x-auth-token", KEY).send().await;
    nowhere.http_error(404, "Not Found");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_nobody_has_are_refused_whatever_else_is_shown() {
    let world = world().await;
    let token = world.admin().await;
    for key in ["", "let-me-i", "let-me-in ", "let-me-inn", "LET-ME-IN", &"x".repeat(3_000)] {
        // A header's value is trimmed on its way.
        if key.trim() == KEY {
            continue;
        }
        let request = world.get("/api/customer").header("x-auth-token", key).token(&token);
        request.send().await.refused(403, UNKNOWN);
        let request = world.get(&format!("/api/customer?auth_token={key}"));
        request.send().await.refused(403, UNKNOWN);
    }
    world.get("/api/customer?auth_token[]=x").send().await.refused(403, UNKNOWN);
    world.get("/api/customer?auth_token=%00").send().await.refused(403, UNKNOWN);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_in_the_settings_no_key_opens_anything() {
    let world = World::start().await;
    for key in ["", "let-me-in"] {
        let request = world.get("/api/customer").header("x-auth-token", key);
        request.send().await.refused(403, UNKNOWN);
    }
}
