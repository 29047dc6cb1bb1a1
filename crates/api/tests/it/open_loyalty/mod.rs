//! Open Loyalty from outside (`docs/dialects/open_loyalty.md`).

mod admins;
mod answer;
mod bodies;
mod changes;
mod checks;
mod deletions;
mod details;
mod level_forms;
mod levels;
mod lists;
mod logins;
mod memory;
mod points_of_sale;
mod programme;
mod registrations;
mod routes;
mod seller_changes;
mod sellers;
mod stores;
mod tokens;

mod world;
