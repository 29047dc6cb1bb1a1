//! KunaCore from outside (`docs/dialects/kuna_core.md`).
#![expect(clippy::unwrap_used, reason = "what a test cannot go on without fails it")]

mod bodies;
mod create;
mod credentials;
mod details;
mod failures;
mod find;
mod isolation;
mod login;
mod update;
mod world;
