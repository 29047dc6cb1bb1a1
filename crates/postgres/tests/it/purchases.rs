//! The running totals of purchases are what the transactions come to, and whoever checks sees when they are not.

use std::sync::Arc;

use domain::access::Actor;
use domain::customer::{Customer, Demands, Email};
use domain::id::CustomerId;
use domain::level::Ladder;
use domain::merchant::Merchant;
use domain::storage::Storage;
use domain::testing::{
    FixedClock, SequentialEntropy, a_birth, a_customer, a_merchant, a_point_of_sale, a_return,
    a_sale,
};
use domain::transaction::{RegisterTransaction, Transactions};
use postgres::PurchaseDiscrepancy;
use postgres::testing::TestDatabase;
use time::macros::datetime;

const EMAIL: &str = "ada@example.test";

/// A merchant with one customer who bought and gave back, at a till and elsewhere.
async fn a_busy_shop(database: &TestDatabase) -> (Merchant, CustomerId) {
    let storage = Storage::new(database.backend());
    let merchant = a_merchant();
    let pos = a_point_of_sale(merchant.id);
    let email = Email::try_from(EMAIL).ok();
    let birth = a_birth(
        Customer { email, ..a_customer(merchant.id) },
        Demands { email: true, ..Demands::default() },
    );
    let mut session = storage.session().await.expect("a session");
    session.merchants().insert(&merchant).await.expect("a new merchant");
    session.points_of_sale().insert(&pos).await.expect("a new till");
    session.customers().create(&birth).await.expect("a new record");
    drop(session);
    let clock = Arc::new(FixedClock::at(datetime!(2026-03-02 08:15 UTC)));
    let transactions = Transactions::new(storage, clock, Arc::new(SequentialEntropy::default()));
    for command in [
        a_sale("1", "9", EMAIL),
        RegisterTransaction { pos: Some(pos.id), ..a_sale("2", "12.5", EMAIL) },
        RegisterTransaction { pos: Some(pos.id), ..a_return("3", Some("1"), "9", EMAIL) },
        a_sale("4", "100", "nobody@example.test"),
    ] {
        let ladder = Ladder::default();
        let registered = transactions.register(&merchant, &ladder, Actor::System, command).await;
        registered.expect("a new document");
    }
    (merchant, birth.record.id)
}

#[tokio::test(flavor = "multi_thread")]
async fn totals_are_what_the_transactions_come_to() {
    let database = TestDatabase::new().await;
    a_busy_shop(&database).await;
    a_busy_shop(&database).await;
    assert_eq!(database.backend().check_purchases().await, Ok(vec![]));
    let in_step = "SELECT count(*)::text AS text FROM ((TABLE customer_figures EXCEPT TABLE customer_figures_source) \
        UNION ALL (TABLE customer_figures_source EXCEPT TABLE customer_figures)) AS different";
    assert_eq!(database.texts(in_step).await, ["0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn totals_that_say_something_else_are_found() {
    let database = TestDatabase::new().await;
    let (merchant, customer) = a_busy_shop(&database).await;
    a_busy_shop(&database).await;
    let backend = database.backend();
    let whose = format!("merchant_id = '{}'", merchant.id);
    database.execute(&format!("UPDATE customers SET purchase_amount = 1 WHERE {whose}")).await;
    let found = backend.check_purchases().await.unwrap();
    assert!(
        matches!(
            found[..],
            [PurchaseDiscrepancy::Customer { merchant: of, customer: who, .. }]
                if (of, who) == (merchant.id, customer)
        ),
        "{found:?}"
    );
    database
        .execute(&format!(
            "UPDATE sales_counts SET amount = amount + 1 WHERE {whose} \
             AND pos_id = '00000000-0000-0000-0000-000000000000'"
        ))
        .await;
    let found = backend.check_purchases().await.unwrap();
    let of_no_till = PurchaseDiscrepancy::PointOfSale { merchant: merchant.id, pos: None };
    assert_eq!(found[1..], [of_no_till]);
}
