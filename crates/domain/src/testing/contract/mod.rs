//! What every storage backend promises. Each promise works in merchants of its own, so that none sees another's rows and
//! all of them can share one database; merchants, levels and the like exist before a customer points at them.
//!
//! The functions panic where a promise is broken: they are called by tests.

mod accounts;
mod crowd;
mod customers;
mod invitations;
mod levels;
mod merchants;
mod sellers;
mod tenant;
mod tokens;
mod units;

pub use accounts::accounts;
pub use customers::customers;
pub use invitations::invitations;
pub use levels::{levels, points_of_sale};
pub use merchants::merchants;
pub use sellers::sellers;
pub use tokens::tokens;
pub use units::units_of_work;
