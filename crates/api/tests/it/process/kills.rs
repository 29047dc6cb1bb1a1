//! A process that is killed loses nothing that it acknowledged and leaves nothing half done.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::customer::{CustomerQuery, Sort, SortKey};
use domain::merchant::MerchantName;
use domain::{PageRequest, Storage, demo};
use futures_util::future::join_all;
use postgres::testing::TestDatabase;
use serde_json::Value;
use tokio::sync::watch;

use super::instance::{Instance, a_customer, client, planted};

/// Creates that are tried over all lives of the process.
const CREATES: usize = 2_000;
/// Connections at once.
const CONNECTIONS: usize = 8;
/// How many acknowledgements the first and second life get before their end.
const LIVES: [usize; 2] = [500, 1_200];

/// Every customer has told that it came to be, once; and nobody else has.
const WHOLE: &str = "DO $$ BEGIN
    ASSERT NOT EXISTS (SELECT FROM customers c WHERE NOT EXISTS (
        SELECT FROM events e WHERE e.merchant_id = c.merchant_id AND e.customer_id = c.id
        AND e.version = 1 AND e.kind = 'customer_created')), 'a customer without its event';
    ASSERT NOT EXISTS (SELECT FROM events e WHERE NOT EXISTS (
        SELECT FROM customers c WHERE c.merchant_id = e.merchant_id AND c.id = e.customer_id)),
        'an event without its customer';
    ASSERT NOT EXISTS (SELECT FROM events WHERE kind = 'customer_created'
        GROUP BY merchant_id, customer_id HAVING count(*) <> 1), 'an event told twice';
END $$";

/// What the clients know.
struct Ledger {
    next: AtomicUsize,
    acknowledged: Mutex<BTreeSet<(String, String)>>,
    count: watch::Sender<usize>,
}

#[tokio::test(flavor = "multi_thread")]
async fn every_acknowledged_create_outlives_a_kill_with_its_event() {
    let database = planted().await;
    let (count, _) = watch::channel(0);
    let ledger = Ledger { next: AtomicUsize::new(0), acknowledged: Mutex::default(), count };
    for goal in LIVES {
        let mut instance = Instance::start(database.url(), &[]).await;
        let address = instance.url("/v2/customer/create");
        let death = async {
            ledger.count.subscribe().wait_for(|count| *count >= goal).await.unwrap();
            instance.kill();
        };
        let (broken, ()) = tokio::join!(crowd(&ledger, &address), death);
        assert!(broken > 0, "nobody was in the middle of a create");
        database.execute(WHOLE).await;
    }
    let instance = Instance::start(database.url(), &[]).await;
    let address = instance.url("/v2/customer/create");
    assert_eq!(crowd(&ledger, &address).await, 0);
    database.execute(WHOLE).await;
    let acknowledged = ledger.acknowledged.into_inner().unwrap();
    assert!(acknowledged.len() > CREATES - LIVES.len() * CONNECTIONS - 1);
    let stored = stored(&database).await;
    let lost: Vec<_> = acknowledged.difference(&stored).collect();
    assert!(lost.is_empty(), "{lost:?}");
    assert!(stored.len() <= CREATES);
}

/// Creates on all connections until none is left to try or the server is gone; counts those that were cut off.
async fn crowd(ledger: &Ledger, address: &str) -> usize {
    let outcomes = join_all((0..CONNECTIONS).map(|_| one(ledger, address))).await;
    outcomes.into_iter().filter(|cut_off| *cut_off).count()
}

async fn one(ledger: &Ledger, address: &str) -> bool {
    let client = client();
    loop {
        let turn = ledger.next.fetch_add(1, Ordering::Relaxed);
        if turn >= CREATES {
            return false;
        }
        let email = format!("load{turn}@example.com");
        let request = client.post(address).header("api-key", demo::API_KEY);
        let Ok(answer) = request.json(&a_customer(&email)).send().await else { return true };
        assert_eq!(answer.status().as_u16(), 201);
        // The status line may have come without the rest.
        let Ok(body) = answer.json::<Value>().await else { return true };
        let id = body["data"]["id"].as_str().unwrap().to_owned();
        ledger.acknowledged.lock().unwrap().insert((id, email));
        ledger.count.send_modify(|count| *count += 1);
    }
}

/// The ids and addresses of those who came through the crowd.
async fn stored(database: &TestDatabase) -> BTreeSet<(String, String)> {
    let storage = Storage::new(database.backend());
    let name = MerchantName::StoreCode(demo::STORE.to_owned());
    let mut session = storage.session().await.unwrap();
    let merchant = session.merchants().find_by_name(&name).await.unwrap().unwrap();
    let query = CustomerQuery {
        criteria: Vec::new(),
        sort: Sort { key: SortKey::CreatedAt, descending: false },
        page: PageRequest { offset: 0, limit: None },
    };
    let customers = session.customers().list(merchant.id, &query).await.unwrap();
    let known = customers.into_iter().filter_map(|customer| {
        let email = customer.email?.as_str().to_owned();
        email.starts_with("load").then(|| (customer.id.to_string(), email))
    });
    known.collect()
}
