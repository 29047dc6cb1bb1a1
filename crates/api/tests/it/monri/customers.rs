//! Creating and reading customers (MO 2.3 to 2.5).

use serde_json::{Value, json};

use super::world::World;

const MEMBERS: [&str; 16] = [
    "status",
    "uuid",
    "merchant_customer_id",
    "description",
    "email",
    "name",
    "phone",
    "metadata",
    "zip_code",
    "city",
    "address",
    "country",
    "deleted",
    "created_at",
    "updated_at",
    "deleted_at",
];

#[tokio::test(flavor = "multi_thread")]
async fn the_example_of_the_contract_is_answered_byte_for_byte() {
    let world = World::start().await;
    let shop = world.shop().await;
    let body = r#"{"merchant_customer_id":"mc-001","name":"Ana Anić","email":"ana@example.com"}"#;
    let created = shop.send("POST", "/v2/customers", body.as_bytes()).await;
    let uuid = created.approved()["uuid"].as_str().unwrap().to_owned();
    let customer = format!(
        r#"{{"status":"approved","uuid":"{uuid}","merchant_customer_id":"mc-001","description":null,"email":"ana@example.com","name":"Ana Anić","phone":null,"metadata":{{}},"zip_code":null,"city":null,"address":null,"country":null,"deleted":false,"created_at":"2025-12-02T00:00:00.120Z","updated_at":"2025-12-02T00:00:00.120Z","deleted_at":null}}"#
    );
    assert_eq!(created.body, customer);
    assert_eq!(shop.get(&format!("/v2/customers/{uuid}")).await.body, customer);
    assert_eq!(shop.get("/v2/merchants/customers/mc-001").await.body, customer);
    let list = format!(r#"{{"status":"approved","data":[{customer}]}}"#);
    assert_eq!(shop.get("/v2/customers").await.body, list);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_member_comes_back_as_it_was_given() {
    let world = World::start().await;
    let shop = world.shop().await;
    let given = json!({
        "merchant_customer_id": "M 1/ä",
        "description": "pays late\r\nsays thanks",
        "email": " no address at all\r\n",
        "name": "   ",
        "phone": "call me",
        "metadata": {"Updated at": "x", "count": 42, "ratio": 1.5, "vip": true, "empty": ""},
        "zip_code": "71-000",
        "city": "Sarajevo",
        "address": "Maršala Tita 1",
        "country": "BA",
    });
    let created = shop.post("/v2/customers", &given).await.approved();
    for (member, value) in given.as_object().unwrap() {
        assert_eq!(&created[member], value, "{member}");
    }
    let path = format!("/v2/customers/{}", created["uuid"].as_str().unwrap());
    assert_eq!(shop.get(&path).await.approved(), created);
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_in_metadata_keep_every_digit() {
    let world = World::start().await;
    let shop = world.shop().await;
    let numbers = r#""metadata":{"a":12345678901234567890123,"b":1.50,"c":0.1234567890123456789}"#;
    let created = shop.send("POST", "/v2/customers", format!("{{{numbers}}}").as_bytes()).await;
    assert!(created.body.contains(numbers), "{}", created.body);
    let path = format!("/v2/customers/{}", created.approved()["uuid"].as_str().unwrap());
    assert_eq!(shop.get(&path).await.body, created.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_at_all_makes_an_empty_customer_with_all_members() {
    let world = World::start().await;
    let shop = world.shop().await;
    for body in ["", "{}", r#"{"name":null,"metadata":null,"nonsense":[[]]}"#] {
        let created = shop.send("POST", "/v2/customers", body.as_bytes()).await.approved();
        let members: Vec<_> = created.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(members, MEMBERS);
        assert_eq!((&created["name"], &created["metadata"]), (&Value::Null, &json!({})));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn integers_stand_for_texts() {
    let world = World::start().await;
    let shop = world.shop().await;
    let created = shop
        .post("/v2/customers", &json!({"merchant_customer_id": 17, "phone": 38761}))
        .await
        .approved();
    assert_eq!(
        (&created["merchant_customer_id"], &created["phone"]),
        (&json!("17"), &json!("38761"))
    );
    assert_eq!(shop.get("/v2/merchants/customers/17").await.approved(), created);
}

#[tokio::test(flavor = "multi_thread")]
async fn unacceptable_members_are_all_told_and_nothing_is_stored() {
    let world = World::start().await;
    let shop = world.shop().await;
    let body = json!({"city": "ab", "name": "n".repeat(51)});
    let answer = shop.post("/v2/customers", &body).await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.body,
        r#"{"status":"invalid-request","message":"Name is too long (maximum is 50 characters), City is too short (minimum is 3 characters)","errors":["Name is too long (maximum is 50 characters)","City is too short (minimum is 3 characters)"]}"#
    );
    for (body, sentence) in [
        (json!({"name": true}), "Name is invalid"),
        (json!({"name": "a\0b"}), "Name is invalid"),
        (json!({"email": ["a"]}), "Email is invalid"),
        (json!({"zip_code": 1.5}), "Zip code is invalid"),
        (json!({"phone": ""}), "Phone is too short (minimum is 1 character)"),
        (json!({"metadata": {"a": {"b": 1}}}), "Metadata is invalid"),
        (json!({"metadata": {"a": "\0"}}), "Metadata is invalid"),
    ] {
        shop.post("/v2/customers", &body).await.refused(400, sentence);
    }
    assert_eq!(shop.get("/v2/customers").await.approved()["data"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merchants_id_is_taken_once_and_letter_for_letter() {
    let world = World::start().await;
    let (shop, other) = (world.shop().await, world.shop().await);
    shop.customer(&json!({"merchant_customer_id": "mc-1"})).await;
    shop.post("/v2/customers", &json!({"merchant_customer_id": "mc-1"}))
        .await
        .refused(400, "Merchant customer has already been taken");
    for different in ["MC-1", " mc-1", "mc-1 "] {
        shop.customer(&json!({"merchant_customer_id": different})).await;
    }
    other.customer(&json!({"merchant_customer_id": "mc-1"})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn emails_and_phones_may_repeat() {
    let world = World::start().await;
    let shop = world.shop().await;
    for _ in 0..2 {
        shop.customer(&json!({"email": "ana@example.com", "phone": "+38761"})).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_equal_creates_at_once_one_succeeds() {
    let world = World::start().await;
    let shop = world.shop().await;
    let body = json!({"merchant_customer_id": "mc-1"});
    let answers =
        futures_util::future::join_all((0..32).map(|_| shop.post("/v2/customers", &body))).await;
    let (created, refused): (Vec<_>, Vec<_>) =
        answers.iter().partition(|answer| answer.status == 200);
    assert_eq!((created.len(), refused.len()), (1, 31));
    for answer in refused {
        answer.refused(400, "Merchant customer has already been taken");
    }
    assert_eq!(
        shop.get("/v2/customers").await.approved()["data"].as_array().map(Vec::len),
        Some(1)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn merchants_ids_are_decoded_once_and_never_split_a_path() {
    let world = World::start().await;
    let shop = world.shop().await;
    for (id, segment) in [
        ("shop/42 a", "shop%2F42%20a"),
        ("a+b", "a+b"),
        ("x%2Fy", "x%252Fy"),
        ("čaj", "%C4%8Daj"),
        ("..", "%2e%2e"),
        ("a?b#c", "a%3Fb%23c"),
    ] {
        let created =
            shop.post("/v2/customers", &json!({"merchant_customer_id": id})).await.approved();
        let found = shop.get(&format!("/v2/merchants/customers/{segment}")).await;
        assert_eq!(found.approved(), created, "{segment}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_unknown_is_not_found() {
    let world = World::start().await;
    let shop = world.shop().await;
    shop.customer(&json!({"merchant_customer_id": "mc-1"})).await;
    let long = "a".repeat(101);
    for segment in
        ["00000000-0000-4000-8000-000000000000", "mc-1", "0", "%00", "%ff", "..%2f", &long]
    {
        for method in ["GET", "POST", "DELETE"] {
            shop.send(method, &format!("/v2/customers/{segment}"), b"").await.customer_not_found();
        }
    }
    for segment in ["mc-2", "MC-1", "%00", "%ff", "..%2f", "mc-1%00", &long] {
        shop.get(&format!("/v2/merchants/customers/{segment}")).await.customer_not_found();
    }
}
