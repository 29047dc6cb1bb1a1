//! How a customer stands in the programme (contract 5.6). Fields stand in the vendor's order; absent ones are left out.
#![expect(single_use_lifetimes, reason = "what `ToSchema` derives has them")]

use serde::{Serialize, Serializer};
use serde_json::Number;
use utoipa::ToSchema;

use super::id::Id;

/// How a customer stands in the programme.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProgrammeStatusBody<'c> {
    pub(crate) first_name: &'c str,
    pub(crate) last_name: &'c str,
    pub(crate) customer_id: Id,
    /// Points that can be spent.
    #[schema(value_type = f64)]
    pub(crate) points: Number,
    /// The part of them that other customers gave.
    #[schema(value_type = f64)]
    pub(crate) p2p_points: Number,
    #[schema(value_type = f64)]
    pub(crate) total_earned_points: Number,
    #[schema(value_type = f64)]
    pub(crate) used_points: Number,
    #[schema(value_type = f64)]
    pub(crate) expired_points: Number,
    #[schema(value_type = f64)]
    pub(crate) locked_points: Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "5.00%")]
    pub(crate) level: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) level_name: Option<&'c str>,
    #[schema(value_type = f64)]
    pub(crate) level_condition_value: Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next_level: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next_level_name: Option<&'c str>,
    #[schema(value_type = f64)]
    pub(crate) next_level_condition_value: Number,
    /// Only where levels follow from money and delivery costs do not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    pub(crate) transactions_amount_to_next_level_without_delivery_costs: Option<Number>,
    #[schema(value_type = f64)]
    pub(crate) transactions_amount_without_delivery_costs: Number,
    /// Only where levels follow from money and delivery costs count.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    pub(crate) transactions_amount_to_next_level: Option<Number>,
    #[schema(example = "15.75")]
    pub(crate) average_transactions_amount: String,
    pub(crate) transactions_count: u64,
    #[schema(value_type = f64)]
    pub(crate) transactions_amount: Number,
    /// Only where levels follow from points.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    pub(crate) points_to_next_level: Option<Number>,
    #[schema(example = "eur")]
    pub(crate) currency: String,
    /// Only where levels are looked at again after some days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) level_will_expire_in_days: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    pub(crate) points_since_last_level_recalculation: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    pub(crate) points_required_to_retain_level: Option<Number>,
    #[schema(value_type = f64)]
    pub(crate) points_expiring_next_month: Number,
    #[serde(serialize_with = "by_day")]
    #[schema(value_type = HashMap<String, f64>)]
    pub(crate) points_expiring_breakdown: Vec<(String, Number)>,
}

/// Days ascend.
fn by_day<S: Serializer>(days: &[(String, Number)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(days.iter().map(|(day, points)| (day, points)))
}
