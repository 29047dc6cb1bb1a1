//! Deleting customers (MO 2.7).

use serde_json::json;
use time::Duration;

use super::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_customer_is_shown_by_uuid_and_nowhere_else() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = shop.customer(&json!({"merchant_customer_id": "mc-1", "name": "Ana"})).await;
    let mut expected = shop.get(&path).await.approved();
    world.clock.advance(Duration::seconds(300));
    let answer = shop.delete(&path).await;
    let uuid = path.trim_start_matches("/v2/customers/");
    assert_eq!(
        answer.body,
        format!(r#"{{"status":"approved","uuid":"{uuid}","id":"{uuid}","deleted":true}}"#)
    );
    answer.approved();
    expected["deleted"] = json!(true);
    expected["updated_at"] = json!("2025-12-02T00:05:00.120Z");
    expected["deleted_at"] = json!("2025-12-02T00:05:00.120Z");
    assert_eq!(shop.get(&path).await.approved(), expected);
    shop.get("/v2/merchants/customers/mc-1").await.customer_not_found();
    shop.post(&path, &json!({"name": "Eva"})).await.customer_not_found();
    assert_eq!(shop.get("/v2/customers").await.approved()["data"], json!([]));
    let methods = shop.get(&format!("{path}/payment-methods")).await;
    assert_eq!(methods.approved()["data"], json!([]));
    shop.get("/v2/customers/mc-1/payment-methods").await.customer_not_found();
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_again_answers_the_same_and_changes_nothing() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = shop.customer(&json!({})).await;
    let first = shop.delete(&path).await;
    let record = shop.get(&path).await.approved();
    world.clock.advance(Duration::SECOND);
    let second = shop.delete(&path).await;
    assert_eq!((second.status, second.body), (first.status, first.body));
    assert_eq!(shop.get(&path).await.approved(), record);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merchants_id_is_free_after_deletion() {
    let world = World::start().await;
    let shop = world.shop().await;
    let body = json!({"merchant_customer_id": "mc-1"});
    let first = shop.customer(&body).await;
    shop.delete(&first).await.approved();
    let second = shop.customer(&body).await;
    assert_ne!(first, second);
    let found = shop.get("/v2/merchants/customers/mc-1").await.approved();
    assert!(second.ends_with(found["uuid"].as_str().unwrap()));
    assert_eq!(shop.get(&first).await.approved()["merchant_customer_id"], "mc-1");
}

#[tokio::test(flavor = "multi_thread")]
async fn deletions_at_once_all_succeed() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = shop.customer(&json!({})).await;
    let answers = futures_util::future::join_all((0..8).map(|_| shop.delete(&path))).await;
    assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
}
