//! Accounts: who may log in, as what, and with which password.

mod admins;
mod error;
mod model;
mod port;
mod service;
mod strength;
#[cfg(test)]
mod tests;

pub use admins::{AdminError, AdminQuery, AdminSortKey, AdminTerms, Admins, MasterLoss, OwnTerms};
pub use error::LoginError;
pub use model::{Admin, ApiKey, LoggedIn, Operator, Password, Role};
pub use port::{AccountRepository, NameTaken};
pub use service::Accounts;
pub use strength::{PasswordRule, PasswordStrength};
