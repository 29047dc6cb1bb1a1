//! Figures of a programme as the contract shows them (4.9).

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

/// How many customers there are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CustomerFigures {
    pub(crate) total: u64,
    /// How many of them came in the last days, for each number of days that was asked for: `in_7_days`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) intervals: Option<BTreeMap<String, u64>>,
}

/// How many were invited.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReferralFigures {
    pub(crate) total: u64,
    /// Those who bought something.
    pub(crate) total_completed: u64,
    /// Those who registered and bought nothing yet.
    pub(crate) total_registered: u64,
}
