//! Promises about subscriptions.

use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::id::SubscriptionNumber;
use crate::page::{Page, PageRequest, Total};
use crate::secret::Sealed;
use crate::storage::{Storage, StorageError, UnitOfWork};
use crate::subscription::{
    Filter, FilterText, Format, Subscriber, Subscription, SubscriptionQuery, Terms, Topic, Watch,
};
use crate::testing::contract::crowd::all_at_once;
use crate::testing::contract::tenant::Tenant;
use crate::testing::{a_subscription, an_application};

/// Subscriptions are stored whole, numbered in their order, changed and removed by their program alone, and counted so
/// that a limit holds.
pub async fn subscriptions(storage: &Storage) {
    a_subscription_survives_storage(storage).await;
    numbers_grow(storage).await;
    a_change_replaces_the_terms_and_nothing_else(storage).await;
    two_changes_at_once_come_one_after_the_other(storage).await;
    a_subscription_is_removed_once(storage).await;
    a_count_that_is_held_lets_a_limit_hold(storage).await;
    pages_follow_the_numbers(storage).await;
    other_programs_and_merchants_see_nothing(storage).await;
}

const NOON: OffsetDateTime = datetime!(2026-01-01 12:00:00.000_001 UTC);

/// A program that subscribes.
#[derive(Clone, Copy)]
struct Program<'a> {
    storage: &'a Storage,
    subscriber: Subscriber,
}

impl<'a> Program<'a> {
    async fn new(storage: &'a Storage) -> Self {
        Self::of(&Tenant::new(storage).await).await
    }

    async fn of(tenant: &Tenant<'a>) -> Self {
        let application = an_application(tenant.merchant);
        let mut session = tenant.session().await;
        session.merchants().insert_application(&application).await.expect("a new program");
        let subscriber = Subscriber { merchant: tenant.merchant, application: application.id };
        Self { storage: tenant.storage, subscriber }
    }

    async fn insert(&self, terms: &Terms) -> SubscriptionNumber {
        let mut session = self.storage.session().await.expect("a session");
        session.subscriptions().insert(self.subscriber, terms, NOON).await.expect("a number")
    }

    async fn given(&self, terms: Terms) -> Subscription {
        let number = self.insert(&terms).await;
        let (created_at, updated_at) = (NOON, NOON);
        Subscription { subscriber: self.subscriber, number, terms, created_at, updated_at }
    }

    async fn find(&self, number: SubscriptionNumber) -> Option<Subscription> {
        let mut session = self.storage.session().await.expect("a session");
        session.subscriptions().find(self.subscriber, number).await.expect("an answer")
    }

    async fn count(&self) -> u64 {
        let mut session = self.storage.session().await.expect("a session");
        session.subscriptions().count(self.subscriber).await.expect("an answer")
    }

    async fn delete(&self, number: SubscriptionNumber) -> bool {
        let mut session = self.storage.session().await.expect("a session");
        session.subscriptions().delete(self.subscriber, number).await.expect("an answer")
    }

    async fn page(
        &self,
        after: Option<SubscriptionNumber>,
        page: PageRequest,
    ) -> Page<Subscription> {
        let query = SubscriptionQuery { after, page };
        let mut session = self.storage.session().await.expect("a session");
        session.subscriptions().page(self.subscriber, query).await.expect("an answer")
    }

    async fn add_up_to_three(&self) -> Result<bool, StorageError> {
        let work = async |unit: &mut UnitOfWork| {
            if unit.subscriptions().count_held(self.subscriber).await? >= 3 {
                return Ok::<_, StorageError>(false);
            }
            unit.subscriptions().insert(self.subscriber, &a_subscription(), NOON).await?;
            Ok(true)
        };
        self.storage.atomically(work).await
    }

    /// Reads one, changes it and writes it back.
    async fn change(
        &self,
        number: SubscriptionNumber,
        change: impl FnOnce(&mut Subscription),
    ) -> Result<bool, StorageError> {
        let work = async |unit: &mut UnitOfWork| {
            let found = unit.subscriptions().find_held(self.subscriber, number).await?;
            let Some(mut found) = found else { return Ok(false) };
            change(&mut found);
            unit.subscriptions().update(&found).await?;
            Ok::<_, StorageError>(true)
        };
        self.storage.atomically(work).await
    }
}

fn address(raw: &str) -> crate::subscription::DeliveryAddress {
    raw.to_owned().try_into().expect("an absolute address")
}

/// Terms with a value in every field.
fn full() -> Terms {
    let others =
        FilterText::try_from(r#"{"b":[1,{"ż":"\u0000"}],"a":1.50}"#).expect("a short text");
    Terms {
        topic: Topic::OrdersCompleted,
        address: address("http://hooks.example.test:8080/a?b=ż"),
        format: Format::Xml,
        headers: Some(Sealed::new(vec![0, 255, 10, 39])),
        filter: Filter::new([Watch::Mobile, Watch::Name], vec![7, -1, i64::MAX], others)
            .expect("few sites"),
    }
}

async fn a_subscription_survives_storage(storage: &Storage) {
    let program = Program::new(storage).await;
    for terms in [a_subscription(), full()] {
        let stored = program.given(terms).await;
        assert_eq!(program.find(stored.number).await.as_ref(), Some(&stored));
    }
    for topic in Topic::ALL {
        let stored = program.given(Terms { topic: *topic, ..a_subscription() }).await;
        assert_eq!(program.find(stored.number).await, Some(stored));
    }
}

async fn numbers_grow(storage: &Storage) {
    let [here, there] = [Program::new(storage).await, Program::new(storage).await];
    let mut last = None;
    for _ in 0..3 {
        for program in [here, there] {
            let number = program.insert(&a_subscription()).await;
            assert!(last < Some(number));
            last = Some(number);
        }
    }
    let last = here.insert(&a_subscription()).await;
    assert!(here.delete(last).await);
    assert!(here.insert(&a_subscription()).await > last);
}

async fn a_change_replaces_the_terms_and_nothing_else(storage: &Storage) {
    let program = Program::new(storage).await;
    let [before, other] =
        [program.given(a_subscription()).await, program.given(a_subscription()).await];
    for terms in [full(), a_subscription()] {
        let updated_at = NOON + Duration::hours(1);
        let after = Subscription { terms: terms.clone(), updated_at, ..before.clone() };
        let change = |found: &mut Subscription| {
            found.terms = terms;
            found.updated_at = updated_at;
            // What cannot change does not.
            found.created_at = updated_at;
        };
        assert_eq!(program.change(before.number, change).await, Ok(true));
        assert_eq!(program.find(before.number).await, Some(after));
    }
    assert_eq!(program.find(other.number).await, Some(other));
}

async fn two_changes_at_once_come_one_after_the_other(storage: &Storage) {
    let program = Program::new(storage).await;
    let stored = program.given(a_subscription()).await;
    let lengthen = |found: &mut Subscription| {
        found.terms.address = address(&format!("{}x", found.terms.address));
    };
    let changes = (0..6).map(async |_| program.change(stored.number, lengthen).await);
    assert_eq!(all_at_once(changes).await, vec![Ok(true); 6]);
    let expected = address(&format!("{}xxxxxx", stored.terms.address));
    assert_eq!(program.find(stored.number).await.map(|found| found.terms.address), Some(expected));
}

async fn a_subscription_is_removed_once(storage: &Storage) {
    let program = Program::new(storage).await;
    let [gone, kept] =
        [program.given(a_subscription()).await, program.given(a_subscription()).await];
    assert!(program.delete(gone.number).await);
    assert!(!program.delete(gone.number).await);
    assert_eq!(program.find(gone.number).await, None);
    assert_eq!(program.change(gone.number, |_| ()).await, Ok(false));
    assert_eq!(program.find(kept.number).await, Some(kept));
    assert_eq!(program.count().await, 1);
}

async fn a_count_that_is_held_lets_a_limit_hold(storage: &Storage) {
    let program = Program::new(storage).await;
    let added = all_at_once((0..6).map(async |_| program.add_up_to_three().await)).await;
    assert!(added.iter().all(Result::is_ok), "{added:?}");
    assert_eq!(added.iter().filter(|added| **added == Ok(true)).count(), 3);
    assert_eq!(program.count().await, 3);
}

async fn pages_follow_the_numbers(storage: &Storage) {
    let program = Program::new(storage).await;
    let mut all = Vec::new();
    for _ in 0..5 {
        all.push(program.given(a_subscription()).await);
    }
    let whole = PageRequest { offset: 0, limit: None };
    for (after, page, items, total) in [
        (None, whole, 0..5, 5),
        (None, PageRequest::first(2), 0..2, 5),
        (None, PageRequest { offset: 4, limit: Some(2) }, 4..5, 5),
        (None, PageRequest { offset: 9, limit: Some(2) }, 5..5, 5),
        (None, PageRequest { offset: u64::MAX, limit: Some(u64::MAX) }, 5..5, 5),
        (Some(1), PageRequest::first(2), 2..4, 3),
        (Some(4), whole, 5..5, 0),
    ] {
        let after = after.map(|at: usize| all[at].number);
        let expected = Page { items: all[items].to_vec(), total: Total::Exact(total) };
        assert_eq!(program.page(after, page).await, expected);
    }
}

async fn other_programs_and_merchants_see_nothing(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let owner = Program::of(&tenant).await;
    let stored = owner.given(full()).await;
    let [neighbour, stranger] = [Program::of(&tenant).await, Program::new(storage).await];
    // A program's id means nothing under another merchant.
    let forger = Subscriber { application: owner.subscriber.application, ..stranger.subscriber };
    let forger = Program { subscriber: forger, ..stranger };
    for other in [neighbour, stranger, forger] {
        assert_eq!(other.find(stored.number).await, None);
        assert_eq!(other.count().await, 0);
        let whole = PageRequest { offset: 0, limit: None };
        assert_eq!(other.page(None, whole).await.items, []);
        assert_eq!(other.change(stored.number, |_| ()).await, Ok(false));
        let mut session = storage.session().await.expect("a session");
        let claimed = Subscription {
            subscriber: other.subscriber,
            terms: a_subscription(),
            ..stored.clone()
        };
        session.subscriptions().update(&claimed).await.expect("an answer");
        drop(session);
        assert!(!other.delete(stored.number).await);
    }
    assert_eq!(owner.find(stored.number).await, Some(stored));
}
