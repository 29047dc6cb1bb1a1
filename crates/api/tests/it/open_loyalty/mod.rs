//! Open Loyalty from outside (`docs/dialects/open_loyalty.md`).

mod activation;
mod admins;
mod answer;
mod bodies;
mod budgets;
mod changes;
mod checks;
mod deletions;
mod details;
mod keys;
mod level_forms;
mod levels;
mod lists;
mod logins;
mod memory;
mod passwords;
mod phones;
mod points_of_sale;
mod programme;
mod registrations;
mod routes;
mod seller_changes;
mod sellers;
mod stores;
mod throttles;
mod tokens;

mod world;
