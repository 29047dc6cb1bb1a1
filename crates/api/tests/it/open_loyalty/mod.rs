//! Open Loyalty from outside (`docs/dialects/open_loyalty.md`).

mod answer;
mod bodies;
mod changes;
mod checks;
mod deletions;
mod details;
mod life;
mod lists;
mod logins;
mod memory;
mod newsletter;
mod profiles;
mod registrations;
mod routes;
mod standing;
mod stores;
mod tokens;
mod views;

mod world;
