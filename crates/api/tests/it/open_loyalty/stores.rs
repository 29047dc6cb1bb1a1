//! Stores in the path, and the walls between them (contract 1.1).

use reqwest::Method;
use serde_json::json;

use super::world::{World, a_form};

#[tokio::test(flavor = "multi_thread")]
async fn the_default_store_is_meant_without_a_store_in_the_path() {
    let world = World::start().await;
    let token = world.admin().await;
    let id = world.customer(json!({"email": "ada@shop.example"})).await;
    for path in [
        "/api/customer",
        "/api/customer/",
        "/api/SHOP/customer",
        "/api/admin/customer",
        "/api/SHOP/admin/customer",
    ] {
        let list = world.get(path).token(&token).send().await.ok();
        assert_eq!(list["customers"][0]["customerId"], id, "{path}");
    }
    let path = format!("/api/SHOP/customer/{id}");
    assert_eq!(world.get(&path).token(&token).send().await.ok()["customerId"], id);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_store_is_not_found_before_anything_else() {
    let world = World::start().await;
    let token = world.admin().await;
    let long = "x".repeat(1024);
    for store in ["NONE", "default", "SHOP%00", "points", "segment", long.as_str()] {
        world.get(&format!("/api/{store}/customer")).send().await.http_error(404, "Not Found");
        world
            .get(&format!("/api/{store}/customer"))
            .token(&token)
            .send()
            .await
            .http_error(404, "Not Found");
        world
            .post(&format!("/api/{store}/admin/login_check"))
            .send()
            .await
            .http_error(404, "Not Found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_opens_no_other_store() {
    let world = World::start().await;
    let token = world.admin().await;
    let stranger =
        world.log_in("/api/admin/login_check", world.other.admin.username.as_str()).await;
    world.get("/api/OTHER/customer").token(&token).send().await.http_error(404, "Not Found");
    world.get("/api/customer").token(&stranger).send().await.http_error(404, "Not Found");
    world.get("/api/OTHER/customer").token(&stranger).send().await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_of_another_store_is_not_found_by_any_route() {
    let world = World::start().await;
    let fields =
        json!({"email": "ada@shop.example", "loyaltyCardNumber": "C-1", "phone": "123123123"});
    let id = world.customer(fields.clone()).await;
    let stranger =
        world.log_in("/api/admin/login_check", world.other.admin.username.as_str()).await;
    let unknown = "5d1f0c1e-7a52-4b0f-8a35-6a1d7d3f9b10";
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        for target in [id.as_str(), "C-1", unknown] {
            let path = format!("/api/OTHER/customer/{target}");
            world
                .call(method.clone(), &path)
                .token(&stranger)
                .send()
                .await
                .http_error(404, "Not Found");
        }
    }
    let list = world.get("/api/OTHER/customer").token(&stranger).send().await.ok();
    assert_eq!(list, json!({"customers": [], "total": 0}));
    let check = world.get("/api/OTHER/customer/check?emailOrPhone=ada@shop.example").send().await;
    assert_eq!(check.ok(), json!({"total": 0}));
    // The same values are free in the other store, and its levels, shops and sellers unknown in this one.
    world
        .post("/api/OTHER/customer/register")
        .token(&stranger)
        .json(&a_form(&fields))
        .send()
        .await
        .ok();
    let foreign = json!({
        "email": "b@shop.example",
        "levelId": world.other.start.id.to_string(),
        "posId": world.other.pos.id.to_string(),
        "sellerId": world.other.seller.id.to_string(),
    });
    let token = world.admin().await;
    let answer =
        world.post("/api/customer/register").token(&token).json(&a_form(&foreign)).send().await;
    assert_eq!(
        answer.form_errors(),
        [
            "levelId: This value is not valid.",
            "posId: This value is not valid.",
            "sellerId: This value is not valid."
        ]
    );
}
