//! Monri from outside (`docs/dialects/monri.md`).
#![cfg(test)]

mod answer;
mod authorization;
mod bodies;
mod customers;
mod deletion;
mod examples;
mod lists;
mod payment_methods;
mod routes;
mod tokens;
mod trips;
mod updates;
mod vectors;
mod world;
