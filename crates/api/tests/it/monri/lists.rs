//! Lists of customers (MO 2.8).

use serde_json::{Value, json};
use time::Duration;

use super::world::{Shop, World};

async fn names(shop: &Shop<'_>, query: &str) -> Vec<String> {
    let body = shop.get(&format!("/v2/customers{query}")).await.approved();
    assert_eq!(
        body.as_object().map(|body| body.keys().collect::<Vec<_>>()).unwrap(),
        ["status", "data"]
    );
    let name = |customer: &Value| {
        assert_eq!(customer["status"], "approved");
        customer["name"].as_str().unwrap().to_owned()
    };
    body["data"].as_array().unwrap().iter().map(name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_youngest_come_first_and_fifty_at_a_time() {
    let world = World::start().await;
    let shop = world.shop().await;
    for n in 0..52 {
        world.clock.advance(Duration::milliseconds(i64::from(n % 2 == 0)));
        shop.customer(&json!({"name": format!("c{n}")})).await;
    }
    let all: Vec<_> = (0..52).rev().map(|n| format!("c{n}")).collect();
    assert_eq!(names(&shop, "").await, all[..50]);
    assert_eq!(names(&shop, "?limit=1000").await, all);
    assert_eq!(names(&shop, "?offset=50").await, all[50..]);
    assert_eq!(names(&shop, "?limit=3&offset=2&x=%zz").await, all[2..5]);
    assert_eq!(names(&shop, "?limit=2&limit=x&offset=1&offset=").await, all[1..3]);
    for none in
        ["?limit=0", "?offset=52", "?offset=1000000000", "?offset=99999999999999999999999999"]
    {
        assert_eq!(names(&shop, none).await, [""; 0], "{none}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_or_offset_that_is_no_number_is_refused() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = shop.customer(&json!({})).await;
    for target in [
        "/v2/customers".to_owned(),
        "/v2/payment-methods".to_owned(),
        format!("{path}/payment-methods"),
    ] {
        for value in ["", "-1", "abc", "1e3", "50%20", "+5", "%2B5", "1.0", "0x1", "%00", "%ff"] {
            shop.get(&format!("{target}?limit={value}"))
                .await
                .refused(400, "Limit is not a number");
            shop.get(&format!("{target}?offset={value}"))
                .await
                .refused(400, "Offset is not a number");
        }
        for value in ["1001", "1000000000", "99999999999999999999999999"] {
            shop.get(&format!("{target}?limit={value}"))
                .await
                .refused(400, "Limit must be less than or equal to 1000");
        }
        let both = shop.get(&format!("{target}?offset=b&limit=a")).await;
        assert_eq!(both.json()["message"], "Limit is not a number, Offset is not a number");
    }
}
