//! A merchant that one promise has for itself.

use crate::customer::{
    Criterion, Customer, CustomerQuery, CustomerWrite, Demands, Email, Lookup, LoyaltyCard,
    PhoneNumber, Sort, SortKey, Stored, WriteError,
};
use crate::event::RecordedEvent;
use crate::id::{CustomerId, MerchantId};
use crate::level::Level;
use crate::page::{Page, PageRequest};
use crate::storage::{Session, Storage};
use crate::testing::{
    a_birth, a_change, a_customer, a_full_customer, a_level, a_merchant, a_point_of_sale,
    a_removal, a_seller, an_application,
};

/// A caller that insists on everything.
pub(super) const DEMANDING: Demands =
    Demands { email: true, loyalty_card: true, phone: true, mobile: true };

/// A caller that insists on nothing.
pub(super) const MODEST: Demands =
    Demands { email: false, loyalty_card: false, phone: false, mobile: false };

/// A stored merchant and short ways to its customers.
#[derive(Clone, Copy)]
pub(super) struct Tenant<'a> {
    pub(super) storage: &'a Storage,
    pub(super) merchant: MerchantId,
}

impl<'a> Tenant<'a> {
    pub(super) async fn new(storage: &'a Storage) -> Self {
        let merchant = a_merchant();
        let mut session = storage.session().await.expect("a session");
        session.merchants().insert(&merchant).await.expect("a new merchant");
        Self { storage, merchant: merchant.id }
    }

    pub(super) async fn session(&self) -> Box<dyn Session> {
        self.storage.session().await.expect("a session")
    }

    pub(super) fn customer(&self) -> Customer {
        a_customer(self.merchant)
    }

    /// A record with an e-mail address.
    pub(super) fn mailed(&self, email: &str) -> Customer {
        Customer { email: Email::try_from(email).ok(), ..self.customer() }
    }

    /// A record with a phone number.
    pub(super) fn phoned(&self, phone: &str) -> Customer {
        Customer { phone: PhoneNumber::try_from(phone).ok(), ..self.customer() }
    }

    /// A record with a mobile number.
    pub(super) fn mobile(&self, mobile: &str) -> Customer {
        Customer { mobile: PhoneNumber::try_from(mobile).ok(), ..self.customer() }
    }

    /// A record with a loyalty card.
    pub(super) fn carded(&self, card: &str) -> Customer {
        Customer { loyalty_card: LoyaltyCard::try_from(card).ok(), ..self.customer() }
    }

    /// A record with a value in every field; everything that it points at is stored.
    pub(super) async fn full(&self) -> Customer {
        let level = Level { merchant: self.merchant, ..a_level(20, 5) };
        let pos = a_point_of_sale(self.merchant);
        let seller = a_seller(self.merchant, "tove@example.test");
        let application = an_application(self.merchant);
        let mut session = self.session().await;
        session.levels().insert(&level).await.expect("a new level");
        session.points_of_sale().insert(&pos).await.expect("a new till");
        session.sellers().insert(&seller).await.expect("a new seller");
        session.merchants().insert_application(&application).await.expect("a new program");
        a_full_customer(&level, &pos, &seller, &application)
    }

    /// Creates a record and returns it as it was stored.
    pub(super) async fn create(
        &self,
        record: Customer,
        demands: Demands,
    ) -> Result<Customer, WriteError> {
        let write = a_birth(record, demands);
        let stored = self.session().await.customers().create(&write).await?;
        Ok(settled(write.record, stored))
    }

    /// Creates a record that nothing stands against.
    pub(super) async fn created(&self, record: Customer, demands: Demands) -> Customer {
        self.create(record, demands).await.expect("nothing stands against the record")
    }

    /// Creates a record with nothing demanded.
    pub(super) async fn given(&self, record: Customer) -> Customer {
        self.created(record, MODEST).await
    }

    pub(super) async fn update(
        &self,
        before: &Customer,
        after: Customer,
        demands: Demands,
    ) -> Result<Customer, WriteError> {
        self.write(a_change(before, after, demands)).await
    }

    pub(super) async fn write(&self, write: CustomerWrite) -> Result<Customer, WriteError> {
        let stored = self.session().await.customers().update(&write).await?;
        Ok(settled(write.record, stored))
    }

    /// Deletes a record softly and returns what is left of it.
    pub(super) async fn delete(&self, before: &Customer) -> Customer {
        self.write(a_removal(before)).await.expect("a live record of this version")
    }

    pub(super) async fn erase(&self, before: &Customer) -> Result<(), WriteError> {
        self.session().await.customers().erase(&a_removal(before)).await
    }

    pub(super) async fn find(&self, id: CustomerId) -> Option<Customer> {
        self.session().await.customers().find(self.merchant, id).await.expect("an answer")
    }

    pub(super) async fn look_up(&self, lookup: Lookup) -> Option<CustomerId> {
        let found = self.session().await.customers().look_up(self.merchant, &lookup).await;
        found.expect("an answer").map(|customer| customer.id)
    }

    pub(super) async fn list(&self, query: &CustomerQuery) -> Vec<Customer> {
        self.session().await.customers().list(self.merchant, query).await.expect("an answer")
    }

    pub(super) async fn page(&self, query: &CustomerQuery) -> Page<Customer> {
        self.session().await.customers().page(self.merchant, query).await.expect("an answer")
    }

    /// The ids of those who fit, by number.
    pub(super) async fn fitting(&self, criteria: Vec<Criterion>) -> Vec<CustomerId> {
        let sort = Sort { key: SortKey::Number, descending: false };
        let page = PageRequest { offset: 0, limit: None };
        ids(&self.list(&CustomerQuery { criteria, sort, page }).await)
    }

    pub(super) async fn count(&self, criteria: &[Criterion]) -> u64 {
        self.session().await.customers().count(self.merchant, criteria).await.expect("an answer")
    }

    pub(super) async fn events(&self, id: CustomerId) -> Vec<RecordedEvent> {
        self.session().await.customers().events(self.merchant, id).await.expect("an answer")
    }
}

/// The record with what storage decided about it.
pub(super) fn settled(record: Customer, stored: Stored) -> Customer {
    Customer { number: stored.number, holdings: stored.holdings, ..record }
}

pub(super) fn ids(customers: &[Customer]) -> Vec<CustomerId> {
    customers.iter().map(|customer| customer.id).collect()
}
