//! Saved payment methods (MO 2.9 and 2.10).

use std::sync::Arc;

use domain::payment_method::{CardToken, Expiry, NewPaymentMethod, PaymentMethod, PaymentMethods};
use domain::testing::{FixedClock, SequentialEntropy};
use secrets::Keeper;
use serde_json::{Value, json};
use time::macros::datetime;
use time::{Duration, Month};
use uuid::Uuid;

use super::world::{Shop, World};

const EMPTY: &str = r#"{"status":"approved","data":[]}"#;
const TOKEN: &str = "5b0c7d1e9f2a43868c1d2e3f405162738495a6b7c8d9eafb0c1d2e3f40516273";

/// A card of the contract's example, but for its token.
fn a_card(token: &str) -> NewPaymentMethod {
    NewPaymentMethod {
        number: "411111******1111".parse().unwrap(),
        expiry: Expiry::of_month(2034, Month::December).unwrap(),
        keep_until: Some(datetime!(2034-12-31 00:00 UTC)),
        token: CardToken::try_from(token.to_owned()).unwrap(),
    }
}

/// A token that begins with a number.
fn a_token(number: usize) -> String {
    format!("{number:04}{}", "0".repeat(60))
}

/// Attaches cards to the customer of a path.
struct Gateway(PaymentMethods);

impl Gateway {
    fn of(world: &World) -> Self {
        let (clock, keeper) =
            (Arc::<FixedClock>::clone(&world.clock), Arc::<Keeper>::clone(&world.keeper));
        let entropy = Arc::new(SequentialEntropy::default());
        Self(PaymentMethods::new(world.storage.clone(), clock, entropy, keeper))
    }

    async fn attach(&self, shop: &Shop<'_>, path: &str, card: NewPaymentMethod) -> PaymentMethod {
        let customer = path.trim_start_matches("/v2/customers/").parse().unwrap();
        self.0.attach(shop.merchant, customer, card).await.unwrap()
    }

    /// Attaches cards with the tokens of these numbers, one after the other.
    async fn attach_all(&self, shop: &Shop<'_>, path: &str, numbers: std::ops::Range<usize>) {
        for number in numbers {
            shop.world.clock.advance(Duration::milliseconds(i64::from(number % 2 == 0)));
            self.attach(shop, path, a_card(&a_token(number))).await;
        }
    }
}

/// The numbers of the tokens of a list.
async fn listed(shop: &Shop<'_>, target: &str) -> Vec<usize> {
    let body = shop.get(target).await.approved();
    let number = |method: &Value| method["token"].as_str().unwrap()[..4].parse().unwrap();
    body["data"].as_array().unwrap().iter().map(number).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_of_the_contract_is_answered_byte_for_byte() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = shop.customer(&json!({"merchant_customer_id": "mc-001"})).await;
    world.clock.advance(Duration::minutes(10));
    let method = Gateway::of(&world).attach(&shop, &path, a_card(TOKEN)).await;
    let (id, uuid) = (Uuid::from(method.id).simple(), path.trim_start_matches("/v2/customers/"));
    let expected = format!(
        r#"{{"status":"approved","data":[{{"status":"approved","id":"{id}","masked_pan":"411111******1111","expiration_date":"2034-12-31","keep_until":"2034-12-31T00:00:00.000Z","created_at":"2025-12-02T00:10:00.120Z","updated_at":"2025-12-02T00:10:00.120Z","customer_uuid":"{uuid}","token":"{TOKEN}","expired":false}}]}}"#
    );
    for target in [
        format!("{path}/payment-methods"),
        format!("{path}/payment-methods?limit=50&offset=0"),
        "/v2/customers/mc-001/payment-methods".to_owned(),
        "/v2/payment-methods".to_owned(),
    ] {
        let answer = shop.get(&target).await;
        answer.approved();
        assert_eq!(answer.body, expected, "{target}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_expires_when_the_last_day_of_its_month_is_over() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = shop.customer(&json!({})).await;
    let expiry = Expiry::of_month(2025, Month::December).unwrap();
    let card = NewPaymentMethod { expiry, keep_until: None, ..a_card(TOKEN) };
    Gateway::of(&world).attach(&shop, &path, card).await;
    let target = format!("{path}/payment-methods");
    for (days, expired) in [(29, false), (1, true)] {
        world.clock.advance(Duration::days(days));
        let method = shop.get(&target).await.approved()["data"][0].clone();
        assert_eq!(method["expired"], expired);
        assert_eq!(
            (&method["keep_until"], &method["expiration_date"]),
            (&Value::Null, &json!("2025-12-31"))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_card_again_is_one_entry_with_a_new_time_of_change() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = shop.customer(&json!({})).await;
    let gateway = Gateway::of(&world);
    gateway.attach(&shop, &path, a_card(TOKEN)).await;
    let before = shop.get(&path).await.approved();
    world.clock.advance(Duration::SECOND);
    let card = NewPaymentMethod { keep_until: None, ..a_card(TOKEN) };
    gateway.attach(&shop, &path, card).await;
    let data = shop.get(&format!("{path}/payment-methods")).await.approved()["data"].clone();
    assert_eq!(data.as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&data[0]["created_at"], &data[0]["updated_at"], &data[0]["keep_until"]),
        (&json!("2025-12-02T00:00:00.120Z"), &json!("2025-12-02T00:00:01.120Z"), &Value::Null)
    );
    assert_eq!(shop.get(&path).await.approved(), before, "a card is no change of the customer");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_youngest_come_first_and_fifty_at_a_time() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = shop.customer(&json!({})).await;
    let gateway = Gateway::of(&world);
    gateway.attach_all(&shop, &path, 0..52).await;
    world.clock.advance(Duration::SECOND);
    let other = shop.customer(&json!({})).await;
    gateway.attach_all(&shop, &other, 52..54).await;
    let all: Vec<_> = (0..54).rev().collect();
    for (target, all) in
        [(format!("{path}/payment-methods"), &all[2..]), ("/v2/payment-methods".to_owned(), &all)]
    {
        assert_eq!(listed(&shop, &target).await, all[..50], "{target}");
        for (query, part) in [
            ("limit=1000", all),
            ("offset=50", &all[50..]),
            ("limit=3&offset=2", &all[2..5]),
            ("limit=2&limit=x&offset=1&offset=", &all[1..3]),
            ("limit=0", &[]),
            ("offset=99999999999999999999999999", &[]),
        ] {
            assert_eq!(listed(&shop, &format!("{target}?{query}")).await, *part, "{query}");
        }
    }
    assert_eq!(listed(&shop, &format!("{other}/payment-methods")).await, [53, 52]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_without_cards_has_an_empty_list_under_either_id() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = shop.customer(&json!({"merchant_customer_id": "shop/42 a"})).await;
    for target in [
        format!("{path}/payment-methods"),
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
    let path = shop.customer(&json!({"merchant_customer_id": id})).await;
    Gateway::of(&world).attach_all(&shop, &path, 7..8).await;
    assert_eq!(listed(&shop, &format!("/v2/customers/{id}/payment-methods")).await, [7]);
    shop.get(&format!("/v2/customers/{id}")).await.customer_not_found();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_uuid_means_its_customer_before_anybody_whom_the_merchant_calls_so() {
    let world = World::start().await;
    let shop = world.shop().await;
    let (meant, namesake) = (shop.customer(&json!({})).await, shop.customer(&json!({})).await);
    let uuid = meant.trim_start_matches("/v2/customers/");
    shop.post(&namesake, &json!({"merchant_customer_id": uuid})).await.approved();
    let gateway = Gateway::of(&world);
    gateway.attach_all(&shop, &meant, 1..2).await;
    gateway.attach_all(&shop, &namesake, 2..3).await;
    assert_eq!(listed(&shop, &format!("{meant}/payment-methods")).await, [1]);
    shop.delete(&meant).await.approved();
    assert_eq!(listed(&shop, &format!("{meant}/payment-methods")).await, [0; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_customers_cards_are_gone_from_both_lists() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = shop.customer(&json!({"merchant_customer_id": "mc-1"})).await;
    let stays = shop.customer(&json!({})).await;
    let gateway = Gateway::of(&world);
    gateway.attach_all(&shop, &path, 0..2).await;
    gateway.attach_all(&shop, &stays, 2..3).await;
    shop.delete(&path).await.approved();
    assert_eq!(shop.get(&format!("{path}/payment-methods")).await.body, EMPTY);
    shop.get("/v2/customers/mc-1/payment-methods").await.customer_not_found();
    assert_eq!(listed(&shop, "/v2/payment-methods").await, [2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_customer_has_none() {
    let world = World::start().await;
    let shop = world.shop().await;
    for segment in ["00000000-0000-4000-8000-000000000000", "mc-1", "%00"] {
        shop.get(&format!("/v2/customers/{segment}/payment-methods")).await.customer_not_found();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_merchants_customer_and_cards_are_not_found() {
    let world = World::start().await;
    let (shop, stranger) = (world.shop().await, world.shop().await);
    let path = shop.customer(&json!({"merchant_customer_id": "mc-1"})).await;
    Gateway::of(&world).attach_all(&shop, &path, 0..1).await;
    for target in [format!("{path}/payment-methods"), "/v2/customers/mc-1/payment-methods".into()] {
        stranger.get(&target).await.customer_not_found();
    }
    assert_eq!(stranger.get("/v2/payment-methods").await.body, EMPTY);
    assert_eq!(listed(&shop, "/v2/payment-methods").await, [0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_needs_the_scope_of_payment_methods_and_no_other() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = shop.customer(&json!({"merchant_customer_id": "mc-1"})).await;
    Gateway::of(&world).attach_all(&shop, &path, 0..1).await;
    let methods = shop.access_token(&["payment-methods"]).await;
    for token in [shop.access_token(&["customers"]).await, shop.access_token(&[]).await] {
        for target in ["/v2/payment-methods", "/v2/customers/mc-1/payment-methods"] {
            shop.get_as(&token, target).await.unauthorized();
            let data = shop.get_as(&methods, target).await.approved()["data"].clone();
            assert_eq!(data.as_array().map(Vec::len), Some(1));
        }
    }
    shop.get_as(&methods, &path).await.unauthorized();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_was_sealed_with_another_key_is_our_fault_and_not_told() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = shop.customer(&json!({})).await;
    Gateway::of(&world).attach_all(&shop, &path, 0..1).await;
    world.execute("UPDATE payment_methods SET sealed_token = '\\x00'").await;
    let answer = shop.get("/v2/payment-methods").await;
    assert_eq!(answer.status, 500);
    let expected = r#"{"status":"error","message":"Internal server error","errors":["Internal server error"]}"#;
    assert_eq!(answer.body, expected);
}
