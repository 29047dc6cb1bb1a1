//! One function for each route.

mod customers;
mod lists;
mod logins;
mod registrations;
mod settings;

pub(super) use customers::*;
pub(super) use lists::*;
pub(super) use logins::*;
pub(super) use registrations::*;
pub(super) use settings::*;
