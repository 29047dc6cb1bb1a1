//! Promises about units of work.

use std::future::{Future, pending, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

use crate::customer::{CustomerError, Identifier, WriteError};
use crate::id::CustomerId;
use crate::storage::{Storage, StorageError};
use crate::testing::a_birth;
use crate::testing::contract::crowd::all_at_once;
use crate::testing::contract::tenant::{DEMANDING, Tenant};

/// What is done in one unit of work is kept or dropped together.
pub async fn units_of_work(storage: &Storage) {
    a_finished_unit_keeps_everything(storage).await;
    a_failed_unit_keeps_nothing(storage).await;
    a_unit_that_is_cut_short_keeps_nothing(storage).await;
    units_at_the_same_time_respect_each_other(storage).await;
    storage_answers(storage).await;
}

async fn a_finished_unit_keeps_everything(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let writes =
        ["a@example.test", "b@example.test"].map(|email| a_birth(tenant.mailed(email), DEMANDING));
    let kept = storage.atomically(async |unit| {
        for write in &writes {
            unit.customers().create(write).await?;
            let own = unit.customers().find(tenant.merchant, write.record.id).await?;
            assert!(own.is_some(), "a unit sees what it wrote");
        }
        Ok::<_, CustomerError>(())
    });
    kept.await.expect("two free addresses");
    for write in writes {
        assert!(tenant.find(write.record.id).await.is_some());
        assert_eq!(tenant.events(write.record.id).await.len(), 1);
    }
}

async fn a_failed_unit_keeps_nothing(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let writes = ["same@example.test"; 2].map(|email| a_birth(tenant.mailed(email), DEMANDING));
    let failed = storage.atomically(async |unit| {
        unit.customers().create(&writes[0]).await?;
        unit.customers().create(&writes[1]).await?;
        Ok::<_, WriteError>(())
    });
    assert_eq!(failed.await, Err(WriteError::Taken(Identifier::Email)));
    for write in &writes {
        assert_eq!(tenant.find(write.record.id).await, None);
        assert_eq!(tenant.events(write.record.id).await, []);
    }
    tenant.created(tenant.mailed("same@example.test"), DEMANDING).await;
}

/// A caller who goes away in the middle.
async fn a_unit_that_is_cut_short_keeps_nothing(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let write = a_birth(tenant.mailed("ada@example.test"), DEMANDING);
    let written = AtomicBool::new(false);
    {
        let mut work = pin!(storage.atomically(async |unit| {
            unit.customers().create(&write).await?;
            written.store(true, Ordering::SeqCst);
            pending::<Result<(), WriteError>>().await
        }));
        poll_fn(|context| {
            assert!(work.as_mut().poll(context).is_pending(), "the work never ends by itself");
            if written.load(Ordering::SeqCst) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
    tenant.created(tenant.mailed("ada@example.test"), DEMANDING).await;
    assert_eq!(tenant.find(write.record.id).await, None);
    assert_eq!(tenant.events(write.record.id).await, []);
}

async fn units_at_the_same_time_respect_each_other(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let create = async || -> Result<CustomerId, WriteError> {
        let write = a_birth(tenant.mailed("ada@example.test"), DEMANDING);
        storage
            .atomically(async |unit| {
                unit.customers().create(&write).await?;
                Ok::<_, WriteError>(write.record.id)
            })
            .await
    };
    let results = all_at_once((0..8).map(|_| create())).await;
    let stored: Vec<_> = results.iter().flatten().copied().collect();
    assert_eq!(stored.len(), 1, "{results:?}");
    let taken = Err(WriteError::Taken(Identifier::Email));
    assert_eq!(results.iter().filter(|result| **result == taken).count(), 7);
    assert_eq!(tenant.fitting(Vec::new()).await, stored);
}

async fn storage_answers(storage: &Storage) {
    let mut session = storage.session().await.expect("a session");
    assert_eq!(session.ping().await, Ok::<(), StorageError>(()));
    drop(session);
    assert!(storage.is_available().await);
}
