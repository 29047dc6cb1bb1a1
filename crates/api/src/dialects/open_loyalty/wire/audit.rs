//! The audit log as the contract shows it (4.9).
#![expect(single_use_lifetimes, reason = "what `ToSchema` derives has them")]

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::id::Id;

/// One part of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditLogs<'l> {
    pub(crate) logs: Vec<AuditLogBody<'l>>,
    pub(crate) total: u64,
}

/// An entry of the audit log.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditLogBody<'l> {
    pub(crate) audit_log_id: AuditLogId,
    #[schema(example = "2019-03-01T10:20:30+0100")]
    pub(crate) created_at: String,
    #[schema(example = "ViewCustomer")]
    pub(crate) event_type: &'static str,
    #[schema(example = "customer")]
    pub(crate) entity_type: &'static str,
    pub(crate) entity_id: Id,
    pub(crate) username: &'l str,
    /// What was sent: the customer's data, or a list with one id; nothing of who was forgotten.
    #[schema(value_type = Value)]
    pub(crate) data: Value,
}

/// The id of an entry.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditLogId {
    pub(crate) audit_log_id: Id,
}
