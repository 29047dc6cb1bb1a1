//! Open Loyalty from outside (`docs/dialects/open_loyalty.md`).

mod activation;
mod answer;
mod bodies;
mod budgets;
mod changes;
mod checks;
mod deletions;
mod details;
mod keys;
mod lists;
mod logins;
mod memory;
mod passwords;
mod phones;
mod registrations;
mod routes;
mod stores;
mod throttles;
mod tokens;

mod world;
