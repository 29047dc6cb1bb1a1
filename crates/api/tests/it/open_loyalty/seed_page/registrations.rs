//! "Check if customer …", "Create a new customer", the same as a seller and as an admin, and "Customer registrations".

use serde_json::{Value, json};
use time::macros::datetime;

use super::{Page, same_shape};
use crate::open_loyalty::answer::Answer;
use crate::support::ServerOptions;

#[track_caller]
fn is_registered(answer: &Answer, email: &str) {
    let answer = answer.ok();
    same_shape(&json!({"customerId": "e0eb0355", "email": "john4@example.com"}), &answer, &[]);
    assert_eq!(answer["email"], email);
}

/// The third example of a registration, white space aside.
const NOT_SENT: &str = concat!(
    r#"{"form":{"children":{"firstName":{},"lastName":{},"gender":{},"email":{},"phone":{},"birthDate":{},"#,
    r#""createdAt":{},"address":{"children":{"street":{},"address1":{},"address2":{},"postal":{},"city":{},"#,
    r#""province":{},"country":{}}},"company":{"children":{"name":{},"nip":{}}},"loyaltyCardNumber":{},"#,
    r#""agreement1":{},"agreement2":{},"agreement3":{},"levelId":{},"posId":{},"sellerId":{}}},"errors":[]}"#
);

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_number_that_somebody_has_is_counted() {
    let page = Page::open().await;
    page.customer("e0eb0355-8aaa-4fb1-8159-f58e81b7a25c", "john4@example.com", "899000333").await;
    let answer = page.get("/api/DEFAULT/customer/check?emailOrPhone=899000333").await;
    answer.ok();
    assert_eq!(answer.text, r#"{"total":1}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_registered_with_the_least_that_is_needed() {
    let page = Page::open().await;
    let pieces = [
        "customer[firstName]=John",
        "customer[lastName]=Kowalski",
        "customer[email]=john4@example.com",
        "customer[phone]=000000005000",
        "customer[agreement1]=1",
    ];
    let answer = page.post("/api/DEFAULT/customer/register", &pieces).await;
    is_registered(&answer, "john4@example.com");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_registered_with_everything() {
    let page = Page::open().await;
    let pieces = [
        "customer[firstName]=John",
        "customer[lastName]=Kowalski",
        "customer[email]=john3@example.com",
        "customer[phone]=000000004000",
        "customer[birthDate]=1990-01-01",
        "customer[address][street]=Street",
        "customer[address][postal]=00-000",
        "customer[address][city]=Wroclaw",
        "customer[address][province]=Dolnoslaskie",
        "customer[address][country]=Poland",
        "customer[company][nip]=111-222-33-44",
        "customer[company][name]=Company+name",
        "customer[loyaltyCardNumber]=00000000000000002",
        "customer[agreement1]=1",
        "customer[agreement2]=1",
        "customer[agreement3]=1",
    ];
    let answer = page.post("/api/DEFAULT/customer/register", &pieces).await;
    is_registered(&answer, "john3@example.com");
    let id = answer.ok()["customerId"].as_str().unwrap().to_owned();
    let details = page.get(&format!("/api/DEFAULT/customer/{id}")).await.ok();
    assert_eq!(details["company"], json!({"name": "Company name", "nip": "111-222-33-44"}));
    assert_eq!(details["address"]["country"], "Poland");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_without_fields_is_answered_with_the_empty_form() {
    let page = Page::open().await;
    let answer = page.post("/api/DEFAULT/customer/register", &[]).await;
    assert_eq!((answer.status, answer.text.as_str()), (400, NOT_SENT));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seller_registers_a_customer() {
    let page = Page::open().await;
    let pieces = [
        "customer[firstName]=Lady",
        "customer[lastName]=Mini",
        "customer[email]=test@openloyalty.com",
        "customer[gender]=female",
        "customer[agreement1]=1",
    ];
    let answer = page.post_as_seller("/api/DEFAULT/seller/customer/register", &pieces).await;
    is_registered(&answer, "test@openloyalty.com");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_registers_a_customer() {
    let page = Page::open().await;
    let pieces = [
        "customer[firstName]=John",
        "customer[lastName]=Kowalski",
        "customer[email]=john@example.com",
        "customer[phone]=0665998332",
        "customer[agreement1]=1",
    ];
    let answer = page.post("/api/DEFAULT/admin/customer/register", &pieces).await;
    is_registered(&answer, "john@example.com");
}

/// On the day on which the page was written the answer is the printed one, byte for byte.
#[tokio::test(flavor = "multi_thread")]
async fn registrations_are_counted_by_day() {
    let now = Some(datetime!(2018-02-04 12:00 UTC));
    let page = Page::with(ServerOptions { now, ..ServerOptions::default() }).await;
    for number in 0..5 {
        let email = format!("customer[email]=test{number}@example.com");
        let pieces = [
            "customer[firstName]=test",
            "customer[lastName]=test",
            &email,
            "customer[createdAt]=2018-02-02 11:39:17",
            "customer[agreement1]=1",
        ];
        page.post("/api/DEFAULT/customer/register", &pieces).await.ok();
    }
    let answer = page.get("/api/DEFAULT/customer/registrations").await;
    let days: Vec<String> = (6..=31)
        .map(|day| format!("2018-01-{day:02}"))
        .chain((1..=4).map(|day| format!("2018-02-{day:02}")))
        .map(|day| format!("\"{day}\":{}", if day == "2018-02-02" { 5 } else { 0 }))
        .collect();
    assert!(answer.ok().as_object().unwrap().values().all(Value::is_u64));
    assert_eq!(answer.text, format!("{{{}}}", days.join(",")));
}
