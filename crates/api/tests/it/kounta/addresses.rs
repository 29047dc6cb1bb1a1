//! What stands beside a customer and a company: addresses, orders, sites (contract, section 4).

use domain::customer::Address;
use domain::merchant::{BusinessDetails, Merchant};
use domain::testing::a_merchant;
use domain::text::Line;
use serde_json::{Value, json};

use super::answer::Answer;
use super::world::World;

fn low_street(country: &str) -> Value {
    json!({"address": "Unit 4\n1 Low St", "city": "Ballarat", "state": "VIC", "postal_code": "3350", "country": country})
}

fn as_record(id: i64, country: &str) -> Value {
    json!({
        "id": id, "lines": ["Unit 4", "1 Low St"], "city": "Ballarat", "zone": "VIC", "postal_code": "3350",
        "country": country
    })
}

/// A list that is on its first and only page.
#[track_caller]
fn only_page(answer: &Answer, items: &Value) {
    assert_eq!((answer.status, answer.body.as_str()), (200, items.to_string().as_str()));
    assert_eq!((answer.header("x-pages"), answer.header("x-page")), (Some("1"), Some("0")));
    assert_eq!(answer.header("x-next-page"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customers_addresses_are_the_primary_one_and_the_shipping_one() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program
        .customer(&json!({
            "first_name": "Ayla", "phone": "1", "primary_address": low_street("AU"),
            "shipping_address": low_street("NZ")
        }))
        .await;
    let list = json!([as_record(2 * id, "AU"), as_record(2 * id + 1, "NZ")]);
    for rest in ["customers", "customer"] {
        only_page(&program.get(&format!("/{rest}/{id}/addresses.json")).await, &list);
    }
    let one = program.get(&format!("/customers/{id}/addresses/{}.json", 2 * id + 1)).await;
    assert_eq!((one.status, one.body), (200, list[1].to_string()));
    let rest = program.get(&format!("/customers/{id}/addresses.json?start={}", 2 * id)).await;
    assert_eq!(rest.ids(), [2 * id + 1]);
    program.put(id, &json!({"primary_address": null})).await.json_of(200);
    let left = program.get(&format!("/customers/{id}/addresses.json")).await;
    assert_eq!(left.ids(), [2 * id + 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_not_there_is_not_found() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program.customer(&json!({"first_name": "Ayla", "phone": "1"})).await;
    only_page(&program.get(&format!("/customers/{id}/addresses.json")).await, &json!([]));
    for address in [(2 * id).to_string(), "0".to_owned(), "x".to_owned()] {
        let answer = program.get(&format!("/customers/{id}/addresses/{address}.json")).await;
        answer.refused(404, "Not Found", "Address not found");
    }
    for rest in ["addresses.json", "addresses/2.json", "orders.json"] {
        program.get(&format!("/customers/999999/{rest}")).await.customer_not_found();
        program.get(&format!("/customers/x/{rest}")).await.customer_not_found();
    }
    program.send("DELETE", &format!("/customers/{id}.json"), &[], "").await;
    program.get(&format!("/customers/{id}/addresses.json")).await.customer_not_found();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_has_no_orders() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program.customer(&json!({"first_name": "Ayla", "phone": "1"})).await;
    only_page(&program.get(&format!("/customers/{id}/orders.json")).await, &json!([]));
    let beyond =
        program.send("GET", &format!("/customers/{id}/orders.json"), &["X-Page: 3"], "").await;
    assert_eq!((beyond.status, beyond.body.as_str()), (200, "[]"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_has_its_postal_address_and_is_its_only_site() {
    let world = World::start().await;
    let line = |raw: &str| Line::try_from(raw).unwrap();
    let address = Address {
        street: line("Unit 4\n1 Low St"),
        city: line("Ballarat"),
        province: line("VIC"),
        postal_code: line("3350"),
        country: line("AU"),
        ..Address::default()
    };
    let business = BusinessDetails { postal_address: Some(address), ..BusinessDetails::default() };
    let program = world.company_like(Merchant { business, ..a_merchant() }).await;
    let number = i64::from(program.merchant.company_id);
    only_page(&program.get("/addresses.json").await, &json!([as_record(number, "AU")]));
    let site = json!({"id": number, "name": "Harbour Road Coffee", "code": program.merchant.store_code.as_str()});
    only_page(&program.get("/sites.json").await, &json!([site]));
    let none = world.company().await;
    only_page(&none.get("/addresses.json").await, &json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_beside_a_customer_is_only_read() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program.customer(&json!({"first_name": "Ayla", "phone": "1"})).await;
    for rest in [
        "/sites.json".to_owned(),
        "/addresses.json".to_owned(),
        format!("/customers/{id}/addresses.json"),
        format!("/customers/{id}/addresses/{}.json", 2 * id),
        format!("/customers/{id}/orders.json"),
    ] {
        let answer = program.send("POST", &rest, &[], "{}").await;
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, Some("GET, HEAD, OPTIONS")),
            "{rest}"
        );
    }
}
