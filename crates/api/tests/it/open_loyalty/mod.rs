//! Open Loyalty from outside (`docs/dialects/open_loyalty.md`).

mod answer;
mod bodies;
mod changes;
mod checks;
mod deletions;
mod details;
mod languages;
mod lists;
mod logins;
mod memory;
mod messages;
mod registrations;
mod routes;
mod settings;
mod stores;
mod tokens;

mod world;
