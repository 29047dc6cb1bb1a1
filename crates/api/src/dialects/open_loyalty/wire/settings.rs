//! The settings of a programme and what a client may choose from (contract 4.7 and 10.1).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// The settings.
#[derive(Serialize, ToSchema)]
pub(crate) struct SettingsAnswer {
    pub(crate) settings: SettingsBody,
}

/// Every setting.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "the contract's switches")]
pub(crate) struct SettingsBody {
    #[schema(example = "eur")]
    pub(crate) currency: String,
    /// Code of the first language.
    #[schema(example = "en")]
    pub(crate) default_frontend_translations: String,
    pub(crate) customer_statuses_earning: Vec<&'static str>,
    /// `email` or `sms`.
    pub(crate) account_activation_method: &'static str,
    /// The same once more, as later versions call it.
    pub(crate) preferred_communication_method: &'static str,
    pub(crate) account_activation_required: bool,
    pub(crate) customer_statuses_spending: Vec<&'static str>,
    #[schema(example = "Europe/Warsaw")]
    pub(crate) timezone: String,
    pub(crate) program_name: String,
    pub(crate) allow_customers_profile_edits: bool,
    pub(crate) all_time_not_locked: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) points_days_locked: Option<u32>,
    /// `after_x_days`, `at_month_end`, `at_year_end` or `all_time_active`.
    pub(crate) points_days_expiry_after: &'static str,
    pub(crate) points_days_active_count: u32,
    pub(crate) expire_points_notification_days: u32,
    pub(crate) expire_levels_notification_days: u32,
    pub(crate) expire_coupons_notification_days: u32,
    pub(crate) returns: bool,
    pub(crate) customers_identification_priority: Vec<IdentificationBody>,
    /// `transactions` or `points`.
    pub(crate) tier_assign_type: &'static str,
    /// `none`, `automatic` or `after_x_days`.
    pub(crate) level_downgrade_mode: &'static str,
    pub(crate) level_downgrade_days: u32,
    /// `none`, `active_points`, `earned_points` or `earned_points_since_last_level_change`.
    pub(crate) level_downgrade_base: &'static str,
    pub(crate) level_reset_points_on_downgrade: bool,
    pub(crate) exclude_delivery_costs_from_tier_assignment: bool,
    #[serde(rename = "excludedDeliverySKUs")]
    pub(crate) excluded_delivery_skus: Vec<String>,
    #[serde(rename = "excludedLevelSKUs")]
    pub(crate) excluded_level_skus: Vec<String>,
    pub(crate) excluded_level_categories: Vec<String>,
    pub(crate) webhooks: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) uri_webhooks: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) webhook_header_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) webhook_header_value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pushy_secret_key: Option<String>,
}

/// How much an identifier counts when a purchase looks for its customer: the highest number first.
#[derive(Serialize, ToSchema)]
pub(crate) struct IdentificationBody {
    pub(crate) priority: usize,
    /// `phone`, `loyaltyCardNumber` or `email`.
    pub(crate) field: &'static str,
}

/// Where messages go first.
#[derive(Serialize, ToSchema)]
pub(crate) struct ActivationMethodBody {
    pub(crate) method: &'static str,
}

/// What everybody who is logged in may know.
#[derive(Serialize, ToSchema)]
pub(crate) struct PublicSettingsAnswer {
    pub(crate) settings: PublicSettingsBody,
}

/// The settings that shape a customer's own profile page.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PublicSettingsBody {
    pub(crate) allow_customers_profile_edits: bool,
}

/// The statuses that a customer can have.
#[derive(Serialize, ToSchema)]
pub(crate) struct StatusesBody {
    pub(crate) statuses: Vec<&'static str>,
    pub(crate) total: usize,
}

/// What a client offers to choose from: labels and values. Gateways have fields instead.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ChoicesBody {
    #[schema(value_type = HashMap<String, Object>)]
    Choices(Map<String, Value>),
    #[schema(value_type = HashMap<String, String>)]
    Fields(Map<String, Value>),
}

/// The part of a path that names what is to be chosen.
#[derive(Deserialize)]
pub(crate) struct ChoicesPath {
    #[serde(rename = "type")]
    pub(crate) kind: String,
}

/// How a cockpit is coloured.
#[derive(Serialize, ToSchema)]
pub(crate) struct StyleBody {
    pub(crate) accent_color: &'static str,
    pub(crate) template_css: &'static str,
}
