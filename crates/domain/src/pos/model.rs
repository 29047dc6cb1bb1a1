//! The point of sale itself.

use crate::customer::Address;
use crate::id::{MerchantId, PointOfSaleId};
use crate::text::{Line, Note};

/// A till or shop of a merchant (OL 4.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointOfSale {
    /// Whose till.
    pub merchant: MerchantId,
    /// Its id.
    pub id: PointOfSaleId,
    /// What people call it.
    pub name: Line,
    /// What tills call it; unique within the merchant.
    pub identifier: Line,
    /// What it is.
    pub description: Option<Note>,
    /// Where it is.
    pub location: Address,
    /// Where it is on the globe.
    pub coordinates: Coordinates,
}

/// A place on the globe, as somebody wrote it: no rule reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coordinates {
    /// Degrees north of the equator.
    pub latitude: Option<Line>,
    /// Degrees east of Greenwich.
    pub longitude: Option<Line>,
}
