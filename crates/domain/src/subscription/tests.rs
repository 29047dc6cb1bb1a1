//! The rules of subscriptions, on storage in memory.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use time::Duration;

use super::*;
use crate::id::SubscriptionNumber;
use crate::page::PageRequest;
use crate::secret::SecretError;
use crate::storage::Storage;
use crate::testing::{CountingKeeper, FixedClock, MemoryBackend, a_merchant_id, an_id};

struct Desk {
    subscriptions: Subscriptions,
    storage: Storage,
    clock: Arc<FixedClock>,
    program: Subscriber,
}

fn inside_is_ten(host: IpAddr) -> bool {
    !host.to_string().starts_with("10.")
}

impl Desk {
    fn new() -> Self {
        Self::under(SubscriptionPolicy {
            most: NonZeroU32::new(3).unwrap(),
            outside: Some(inside_is_ten),
        })
    }

    fn under(policy: SubscriptionPolicy) -> Self {
        let storage = Storage::new(MemoryBackend::default());
        let clock = Arc::new(FixedClock::default());
        let keeper = Arc::new(CountingKeeper::default());
        let subscriptions =
            Subscriptions::new(storage.clone(), Arc::clone(&clock) as _, keeper, policy);
        let program = Subscriber { merchant: a_merchant_id(), application: an_id() };
        Self { subscriptions, storage, clock, program }
    }

    async fn create(&self, new: NewSubscription) -> Result<Subscription, SubscriptionError> {
        self.subscriptions.create(self.program, new).await
    }

    async fn given(&self) -> Subscription {
        self.create(new()).await.unwrap()
    }

    async fn update(
        &self,
        number: SubscriptionNumber,
        patch: SubscriptionPatch,
    ) -> Result<Subscription, SubscriptionError> {
        self.subscriptions.update(self.program, number, patch).await
    }
}

fn address(raw: &str) -> DeliveryAddress {
    raw.to_owned().try_into().unwrap()
}

fn headers(pairs: &[(&str, &str)]) -> Headers {
    let header = |(name, value): &(&str, &str)| {
        ((*name).to_owned().try_into().unwrap(), (*value).to_owned().try_into().unwrap())
    };
    Headers::new(pairs.iter().map(header).collect()).unwrap()
}

fn watching(watch: Watch) -> Filter {
    Filter::new([watch], Vec::new(), FilterText::default()).unwrap()
}

fn new() -> NewSubscription {
    NewSubscription {
        topic: Topic::CustomersUpdated,
        address: address("https://hooks.example.test/kounta"),
        format: Format::Json,
        headers: headers(&[("Authorization", "Bearer receiver-secret")]),
        filter: watching(Watch::Name),
    }
}

#[tokio::test]
async fn what_is_made_is_found_with_its_headers_sealed() {
    let desk = Desk::new();
    let made = desk.given().await;
    assert_eq!(desk.subscriptions.find(desk.program, made.number).await.as_ref(), Ok(&made));
    assert_eq!(made.created_at, made.updated_at);
    let sealed = made.terms.headers.clone().unwrap();
    assert_eq!(sealed.as_bytes(), b"Authorization:Bearer receiver-secret\n");
    assert_eq!(desk.subscriptions.headers(&made.terms), Ok(new().headers));
}

#[tokio::test]
async fn equal_subscriptions_stand_beside_each_other_up_to_the_limit() {
    let desk = Desk::new();
    let mut last = None;
    for _ in 0..3 {
        let number = desk.given().await.number;
        assert!(last < Some(number));
        last = Some(number);
    }
    let most = NonZeroU32::new(3).unwrap();
    assert_eq!(desk.create(new()).await, Err(SubscriptionError::TooMany { most }));
    assert_eq!(desk.subscriptions.count(desk.program).await, Ok(3));
    desk.subscriptions.delete(desk.program, last.unwrap()).await.unwrap();
    desk.given().await;
    let neighbour = Subscriber { application: an_id(), ..desk.program };
    assert!(desk.subscriptions.create(neighbour, new()).await.is_ok());
}

#[tokio::test]
async fn an_address_inside_is_refused_unless_the_operator_allows_it() {
    let desk = Desk::new();
    let made = desk.given().await;
    let anywhere =
        Desk::under(SubscriptionPolicy { most: NonZeroU32::new(9).unwrap(), outside: None });
    for raw in ["http://10.0.0.1/", "http://10.0.0.1:8080", "http://hooks.example.test:22/"] {
        let inside = NewSubscription { address: address(raw), ..new() };
        assert_eq!(desk.create(inside.clone()).await, Err(SubscriptionError::ForbiddenAddress));
        let patch =
            SubscriptionPatch { address: Some(address(raw)), ..SubscriptionPatch::default() };
        let refused = desk.update(made.number, patch).await;
        assert_eq!(refused, Err(SubscriptionError::ForbiddenAddress), "{raw}");
        assert!(anywhere.create(inside).await.is_ok(), "{raw}");
    }
    assert_eq!(desk.subscriptions.find(desk.program, made.number).await, Ok(made));
}

/// What a patch does to what was stored.
type Change = fn(&mut Terms);

#[tokio::test]
async fn a_patch_replaces_what_it_names_as_a_whole() {
    let desk = Desk::new();
    let made = desk.given().await;
    let none = SubscriptionPatch::default;
    let other = address("http://other.example.test/");
    let changes: [(SubscriptionPatch, Change); 5] = [
        (SubscriptionPatch { topic: Some(Topic::StaffDeleted), ..none() }, |terms| {
            terms.topic = Topic::StaffDeleted;
        }),
        (SubscriptionPatch { address: Some(other), ..none() }, |terms| {
            terms.address = address("http://other.example.test/");
        }),
        (SubscriptionPatch { format: Some(Format::Xml), ..none() }, |terms| {
            terms.format = Format::Xml;
        }),
        (SubscriptionPatch { headers: Some(Headers::default()), ..none() }, |terms| {
            terms.headers = None;
        }),
        (SubscriptionPatch { filter: Some(watching(Watch::Tags)), ..none() }, |terms| {
            terms.filter = watching(Watch::Tags);
        }),
    ];
    for (patch, change) in changes {
        desk.clock.advance(Duration::minutes(1));
        let before = desk.subscriptions.find(desk.program, made.number).await.unwrap();
        let after = desk.update(made.number, patch).await.unwrap();
        let mut expected = before.terms.clone();
        change(&mut expected);
        assert_eq!(after.terms, expected);
        assert_ne!(after.terms, before.terms);
        assert_eq!(after.created_at, made.created_at);
        assert_eq!(after.updated_at, before.updated_at + Duration::minutes(1));
        assert_eq!(desk.subscriptions.find(desk.program, made.number).await, Ok(after));
    }
}

#[tokio::test]
async fn equal_values_change_nothing() {
    let desk = Desk::new();
    let made = desk.given().await;
    desk.clock.advance(Duration::minutes(1));
    let same = new();
    let all = SubscriptionPatch {
        topic: Some(same.topic),
        address: Some(same.address),
        format: Some(same.format),
        headers: Some(same.headers),
        filter: Some(same.filter),
    };
    for patch in [SubscriptionPatch::default(), all] {
        assert_eq!(desk.update(made.number, patch).await.as_ref(), Ok(&made));
    }
}

#[tokio::test]
async fn headers_that_cannot_be_read_can_be_replaced() {
    let desk = Desk::new();
    let made = desk.given().await;
    let damaged = crate::secret::Sealed::new(b"Host:x\n".to_vec());
    let terms = Terms { headers: Some(damaged), ..made.terms.clone() };
    let damaged = Subscription { terms, ..made };
    let mut session = desk.storage.session().await.unwrap();
    session.subscriptions().update(&damaged).await.unwrap();
    let unreadable = SubscriptionError::Secret(SecretError::Unreadable);
    assert_eq!(desk.subscriptions.headers(&damaged.terms), Err(unreadable));
    let new = headers(&[("X-Tenant", "geelong")]);
    let patch = SubscriptionPatch { headers: Some(new.clone()), ..SubscriptionPatch::default() };
    let after = desk.update(damaged.number, patch).await.unwrap();
    assert_eq!(desk.subscriptions.headers(&after.terms), Ok(new));
}

#[tokio::test]
async fn only_the_program_itself_finds_changes_and_removes() {
    let desk = Desk::new();
    let made = desk.given().await;
    for other in [
        Subscriber { application: an_id(), ..desk.program },
        Subscriber { merchant: a_merchant_id(), ..desk.program },
    ] {
        let subscriptions = &desk.subscriptions;
        let not_found = Some(SubscriptionError::NotFound);
        assert_eq!(subscriptions.find(other, made.number).await.err(), not_found);
        let patch = SubscriptionPatch { format: Some(Format::Xml), ..SubscriptionPatch::default() };
        assert_eq!(subscriptions.update(other, made.number, patch).await.err(), not_found);
        assert_eq!(subscriptions.delete(other, made.number).await.err(), not_found);
        let query = SubscriptionQuery { after: None, page: PageRequest::first(9) };
        assert_eq!(subscriptions.page(other, query).await.unwrap().items, []);
    }
    assert_eq!(desk.subscriptions.find(desk.program, made.number).await.as_ref(), Ok(&made));
    assert_eq!(desk.subscriptions.delete(desk.program, made.number).await, Ok(()));
    let again = desk.subscriptions.delete(desk.program, made.number).await;
    assert_eq!(again, Err(SubscriptionError::NotFound));
}
