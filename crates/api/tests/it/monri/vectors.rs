//! The contract's signed requests, sent as they stand (MO 1.4).

use domain::customer::{Customer, Demands, References};
use domain::testing::{a_birth, a_customer};
use domain::text::Text;
use serde_json::json;

use super::answer::Answer;
use super::world::{World, json_lines};

const KEY: &str = "mk_demo_8Yq2Lw5Zr1";
const TOKEN: &str = "3f9c1d7be2a84056b1c7d90e4a6f5823c0de1b97";
const CUSTOMER: &str = "/v2/customers/0d4e9f0a-6c1b-4f1e-9a53-2b7f6c8d9e10";
const CREATE: &str =
    r#"{"merchant_customer_id":"mc-001","name":"Ana Anić","email":"ana@example.com"}"#;
const V1: &str = "1764633600 9dde3c04c1f22b3b6dbf6613096aad32aef90c0f58ba85dc79b81d7f1b33efdd8cf79e712075470ed8de93987313ca271fe5a615d7ccc2d6b33e1d33541390e6";
const V2: &str = "1764633600 448983783a861215755c1ad87f8a4c08403de6cfcee74bdb7c157f2580679cf5d3c1be4208af628e221331e9e628793070f45cbbd155e29d8194d12dc979b194";
const V3: &str = "1764633600 5ecf81b5a626778b9d135c7c78361e403ca26fea8223a32acc01f0eebf6e8855fdb1bbffcb23d07a53c3e847f424d75f3876b71489be14fe76761c4077f79574";
const V4: &str = "1764633600 ce276735b65914e360a005fd2b9e1157519dbd8f3c0a41cc79a24cd8b38cf32d8e57ee3612610f66a215d740e195cd75b8e17e98abb12d8a50c8c8989cc7fb0f";
const V5: &str = "1764633601 6a0444787e73119d04bd948a707447a9f524f182ed7414b7bfc161aae4b04b09a16dc3fb11c06b0c142f57e51e5c17d8c6b5c2c6881fd96e4b09d059de7f8d27";
const V6: &str = "1764633600 0620f24e99fc00af087ab1fce438af902be372e4db7adb8d273cca3dc0c97f4baf4892e92dab6bd532d0336b99e8853bd687bf0561f4fee41f39edcf9251bab9";
const V7: &str = "1764633700 df8c3ef81cb88701ebcf289b4183f253264fb43cefd3f6d2209b95e42110ab2b0531cfc30e26d18d6f326efc3da1c3d1f2271669ce6f6ee32b718a322ae8798e";
const V8: &str = "1764633600123 9efc2a17120eb93542312c8411b45f7d4ff5815c9e0af81399a482ae554b4d1ee10ce2f59306c6fd1eb42afdd5eb1d26edefeec8a083addd9fc76a7603a6853f";
const N1: &str = "1764633600 8fb17e7ce7847d22fc44c612c3b82caa5affec03e03084ef6287e1b617a6213cb820ffad60c15f08b30340cd94f50a7f3a77c58b5a82ab2ad049b3ca3d6dde13";
const N2: &str = "1764633600 01fc02a627ff0a2c327e13b7e3c2ed5a51705f42f5f741102877e19077135976f83a6ab65c8ab2b4df7db759d75cbb3439c729350c5da0851a4fc3be1171962d";

async fn send(world: &World, method: &str, target: &str, signature: &str, body: &str) -> Answer {
    let mut lines = vec![format!("Authorization: WP3-v2.1 {TOKEN} {signature}")];
    if !body.is_empty() {
        lines.extend(json_lines(body.len()));
    }
    world.ask(method, target, &lines, body.as_bytes()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_vector_is_answered() {
    let world = World::start().await;
    let shop = world.shop_with(TOKEN, KEY).await;
    let record = Customer {
        id: "0d4e9f0a-6c1b-4f1e-9a53-2b7f6c8d9e10".parse().unwrap(),
        references: References {
            merchant_customer_id: Text::try_from("shop/42 a").ok(),
            ..References::default()
        },
        ..a_customer(shop.merchant)
    };
    let mut session = world.storage.session().await.unwrap();
    session.customers().create(&a_birth(record, Demands::default())).await.unwrap();

    let created = send(&world, "POST", "/v2/customers", V1, CREATE).await.approved();
    assert_eq!(created["name"], "Ana Anić");
    let shown = send(&world, "GET", CUSTOMER, V2, "").await.approved();
    assert_eq!(shown["merchant_customer_id"], "shop/42 a");
    let upper = format!("/v2/customers/{}", CUSTOMER[14..].to_uppercase());
    assert_eq!(shop.get(&upper).await.approved(), shown, "a UUID means the same in either case");
    let listed = send(&world, "GET", "/v2/customers?limit=3&offset=0", V3, "").await.approved();
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(2));
    let found = send(&world, "GET", "/v2/merchants/customers/shop%2F42%20a", V4, "").await;
    assert_eq!(found.approved(), shown);
    let methods = format!("{CUSTOMER}/payment-methods?limit=50&offset=0");
    let methods = send(&world, "GET", &methods, V6, "").await.approved();
    assert_eq!(methods, json!({"status": "approved", "data": []}));
    let update = r#"{"metadata":{"tier":"gold","old":null}}"#;
    let updated = send(&world, "POST", CUSTOMER, V7, update).await.approved();
    assert_eq!(updated["metadata"], json!({"tier": "gold"}));
    let deleted = send(&world, "DELETE", CUSTOMER, V5, "").await.approved();
    assert_eq!(deleted["deleted"], true);
    send(&world, "POST", "/v2/customers", V8, "{}").await.approved();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_negative_vector_is_refused() {
    let world = World::start().await;
    world.shop_with(TOKEN, KEY).await;
    send(&world, "GET", "/v2/customers?limit=3&offset=0", N1, "").await.unauthorized();
    send(&world, "GET", "/v2/customers", N1, "").await.approved();

    let older = vec![format!("Authorization: WP3-v2 {TOKEN} {N2}")];
    let older = [older, json_lines(CREATE.len())].concat();
    world.ask("POST", "/v2/customers", &older, CREATE.as_bytes()).await.unauthorized();
    send(&world, "POST", "/v2/customers", N2, CREATE).await.unauthorized();

    let changed = CREATE.replacen(':', ": ", 1);
    send(&world, "POST", "/v2/customers", V1, &changed).await.unauthorized();
    assert_eq!(
        send(&world, "GET", "/v2/customers", N1, "").await.approved()["data"],
        json!([]),
        "nothing was stored"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_header_may_come_twice() {
    let world = World::start().await;
    world.shop_with(TOKEN, KEY).await;
    for _ in 0..2 {
        send(&world, "POST", "/v2/customers", V8, "{}").await.approved();
    }
}
