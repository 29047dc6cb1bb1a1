//! The backend keeps the contract that every backend keeps, on a real server.

mod contract;
mod deliveries;
mod feed;
mod jobs;
mod lists;
mod purchases;
mod resilience;
