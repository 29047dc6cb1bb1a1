//! The domain's contract, on PostgreSQL.

use domain::Storage;
use domain::testing::contract;
use postgres::testing::TestDatabase;

macro_rules! keeps {
    ($($promises:ident),+ $(,)?) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $promises() {
            let database = TestDatabase::new().await;
            contract::$promises(&Storage::new(database.backend())).await;
        }
    )+};
}

keeps!(
    customers,
    levels,
    points_of_sale,
    merchants,
    sellers,
    accounts,
    budgets,
    codes,
    tokens,
    messages,
    sending,
    units_of_work,
    jobs,
    audit,
    deliveries,
    invitations,
    imports,
    payment_methods,
    pictures,
    points,
    subscriptions,
    transactions,
);
