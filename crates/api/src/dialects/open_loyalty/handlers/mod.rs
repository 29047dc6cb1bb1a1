//! One function for each route.

mod activation;
mod customers;
mod life;
mod lists;
mod logins;
mod passwords;
mod registrations;
mod standing;

pub(super) use activation::*;
pub(super) use customers::*;
pub(super) use life::*;
pub(super) use lists::*;
pub(super) use logins::*;
pub(super) use passwords::*;
pub(super) use registrations::*;
pub(super) use standing::*;
