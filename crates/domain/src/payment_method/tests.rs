//! The rules of payment methods, on storage in memory.

use std::sync::Arc;

use time::{Duration, Month};

use super::*;
use crate::access::Actor;
use crate::customer::{Customer, Customers, Deletion, Demands, Origin};
use crate::page::PageRequest;
use crate::storage::Storage;
use crate::testing::{
    CountingKeeper, FixedClock, MemoryBackend, SequentialEntropy, a_birth, a_customer, a_merchant,
    an_id,
};

const ALL: PageRequest = PageRequest { offset: 0, limit: None };

struct Till {
    storage: Storage,
    clock: Arc<FixedClock>,
    methods: PaymentMethods,
    customers: Customers,
    origin: Origin,
}

impl Till {
    async fn new() -> Self {
        let storage = Storage::new(MemoryBackend::default());
        let clock = Arc::new(FixedClock::default());
        let entropy = Arc::new(SequentialEntropy::default());
        let merchant = a_merchant();
        storage.session().await.unwrap().merchants().insert(&merchant).await.unwrap();
        Self {
            methods: PaymentMethods::new(
                storage.clone(),
                Arc::<FixedClock>::clone(&clock),
                Arc::<SequentialEntropy>::clone(&entropy),
                Arc::new(CountingKeeper::default()),
            ),
            customers: Customers::new(storage.clone(), Arc::<FixedClock>::clone(&clock), entropy),
            origin: Origin {
                merchant: merchant.id,
                actor: Actor::System,
                demands: Demands::default(),
            },
            storage,
            clock,
        }
    }

    async fn customer(&self) -> Customer {
        let write = a_birth(a_customer(self.origin.merchant), self.origin.demands);
        let mut session = self.storage.session().await.unwrap();
        session.customers().create(&write).await.unwrap();
        session.customers().find(write.record.merchant, write.record.id).await.unwrap().unwrap()
    }

    async fn attach(
        &self,
        customer: &Customer,
        new: NewPaymentMethod,
    ) -> Result<PaymentMethod, PaymentMethodError> {
        self.methods.attach(self.origin.merchant, customer.id, new).await
    }

    async fn of(&self, customer: &Customer) -> Vec<PaymentMethod> {
        let list = self.methods.list_of_customer(self.origin.merchant, customer.id, ALL);
        list.await.unwrap()
    }
}

fn a_card(token: char) -> NewPaymentMethod {
    NewPaymentMethod {
        number: "411111******1111".parse().unwrap(),
        expiry: Expiry::of_month(2034, Month::December).unwrap(),
        keep_until: None,
        token: CardToken::try_from(token.to_string().repeat(64)).unwrap(),
    }
}

#[tokio::test]
async fn a_card_is_attached_with_a_token_that_reads_again() {
    let till = Till::new().await;
    let customer = till.customer().await;
    let method = till.attach(&customer, a_card('a')).await.unwrap();
    assert_eq!(method.token.fingerprint, till.of(&customer).await[0].token.fingerprint);
    assert_eq!(till.methods.token(&method).unwrap().expose(), "a".repeat(64));
    assert_eq!(till.of(&customer).await, [method]);
}

#[tokio::test]
async fn the_same_token_again_refreshes_the_card_and_makes_no_other() {
    let till = Till::new().await;
    let customer = till.customer().await;
    let first = till.attach(&customer, a_card('a')).await.unwrap();
    till.clock.advance(Duration::HOUR);
    assert_eq!(till.attach(&customer, a_card('a')).await, Ok(first.clone()));
    let expiry = Expiry::of_month(2040, Month::January).unwrap();
    let second = till.attach(&customer, NewPaymentMethod { expiry, ..a_card('a') }).await.unwrap();
    let updated_at = first.created_at + Duration::HOUR;
    assert_eq!(second, PaymentMethod { expiry, updated_at, ..first });
    assert_eq!(till.of(&customer).await, [second]);
}

#[tokio::test]
async fn a_token_belongs_to_one_customer_of_a_merchant() {
    let till = Till::new().await;
    let (customer, other) = (till.customer().await, till.customer().await);
    till.attach(&customer, a_card('a')).await.unwrap();
    let refused = till.attach(&other, a_card('a')).await;
    assert_eq!(refused, Err(PaymentMethodError::TokenTaken));
    assert_eq!(till.of(&other).await, []);
    let found = till.customers.find(till.origin.merchant, other.id).await.unwrap();
    assert_eq!(found.version, other.version, "a refusal leaves nothing");
}

#[tokio::test]
async fn only_a_customer_who_is_there_can_have_a_card() {
    let till = Till::new().await;
    let (deleted, anonymized) = (till.customer().await, till.customer().await);
    till.customers.delete(&till.origin, deleted.id, Deletion::Soft).await.unwrap();
    till.customers.anonymize(&till.origin, anonymized.clone()).await.unwrap();
    let stranger = Customer { id: an_id(), ..deleted.clone() };
    for nobody in [&deleted, &anonymized, &stranger] {
        let refused = till.attach(nobody, a_card('a')).await;
        assert_eq!(refused, Err(PaymentMethodError::CustomerNotFound));
    }
    let elsewhere = till.methods.attach(an_id(), till.customer().await.id, a_card('a')).await;
    assert_eq!(elsewhere, Err(PaymentMethodError::CustomerNotFound));
    assert_eq!(till.methods.list(till.origin.merchant, ALL).await, Ok(vec![]));
}

#[tokio::test]
async fn cards_go_with_their_customer_however_it_goes() {
    let till = Till::new().await;
    let customers = [till.customer().await, till.customer().await, till.customer().await];
    let stays = till.customer().await;
    for (customer, token) in customers.iter().chain([&stays]).zip('a'..) {
        till.attach(customer, a_card(token)).await.unwrap();
    }
    let [deleted, erased, anonymized] = customers;
    till.customers.delete(&till.origin, deleted.id, Deletion::Soft).await.unwrap();
    till.customers.delete(&till.origin, erased.id, Deletion::Erasure).await.unwrap();
    till.customers.anonymize(&till.origin, anonymized).await.unwrap();
    let left = till.methods.list(till.origin.merchant, ALL).await.unwrap();
    assert_eq!(left, till.of(&stays).await);
    assert_eq!(left.len(), 1);
}

#[tokio::test]
async fn whoever_forgets_a_customer_meanwhile_forgets_the_new_card_too() {
    let till = Till::new().await;
    for _ in 0..20 {
        let customer = till.customer().await;
        let (attached, forgotten) = tokio::join!(
            till.attach(&customer, a_card('a')),
            till.customers.anonymize(&till.origin, customer.clone()),
        );
        forgotten.unwrap();
        assert!(matches!(attached, Ok(_) | Err(PaymentMethodError::CustomerNotFound)));
        assert_eq!(till.of(&customer).await, []);
    }
}
