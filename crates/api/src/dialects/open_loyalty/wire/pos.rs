//! Points of sale as the contract shows them (9.7).
#![expect(single_use_lifetimes, reason = "what `ToSchema` derives has them")]

use serde::Serialize;
use serde_json::Number;
use utoipa::ToSchema;

use super::id::Id;

/// One part of a list of points of sale.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PosList<'p> {
    pub(crate) pos: Vec<PosBody<'p>>,
    pub(crate) total: u64,
}

/// A point of sale.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PosBody<'p> {
    pub(crate) pos_id: Id,
    pub(crate) name: &'p str,
    pub(crate) identifier: &'p str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<&'p str>,
    pub(crate) location: LocationBody<'p>,
    /// What the transactions that carry it come to, returns taken away.
    #[schema(value_type = f64)]
    pub(crate) transactions_amount: Number,
    pub(crate) transactions_count: u64,
    #[schema(example = "eur")]
    pub(crate) currency: String,
}

/// Where a point of sale is; parts without content are left out.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LocationBody<'p> {
    #[serde(skip_serializing_if = "str::is_empty")]
    #[schema(required = false)]
    pub(crate) street: &'p str,
    #[serde(skip_serializing_if = "str::is_empty")]
    #[schema(required = false)]
    pub(crate) address1: &'p str,
    #[serde(skip_serializing_if = "str::is_empty")]
    #[schema(required = false)]
    pub(crate) address2: &'p str,
    #[serde(skip_serializing_if = "str::is_empty")]
    #[schema(required = false)]
    pub(crate) province: &'p str,
    #[serde(skip_serializing_if = "str::is_empty")]
    #[schema(required = false)]
    pub(crate) city: &'p str,
    #[serde(skip_serializing_if = "str::is_empty")]
    #[schema(required = false)]
    pub(crate) postal: &'p str,
    #[serde(skip_serializing_if = "str::is_empty")]
    #[schema(required = false)]
    pub(crate) country: &'p str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) geo_point: Option<GeoPoint<'p>>,
}

/// A place on the globe, as it was written.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GeoPoint<'p> {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "52.1")]
    pub(crate) lat: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "21.0")]
    pub(crate) long: Option<&'p str>,
}

/// A point of sale that was made or changed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChangedPos {
    pub(crate) pos_id: Id,
}
