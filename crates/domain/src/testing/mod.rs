//! What tests of the domain and of its adapters share: a backend in memory, a fixed clock, counted randomness, builders,
//! and the contract that every backend keeps.

mod builders;
mod ports;

pub use builders::{a_customer, a_level, a_merchant, a_merchant_id, create_customer};
pub use ports::{FixedClock, SequentialEntropy};
