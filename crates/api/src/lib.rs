//! The Clientele server: one customer base behind four vendors' wire contracts.

pub mod config;
pub mod health;
pub mod http;
pub mod server;
pub mod telemetry;

#[cfg(test)]
mod testing;
