//! KunaCore from outside (`docs/dialects/kuna_core.md`).

mod addresses;
mod bodies;
mod create;
mod credentials;
mod details;
mod documented;
mod examples;
mod failures;
mod filters;
mod find;
mod isolation;
mod login;
mod renewal;
mod update;
mod world;
