//! Transactions become somebody's purchases afterwards (contract 4.6).

use serde_json::{Value, json};

use super::answer::Answer;
use super::transactions::{BLANK, NOT_VALID, a_return, a_sale, ada, documents, register};
use super::world::World;

async fn assign(world: &World, token: &str, who: &str, fields: Value) -> Answer {
    let path = format!("/api/{who}/transaction/customer/assign");
    world.post(&path).token(token).json(&json!({"assign": fields})).send().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_of_nobody_is_given_to_a_customer_by_id_card_or_phone() {
    let world = World::start().await;
    let customer = world
        .customer(
            json!({"phone": "+48221112233", "email": "a@b.cd", "loyaltyCardNumber": "Card-7"}),
        )
        .await;
    let seller = world.seller().await;
    for (number, who, fields) in [
        ("1", "admin", json!({"customerId": customer})),
        ("2", "pos", json!({"customerLoyaltyCardNumber": "card-7"})),
        ("3", "pos", json!({"customerPhoneNumber": "+48 221 112 233", "customerId": ""})),
    ] {
        let id = register(&world, &a_sale(number, 10, "nobody@shop.example")).await;
        let token = if who == "admin" { world.admin().await } else { seller.clone() };
        let mut fields = fields;
        fields["transactionDocumentNumber"] = json!(number);
        let answer = assign(&world, &token, who, fields).await;
        assert_eq!((answer.status, answer.text), (200, format!(r#"{{"transactionId":"{id}"}}"#)));
    }
    let after = world.details(&customer).await;
    assert_eq!(
        (&after["transactionsCount"], &after["transactionsAmount"]),
        (&json!(3), &json!(30))
    );
    assert_eq!(after["levelId"], world.shop.gold.id.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_an_assignment_is_told_where_it_is() {
    let world = World::start().await;
    let (one, two) =
        (ada(&world).await, world.customer(json!({"email": "eve@shop.example"})).await);
    register(&world, &a_sale("1", 5, "ada@shop.example")).await;
    register(&world, &a_sale("2", 5, "nobody@shop.example")).await;
    register(&world, &a_return("3", "1", 5, "nobody@shop.example")).await;
    let token = world.admin().await;
    let document = |message: &str| vec![format!("transactionDocumentNumber: {message}")];
    for (fields, expected) in [
        (
            json!({}),
            vec![format!("transactionDocumentNumber: {BLANK}"), format!("customerId: {BLANK}")],
        ),
        (
            json!({"transactionDocumentNumber": "0", "customerId": one}),
            document("Transaction not exist"),
        ),
        (
            json!({"transactionDocumentNumber": "1", "customerId": two}),
            document("Customer is already assigned to this transaction"),
        ),
        (
            json!({"transactionDocumentNumber": "3", "customerId": two}),
            document("Incorrect owner of the transaction"),
        ),
        (
            json!({"transactionDocumentNumber": "2", "customerId": world.shop.pos.id.to_string()}),
            vec![format!("customerId: {NOT_VALID}")],
        ),
        (
            json!({"transactionDocumentNumber": "2", "customerPhoneNumber": "000"}),
            vec![format!("customerPhoneNumber: {NOT_VALID}")],
        ),
        (
            json!({"transactionDocumentNumber": "2", "customerLoyaltyCardNumber": "x"}),
            vec![format!("customerLoyaltyCardNumber: {NOT_VALID}")],
        ),
    ] {
        let answer = assign(&world, &token, "admin", fields.clone()).await;
        assert_eq!(answer.form_errors(), expected, "{fields}");
    }
    let other = world.log_in("/api/admin/login_check", world.other.admin.username.as_str()).await;
    let fields = json!({"transactionDocumentNumber": "2", "customerId": one});
    let path = "/api/OTHER/admin/transaction/customer/assign";
    let foreign = world.post(path).token(&other).json(&json!({"assign": fields})).send().await;
    assert_eq!(foreign.form_errors(), [format!("customerId: {NOT_VALID}")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_takes_and_sees_its_own_purchases_only() {
    let world = World::start().await;
    let (one, two) =
        (ada(&world).await, world.customer(json!({"email": "eve@shop.example"})).await);
    register(&world, &a_sale("1", 5, "eve@shop.example")).await;
    register(&world, &a_sale("2", 5, "nobody@shop.example")).await;
    let token = world.participant(&one).await;
    let fields = json!({"transactionDocumentNumber": "2", "customerId": two});
    assign(&world, &token, "customer", fields).await.ok();
    assert_eq!(world.details(&one).await["transactionsCount"], 1);
    assert_eq!(world.details(&two).await["transactionsCount"], 1);
    for path in ["/api/customer/transaction", "/api/transaction", "/api/seller/transaction"] {
        assert_eq!(documents(&world, &token, path).await, ["2"]);
        let asked = format!("{path}?customerId={two}");
        assert_eq!(documents(&world, &token, &asked).await, ["2"]);
    }
}
