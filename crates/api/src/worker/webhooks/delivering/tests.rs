use std::collections::BTreeSet;
use std::sync::Mutex;

use async_trait::async_trait;
use domain::Storage as DomainStorage;
use domain::delivery::{Beyond, FanOut, Outgoing, Reply, Sender};
use domain::merchant::WebhookSettings;
use domain::testing::{
    CountingKeeper, FixedClock, MemoryBackend, PlainRenderer, SequentialEntropy, Sink, a_birth,
    a_customer, a_merchant,
};
use tokio::sync::watch;
use tokio::time::timeout;

use super::*;

/// How long a slot may take to be free again; reached only when it never is.
const PATIENCE: Duration = Duration::from_secs(30);

const LEASE: time::Duration = domain::delivery::LEASE;

/// Merchants whose settings name a webhook each, with one customer each.
struct Shops {
    storage: DomainStorage,
    clock: Arc<FixedClock>,
    entropy: Arc<SequentialEntropy>,
    keeper: Arc<CountingKeeper>,
}

impl Shops {
    async fn open(count: usize) -> Self {
        let storage = DomainStorage::new(MemoryBackend::default());
        let mut session = storage.session().await.unwrap();
        for number in 0..count {
            let mut merchant = a_merchant();
            let url = format!("https://{number}.example.test/").try_into().ok();
            merchant.settings.webhook =
                WebhookSettings { enabled: true, url, ..WebhookSettings::default() };
            session.merchants().insert(&merchant).await.unwrap();
            let demands = domain::customer::Demands::default();
            session.customers().create(&a_birth(a_customer(merchant.id), demands)).await.unwrap();
        }
        drop(session);
        let (clock, entropy, keeper) = (Arc::default(), Arc::default(), Arc::default());
        let shops = Self { storage, clock, entropy, keeper };
        let (clock, entropy, keeper) = shops.ports();
        let fan_out = FanOut::new(shops.storage.clone(), clock, entropy, keeper);
        while fan_out.run().await.unwrap().beyond != Beyond::Nothing {}
        shops
    }

    fn ports(&self) -> (Arc<FixedClock>, Arc<SequentialEntropy>, Arc<CountingKeeper>) {
        (Arc::clone(&self.clock), Arc::clone(&self.entropy), Arc::clone(&self.keeper))
    }

    /// Sends through `sender`, `concurrency` at once, until `is_done`.
    async fn deliver(
        &self,
        sender: Arc<dyn Sender>,
        concurrency: usize,
        is_done: impl Fn() -> bool,
    ) {
        let (clock, entropy, keeper) = self.ports();
        let renderer = Arc::new(PlainRenderer);
        let dispatcher =
            Dispatcher::new(self.storage.clone(), clock, entropy, keeper, sender, renderer);
        let config = WebhooksConfig {
            private_addresses: false,
            timeout: Duration::from_secs(15),
            workers: true,
            concurrency: concurrency.try_into().unwrap(),
            per_endpoint: None,
            poll: Duration::from_millis(1),
            retention: Duration::from_hours(24),
            retry_scale: std::num::NonZeroU32::MIN,
        };
        let desk = Desk::new(dispatcher, None);
        let delivering = Delivering::new(desk, &config, Arc::default());
        let (stop, stopped) = watch::channel(false);
        let working = tokio::spawn(delivering.run(stopped));
        let done = async {
            while !is_done() {
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, done).await.expect("deliveries that are sent");
        stop.send_replace(true);
        working.await.unwrap();
    }
}

/// Breaks down at its first delivery, and takes the others.
#[derive(Default)]
struct Clumsy {
    broken: Mutex<bool>,
    sink: Sink,
}

#[async_trait]
impl Sender for Clumsy {
    async fn send(&self, outgoing: Outgoing) -> Reply {
        let was_broken = std::mem::replace(&mut *self.broken.lock().unwrap(), true);
        assert!(was_broken, "on purpose");
        self.sink.send(outgoing).await
    }
}

#[tokio::test]
async fn a_delivery_that_breaks_down_leaves_its_slot_to_others_and_is_sent_when_its_lease_ends() {
    let shops = Shops::open(3).await;
    let sender = Arc::new(Clumsy::default());
    shops.deliver(Arc::clone(&sender) as _, 1, || sender.sink.taken().len() == 2).await;
    shops.clock.advance(LEASE);
    shops.deliver(Arc::clone(&sender) as _, 1, || sender.sink.taken().len() == 3).await;
    let told: BTreeSet<_> =
        sender.sink.taken().iter().map(|one| one.address.as_str().to_owned()).collect();
    assert_eq!(told.len(), 3);
}
