//! One function for each route.

mod assignments;
mod customers;
mod devices;
mod invitations;
mod lists;
mod logins;
mod registration_counts;
mod registrations;
mod search;

pub(super) use assignments::*;
pub(super) use customers::*;
pub(super) use devices::*;
pub(super) use invitations::*;
pub(super) use lists::*;
pub(super) use logins::*;
pub(super) use registration_counts::*;
pub(super) use registrations::*;
pub(super) use search::*;
