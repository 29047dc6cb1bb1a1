//! What the contract cannot ask of a backend in memory: dead connections, racing starters, prepared statements.

use domain::Storage;
use domain::testing::{a_merchant, contract};
use postgres::testing::TestDatabase;
use postgres::{migrate, pending, rollback};

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_connection_costs_no_reader_and_no_transaction_an_error() {
    let database = TestDatabase::new().await;
    let storage = Storage::new(database.backend());
    let merchant = a_merchant();
    storage.atomically(async |unit| unit.merchants().insert(&merchant).await).await.unwrap();
    for _ in 0..3 {
        database
            .execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                 WHERE datname = current_database() AND pid <> pg_backend_pid()",
            )
            .await;
        let found = storage.session().await.unwrap().merchants().find(merchant.id).await;
        assert_eq!(found, Ok(Some(merchant.clone())));
    }
    contract::units_of_work(&storage).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn starters_at_the_same_time_migrate_once_and_none_fails() {
    let database = TestDatabase::new().await;
    rollback(database.url(), 1).await.unwrap();
    assert_eq!(pending(database.url()).await.unwrap(), 1);
    let starters: Vec<_> = (0..4)
        .map(|_| {
            let url = database.url().to_owned();
            tokio::spawn(async move { migrate(&url).await })
        })
        .collect();
    let mut applied = 0;
    for starter in starters {
        applied += starter.await.unwrap().unwrap().applied;
    }
    assert_eq!(applied, 1);
}
