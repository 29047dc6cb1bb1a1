#![doc = include_str!("../README.md")]

mod accounts;
mod actor;
mod admins;
mod audit;
mod budgets;
mod codes;
mod connect;
mod customers;
mod deliveries;
mod document;
mod errors;
mod imports;
mod invitations;
mod jobs;
mod levels;
mod listing;
mod merchants;
mod messages;
mod migrate;
mod payment_methods;
mod pictures;
mod points;
mod points_of_sale;
mod pool;
mod schema;
mod search_index;
mod sellers;
mod session;
mod settings;
mod signal;
mod statement;
mod subscriptions;
#[cfg(feature = "testing")]
pub mod testing;
mod tokens;
mod transactions;

pub use connect::ConnectError;
pub use migrate::{MigrateError, Migrated, migrate, pending, rollback};
pub use pool::{PgBackend, PoolSettings, PoolUse};
pub use signal::{EventAnnouncer, EventListener};
pub use transactions::PurchaseDiscrepancy;
