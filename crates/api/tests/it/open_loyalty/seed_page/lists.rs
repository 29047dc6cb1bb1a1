//! "Get customers" and "Get a customer list as an admin".

use reqwest::Method;
use serde_json::{Value, json};

use super::{Page, same_shape};

/// What lists show and the page's older examples do not.
const BESIDES: &[&str] = &["gender", "phone", "status", "labels", "level"];
/// The filters of the second and the third example of either list.
const FILTERS: [&str; 5] =
    ["email=example.com", "page=1", "perPage=2", "sort=customerId", "direction=asc"];

/// An item of the first example.
fn registered() -> Value {
    json!({
        "customerId": "41fd3247", "active": true, "firstName": "test", "lastName": "test",
        "email": "test4@example.com", "address": {}, "createdAt": "2018-02-02T11:39:17+0100",
        "levelId": "000096cf", "agreement1": true, "agreement2": false, "agreement3": false,
        "updatedAt": "2018-02-02T11:39:28+0100", "campaignPurchases": [], "transactionsCount": 0,
        "transactionsAmount": 0, "transactionsAmountWithoutDeliveryCosts": 0,
        "amountExcludedForLevel": 0, "averageTransactionAmount": 0, "currency": "eur",
        "levelPercent": "14.00%"
    })
}

/// The first item of the second example.
fn bought() -> Value {
    json!({
        "customerId": "00000000", "active": true, "firstName": "Jane", "lastName": "Doe",
        "gender": "male", "email": "user-temp@example.com", "phone": "111112222",
        "birthDate": "1990-09-11T02:00:00+0200",
        "address": {"street": "Bagno", "address1": "1", "province": "Mazowieckie",
            "city": "Warszawa", "postal": "00-000", "country": "PL"},
        "loyaltyCardNumber": "0000", "createdAt": "2016-08-08T10:53:14+0200",
        "levelId": "000096cf", "agreement1": false, "agreement2": false, "agreement3": false,
        "updatedAt": "2018-02-02T11:23:18+0100", "campaignPurchases": [], "transactionsCount": 1,
        "transactionsAmount": 3, "transactionsAmountWithoutDeliveryCosts": 3,
        "amountExcludedForLevel": 0, "averageTransactionAmount": 3,
        "lastTransactionDate": "2018-02-03T11:23:21+0100", "currency": "eur",
        "levelPercent": "14.00%"
    })
}

/// Two customers as in the first example, and nobody else.
async fn page_of_registered() -> Page {
    let page = Page::open().await;
    page.server.database.execute("DELETE FROM customers").await;
    for email in ["test3@example.com", "test4@example.com"] {
        let email = format!("customer[email]={email}");
        let pieces = [
            "customer[firstName]=test",
            "customer[lastName]=test",
            &email,
            "customer[agreement1]=1",
        ];
        page.post("/api/DEFAULT/customer/register", &pieces).await.ok();
    }
    page
}

/// The customers of the second example.
async fn page_of_buyers() -> Page {
    let page = Page::open().await;
    let id = "00000000-0000-474c-b092-b0dd880c07e2";
    page.customer(id, "user-temp@example.com", "111112222").await;
    let set = format!(
        "UPDATE customers SET gender = 'male', birth_date = '1990-09-11T00:00:00Z', loyalty_card = '0000', \
         primary_address = '{{\"street\": \"Bagno\", \"house\": \"1\", \"province\": \"Mazowieckie\", \
         \"city\": \"Warszawa\", \"postal_code\": \"00-000\", \"country\": \"PL\"}}', purchase_count = 1, \
         purchase_amount = 30000, purchase_amount_without_delivery = 30000, \
         last_purchase_at = '2018-02-03T10:23:21Z' WHERE id = '{id}'"
    );
    page.server.database.execute(&set).await;
    page
}

const LISTS: [&str; 2] = ["/api/DEFAULT/customer", "/api/DEFAULT/admin/customer"];

#[tokio::test(flavor = "multi_thread")]
async fn every_customer_is_listed() {
    let page = page_of_registered().await;
    let answer = page.get("/api/DEFAULT/customer").await.ok();
    same_shape(&json!({"customers": [registered()], "total": 2}), &answer, BESIDES);
    assert_eq!(answer["total"], 2);
    assert_eq!(answer["customers"].as_array().unwrap().len(), 2);
    let keys: Vec<&String> = answer.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["customers", "total"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_of_addresses_are_enough_in_a_list_that_is_not_strict() {
    let page = page_of_buyers().await;
    for path in LISTS {
        let pieces = [&FILTERS[..1], &["strict=0"], &FILTERS[1..]].concat();
        let answer = page.send(Some(&page.admin), Method::GET, path, &pieces).await.ok();
        assert_eq!(answer["total"], 2, "{path}");
        let customers = answer["customers"].as_array().unwrap();
        let ids: Vec<&str> =
            customers.iter().map(|one| one["customerId"].as_str().unwrap()).collect();
        assert!(ids.is_sorted() && ids.len() == 2, "{ids:?}");
        same_shape(&bought(), &customers[1], &["status", "labels", "level"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_of_addresses_find_nobody_in_a_strict_list() {
    let page = page_of_buyers().await;
    for path in LISTS {
        let pieces = [&FILTERS[..1], &["strict=1"], &FILTERS[1..]].concat();
        let answer = page.send(Some(&page.admin), Method::GET, path, &pieces).await;
        answer.ok();
        assert_eq!(answer.text, r#"{"customers":[],"total":0}"#, "{path}");
    }
}
