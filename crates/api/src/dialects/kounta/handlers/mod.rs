//! One function per route: decode, call, encode.

pub(super) mod addresses;
pub(super) mod authorize;
pub(super) mod companies;
pub(super) mod customers;
pub(super) mod orders;
pub(super) mod token;
pub(super) mod webhooks;

mod body;
mod paged;
