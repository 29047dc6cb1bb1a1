//! Changing customers (MO 2.6).

use serde_json::{Value, json};
use time::Duration;

use super::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_given_stays_and_metadata_is_merged() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = shop
        .customer(&json!({"name": "Ana", "city": "Mostar", "address": "Ulica 1", "metadata": {"old": "1", "keep": "x"}}))
        .await;
    let before = shop.get(&path).await.approved();
    world.clock.advance(Duration::milliseconds(100_007));
    let change = json!({"city": "Sarajevo", "name": null, "metadata": {"tier": "gold", "old": null, "none": null}});
    let after = shop.post(&path, &change).await.approved();
    let mut expected = before;
    expected["city"] = json!("Sarajevo");
    expected["metadata"] = json!({"keep": "x", "tier": "gold"});
    expected["updated_at"] = json!("2025-12-02T00:01:40.127Z");
    assert_eq!(after, expected);
    assert_eq!(shop.get(&path).await.approved(), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_member_can_be_replaced() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = shop.customer(&json!({})).await;
    let full = json!({
        "merchant_customer_id": "mc-9",
        "description": "d",
        "email": "e",
        "name": "n",
        "phone": "1",
        "metadata": {"k": 1},
        "zip_code": "z",
        "city": "Bihać",
        "address": "Ulica 2",
        "country": "BA",
    });
    let after = shop.post(&path, &full).await.approved();
    for (member, value) in full.as_object().unwrap() {
        assert_eq!(&after[member], value, "{member}");
    }
    assert_eq!(shop.get("/v2/merchants/customers/mc-9").await.approved(), after);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_update_moves_the_time_of_change_alone() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = shop.customer(&json!({"name": "Ana", "metadata": {"a": "b"}})).await;
    for (body, updated_at) in [
        ("", "2025-12-02T00:00:01.120Z"),
        ("{}", "2025-12-02T00:00:02.120Z"),
        (r#"{"metadata":{}}"#, "2025-12-02T00:00:03.120Z"),
        (r#"{"metadata":null,"phone":null}"#, "2025-12-02T00:00:04.120Z"),
        (r#"{"name":"Ana","metadata":{"none":null}}"#, "2025-12-02T00:00:05.120Z"),
    ] {
        let mut expected = shop.get(&path).await.approved();
        world.clock.advance(Duration::SECOND);
        expected["updated_at"] = json!(updated_at);
        assert_eq!(shop.send("POST", &path, body.as_bytes()).await.approved(), expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ones_own_merchants_id_is_fine_and_anothers_is_taken() {
    let world = World::start().await;
    let shop = world.shop().await;
    shop.customer(&json!({"merchant_customer_id": "mc-1"})).await;
    let path = shop.customer(&json!({"merchant_customer_id": "mc-2", "name": "Ana"})).await;
    shop.post(&path, &json!({"merchant_customer_id": "mc-2"})).await.approved();
    shop.post(&path, &json!({"merchant_customer_id": "mc-1", "name": "Eva"}))
        .await
        .refused(400, "Merchant customer has already been taken");
    let unchanged = shop.get(&path).await.approved();
    assert_eq!(
        (&unchanged["name"], &unchanged["merchant_customer_id"]),
        (&json!("Ana"), &json!("mc-2"))
    );
    shop.post(&path, &json!({"merchant_customer_id": "mc-3"})).await.approved();
    shop.customer(&json!({"merchant_customer_id": "mc-2"})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_update_changes_nothing() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = shop.customer(&json!({"name": "Ana"})).await;
    let before = shop.get(&path).await.approved();
    world.clock.advance(Duration::SECOND);
    shop.post(&path, &json!({"name": "Eva", "city": "ab"}))
        .await
        .refused(400, "City is too short (minimum is 3 characters)");
    assert_eq!(shop.get(&path).await.approved(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_grows_to_fifty_keys_and_no_further() {
    let world = World::start().await;
    let shop = world.shop().await;
    let keys = |range: std::ops::Range<usize>| -> Value {
        range.map(|n| (format!("k{n}"), json!("v"))).collect()
    };
    let path = shop.customer(&json!({"metadata": keys(0..30)})).await;
    shop.post(&path, &json!({"metadata": keys(20..50)})).await.approved();
    shop.post(&path, &json!({"metadata": keys(50..51)}))
        .await
        .refused(400, "Metadata has too many keys (maximum is 50)");
    shop.post(&path, &json!({"metadata": {"k50": "v", "k0": null}})).await.approved();
    let metadata = shop.get(&path).await.approved()["metadata"].clone();
    assert_eq!(metadata.as_object().map(serde_json::Map::len), Some(50));
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_at_once_are_all_kept() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = shop.customer(&json!({})).await;
    let bodies: Vec<_> = (0..20).map(|n| json!({"metadata": {format!("k{n}"): n}})).collect();
    let answers =
        futures_util::future::join_all(bodies.iter().map(|body| shop.post(&path, body))).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    let metadata = shop.get(&path).await.approved()["metadata"].clone();
    assert_eq!(metadata.as_object().map(serde_json::Map::len), Some(20));
}
