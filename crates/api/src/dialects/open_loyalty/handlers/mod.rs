//! One function for each route.

mod admins;
mod customers;
mod level_photos;
mod levels;
mod lists;
mod logins;
mod points_of_sale;
mod registrations;
mod sellers;

pub(super) use admins::*;
pub(super) use customers::*;
pub(super) use level_photos::*;
pub(super) use levels::*;
pub(super) use lists::*;
pub(super) use logins::*;
pub(super) use points_of_sale::*;
pub(super) use registrations::*;
pub(super) use sellers::*;
