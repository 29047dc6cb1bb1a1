//! "Search for customers as a seller".

use serde_json::{Value, json};

use super::{KNOWN, Page, same_shape};

/// What both items of the example have from the status on, campaigns aside: nobody runs any here.
fn item(first: &Value, status: &Value, bought: &Value, labels: &Value, last: &Value) -> Value {
    let mut item = first.clone();
    let parts = [
        json!({
            "createdAt": "2016-08-08T10:53:14+0200", "levelId": "e82c96cf", "agreement1": true,
            "agreement2": false, "agreement3": false, "status": status,
            "updatedAt": "2019-03-18T14:44:49+0100", "campaignPurchases": []
        }),
        bought.clone(),
        json!({
            "labels": labels,
            "level": {
                "levelId": {"id": "e82c96cf"}, "name": "level0",
                "translations": {"en": {"name": "level0"}, "pl": {"name": "poziom0"}}
            },
            "currency": "eur", "levelPercent": "0.00%"
        }),
        last.clone(),
    ];
    for part in parts {
        item.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
    }
    item
}

fn status(kind: &Value) -> Value {
    let mut status = json!({
        "availableTypes": ["new", "active", "blocked", "deleted"],
        "availableStates": ["no-card", "card-sent", "with-card"]
    });
    status.as_object_mut().unwrap().extend(kind.as_object().unwrap().clone());
    status
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seller_finds_customers_by_their_names() {
    let page = Page::open().await;
    let second = "11111111-0000-474c-b092-b0dd880c07e1";
    page.customer(second, "user-1@example.com", "+48456456000").await;
    let known = format!(
        "UPDATE customers SET status = 'blocked', pos_id = '00000000-0000-474c-1111-b0dd880c07e3', \
         level_recalculated_at = '2019-03-15T12:00:05Z', purchase_count = 2, purchase_amount = 30000, \
         purchase_amount_without_delivery = 30000, last_purchase_at = '2019-03-16T11:53:23Z' WHERE id = '{KNOWN}'"
    );
    let other = format!(
        "UPDATE customers SET first_name = 'John1', last_name = 'Doe1', gender = 'male', \
         birth_date = '1990-09-11T00:00:00Z', level_recalculated_at = '2019-03-15T12:00:05Z', \
         primary_address = NULL, labels = '[{{\"key\": \"test\", \"value\": \"test\"}}]' WHERE id = '{second}'"
    );
    page.server.database.execute(&known).await;
    page.server.database.execute(&other).await;
    let pieces = ["search[firstName]=John", "search[lastName]=Doe"];
    let answer = page.post_as_seller("/api/DEFAULT/pos/search/customer", &pieces).await.ok();
    let keys: Vec<&String> = answer.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["customers"]);
    let found = answer["customers"].as_array().unwrap();
    let ids: Vec<&Value> = found.iter().map(|one| &one["customerId"]).collect();
    assert_eq!(ids, [KNOWN, second]);
    let figures = json!({
        "transactionsCount": 2, "transactionsAmount": 3,
        "transactionsAmountWithoutDeliveryCosts": 3, "amountExcludedForLevel": 0,
        "averageTransactionAmount": 1.5
    });
    let mut bought = figures.clone();
    bought["lastTransactionDate"] = json!("2019-03-16T12:53:23+0100");
    let first = json!({
        "customerId": KNOWN, "active": false, "posId": "00000000", "firstName": "John",
        "lastName": "Doe", "gender": "male", "email": "user@example.com", "phone": "+48234234000",
        "birthDate": "1990-09-11T02:00:00+0200",
        "lastLevelRecalculation": "2019-03-15T13:00:05+0100", "loyaltyCardNumber": "47834433524"
    });
    let blocked = status(&json!({"type": "blocked"}));
    let pos = json!({"posIdentifier": "pos2"});
    same_shape(&item(&first, &blocked, &bought, &json!([]), &pos), &found[0], &[]);
    assert_eq!(found[0]["posIdentifier"], "pos2");
    let first = json!({
        "customerId": second, "active": true, "firstName": "John1", "lastName": "Doe1",
        "gender": "male", "email": "user-1@example.com", "phone": "+48456456000",
        "birthDate": "1990-09-11T02:00:00+0200",
        "lastLevelRecalculation": "2019-03-15T13:00:05+0100"
    });
    let active = status(&json!({"type": "active", "state": "no-card"}));
    let labels = json!([{"key": "test", "value": "test"}]);
    same_shape(&item(&first, &active, &figures, &labels, &json!({})), &found[1], &[]);
}
