//! Open Loyalty from outside (`docs/dialects/open_loyalty.md`).

mod answer;
mod bodies;
mod changes;
mod checks;
mod deletions;
mod details;
mod lists;
mod logins;
mod memory;
mod registrations;
mod routes;
mod stores;
mod tokens;

mod world;
