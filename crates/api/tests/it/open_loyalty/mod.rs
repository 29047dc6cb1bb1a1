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
mod languages;
mod level_forms;
mod levels;
mod life;
mod lists;
mod logins;
mod memory;
mod messages;
mod newsletter;
mod passwords;
mod phones;
mod points_of_sale;
mod profiles;
mod programme;
mod registrations;
mod routes;
mod seller_changes;
mod sellers;
mod settings;
mod standing;
mod stores;
mod throttles;
mod tokens;
mod views;

mod world;
