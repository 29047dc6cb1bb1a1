use domain::access::Actor;
use domain::id::{CustomerId, MerchantId};
use domain::testing::{MemoryBackend, an_id};
use time::macros::datetime;

use super::*;

fn view(merchant: MerchantId, customer: CustomerId) -> View {
    let at = datetime!(2026-03-02 08:15 UTC);
    View { id: an_id(), merchant, customer, actor: Actor::System, at }
}

async fn written(storage: &Storage, merchant: MerchantId, customer: CustomerId) -> usize {
    let mut session = storage.session().await.unwrap();
    session.audit().views(merchant, customer).await.unwrap().len()
}

#[tokio::test]
async fn a_look_is_written_by_itself() {
    let storage = Storage::new(MemoryBackend::default());
    let (log, writer) = ViewLog::new(storage.clone());
    let (merchant, customer) = (an_id(), an_id());
    let writer = tokio::spawn(writer.run());
    log.note(view(merchant, customer));
    while written(&storage, merchant, customer).await == 0 {
        tokio::task::yield_now().await;
    }
    drop(log);
    writer.await.unwrap();
}

#[tokio::test]
async fn a_flush_waits_for_everything_noted_before() {
    let storage = Storage::new(MemoryBackend::default());
    let (log, writer) = ViewLog::new(storage.clone());
    let (merchant, customer) = (an_id(), an_id());
    let writer = tokio::spawn(writer.run());
    for _ in 0..1_200 {
        log.note(view(merchant, customer));
    }
    log.flush().await;
    assert_eq!(written(&storage, merchant, customer).await, 1_200);
    drop(log);
    writer.await.unwrap();
}

#[tokio::test]
async fn the_end_of_the_log_writes_what_is_left() {
    let storage = Storage::new(MemoryBackend::default());
    let (log, writer) = ViewLog::new(storage.clone());
    let (merchant, customer) = (an_id(), an_id());
    log.note(view(merchant, customer));
    drop(log);
    writer.run().await;
    assert_eq!(written(&storage, merchant, customer).await, 1);
}

#[tokio::test]
async fn a_full_log_holds_nobody_up() {
    let (log, _writer) = ViewLog::new(Storage::new(MemoryBackend::default()));
    let (merchant, customer) = (an_id(), an_id());
    for _ in 0..=CAPACITY {
        log.note(view(merchant, customer));
    }
}

#[tokio::test]
async fn a_flush_without_a_writer_ends() {
    let (log, writer) = ViewLog::new(Storage::new(MemoryBackend::default()));
    drop(writer);
    log.flush().await;
}
