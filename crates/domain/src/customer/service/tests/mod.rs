//! The rules of customers, on storage in memory.

mod create;
mod delete;
mod levels;
mod life;
mod part;
mod search;
mod update;

use std::sync::Arc;

use crate::access::Actor;
use crate::customer::{
    CreateCustomer, Customer, CustomerError, Customers, Demands, Email, LoyaltyCard, Origin,
    PhoneNumber, UpdateCustomer,
};
use crate::event::EventKind;
use crate::id::MerchantId;
use crate::level::{Ladder, Level};
use crate::storage::Storage;
use crate::testing::{
    FixedClock, MemoryBackend, SequentialEntropy, a_level, a_merchant, create_customer,
};
use crate::text::Line;

const DEMANDING: Demands = Demands { email: true, loyalty_card: true, phone: true, mobile: true };

/// A merchant with two active levels, from 0 and from 20.
struct Shop {
    storage: Storage,
    clock: Arc<FixedClock>,
    customers: Customers,
    merchant: MerchantId,
    ladder: Ladder,
}

impl Shop {
    async fn new() -> Self {
        let storage = Storage::new(MemoryBackend::default());
        let clock = Arc::new(FixedClock::default());
        let entropy = Arc::new(SequentialEntropy::default());
        let merchant = a_merchant();
        storage.session().await.unwrap().merchants().insert(&merchant).await.unwrap();
        let levels = [a_level(0, 5), a_level(20, 10)]
            .map(|level| Level { merchant: merchant.id, ..level })
            .to_vec();
        let customers = Customers::new(storage.clone(), Arc::clone(&clock) as _, entropy);
        Self { storage, clock, customers, merchant: merchant.id, ladder: Ladder::new(levels) }
    }

    /// A caller that insists on nothing.
    fn modest(&self) -> Origin {
        Origin { merchant: self.merchant, actor: Actor::System, demands: Demands::default() }
    }

    /// A caller that insists on everything.
    fn demanding(&self) -> Origin {
        Origin { demands: DEMANDING, ..self.modest() }
    }

    async fn create(&self, command: CreateCustomer) -> Result<Customer, CustomerError> {
        self.customers.create(&self.demanding(), &self.ladder, command).await
    }

    /// A stored customer with an e-mail address.
    async fn customer(&self, email: &str) -> Customer {
        self.create(create_customer(email)).await.unwrap()
    }

    async fn update(
        &self,
        customer: &Customer,
        command: UpdateCustomer,
    ) -> Result<Customer, CustomerError> {
        self.customers.update(&self.demanding(), &self.ladder, customer.id, command).await
    }

    /// What is known to have happened to a customer.
    async fn history(&self, customer: &Customer) -> Vec<EventKind> {
        let events = self.customers.events(self.merchant, customer.id).await.unwrap();
        events.into_iter().map(|recorded| recorded.event.kind).collect()
    }

    async fn find(&self, customer: &Customer) -> Result<Customer, CustomerError> {
        self.customers.find(self.merchant, customer.id).await
    }
}

fn line(raw: &str) -> Line {
    Line::try_from(raw).unwrap()
}

fn email(raw: &str) -> Email {
    Email::try_from(raw).unwrap()
}

fn phone(raw: &str) -> PhoneNumber {
    PhoneNumber::try_from(raw).unwrap()
}

fn card(raw: &str) -> LoyaltyCard {
    LoyaltyCard::try_from(raw).unwrap()
}
