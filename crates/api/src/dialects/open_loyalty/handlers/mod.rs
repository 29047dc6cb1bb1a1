//! One function for each route.

mod activation;
mod admins;
mod customers;
mod level_photos;
mod levels;
mod life;
mod lists;
mod logins;
mod passwords;
mod points_of_sale;
mod registrations;
mod sellers;
mod settings;
mod standing;

pub(super) use activation::*;
pub(super) use admins::*;
pub(super) use customers::*;
pub(super) use level_photos::*;
pub(super) use levels::*;
pub(super) use life::*;
pub(super) use lists::*;
pub(super) use logins::*;
pub(super) use passwords::*;
pub(super) use points_of_sale::*;
pub(super) use registrations::*;
pub(super) use sellers::*;
pub(super) use settings::*;
pub(super) use standing::*;
