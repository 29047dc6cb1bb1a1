//! Kounta from outside (`docs/dialects/kounta.md`).

mod addresses;
mod answer;
mod authentication;
mod authorize;
mod bodies;
mod companies;
mod conventions;
mod creation;
mod deletion;
mod examples;
mod isolation;
mod lists;
mod quotas;
mod searches;
mod tokens;
mod trips;
mod updates;
mod webhook_refusals;
mod webhooks;
mod words;
mod world;
