//! Promises about deliveries: what storage, fan-out and dispatcher keep together.

mod desk;
mod feed;
mod operator;
mod privacy;
mod sending;
mod waiting;

use crate::storage::Storage;

/// Every event reaches everyone who wants it, in the order of its customer and with the same bytes, however often it takes;
/// the operator sees it, and can have it again.
pub async fn deliveries(storage: &Storage) {
    sending::promises(storage).await;
    waiting::promises(storage).await;
    operator::promises(storage).await;
    privacy::promises(storage).await;
    feed::promises(storage).await;
}
