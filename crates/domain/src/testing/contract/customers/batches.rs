//! Many creations in one go.

use crate::customer::{CustomerWrite, Demands, Identifier, WriteError};
use crate::storage::Storage;
use crate::testing::a_birth;
use crate::testing::contract::tenant::{DEMANDING, MODEST, Tenant, settled};

pub(super) async fn promises(storage: &Storage) {
    every_creation_of_a_batch_is_judged_for_itself(storage).await;
    a_batch_that_demands_nothing_is_stored_whole(storage).await;
    a_batch_may_be_empty(storage).await;
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
