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

/// What a seller is to be, whole (OL 4.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SellerTerms {
    /// First name.
    pub first_name: Line,
    /// Last name.
    pub last_name: Line,
    /// E-mail address.
    pub email: Email,
    /// Phone number.
    pub phone: Option<PhoneNumber>,
    /// The till.
    pub pos: PointOfSaleId,
    /// Whether logins and tokens work.
    pub active: bool,
    /// Whether the seller may add and spend points.
    pub allow_point_transfer: bool,
}

impl SellerTerms {
    /// The seller after the terms were replaced.
    pub(super) fn replace(self, seller: &Seller) -> Seller {
        Seller {
            first_name: self.first_name,
            last_name: self.last_name,
            email: self.email,
            phone: self.phone,
            pos: Some(self.pos),
            active: self.active,
            allow_point_transfer: self.allow_point_transfer,
            ..seller.clone()
        }
    }

    /// A new seller.
    pub(super) fn settle(self, merchant: MerchantId, id: SellerId) -> Seller {
        Seller {
            merchant,
            id,
            first_name: self.first_name,
            last_name: self.last_name,
            email: self.email,
            phone: self.phone,
            pos: Some(self.pos),
            active: self.active,
            allow_point_transfer: self.allow_point_transfer,
            deleted_at: None,
        }
    }
}
