//! Saved payment methods (MO 2.9 and 2.10).

use serde_json::json;

use super::world::World;

const EMPTY: &str = r#"{"status":"approved","data":[]}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_known_customer_has_a_list_under_either_id() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = shop.customer(&json!({"merchant_customer_id": "shop/42 a"})).await;
    for target in [
        format!("{path}/payment-methods"),
        format!("{path}/payment-methods?limit=50&offset=0"),
        "/v2/customers/shop%2F42%20a/payment-methods".to_owned(),
        "/v2/payment-methods".to_owned(),
    ] {
        let answer = shop.get(&target).await;
        answer.approved();
        assert_eq!(answer.body, EMPTY, "{target}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merchants_id_that_reads_like_a_uuid_is_found_too() {
    let world = World::start().await;
    let shop = world.shop().await;
    let id = "00000000-0000-4000-8000-000000000000";
    shop.customer(&json!({"merchant_customer_id": id})).await;
    shop.get(&format!("/v2/customers/{id}/payment-methods")).await.approved();
    shop.get(&format!("/v2/customers/{id}")).await.customer_not_found();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_customer_has_none() {
    let world = World::start().await;
    let shop = world.shop().await;
    for segment in ["00000000-0000-4000-8000-000000000000", "mc-1", "%00"] {
        shop.get(&format!("/v2/customers/{segment}/payment-methods")).await.customer_not_found();
    }
}
