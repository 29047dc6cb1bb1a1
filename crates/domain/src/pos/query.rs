//! Lists of points of sale.

use crate::page::{Order, PageRequest};

/// What a list of points of sale is ordered by; texts by the rules of their storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointOfSaleSortKey {
    /// Id.
    Id,
    /// Name.
    Name,
    /// What tills call it.
    Identifier,
    /// What it is.
    Description,
    /// City.
    City,
}

/// A list of points of sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PointOfSaleQuery {
    /// In which order; equals, and all of them if not given, by id.
    pub order: Option<Order<PointOfSaleSortKey>>,
    /// Which part.
    pub page: PageRequest,
}
