//! Many creations in one go.

use crate::customer::{Customer, CustomerWrite, Demands, Identifier, LoyaltyCard, WriteError};
use crate::storage::Storage;
use crate::testing::a_birth;
use crate::testing::contract::tenant::{DEMANDING, MODEST, Tenant, settled};

pub(super) async fn promises(storage: &Storage) {
    every_creation_of_a_batch_is_judged_for_itself(storage).await;
    a_batch_that_demands_nothing_is_stored_whole(storage).await;
    a_batch_may_be_empty(storage).await;
    a_batch_may_be_of_any_size(storage).await;
    whole_records_survive_a_batch(storage).await;
    what_comes_later_in_a_batch_stands_against_nothing_before(storage).await;
    demanded_and_offered_values_meet_in_a_batch(storage).await;
}

fn births(tenant: Tenant<'_>, emails: &[&str], demands: Demands) -> Vec<CustomerWrite> {
    emails.iter().map(|email| a_birth(tenant.mailed(email), demands)).collect()
}

async fn every_creation_of_a_batch_is_judged_for_itself(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    tenant.created(tenant.mailed("known@example.test"), DEMANDING).await;
    let emails = ["a@example.test", "known@example.test", "A@example.test", "b@example.test"];
    let writes = births(tenant, &emails, DEMANDING);
    let results = tenant.session().await.customers().create_many(&writes).await;
    let results = results.expect("the batch as such is fine");
    let taken = Err(WriteError::Taken(Identifier::Email));
    assert_eq!(results.len(), writes.len());
    assert_eq!((&results[1], &results[2]), (&taken, &taken));
    for (write, result) in writes.into_iter().zip(results) {
        let expected = result.ok().map(|stored| settled(write.record.clone(), stored));
        assert!(expected.as_ref().is_none_or(|record| record.holdings.email));
        let told = tenant.events(write.record.id).await.len();
        assert_eq!(told, usize::from(expected.is_some()));
        assert_eq!(tenant.find(write.record.id).await, expected);
    }
    assert_eq!(tenant.count(&[]).await, 3);
}

async fn a_batch_that_demands_nothing_is_stored_whole(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let writes = births(tenant, &["same@example.test"; 5], MODEST);
    let results = tenant.session().await.customers().create_many(&writes).await;
    let results = results.expect("the batch as such is fine");
    let holders = results.iter().flatten().filter(|stored| stored.holdings.email).count();
    assert_eq!((results.iter().flatten().count(), holders), (5, 1));
    assert_eq!(tenant.count(&[]).await, 5);
}

async fn a_batch_may_be_empty(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let results = tenant.session().await.customers().create_many(&[]).await;
    assert_eq!(results, Ok(Vec::new()));
}

async fn a_batch_may_be_of_any_size(storage: &Storage) {
    for size in [1, 15, 16, 17, 33, 150] {
        let tenant = Tenant::new(storage).await;
        tenant.created(tenant.mailed("7@example.test"), DEMANDING).await;
        let emails: Vec<_> = (0..size).map(|number| format!("{number}@example.test")).collect();
        let emails: Vec<_> = emails.iter().map(String::as_str).collect();
        let writes = births(tenant, &emails, DEMANDING);
        let results = tenant.session().await.customers().create_many(&writes).await;
        let results = results.expect("the batch as such is fine");
        assert_eq!(results.len(), size);
        let mut numbers = Vec::new();
        for (place, (write, result)) in writes.into_iter().zip(results).enumerate() {
            let is_taken = place == 7;
            assert_eq!(result == Err(WriteError::Taken(Identifier::Email)), is_taken);
            let expected = result.ok().map(|stored| settled(write.record.clone(), stored));
            numbers.extend(expected.as_ref().map(|record| record.number));
            assert_eq!(tenant.find(write.record.id).await, expected);
            assert_eq!(tenant.events(write.record.id).await.len(), usize::from(!is_taken));
        }
        assert!(numbers.is_sorted(), "numbers follow the order of the batch");
    }
}

async fn whole_records_survive_a_batch(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let mut writes = births(tenant, &["plain@example.test"; 16], MODEST);
    writes[5] = a_birth(tenant.full().await, DEMANDING);
    let results = tenant.session().await.customers().create_many(&writes).await;
    let results = results.expect("the batch as such is fine");
    for (write, result) in writes.into_iter().zip(results) {
        let expected = settled(write.record, result.expect("nothing stands against it"));
        assert_eq!(tenant.find(expected.id).await.as_ref(), Some(&expected));
        let events = tenant.events(expected.id).await;
        assert_eq!(events.len(), 1);
        // Who holds what is no part of what happened.
        let told = Customer { holdings: expected.holdings, ..events[0].record.clone() };
        assert_eq!(told, expected);
        assert_eq!(events[0].event, write.events[0]);
    }
}

async fn what_comes_later_in_a_batch_stands_against_nothing_before(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let emails: Vec<_> = (0..16).map(|number| format!("{number}@example.test")).collect();
    let emails: Vec<_> = emails.iter().map(String::as_str).collect();
    let mut writes = births(tenant, &emails, DEMANDING);
    let card = |email: &str, card: &str| Customer {
        loyalty_card: LoyaltyCard::try_from(card).ok(),
        ..tenant.mailed(email)
    };
    writes[0] = a_birth(card("first@example.test", "card"), DEMANDING);
    // Its card is taken, and its address will be, by somebody who comes later.
    writes[1] = a_birth(card("later@example.test", "card"), DEMANDING);
    writes[9] = a_birth(card("later@example.test", "another card"), DEMANDING);
    let results = tenant.session().await.customers().create_many(&writes).await;
    let results = results.expect("the batch as such is fine");
    assert_eq!(results[1], Err(WriteError::Taken(Identifier::LoyaltyCard)));
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 15);
}

async fn demanded_and_offered_values_meet_in_a_batch(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let mut writes = births(tenant, &["same@example.test"; 16], MODEST);
    writes[3] = a_birth(tenant.mailed("same@example.test"), DEMANDING);
    let results = tenant.session().await.customers().create_many(&writes).await;
    let results = results.expect("the batch as such is fine");
    assert_eq!(results[3], Err(WriteError::Taken(Identifier::Email)));
    let held: Vec<_> = results.iter().flatten().map(|stored| stored.holdings.email).collect();
    assert_eq!(held.len(), 15);
    assert!(held[0] && !held[1..].iter().any(|held| *held), "the first holds, the others carry");
}
