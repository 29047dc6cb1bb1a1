//! The Clientele server: one customer base behind four vendors' wire contracts.

pub mod config;
