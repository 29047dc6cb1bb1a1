//! Points of sale: tills and shops.

mod model;
mod port;
mod service;

pub use model::PointOfSale;
pub use port::PointOfSaleRepository;
pub use service::PointsOfSale;
