//! One function for each route.

mod customers;
mod life;
mod lists;
mod logins;
mod registrations;
mod standing;

pub(super) use customers::*;
pub(super) use life::*;
pub(super) use lists::*;
pub(super) use logins::*;
pub(super) use registrations::*;
pub(super) use standing::*;
