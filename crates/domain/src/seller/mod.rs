//! Sellers: the people behind the tills.

mod error;
mod model;
mod port;
mod query;
mod service;
#[cfg(test)]
mod tests;

pub use error::SellerError;
pub use model::{Seller, SellerTerms};
pub use port::SellerRepository;
pub use query::{SellerField, SellerFilter, SellerQuery, SellerSortKey};
pub use service::Sellers;
