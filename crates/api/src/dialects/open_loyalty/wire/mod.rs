//! The bodies of the contract, field for field, and how requests carry them.

pub(super) mod customer;
pub(super) mod error;
pub(super) mod id;
pub(super) mod invitation;
pub(super) mod login;
pub(super) mod request;
