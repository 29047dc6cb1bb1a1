//! What becomes of rows, on storage in memory.

use std::sync::Arc;

use super::{ImportRow, Imports};
use crate::access::Actor;
use crate::customer::{
    Activation, CreateCustomer, Customer, CustomerError, Demands, Email, Identifier,
    LevelAssignment, Origin, PhoneNumber, StartLevel, Status,
};
use crate::level::{Ladder, Level};
use crate::merchant::{CommunicationMethod, Merchant, Settings};
use crate::storage::Storage;
use crate::testing::{
    CountingKeeper, FixedClock, MemoryBackend, SequentialEntropy, a_level, a_merchant, an_id,
    create_customer,
};

struct Desk {
    storage: Storage,
    imports: Imports,
    merchant: Merchant,
    levels: Vec<Level>,
}

impl Desk {
    async fn new(settings: Settings) -> Self {
        let storage = Storage::new(MemoryBackend::default());
        let merchant = Merchant { settings, ..a_merchant() };
        storage.session().await.unwrap().merchants().insert(&merchant).await.unwrap();
        let imports = Imports::new(
            storage.clone(),
            Arc::new(FixedClock::default()),
            Arc::new(SequentialEntropy::default()),
            Arc::new(CountingKeeper::default()),
        );
        Self { storage, imports, merchant, levels: Vec::new() }
    }

    async fn store(
        &self,
        customers: impl IntoIterator<Item = CreateCustomer>,
    ) -> Vec<Result<Customer, CustomerError>> {
        let demands = Demands { email: true, loyalty_card: true, phone: true, mobile: false };
        let origin = Origin { merchant: self.merchant.id, actor: Actor::System, demands };
        let rows = customers.into_iter();
        let rows = rows.map(|customer| ImportRow { customer, send_activation: true }).collect();
        let ladder = Ladder::new(self.levels.clone());
        self.imports.store(&origin, &self.merchant, &ladder, rows, None).await.unwrap()
    }

    async fn waiting(&self) -> u64 {
        self.storage.session().await.unwrap().messages().waiting().await.unwrap()
    }
}

fn new(email: &str) -> CreateCustomer {
    CreateCustomer { activation: Activation::Pending, ..create_customer(email) }
}

#[tokio::test]
async fn a_missing_start_level_is_told_after_taken_addresses_of_the_rows_before() {
    let desk = Desk::new(Settings::default()).await;
    let level = an_id();
    let results = desk
        .store([
            CreateCustomer { start_level: StartLevel::Required, ..new("a@example.test") },
            CreateCustomer { start_level: StartLevel::AsGiven(level), ..new("a@example.test") },
            CreateCustomer { start_level: StartLevel::Required, ..new("A@example.test") },
        ])
        .await;
    assert_eq!(results[0], Err(CustomerError::NoStartLevel));
    let by_hand = Some(LevelAssignment { level, manual: true });
    assert_eq!(results[1].as_ref().map(|customer| customer.level), Ok(by_hand));
    assert_eq!(results[2], Err(CustomerError::Taken(vec![Identifier::Email])));
}

#[tokio::test]
async fn a_level_may_be_given_that_nobody_knows_or_that_rests() {
    let mut desk = Desk::new(Settings::default()).await;
    let resting = Level { merchant: desk.merchant.id, active: false, ..a_level(0, 5) };
    desk.levels.push(resting.clone());
    for (email, level) in [("a@example.test", resting.id), ("b@example.test", an_id())] {
        let customer = CreateCustomer { start_level: StartLevel::AsGiven(level), ..new(email) };
        let stored = desk.store([customer]).await.remove(0).unwrap();
        assert_eq!(stored.level, Some(LevelAssignment { level, manual: true }));
    }
}

#[tokio::test]
async fn only_who_stays_new_is_told_how_to_become_active() {
    let desk = Desk::new(Settings::default()).await;
    let active = CreateCustomer { activation: Activation::Immediate, ..new("active@example.test") };
    let results = desk.store([active, new("new@example.test")]).await;
    let statuses: Vec<_> = results.into_iter().flatten().map(|customer| customer.status).collect();
    assert_eq!(statuses, [Status::Active, Status::New]);
    assert_eq!(desk.waiting().await, 1);
}

#[tokio::test]
async fn whom_no_activation_reaches_is_stored_nevertheless() {
    let sms = Settings { communication: CommunicationMethod::Sms, ..Settings::default() };
    let desk = Desk::new(sms).await;
    let phone = |number: &str| PhoneNumber::try_from(number).ok();
    let results = desk
        .store([
            CreateCustomer { email: None, phone: phone("none"), ..new("x") },
            CreateCustomer { email: None, phone: phone("+48600500400"), ..new("x") },
            CreateCustomer { email: Email::try_from("only@example.test").ok(), ..new("x") },
        ])
        .await;
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    assert_eq!(desk.waiting().await, 2);
}
