//! Open Loyalty from outside (`docs/dialects/open_loyalty.md`).

mod answer;
mod assignments;
mod bodies;
mod changes;
mod checks;
mod deletions;
mod details;
mod devices;
mod invitations;
mod lists;
mod logins;
mod memory;
mod permissions;
mod registration_counts;
mod registrations;
mod routes;
mod searches;
mod seed_page;
mod stores;
mod tokens;

mod world;
