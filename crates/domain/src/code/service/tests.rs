//! What codes do and how often, on storage in memory.

use std::net::IpAddr;
use std::sync::Arc;

use time::Duration;

use super::{Codes, Guess, Pace};
use crate::access::Actor;
use crate::account::Accounts;
use crate::budget::ClientAddress;
use crate::code::CodeError;
use crate::customer::{CreateCustomer, Customer, Demands, Origin, PhoneNumber};
use crate::level::Ladder;
use crate::merchant::{CommunicationMethod, Merchant, Settings};
use crate::secret::Secret;
use crate::storage::Storage;
use crate::testing::{
    CountingKeeper, FixedClock, MemoryBackend, SequentialEntropy, a_merchant, create_customer,
};

/// A programme that sends SMS.
struct Office {
    storage: Storage,
    clock: Arc<FixedClock>,
    codes: Codes,
    merchant: Merchant,
    ladder: Ladder,
}

impl Office {
    async fn new() -> Self {
        let storage = Storage::new(MemoryBackend::default());
        let clock = Arc::new(FixedClock::default());
        let (entropy, keeper) =
            (Arc::new(SequentialEntropy::default()), Arc::new(CountingKeeper::default()));
        let settings = Settings { communication: CommunicationMethod::Sms, ..Settings::default() };
        let merchant = Merchant { settings, ..a_merchant() };
        storage.session().await.unwrap().merchants().insert(&merchant).await.unwrap();
        let accounts =
            Accounts::new(storage.clone(), Arc::clone(&clock) as _, Arc::clone(&keeper) as _);
        let codes = Codes::new(storage.clone(), Arc::clone(&clock) as _, entropy, keeper, accounts);
        Self { storage, clock, codes, merchant, ladder: Ladder::new(Vec::new()) }
    }

    fn origin(&self) -> Origin {
        let demands = Demands { email: true, loyalty_card: true, phone: true, mobile: false };
        Origin { merchant: self.merchant.id, actor: Actor::System, demands }
    }

    fn guess(&self, last: u8) -> Guess {
        Guess { merchant: self.merchant.id, address: address(last) }
    }

    async fn register(&self, phone: &str) -> Result<Customer, CodeError> {
        let phone = PhoneNumber::try_from(phone).ok();
        let command = CreateCustomer { phone, email: None, ..create_customer("x") };
        let password = Secret::new("Loyalty-1".to_owned());
        self.codes
            .register_oneself(
                &self.origin(),
                &self.merchant,
                &self.ladder,
                command,
                password,
                address(1),
            )
            .await
    }

    async fn messages(&self) -> u64 {
        self.storage.session().await.unwrap().messages().waiting().await.unwrap()
    }
}

fn address(last: u8) -> ClientAddress {
    ClientAddress::from(IpAddr::from([192, 0, 2, last]))
}

#[tokio::test]
async fn one_address_may_be_wrong_five_times_in_ten_minutes_and_ten_times_an_hour() {
    let office = Office::new().await;
    let admitted = async |times: usize| {
        let mut paces = Vec::new();
        for _ in 0..times {
            paces.push(office.codes.admit(office.guess(1)).await.unwrap());
        }
        paces.iter().filter(|pace| **pace == Pace::Now).count()
    };
    assert_eq!(admitted(7).await, 5);
    office.clock.advance(Duration::minutes(10));
    assert_eq!(admitted(7).await, 5);
    office.clock.advance(Duration::minutes(10));
    assert_eq!(admitted(7).await, 0);
    office.clock.advance(Duration::minutes(40));
    assert_eq!(admitted(7).await, 5);
    assert_eq!(office.codes.admit(office.guess(2)).await, Ok(Pace::Now));
}

#[tokio::test]
async fn a_store_with_many_wrong_guesses_lets_them_take_turns_until_the_line_is_too_long() {
    let office = Office::new().await;
    let mut paces = Vec::new();
    for last in 0..80 {
        paces.push(office.codes.admit(office.guess(last)).await.unwrap());
    }
    assert!(paces[..50].iter().all(|pace| *pace == Pace::Now), "{paces:?}");
    let seconds = [0, 1, 2, 3, 4, 5, 7, 9, 11, 13, 15, 19];
    let expected = seconds.map(|wait| Pace::Wait(Duration::seconds(wait)));
    assert_eq!(paces[50..62], expected);
    assert!(paces[63..].iter().all(|pace| *pace == Pace::Busy(Duration::seconds(20))), "{paces:?}");
    office.clock.advance(Duration::minutes(1));
    let pace = office.codes.admit(office.guess(99)).await;
    assert_eq!(pace, Ok(Pace::Wait(Duration::ZERO)), "nobody is shut out");
}

#[tokio::test]
async fn a_registration_whose_message_may_not_be_sent_leaves_nothing() {
    let office = Office::new().await;
    office.register("48221112233").await.unwrap();
    assert_eq!(office.messages().await, 1);
    for at in 0..19 {
        // One address may ask for ten messages an hour.
        let registered = office.register(&format!("4822111{at:04}")).await;
        assert_eq!(registered.is_ok(), at < 9, "{at}: {registered:?}");
    }
    assert_eq!(office.messages().await, 10);
    let customers = office.codes.customers.count(office.merchant.id, &[]).await;
    assert_eq!(customers, Ok(10));
}

#[tokio::test]
async fn what_is_over_is_forgotten() {
    let office = Office::new().await;
    office.register("48221112233").await.unwrap();
    assert_eq!(office.codes.purge().await, Ok(0));
    office.clock.advance(Duration::days(31));
    assert!(office.codes.purge().await.unwrap() > 1);
    assert_eq!(office.codes.purge().await, Ok(0));
}
