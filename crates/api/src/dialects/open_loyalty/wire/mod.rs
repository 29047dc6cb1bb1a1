//! The bodies of the contract, field for field, and how requests carry them.

pub(super) mod admin;
pub(super) mod analytics;
pub(super) mod audit;
pub(super) mod customer;
pub(super) mod delivery;
pub(super) mod error;
pub(super) mod id;
pub(super) mod import;
pub(super) mod invitation;
pub(super) mod level;
pub(super) mod login;
pub(super) mod password;
pub(super) mod points;
pub(super) mod pos;
pub(super) mod request;
pub(super) mod seller;
pub(super) mod settings;
pub(super) mod status;
pub(super) mod transaction;
pub(super) mod upload;
