//! Sellers as the contract shows them (9.8).
#![expect(single_use_lifetimes, reason = "what `ToSchema` derives has them")]

use serde::Serialize;
use utoipa::ToSchema;

use super::id::Id;

/// One part of a list of sellers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SellerList<'s> {
    pub(crate) sellers: Vec<SellerBody<'s>>,
    pub(crate) total: u64,
}

/// A seller.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SellerBody<'s> {
    pub(crate) name: String,
    pub(crate) seller_id: Id,
    pub(crate) first_name: &'s str,
    pub(crate) last_name: &'s str,
    pub(crate) email: &'s str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) phone: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pos_id: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pos_name: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pos_city: Option<&'s str>,
    pub(crate) active: bool,
    pub(crate) deleted: bool,
    pub(crate) allow_point_transfer: bool,
}

/// A registered seller.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RegisteredSeller<'s> {
    pub(crate) seller_id: Id,
    /// The password as it was sent.
    pub(crate) password: &'s str,
    /// In lower case.
    pub(crate) email: String,
}

/// A changed seller.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChangedSeller {
    pub(crate) seller_id: Id,
}
