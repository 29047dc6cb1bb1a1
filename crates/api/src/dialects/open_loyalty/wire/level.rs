//! Levels as the contract shows them (9.6).
#![expect(single_use_lifetimes, reason = "what `ToSchema` derives has them")]

use serde::Serialize;
use serde_json::Number;
use utoipa::ToSchema;

use super::id::Id;

/// One part of a list of levels.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LevelList<'l> {
    pub(crate) levels: Vec<FullLevel<'l>>,
    pub(crate) total: u64,
}

/// A level, whole.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FullLevel<'l> {
    /// The level's id under its older name.
    pub(crate) id: Id,
    pub(crate) level_id: Id,
    pub(crate) name: &'l str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<&'l str>,
    pub(crate) has_photo: bool,
    pub(crate) active: bool,
    #[schema(value_type = f64)]
    pub(crate) condition_value: Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    pub(crate) min_order: Option<Number>,
    pub(crate) reward: RewardBody<'l>,
    pub(crate) special_rewards: Vec<SpecialRewardBody<'l>>,
    pub(crate) customers_count: u64,
    pub(crate) translations: Vec<LevelTranslation<'l>>,
}

/// What customers on a level get.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RewardBody<'l> {
    pub(crate) name: &'l str,
    /// A share: five percent is 0.05.
    #[schema(value_type = f64, example = 0.05)]
    pub(crate) value: Number,
    pub(crate) code: &'l str,
}

/// A reward for a time.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SpecialRewardBody<'l> {
    pub(crate) name: &'l str,
    #[schema(value_type = f64, example = 0.22)]
    pub(crate) value: Number,
    pub(crate) code: &'l str,
    pub(crate) id: Id,
    pub(crate) active: bool,
    #[schema(example = "2019-03-01T10:00:00+0100")]
    pub(crate) created_at: String,
    pub(crate) start_at: String,
    pub(crate) end_at: String,
}

/// A level's words in one language.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LevelTranslation<'l> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<&'l str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<&'l str>,
    #[schema(example = 16)]
    pub(crate) id: u32,
    #[schema(example = "en")]
    pub(crate) locale: &'l str,
}

/// A level that was made or changed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChangedLevel {
    /// The level's id under its older name.
    pub(crate) id: Id,
    pub(crate) level_id: Id,
}

/// One part of a list of levels that a customer may reach.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReachableLevelList<'l> {
    pub(crate) levels: Vec<ReachableLevel<'l>>,
    pub(crate) total: u64,
}

/// A level as customers see it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReachableLevel<'l> {
    pub(crate) level_id: Id,
    pub(crate) name: &'l str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<&'l str>,
    #[schema(value_type = f64)]
    pub(crate) condition_value: Number,
    pub(crate) has_photo: bool,
}

/// One part of a list of those who are on a level.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LevelCustomerList<'c> {
    pub(crate) customers: Vec<LevelCustomer<'c>>,
    pub(crate) total: u64,
}

/// Somebody who is on a level.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LevelCustomer<'c> {
    pub(crate) customer_id: Id,
    pub(crate) first_name: &'c str,
    pub(crate) last_name: &'c str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<&'c str>,
}

/// A switch without its position.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ActiveMissing {
    #[schema(example = "this field is required")]
    active: &'static str,
}

/// A refusal in one sentence.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErrorSentence {
    #[schema(example = "Customers are on this level")]
    error: &'static str,
}
