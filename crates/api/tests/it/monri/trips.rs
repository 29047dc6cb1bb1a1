//! What a request costs in trips to the database.

use serde_json::json;

use super::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_known_caller_costs_no_trip_of_its_own() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = shop.customer(&json!({"merchant_customer_id": "mc-1"})).await;
    let token = shop.access_token(&["customers", "payment-methods"]).await;
    for (target, trips) in [
        (path.as_str(), 1),
        ("/v2/merchants/customers/mc-1", 1),
        ("/v2/customers", 1),
        ("/v2/payment-methods", 1),
    ] {
        let before = world.asked();
        shop.get(target).await.approved();
        assert_eq!(world.asked() - before, trips, "signed {target}");
        shop.get_as(&token, target).await.approved();
        assert_eq!(world.asked() - before, 2 * trips, "borne {target}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_token_costs_one_trip_and_its_first_use_none() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = shop.customer(&json!({})).await;
    shop.access_token(&["customers"]).await;
    let before = world.asked();
    let token = shop.access_token(&["customers"]).await;
    assert_eq!(world.asked() - before, 1);
    shop.get_as(&token, &path).await.approved();
    assert_eq!(world.asked() - before, 2);
}
