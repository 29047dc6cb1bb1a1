//! The feed of all events while many write.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::customer::{Customer, Demands};
use domain::delivery::{FeedFilter, FeedPosition};
use domain::id::MerchantId;
use domain::testing::{a_birth, a_change, a_customer, a_merchant};
use domain::{Storage, StorageError, UnitOfWork};
use postgres::testing::TestDatabase;
use tokio::task::JoinSet;

const MODEST: Demands = Demands { email: false, loyalty_card: false, phone: false, mobile: false };

const WRITERS: u64 = 16;
/// How many units of work each of them commits, and how many it rolls back beside.
const COMMITTED: u64 = 12;

/// Every third unit of work is rolled back; each of the others makes a customer, and every other one changes it in the same
/// transaction. Odd writers begin a transaction long before they write, so that transactions end in another order than
/// they began.
async fn write(storage: Storage, merchant: MerchantId, writer: u64) {
    for turn in 0..COMMITTED * 3 / 2 {
        let is_kept = turn % 3 != 2;
        let work = storage.atomically(async |unit: &mut UnitOfWork| {
            let born = a_birth(a_customer(merchant), MODEST);
            if writer % 2 == 1 {
                // A number of its own is what makes a transaction begin.
                unit.merchants().insert(&a_merchant()).await.expect("a new merchant");
                for _ in 0..writer {
                    tokio::task::yield_now().await;
                }
            }
            let stored = unit.customers().create(&born).await.expect("a new customer");
            if turn % 2 == 0 {
                let before = Customer { number: stored.number, ..born.record.clone() };
                let change = a_change(&before, before.clone(), MODEST);
                unit.customers().update(&change).await.expect("a change");
            }
            if is_kept { Ok(()) } else { Err(StorageError::Failed("on purpose".into())) }
        });
        assert_eq!(work.await.is_ok(), is_kept);
    }
}

/// Reads a few events at a time until there is nothing more although everybody has written.
async fn read(
    storage: Storage,
    start: FeedPosition,
    limit: u32,
    is_over: Arc<AtomicBool>,
) -> Vec<FeedPosition> {
    let (mut at, mut seen) = (start, Vec::new());
    loop {
        let was_over = is_over.load(Ordering::SeqCst);
        let mut session = storage.session().await.expect("a session");
        let stretch = session.deliveries().facts(at, &FeedFilter::default(), limit).await;
        let stretch = stretch.expect("a part of the feed");
        drop(session);
        let is_still = stretch.reached == at;
        seen.extend(stretch.events.iter().map(|told| told.position));
        at = stretch.reached;
        // What is stored becomes readable when the transactions before it have ended, those of other tests too.
        if was_over && is_still && stretch.beyond == domain::delivery::Beyond::Nothing {
            return seen;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_readers_miss_nothing_and_see_nothing_twice_while_sixteen_write() {
    let database = TestDatabase::new().await;
    let storage = Storage::new(database.backend());
    let merchant = a_merchant();
    let mut session = storage.session().await.unwrap();
    session.merchants().insert(&merchant).await.unwrap();
    let start = session.deliveries().end_of_feed().await.unwrap();
    drop(session);
    let is_over = Arc::new(AtomicBool::new(false));
    let readers = [3, 100].map(|limit| {
        let reading = read(Storage::new(database.backend()), start, limit, Arc::clone(&is_over));
        tokio::spawn(reading)
    });
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        writers.spawn(write(storage.clone(), merchant.id, writer));
    }
    while let Some(written) = writers.join_next().await {
        written.unwrap();
    }
    is_over.store(true, Ordering::SeqCst);
    let stored = "SELECT transaction_id || ' ' || merchant_id || ' ' || customer_id || ' ' || version || ' ' || ordinal \
         AS text FROM events ORDER BY transaction_id, merchant_id, customer_id, version, ordinal";
    let expected = database.texts(stored).await;
    assert_eq!(expected.len() as u64, WRITERS * COMMITTED * 3 / 2);
    for reader in readers {
        let told = reader.await.unwrap().into_iter().map(|position| {
            let FeedPosition { transaction, merchant, subject, place } = position;
            format!("{transaction} {merchant} {subject} {} {}", place.version, place.ordinal)
        });
        assert_eq!(told.collect::<Vec<_>>(), expected);
    }
}
