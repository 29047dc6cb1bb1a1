//! A merchant whose program is told of customers, and somebody who tells it.

use std::sync::Arc;

use time::Duration;
use uuid::Uuid;

use crate::clock::{Clock as _, Entropy};
use crate::customer::{Customer, Name};
use crate::delivery::{
    Attempt, Beyond, Deliveries, Delivery, DeliveryQuery, DeliveryState, Dispatcher, Endpoint,
    Fact, FanOut, FeedFilter, FeedPosition, Room, Source, Work,
};
use crate::id::SubscriptionNumber;
use crate::merchant::{Merchant, WebhookSettings};
use crate::storage::Storage;
use crate::subscription::{Subscriber, Terms, Topic};
use crate::testing::contract::tenant::{MODEST, Tenant};
use crate::testing::{
    CountingKeeper, FixedClock, PlainRenderer, SequentialEntropy, Sink, a_subscription,
    an_application, an_id,
};
use crate::text::{Line, Text};

/// Ids that no other desk has, in the order of their making.
#[derive(Default)]
struct FreshEntropy(SequentialEntropy);

impl Entropy for FreshEntropy {
    fn uuid(&self) -> Uuid {
        an_id()
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }
}

pub(super) struct Desk<'a> {
    pub(super) tenant: Tenant<'a>,
    pub(super) storage: &'a Storage,
    pub(super) clock: Arc<FixedClock>,
    pub(super) sink: Arc<Sink>,
    pub(super) fan_out: FanOut,
    pub(super) dispatcher: Dispatcher,
    pub(super) deliveries: Deliveries,
    subscriber: Subscriber,
}

pub(super) const RETENTION: Duration = Duration::days(30);

impl<'a> Desk<'a> {
    pub(super) async fn open(storage: &'a Storage) -> Self {
        let tenant = Tenant::new(storage).await;
        let application = an_application(tenant.merchant);
        let mut session = tenant.session().await;
        session.merchants().insert_application(&application).await.expect("a new program");
        let subscriber = Subscriber { merchant: tenant.merchant, application: application.id };
        let (clock, sink) = (Arc::new(FixedClock::default()), Arc::new(Sink::default()));
        let (entropy, keeper) =
            (Arc::new(FreshEntropy::default()), Arc::new(CountingKeeper::default()));
        let desk = Self {
            tenant,
            storage,
            fan_out: FanOut::new(
                storage.clone(),
                Arc::clone(&clock) as _,
                Arc::clone(&entropy) as _,
                Arc::clone(&keeper) as _,
            ),
            dispatcher: Dispatcher::new(
                storage.clone(),
                Arc::clone(&clock) as _,
                Arc::clone(&entropy) as _,
                Arc::clone(&keeper) as _,
                Arc::clone(&sink) as _,
                Arc::new(PlainRenderer),
            ),
            deliveries: Deliveries::new(
                storage.clone(),
                Arc::clone(&clock) as _,
                entropy,
                keeper,
                RETENTION,
            ),
            clock,
            sink,
            subscriber,
        };
        // What others did before is none of this desk's business.
        desk.fan_out().await;
        desk
    }

    /// Nobody of this desk is told of anything any more.
    pub(super) async fn close(self) {
        let mut session = self.storage.session().await.expect("a session");
        let query = crate::subscription::SubscriptionQuery {
            after: None,
            page: crate::PageRequest { offset: 0, limit: None },
        };
        let all = session.subscriptions().page(self.subscriber, query).await.expect("a list");
        for one in all.items {
            let gone = session.subscriptions().delete(self.subscriber, one.number).await;
            assert_eq!(gone, Ok(true));
        }
        drop(session);
        self.listen_by_settings(false).await;
    }

    /// What is wanted of the feed behind a position, to its end, when everything that is stored can be read.
    pub(super) async fn feed_since(&self, start: FeedPosition, filter: &FeedFilter) -> Vec<Fact> {
        self.fan_out().await;
        let (mut at, mut found) = (start, Vec::new());
        loop {
            let page = self.deliveries.feed(Some(at), filter, 9).await.expect("a page");
            found.extend(page.events.into_iter().map(|told| told.fact));
            if page.next == at {
                assert!(at > start, "nothing was looked at");
                return found;
            }
            at = page.next;
        }
    }

    pub(super) async fn subscribe(&self, topic: Topic) -> Endpoint {
        let terms = Terms { topic, ..a_subscription() };
        let mut session = self.storage.session().await.expect("a session");
        let at = self.clock.now();
        let number = session.subscriptions().insert(self.subscriber, &terms, at).await;
        let number = number.expect("a new subscription");
        Endpoint { merchant: self.tenant.merchant, source: Source::Subscription(number) }
    }

    pub(super) async fn unsubscribe(&self, number: SubscriptionNumber) {
        let mut session = self.storage.session().await.expect("a session");
        let gone = session.subscriptions().delete(self.subscriber, number).await;
        assert_eq!(gone, Ok(true));
    }

    pub(super) async fn listen_by_settings(&self, enabled: bool) -> Endpoint {
        let mut session = self.storage.session().await.expect("a session");
        let merchant = session.merchants().find(self.tenant.merchant).await.expect("an answer");
        let mut merchant: Merchant = merchant.expect("the merchant");
        let url = Text::try_from("https://hooks.example.test/loyalty").ok();
        merchant.settings.webhook = WebhookSettings { enabled, url, ..WebhookSettings::default() };
        session.merchants().update(&merchant).await.expect("a stored merchant");
        Endpoint { merchant: self.tenant.merchant, source: Source::Settings }
    }

    /// A new customer with a first name.
    pub(super) async fn create(&self, name: &str) -> Customer {
        let record = Customer { name: named(name), ..self.tenant.customer() };
        self.tenant.given(record).await
    }

    /// The customer under another name.
    pub(super) async fn rename(&self, before: &Customer, name: &str) -> Customer {
        let after = Customer { name: named(name), ..before.clone() };
        self.tenant.update(before, after, MODEST).await.expect("a changed customer")
    }

    pub(super) async fn fan_out(&self) {
        // Transactions of others may hold back the newest events for a moment.
        while self.fan_out.run().await.expect("progress").beyond != Beyond::Nothing {}
    }

    /// Takes on what is due, sends it and stores what came of it; says how many that were.
    pub(super) async fn send(&self) -> usize {
        let work = self.claim(64, 64).await;
        self.finish(work).await
    }

    pub(super) async fn claim(&self, total: usize, per_endpoint: usize) -> Vec<Work> {
        let room = Room { total, per_endpoint, underway: Vec::new() };
        self.dispatcher.claim(&room).await.expect("claims")
    }

    pub(super) async fn finish(&self, work: Vec<Work>) -> usize {
        let mut settlements = Vec::new();
        for one in work {
            settlements.push(self.dispatcher.attempt(one).await);
        }
        self.dispatcher.settle(&settlements).await.expect("settled");
        settlements.len()
    }

    /// Fans out and sends until nothing is due.
    pub(super) async fn send_all(&self) {
        self.fan_out().await;
        while self.send().await > 0 {}
    }

    /// The bodies that arrived since it was last asked.
    pub(super) fn bodies(&self) -> Vec<String> {
        let taken = self.sink.take().into_iter();
        taken.map(|one| String::from_utf8(one.body).expect("a text")).collect()
    }

    pub(super) async fn list(&self, endpoint: Endpoint) -> Vec<Delivery> {
        let query = DeliveryQuery { limit: 100, ..DeliveryQuery::default() };
        self.deliveries.page(endpoint, query).await.expect("a list")
    }

    pub(super) async fn states(&self, endpoint: Endpoint) -> Vec<DeliveryState> {
        self.list(endpoint).await.into_iter().map(|one| one.state).collect()
    }

    pub(super) async fn attempts(&self, delivery: &Delivery) -> Vec<Attempt> {
        let endpoint = delivery.key.lane.endpoint;
        self.deliveries.find(endpoint, delivery.id).await.expect("the delivery").1
    }
}

fn named(first: &str) -> Name {
    Name::Divided { first: line(first), last: line("Byron") }
}

fn line(raw: &str) -> Line {
    Line::try_from(raw).expect("a line")
}
