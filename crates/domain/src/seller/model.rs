//! The seller.

use time::OffsetDateTime;

use crate::customer::{Email, PhoneNumber};
use crate::id::{MerchantId, PointOfSaleId, SellerId};
use crate::text::Line;

/// A person behind a till (OL 4.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seller {
    /// Whose seller.
    pub merchant: MerchantId,
    /// The id.
    pub id: SellerId,
    /// First name.
    pub first_name: Line,
    /// Last name.
    pub last_name: Line,
    /// E-mail address; the login name, unique within the merchant.
    pub email: Email,
    /// Phone number.
    pub phone: Option<PhoneNumber>,
    /// The till.
    pub pos: Option<PointOfSaleId>,
    /// Whether logins and tokens work.
    pub active: bool,
    /// Whether the seller may add and spend points.
    pub allow_point_transfer: bool,
    /// When the seller was removed; the row stays for the history.
    pub deleted_at: Option<OffsetDateTime>,
}
