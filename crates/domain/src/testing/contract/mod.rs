//! What every storage backend promises. Each promise works in merchants of its own, so that none sees another's rows and
//! all of them can share one database; merchants, levels and the like exist before a customer points at them.
//!
//! The functions panic where a promise is broken: they are called by tests.

mod accounts;
mod admins;
mod audit;
mod budgets;
mod codes;
mod crowd;
mod customers;
mod deliveries;
mod imports;
mod invitations;
mod jobs;
mod levels;
mod merchants;
mod messages;
mod objects;
mod payment_methods;
mod pictures;
mod points;
mod points_of_sale;
mod sellers;
mod sending;
mod subscriptions;
mod tenant;
mod tokens;
mod transactions;
mod units;

pub use accounts::accounts;
pub use audit::audit;
pub use budgets::budgets;
pub use codes::codes;
pub use customers::customers;
pub use deliveries::deliveries;
pub use imports::imports;
pub use invitations::invitations;
pub use jobs::jobs;
pub use levels::levels;
pub use merchants::merchants;
pub use messages::messages;
pub use objects::objects;
pub use payment_methods::payment_methods;
pub use pictures::pictures;
pub use points::points;
pub use points_of_sale::points_of_sale;
pub use sellers::sellers;
pub use sending::sending;
pub use subscriptions::subscriptions;
pub use tokens::tokens;
pub use transactions::transactions;
pub use units::units_of_work;
