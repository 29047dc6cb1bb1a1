//! One customer base, four wire contracts: the Clientele server as a library, so that tests drive what the binary runs.
#![expect(
    clippy::future_not_send,
    reason = "actix-web serves a request on one thread from its first byte to its last"
)]

pub mod app;
pub mod calendar;
pub mod config;
mod dev_outbox;
pub mod dialects;
pub mod directory;
pub mod docs;
pub mod health;
pub mod http;
pub mod keys;
pub mod metrics;
pub mod ops;
pub mod server;
pub mod services;
pub mod telemetry;
pub mod views;
pub mod worker;

#[cfg(test)]
mod testing;
