//! Accounts: who may log in, as what, and with which password.

mod admins;
mod error;
mod model;
mod password;
mod port;
mod service;
mod strength;
#[cfg(test)]
mod tests;
mod throttle;

pub use admins::{AdminError, AdminQuery, AdminSortKey, AdminTerms, Admins, MasterLoss, OwnTerms};
pub use error::{LoginError, PasswordChangeError};
pub use model::{Admin, ApiKey, LoggedIn, Login, Operator, Password, Role};
pub use port::{AccountRepository, NameTaken};
pub use service::Accounts;
pub use strength::{PasswordRule, PasswordStrength};
