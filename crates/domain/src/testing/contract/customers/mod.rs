//! Promises about customers.

mod batches;
mod counts;
mod ends;
mod events;
mod filters;
mod isolation;
mod keys;
mod levels;
mod lookups;
mod order;
mod races;
mod records;
mod registrations;
mod search;
mod waiting;

use crate::storage::Storage;

/// Customers are stored whole, told apart by their keys, changed with their events, and found as asked for.
pub async fn customers(storage: &Storage) {
    records::promises(storage).await;
    keys::promises(storage).await;
    events::promises(storage).await;
    batches::promises(storage).await;
    races::promises(storage).await;
    counts::promises(storage).await;
    lookups::promises(storage).await;
    filters::promises(storage).await;
    order::promises(storage).await;
    levels::promises(storage).await;
    search::promises(storage).await;
    registrations::promises(storage).await;
    isolation::promises(storage).await;
    ends::promises(storage).await;
    waiting::promises(storage).await;
}
