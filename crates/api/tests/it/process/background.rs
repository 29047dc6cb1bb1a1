//! What a process does besides answering: daily jobs, and the audit that is written behind the requests.

use domain::customer::{Customer, Demands, LevelAssignment};
use domain::job::Job;
use domain::level::Level;
use domain::merchant::{DowngradeMode, Merchant, MerchantName, Settings, TierBasis, TierSettings};
use domain::testing::{a_birth, a_customer, a_level, a_merchant};
use domain::{Storage, demo};
use postgres::testing::TestDatabase;
use serde_json::{Value, json};
use time::macros::datetime;

use super::instance::{GUARD, Instance, client, planted};

/// A programme whose levels are looked at again, and customers whose time was over long ago.
async fn a_missed_day(database: &TestDatabase) -> (Storage, Merchant, Vec<Customer>) {
    let storage = Storage::new(database.backend());
    let tiers = TierSettings {
        basis: TierBasis::Points,
        downgrade: DowngradeMode::AfterDays,
        ..TierSettings::default()
    };
    let settings = Settings { tiers, ..Settings::default() };
    let merchant = Merchant { settings, ..a_merchant() };
    let mut session = storage.session().await.unwrap();
    session.merchants().insert(&merchant).await.unwrap();
    let levels = [a_level(0, 5), a_level(20, 10)];
    let [start, gold] = levels.map(|level| Level { merchant: merchant.id, ..level });
    for level in [&start, &gold] {
        session.levels().insert(level).await.unwrap();
    }
    let mut customers = Vec::new();
    for _ in 0..120 {
        let record = Customer {
            level: Some(LevelAssignment { level: gold.id, manual: false }),
            created_at: datetime!(2020-01-01 00:00 UTC),
            ..a_customer(merchant.id)
        };
        session.customers().create(&a_birth(record.clone(), Demands::default())).await.unwrap();
        customers.push(record);
    }
    drop(session);
    (storage, merchant, customers)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_make_up_for_a_missed_day_once() {
    let database = planted().await;
    let (storage, merchant, customers) = a_missed_day(&database).await;
    let mut instances =
        [Instance::spawn(database.url(), &[]), Instance::spawn(database.url(), &[])];
    for instance in &mut instances {
        instance.become_ready().await;
    }
    let mut session = storage.session().await.unwrap();
    let done = async {
        let job = Job::LevelRecalculation;
        while session.jobs().last_day(merchant.id, job).await.unwrap().is_none() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(GUARD, done).await.expect("a job in time");
    for before in customers {
        let after = session.customers().find(merchant.id, before.id).await.unwrap().unwrap();
        assert_eq!(after.version, 2);
        let told = session.customers().events(merchant.id, before.id).await.unwrap();
        // Added, and moved to a level, which is told twice.
        assert_eq!(told.len(), 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn looks_that_wait_are_stored_when_the_process_is_told_to_end() {
    let database = planted().await;
    let mut instance = Instance::start(database.url(), &[]).await;
    let login = json!({"_username": "admin", "_password": demo::PASSWORD});
    let login = client().post(instance.url("/api/admin/login_check")).json(&login);
    let pair: Value = login.send().await.unwrap().json().await.unwrap();
    let id = "00000000-0000-474c-b092-b0dd880c07e1";
    let page = client().get(instance.url(&format!("/api/customer/{id}")));
    let look = page.bearer_auth(pair["token"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(look.status().as_u16(), 200);
    instance.terminate();
    assert!(instance.ended(GUARD).await.success());
    let mut session = Storage::new(database.backend()).session().await.unwrap();
    let name = MerchantName::StoreCode(demo::STORE.to_owned());
    let merchant = session.merchants().find_by_name(&name).await.unwrap().unwrap();
    let views = session.audit().views(merchant.id, id.parse().unwrap()).await.unwrap();
    assert_eq!(views.len(), 1);
}
