//! Points of sale: tills and shops.

mod error;
mod model;
mod port;
mod query;
mod service;

pub use error::PointOfSaleError;
pub use model::{Coordinates, PointOfSale};
pub use port::PointOfSaleRepository;
pub use query::{PointOfSaleQuery, PointOfSaleSortKey};
pub use service::PointsOfSale;
