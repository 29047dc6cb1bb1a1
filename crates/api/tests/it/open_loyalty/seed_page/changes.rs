//! "Get customer details", "Update a customer" and "Remove customer".

use serde_json::json;

use super::{HANDLED, KNOWN, Page, UPDATED, no_content, same_shape};

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_shown_with_all_details() {
    let page = Page::open().await;
    let set = format!(
        "UPDATE customers SET level_recalculated_at = '2019-03-19T11:00:09Z', purchase_count = 2, \
         purchase_amount = 30000, purchase_amount_without_delivery = 30000, \
         last_purchase_at = '2019-03-20T10:52:56Z' WHERE id = '{KNOWN}'"
    );
    page.server.database.execute(&set).await;
    let answer = page.get(&format!("/api/DEFAULT/customer/{KNOWN}")).await.ok();
    let mut printed = json!({
        "customerId": KNOWN, "active": true, "firstName": "John", "lastName": "Doe",
        "gender": "male", "email": "user@example.com", "phone": "+48234234000",
        "birthDate": "1990-09-11T02:00:00+0200",
        "lastLevelRecalculation": "2019-03-19T12:00:09+0100", "loyaltyCardNumber": "47834433524",
        "createdAt": "2016-08-08T10:53:14+0200", "id": "e82c96cf-32a3-43bd-9034-4df343e50000",
        "levelId": "e82c96cf-32a3-43bd-9034-4df343e50000", "agreement1": false,
        "agreement2": false, "agreement3": false,
        "status": {
            "availableTypes": ["new", "active", "blocked", "deleted"],
            "availableStates": ["no-card", "card-sent", "with-card"],
            "type": "active", "state": "no-card"
        },
        "updatedAt": "2019-03-19T11:52:49+0100", "campaignPurchases": [], "transactionsCount": 2,
        "transactionsAmount": 3, "transactionsAmountWithoutDeliveryCosts": 3,
        "amountExcludedForLevel": 0, "averageTransactionAmount": 1.5,
        "lastTransactionDate": "2019-03-20T11:52:56+0100", "labels": [],
        "level": {
            "levelId": {
                "id": "e82c96cf-32a3-43bd-9034-4df343e50000",
                "levelId": "e82c96cf-32a3-43bd-9034-4df343e50000"
            },
            "name": "level0",
            "translations": {"en": {"name": "level0"}, "pl": {"name": "poziom0"}}
        },
        "version": 7, "currency": "eur", "segments": [], "levelPercent": "0.00%"
    });
    same_shape(&printed, &answer, &[]);
    // The demonstration customer is the page's own; it was made at another time and changed less often.
    for key in ["updatedAt", "version"] {
        printed[key] = answer[key].clone();
    }
    assert_eq!(printed, answer);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_answered_with_the_id_alone() {
    let page = Page::open().await;
    page.customer(UPDATED, "john@example.com", "000000005000").await;
    let path = format!("/api/DEFAULT/customer/{UPDATED}");
    let pieces =
        ["customer[email]=john4@example.com", "customer[phone]=", "customer[agreement2]=1"];
    let answer = page.put(&path, &pieces).await;
    let printed = format!(r#"{{"customerId":"{UPDATED}"}}"#);
    assert_eq!((answer.status, answer.text), (200, printed));
    let details = page.get(&path).await.ok();
    assert_eq!(details["phone"], "");
    assert_eq!(details["email"], "john4@example.com");
}

/// The plus sign is printed as it is, so that it arrives as a blank.
#[tokio::test(flavor = "multi_thread")]
async fn a_phone_number_that_is_none_is_told_at_its_field() {
    let page = Page::open().await;
    page.customer(UPDATED, "john4@example.com", "000000005000").await;
    let path = format!("/api/DEFAULT/customer/{UPDATED}");
    let answer = page.put(&path, &["customer[phone]=+440000000"]).await;
    let printed = concat!(
        r#"{"form":{"children":{"firstName":{},"lastName":{},"gender":{},"email":{},"#,
        r#""phone":{"errors":["This value is not a valid phone number."]},"birthDate":{},"#,
        r#""createdAt":{},"address":{"children":{"street":{},"address1":{},"address2":{},"postal":{},"city":{},"#,
        r#""province":{},"country":{}}},"company":{"children":{"name":{},"nip":{}}},"loyaltyCardNumber":{},"labels":{},"#,
        r#""agreement1":{},"agreement2":{},"agreement3":{},"levelId":{},"posId":{},"sellerId":{}}},"errors":[]}"#
    );
    assert_eq!((answer.status, answer.text.as_str()), (400, printed));
    assert_eq!(page.get(&path).await.ok()["phone"], "000000005000");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_removed() {
    let page = Page::open().await;
    page.customer(HANDLED, "gone@example.com", "1").await;
    let path = format!("/api/DEFAULT/customer/{HANDLED}");
    no_content(&page.delete(&path).await, 204);
}
