//! Points as the contract shows them (4.5 and 4.9). Absent fields are left out.
#![expect(single_use_lifetimes, reason = "what `ToSchema` derives has them")]

use serde::Serialize;
use serde_json::Number;
use utoipa::ToSchema;

use super::id::Id;

/// The answer to points that were added or spent.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BookedTransfer {
    pub(crate) points_transfer_id: Id,
}

/// One part of a list of transfers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TransferList<'t> {
    pub(crate) transfers: Vec<TransferBody<'t>>,
    pub(crate) total: u64,
}

/// Points that came to a customer or went from one. Of customers who were deleted only the id is told.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransferBody<'t> {
    pub(crate) points_transfer_id: Id,
    /// The customer's wallet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) account_id: Option<Id>,
    pub(crate) customer_id: Id,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) customer_first_name: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) customer_last_name: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) customer_loyalty_card_number: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) customer_email: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) customer_phone: Option<&'t str>,
    #[schema(example = "2026-03-02T09:15:00+0100")]
    pub(crate) created_at: String,
    /// When the points expire; of spent ones when they were.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2026-04-01T23:59:59+0200")]
    pub(crate) expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) locked_until: Option<String>,
    #[schema(value_type = f64)]
    pub(crate) value: Number,
    /// `active`, `pending` while the points are locked, `expired` or `canceled`.
    #[schema(example = "active")]
    pub(crate) state: &'static str,
    /// `adding` or `spending`; `p2p_adding` or `p2p_spending` between customers.
    #[serde(rename = "type")]
    #[schema(example = "adding")]
    pub(crate) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) comment: Option<&'t str>,
    /// `admin`, `seller`, `api` or `system`.
    #[schema(example = "admin")]
    pub(crate) issuer: &'static str,
    /// The customer who gave the points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sender_id: Option<Id>,
    /// The customer who got the points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) receiver_id: Option<Id>,
}

/// What was spent in a programme.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SpentPointsBody {
    pub(crate) total_spending_transfers: u64,
    #[schema(value_type = f64)]
    pub(crate) total_points_spent: Number,
}
