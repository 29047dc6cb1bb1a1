//! The examples of statuses, activation, levels, codes and anonymization.

use reqwest::Method;
use serde_json::{Value, json};

use super::{HANDLED, KNOWN, Page, no_content, same_shape};

/// The customer of the first examples.
const SWITCHED: &str = "1bbafb37-b51b-47c5-b3e4-e0a2d028e655";
/// The customer of the example of anonymization.
const ANONYMIZED: &str = "c9be6a4e-9a21-414a-bbbd-f506d9ffad85";

impl Page {
    /// What a customer's status is called.
    async fn status_of(&self, id: &str) -> Value {
        self.get(&format!("/api/DEFAULT/customer/{id}")).await.ok()["status"]["type"].clone()
    }

    async fn set_status(&self, id: &str, status: &str) {
        let set = format!("UPDATE customers SET status = '{status}' WHERE id = '{id}'");
        self.server.database.execute(&set).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_activates_and_deactivates_a_customer() {
    let page = Page::open().await;
    page.customer(SWITCHED, "switched@example.com", "1").await;
    for (verb, status) in [("deactivate", "blocked"), ("activate", "active")] {
        let path = format!("/api/DEFAULT/admin/customer/{SWITCHED}/{verb}");
        no_content(&page.post(&path, &[]).await, 200);
        assert_eq!(page.status_of(SWITCHED).await, status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seller_activates_and_deactivates_a_customer() {
    let page = Page::open().await;
    for (verb, status) in [("deactivate", "blocked"), ("activate", "active")] {
        let path = format!("/api/DEFAULT/seller/customer/{KNOWN}/{verb}");
        no_content(&page.post_as_seller(&path, &[]).await, 200);
        assert_eq!(page.status_of(KNOWN).await, status);
    }
}

/// The page's three examples of one payload, in the order of the contract (5.6). The admin's prints every field of every
/// configuration at once, which no programme can answer; it is held against the fields of the others.
#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_the_same_status_of_a_customer() {
    let page = Page::open().await;
    let set = format!(
        "UPDATE customers SET purchase_count = 2, purchase_amount = 30000, \
         purchase_amount_without_delivery = 30000 WHERE id = '{KNOWN}'"
    );
    page.server.database.execute(&set).await;
    let customer = super::log_in(&page.server, "customer", "user@example.com").await;
    let printed = json!({
        "firstName": "John", "lastName": "Doe", "customerId": KNOWN, "points": 161.9,
        "p2pPoints": 0, "totalEarnedPoints": 274.9, "usedPoints": 25, "expiredPoints": 88,
        "lockedPoints": 0, "level": "0.00%", "levelName": "level0", "levelConditionValue": 0,
        "nextLevel": "5.00%", "nextLevelName": "level1", "nextLevelConditionValue": 20,
        "transactionsAmountWithoutDeliveryCosts": 3, "transactionsAmountToNextLevel": 17,
        "averageTransactionsAmount": "1.50", "transactionsCount": 2, "transactionsAmount": 3,
        "currency": "eur", "pointsExpiringNextMonth": 161.9, "pointsExpiringBreakdown": {}
    });
    for (token, path) in [
        (&customer, format!("/api/DEFAULT/customer/customer/{KNOWN}/status")),
        (&page.seller, format!("/api/DEFAULT/seller/customer/{KNOWN}/status")),
        (&page.admin, format!("/api/DEFAULT/admin/customer/{KNOWN}/status")),
    ] {
        let answer = page.send(Some(token), Method::GET, &path, &[]).await.ok();
        same_shape(&printed, &answer, &[]);
        for key in [
            "level",
            "levelName",
            "levelConditionValue",
            "nextLevel",
            "nextLevelName",
            "nextLevelConditionValue",
            "transactionsAmountWithoutDeliveryCosts",
            "transactionsAmountToNextLevel",
            "averageTransactionsAmount",
            "transactionsCount",
            "transactionsAmount",
            "currency",
        ] {
            assert_eq!(answer[key], printed[key], "{key} of {path}");
        }
    }
}

/// Which tokens work is the business of those who hand them out; the examples' own are nobody's here.
#[tokio::test(flavor = "multi_thread")]
async fn the_examples_tokens_are_nobodys() {
    let page = Page::open().await;
    for (token, path) in [
        (None, "/api/DEFAULT/customer/activate-sms/954604"),
        (Some(page.admin.as_str()), "/api/DEFAULT/customer/activate/abcde"),
        (Some(page.admin.as_str()), "/api/DEFAULT/customer/confirm-change/153105"),
    ] {
        page.send(token, Method::POST, path, &[]).await.http_error(404, "Not Found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_anonymized() {
    let page = Page::open().await;
    page.customer(ANONYMIZED, "secret@example.com", "1").await;
    let path = format!("/api/DEFAULT/admin/customer/{ANONYMIZED}/anonymize");
    no_content(&page.post(&path, &[]).await, 204);
    let left = page.get(&format!("/api/DEFAULT/customer/{ANONYMIZED}")).await.ok();
    assert_eq!((left.get("email"), &left["firstName"]), (None, &json!("")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_assigned_to_a_level_and_taken_off_it() {
    let page = Page::open().await;
    page.customer(HANDLED, "jane@example.com", "1").await;
    let path = format!("/api/DEFAULT/customer/{HANDLED}");
    let level = "levelId=e82c96cf-32a3-43bd-9034-4df343e52222";
    let answer = page.post(&format!("{path}/level"), &[level]).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, "[]"));
    assert_eq!(page.get(&path).await.ok()["level"]["name"], "level2");
    no_content(&page.post(&format!("{path}/remove-manually-level"), &[]).await, 204);
    assert_eq!(page.get(&path).await.ok().get("manuallyAssignedLevelId"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_and_sellers_send_a_code_to_a_customer() {
    let page = Page::open().await;
    page.set_status(KNOWN, "new").await;
    let path = format!("/api/DEFAULT/admin/customer/{KNOWN}/send-sms-code");
    no_content(&page.post(&path, &[]).await, 200);
    page.server.clock.advance(time::Duration::minutes(2));
    let path = format!("/api/DEFAULT/seller/customer/{KNOWN}/send-sms-code");
    no_content(&page.post_as_seller(&path, &[]).await, 200);
}

/// The page prints no phone number: it is the caller's own. A customer who is new cannot have a token of this programme,
/// so that the number is sent here as the vendor's client sends it (contract E27).
#[tokio::test(flavor = "multi_thread")]
async fn a_customer_sends_a_code_to_the_own_phone() {
    let page = Page::open().await;
    page.set_status(KNOWN, "new").await;
    let path = "/api/DEFAULT/customer/customer-phone/send-sms-code";
    let answer = page.send(None, Method::POST, path, &["phone=%2B48234234000"]).await;
    no_content(&answer, 200);
}
