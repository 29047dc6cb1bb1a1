//! What tests of the domain and of its adapters share: a backend in memory, a fixed clock, counted randomness, builders,
//! and the contract that every backend keeps.

mod builders;
pub mod contract;
mod customers;
mod gateways;
mod memory;
mod objects;
mod ports;
mod transactions;
mod webhooks;

pub use builders::{
    a_fingerprint, a_level, a_merchant, a_merchant_id, a_point_of_sale, a_seller, a_subscription,
    an_admin, an_application, an_id, an_operator,
};
pub use customers::{
    a_birth, a_change, a_customer, a_full_customer, a_removal, an_event, create_customer,
};
pub use gateways::{Postbox, Posted};
pub use memory::MemoryBackend;
pub use objects::{MemoryObjects, TrustingCleaner};
pub use ports::{CountingKeeper, FixedClock, OLD_HASH, SequentialEntropy};
pub use transactions::{
    a_buyer, a_document, a_registration, a_return, a_sale, a_transaction, an_item,
};
pub use webhooks::{PlainRenderer, Sink};

#[cfg(test)]
mod tests {
    use super::{MemoryBackend, MemoryObjects, contract};
    use crate::storage::Storage;

    fn storage() -> Storage {
        Storage::new(MemoryBackend::default())
    }

    #[tokio::test]
    async fn objects() {
        contract::objects(&MemoryObjects::default()).await;
    }

    macro_rules! promises {
        ($($promises:ident),+ $(,)?) => {$(
            #[tokio::test]
            async fn $promises() {
                contract::$promises(&storage()).await;
            }
        )+};
    }

    promises! {
        customers, merchants, levels, points_of_sale, sellers, accounts, budgets, codes, tokens, messages,
    audit, deliveries, imports, invitations, jobs, payment_methods, pictures, points, sending,
    subscriptions, transactions, units_of_work,
    }
}
