//! One function for each route.

mod customers;
mod lists;
mod logins;
mod registrations;

pub(super) use customers::*;
pub(super) use lists::*;
pub(super) use logins::*;
pub(super) use registrations::*;
