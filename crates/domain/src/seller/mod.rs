//! Sellers: the people behind the tills.

mod model;
mod port;
mod service;

pub use model::Seller;
pub use port::SellerRepository;
pub use service::{SellerError, Sellers};
