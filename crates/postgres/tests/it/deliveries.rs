//! What deliveries promise while transactions overlap, and how their statements find what they look for.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::customer::{Customer, Demands, Status};
use domain::delivery::{
    Attempt, Beyond, Deliveries, DeliveryKey, Endpoint, Fact, FanOut, FeedFilter, FeedPosition,
    Lane, Lease, NewDelivery, Next, Outcome, Place, Room, Settlement, Source, Subject,
};
use domain::event::EventKind;
use domain::id::MerchantId;
use domain::merchant::WebhookSettings;
use domain::storage::Session;
use domain::testing::{
    CountingKeeper, FixedClock, SequentialEntropy, a_birth, a_change, a_customer, a_merchant,
    an_event, an_id,
};
use domain::{Clock as _, Storage, StorageError};
use postgres::Migrated;
use postgres::testing::TestDatabase;
use time::{Duration, OffsetDateTime};
use tokio::sync::oneshot;

const MODEST: Demands = Demands { email: false, loyalty_card: false, phone: false, mobile: false };

/// A merchant whose settings name a webhook.
struct Shop {
    database: TestDatabase,
    storage: Storage,
    merchant: MerchantId,
    clock: Arc<FixedClock>,
    entropy: Arc<SequentialEntropy>,
}

impl Shop {
    async fn open() -> Self {
        let database = TestDatabase::new().await;
        let storage = Storage::new(database.backend());
        let mut merchant = a_merchant();
        merchant.settings.webhook = WebhookSettings {
            enabled: true,
            url: "https://hooks.example.test/".try_into().ok(),
            ..WebhookSettings::default()
        };
        let mut session = storage.session().await.expect("a session");
        session.merchants().insert(&merchant).await.expect("a new merchant");
        drop(session);
        Self {
            database,
            storage,
            merchant: merchant.id,
            clock: Arc::default(),
            entropy: Arc::default(),
        }
    }

    async fn session(&self) -> Box<dyn Session> {
        self.storage.session().await.expect("a session")
    }

    fn endpoint(&self) -> Endpoint {
        Endpoint { merchant: self.merchant, source: Source::Settings }
    }

    async fn create(&self) -> Customer {
        let record = a_customer(self.merchant);
        let write = a_birth(record.clone(), MODEST);
        let stored = self.session().await.customers().create(&write).await.expect("a customer");
        Customer { number: stored.number, holdings: stored.holdings, ..record }
    }

    /// Has the database be as from the dump of a cluster that has seen more transactions.
    async fn restore(&self) {
        for table in ["events", "delivery_cursor"] {
            let far = format!(
                "UPDATE {table} SET transaction_id = (transaction_id::text::bigint + 1000000000)::text::xid8"
            );
            self.database.execute(&far).await;
        }
        for carried_over in [true, false] {
            let migrated =
                postgres::migrate(self.database.url()).await.expect("an up-to-date schema");
            assert_eq!(migrated, Migrated { applied: 0, carried_over });
        }
    }

    fn fan_out(&self) -> FanOut {
        let keeper = Arc::new(CountingKeeper::default());
        let (clock, entropy) = (Arc::clone(&self.clock), Arc::clone(&self.entropy));
        FanOut::new(self.storage.clone(), clock, entropy, keeper)
    }

    async fn fan_out_all(&self) {
        let fan_out = self.fan_out();
        while fan_out.run().await.expect("progress").beyond != Beyond::Nothing {}
    }

    async fn claim(&self, total: usize) -> Vec<domain::delivery::Claim> {
        let now = self.clock.now();
        let lease = Lease { id: an_id(), until: now + Duration::seconds(60) };
        let room = Room { total, per_endpoint: total, underway: Vec::new() };
        self.session().await.deliveries().claim(now, lease, &room).await.expect("claims")
    }
}

fn settlement(claim: &domain::delivery::Claim, at: OffsetDateTime) -> Settlement {
    let outcome = Outcome::Answered { status: 200, body: String::new() };
    Settlement {
        id: claim.id,
        key: claim.key,
        lease: claim.lease,
        attempt: Attempt { number: claim.attempt, at, took: Duration::ZERO, outcome },
        next: Next::Delivered,
        body: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_told_although_one_of_a_later_transaction_was_committed_before_it() {
    let shop = Shop::open().await;
    let start = shop.session().await.deliveries().end_of_feed().await.unwrap();
    let (begun, is_begun) = oneshot::channel::<()>();
    let (release, is_released) = oneshot::channel::<()>();
    let (storage, early) = (shop.storage.clone(), a_birth(a_customer(shop.merchant), MODEST));
    let early_id = early.record.id;
    let earlier = tokio::spawn(async move {
        let work = storage.atomically(async |unit| {
            unit.customers().create(&early).await.expect("a customer");
            begun.send(()).expect("somebody waits");
            is_released.await.expect("somebody releases");
            Ok::<_, StorageError>(())
        });
        work.await.expect("a committed unit of work");
    });
    is_begun.await.unwrap();
    let late = shop.create().await;
    let read = async |after: FeedPosition| {
        let filter = FeedFilter { merchant: Some(shop.merchant), ..FeedFilter::default() };
        shop.session().await.deliveries().facts(after, &filter, 100).await.unwrap()
    };
    let held_back = read(start).await;
    assert_eq!((held_back.events.len(), held_back.beyond), (0, Beyond::Waiting));
    let progress = shop.fan_out().run().await.unwrap();
    assert_eq!((progress.events, progress.beyond), (0, Beyond::Waiting));
    release.send(()).unwrap();
    earlier.await.unwrap();
    shop.fan_out_all().await;
    let told: Vec<_> =
        read(held_back.reached).await.events.iter().map(|one| one.fact.subject()).collect();
    assert_eq!(told, [Subject::Customer(early_id), Subject::Customer(late.id)]);
    let claimed: BTreeSet<_> =
        shop.claim(9).await.iter().map(|claim| claim.key.lane.subject).collect();
    assert_eq!(claimed, told.into_iter().collect());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lane_that_is_about_to_close_takes_on_what_comes_meanwhile() {
    let shop = Shop::open().await;
    let ada = shop.create().await;
    shop.fan_out_all().await;
    let [claim] = shop.claim(1).await.try_into().expect("one claim");
    // The next event of the same customer is fanned out while the lane is being closed.
    let change = a_change(&ada, Customer { description: None, ..ada.clone() }, MODEST);
    shop.session().await.customers().update(&change).await.expect("a change");
    let lane = Lane { endpoint: shop.endpoint(), subject: Subject::Customer(ada.id) };
    let key = DeliveryKey { lane, place: Place { version: 2, ordinal: 1 } };
    let (storage, now) = (shop.storage.clone(), shop.clock.now());
    let closing = shop.storage.atomically(async |unit| {
        unit.deliveries().settle(&[settlement(&claim, now)], now).await?;
        let opening = tokio::spawn(async move {
            let new = NewDelivery { id: an_id(), key };
            let open =
                async |unit: &mut domain::UnitOfWork| unit.deliveries().enqueue(&[new], now).await;
            storage.atomically(open).await
        });
        // It waits for this unit of work: only then the lane may be gone.
        let waits = "SELECT 'yes' AS text FROM pg_stat_activity WHERE wait_event_type = 'Lock' \
             AND datname = current_database()";
        while shop.database.texts(waits).await.is_empty() {}
        Ok::<_, StorageError>(opening)
    });
    closing.await.unwrap().await.unwrap().unwrap();
    let claims = shop.claim(9).await;
    assert_eq!(claims.iter().map(|claim| claim.key).collect::<Vec<_>>(), [key]);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_claimers_at_once_share_the_lanes() {
    let shop = Arc::new(Shop::open().await);
    for _ in 0..60 {
        shop.create().await;
    }
    shop.fan_out_all().await;
    let claimers = (0..6).map(|_| {
        let shop = Arc::clone(&shop);
        tokio::spawn(async move {
            let mut mine = Vec::new();
            loop {
                let claims = shop.claim(7).await;
                if claims.is_empty() {
                    break mine;
                }
                mine.extend(claims.iter().map(|claim| claim.id));
            }
        })
    });
    let mut all = Vec::new();
    for claimer in claimers.collect::<Vec<_>>() {
        all.extend(claimer.await.unwrap());
    }
    // Whoever finds all lanes locked goes away; what was left is due still.
    while let [claim] = &shop.claim(1).await[..] {
        all.push(claim.id);
    }
    let distinct: BTreeSet<_> = all.iter().collect();
    assert_eq!((all.len(), distinct.len()), (60, 60));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_one_process_fans_out_at_a_time() {
    let shop = Shop::open().await;
    shop.create().await;
    let other = shop.fan_out();
    let leading = shop.storage.atomically(async |unit| {
        assert!(unit.deliveries().lead_fan_out().await?.is_some());
        let progress = other.run().await.expect("progress");
        assert_eq!((progress.events, progress.beyond), (0, Beyond::Waiting));
        Ok::<_, StorageError>(())
    });
    leading.await.unwrap();
    shop.fan_out_all().await;
    assert_eq!(shop.claim(9).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_made_of_somebody_who_is_being_forgotten() {
    let shop = Shop::open().await;
    let ada = shop.create().await;
    let forgotten = Customer { status: Status::Anonymized, ..ada.stripped() };
    let mut write = a_change(&ada, forgotten.clone(), MODEST);
    write.events = vec![an_event(EventKind::CustomerAnonymized)];
    let fan_out = shop.fan_out();
    let forgetting = shop.storage.atomically(async |unit| {
        unit.customers().anonymize(&write).await.expect("the current version");
        let progress = fan_out.run().await.expect("progress");
        assert_eq!((progress.events, progress.deliveries), (0, 0));
        Ok::<_, StorageError>(())
    });
    forgetting.await.unwrap();
    shop.fan_out_all().await;
    let [claim] = shop.claim(1).await.try_into().expect("one claim");
    let Fact::Customer(told) = &claim.fact else { panic!("a customer: {claim:?}") };
    assert_eq!(told.record.name, forgotten.name);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_told_before_a_dump_is_told_in_the_cluster_that_it_is_restored_to() {
    let shop = Shop::open().await;
    shop.create().await;
    shop.fan_out_all().await;
    let [told] = shop.claim(1).await.try_into().expect("one claim");
    let settle = async |unit: &mut domain::UnitOfWork| {
        let now = shop.clock.now();
        unit.deliveries().settle(&[settlement(&told, now)], now).await
    };
    shop.storage.atomically(settle).await.unwrap();
    let bob = shop.create().await;
    let eve = shop.create().await;
    shop.restore().await;
    shop.fan_out_all().await;
    let subjects: BTreeSet<_> =
        shop.claim(9).await.iter().map(|claim| claim.key.lane.subject).collect();
    assert_eq!(subjects, [bob.id, eve.id].map(Subject::Customer).into());
    shop.create().await;
    shop.fan_out_all().await;
    assert_eq!(shop.claim(9).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_of_a_restored_database_is_read_from_its_oldest_event_that_is_told() {
    let shop = Shop::open().await;
    for _ in 0..9 {
        shop.create().await;
    }
    // An hour apart, from five hours too old on.
    shop.database
        .execute(
            "UPDATE events SET at = at - interval '30 days' + interval '1 hour' * (place - 6) FROM (SELECT id, \
             row_number() OVER (ORDER BY transaction_id DESC) AS place FROM events) AS told WHERE told.id = events.id",
        )
        .await;
    shop.fan_out_all().await;
    shop.restore().await;
    let keeper = Arc::new(CountingKeeper::default());
    let (clock, entropy) = (Arc::clone(&shop.clock), Arc::clone(&shop.entropy));
    let retention = Duration::days(30);
    let deliveries = Deliveries::new(shop.storage.clone(), clock, entropy, keeper, retention);
    let (mut after, mut found) = (None, 0);
    loop {
        let page = deliveries.feed(after, &FeedFilter::default(), 1).await.expect("a page");
        if after == Some(page.next) {
            break;
        }
        found += page.events.len();
        after = Some(page.next);
    }
    assert_eq!(found, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_in_the_feed_is_found_by_its_time() {
    let shop = Shop::open().await;
    for _ in 0..5 {
        shop.create().await;
    }
    // Each an hour after the one before.
    shop.database
        .execute(
            "UPDATE events SET at = at + interval '1 hour' * place FROM (SELECT id, row_number() \
             OVER (ORDER BY transaction_id) AS place FROM events) AS told WHERE told.id = events.id",
        )
        .await;
    shop.fan_out_all().await;
    let first = shop.clock.now() + Duration::hours(1);
    for (hours, left) in [(-9, 5), (0, 5), (1, 4), (4, 1), (5, 0), (99, 0)] {
        let mut session = shop.session().await;
        let moment = first + Duration::hours(hours);
        let position = session.deliveries().feed_at(moment).await.unwrap();
        let stretch = session.deliveries().headlines(position, 100).await.unwrap();
        let young = stretch.events.iter().filter(|told| told.at >= moment).count();
        assert_eq!((young, stretch.events.len()), (left, left), "{hours}");
    }
}

/// Statements that run at every step must not read what they do not need.
#[tokio::test(flavor = "multi_thread")]
async fn statements_find_their_rows_by_indexes() {
    let mut shop = Shop::open().await;
    shop.database
        .execute(
            "INSERT INTO delivery_lanes (merchant_id, endpoint, subject_id, version, ordinal, due_at) \
             SELECT md5((n % 3)::text)::uuid, n % 5, md5(n::text)::uuid, 1, 1, 'epoch' \
             FROM generate_series(1, 20000) AS n",
        )
        .await;
    shop.database.execute("ANALYZE delivery_lanes").await;
    shop.storage = Storage::new(shop.database.backend());
    let before = scans(&shop.database).await;
    shop.claim(10).await;
    shop.session().await.deliveries().health(None).await.unwrap();
    shop.fan_out_all().await;
    let purge = async |unit: &mut domain::UnitOfWork| {
        let now = OffsetDateTime::UNIX_EPOCH;
        unit.deliveries().purge_deliveries(now, now, now).await
    };
    shop.storage.atomically(purge).await.unwrap();
    let Shop { database, storage, .. } = shop;
    drop(storage);
    assert_eq!(scans(&database).await, before);
}

/// How often the big tables were read from end to end.
async fn scans(database: &TestDatabase) -> Vec<String> {
    // A session writes its statistics when it ends.
    let alone = "DO $$ BEGIN LOOP PERFORM pg_stat_clear_snapshot(); EXIT WHEN NOT EXISTS (SELECT \
         FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' \
         AND pid <> pg_backend_pid()); END LOOP; END $$";
    database.execute(alone).await;
    let query = "SELECT relname || ' ' || seq_scan AS text FROM pg_stat_user_tables WHERE relname IN \
         ('delivery_lanes', 'deliveries', 'delivery_attempts', 'events') ORDER BY relname";
    database.texts(query).await
}
