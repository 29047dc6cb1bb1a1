//! What there is to say of an event. Figures are decimal texts.

use serde::Serialize;
use utoipa::ToSchema;

/// What there is to say of an event, by its kind.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum EventData {
    /// Of an update: which attributes changed.
    Update(UpdateData),
    /// Of points that became more or fewer.
    Points(PointsData),
    /// Of points that will expire.
    ExpiringPoints(ExpiringPointsData),
    /// Of a level that will be lost.
    ExpiringLevel(ExpiringLevelData),
    /// Of a move between levels.
    Move(MoveData),
    /// Of a move by the rules, told once more.
    Direction(DirectionData),
    /// Of an endpoint that nothing reaches.
    Failing(FailingData),
    /// Of a transaction that became a customer's.
    Assignment(AssignmentData),
    /// Of everything else: nothing.
    Nothing(NothingData),
}

/// Of an update: which attributes changed.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateData {
    /// Their names.
    pub(crate) changes: Vec<&'static str>,
}

/// Of points that became more or fewer.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PointsData {
    /// How many there are now.
    pub(crate) amount: String,
    /// How many more; below zero, if fewer.
    pub(crate) change: String,
    /// Why.
    pub(crate) cause: &'static str,
}

/// Of points that will expire.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExpiringPointsData {
    /// How many.
    pub(crate) amount: String,
    /// When.
    pub(crate) at: String,
}

/// Of a level that will be lost.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExpiringLevelData {
    /// The level now.
    pub(crate) level: String,
    /// The level then.
    pub(crate) future: String,
    /// When.
    pub(crate) at: String,
}

/// Of a move between levels.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MoveData {
    /// The level before.
    pub(crate) from: Option<String>,
    /// The level after.
    pub(crate) to: Option<String>,
    /// `manual` or `automatic`.
    pub(crate) cause: &'static str,
    /// `up` or `down`, of moves by the rules.
    pub(crate) direction: Option<&'static str>,
}

/// Of a move by the rules, told once more.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DirectionData {
    /// The level after.
    pub(crate) to: Option<String>,
    /// `up` or `down`.
    pub(crate) direction: &'static str,
}

/// Of an endpoint that nothing reaches.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FailingData {
    /// Since when.
    pub(crate) since: String,
}

/// Of a transaction that became a customer's.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssignmentData {
    /// The transaction.
    pub(crate) transaction: String,
}

/// Of everything else: nothing.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NothingData {}
