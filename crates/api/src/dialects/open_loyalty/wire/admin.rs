//! Admins as the contract shows them (4.8).
#![expect(single_use_lifetimes, reason = "what `ToSchema` derives has them")]

use serde::Serialize;
use utoipa::ToSchema;

use super::id::Id;

/// One part of a list of admins.
#[derive(Serialize, ToSchema)]
pub(crate) struct AdminList<'a> {
    pub(crate) users: Vec<AdminBody<'a>>,
    pub(crate) total: u64,
}

/// An admin.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AdminBody<'a> {
    pub(crate) id: Id,
    pub(crate) username: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) first_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) phone: Option<&'a str>,
    pub(crate) email: &'a str,
    pub(crate) is_active: bool,
    /// When the account was made; the vendor spells it so.
    #[schema(example = "2019-03-01T10:00:00+0100")]
    pub(crate) create_at: String,
    pub(crate) external: bool,
    /// A program's key, for those who may change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) api_key: Option<String>,
    pub(crate) roles: [RoleBody; 1],
    #[schema(example = "admin")]
    pub(crate) dtype: &'static str,
}

/// What an admin may do.
#[derive(Serialize, ToSchema)]
pub(crate) struct RoleBody {
    /// 1, 2 or 3.
    pub(crate) id: u8,
    #[schema(example = "Super admin")]
    pub(crate) name: &'static str,
    #[schema(example = "ROLE_ADMIN")]
    pub(crate) role: &'static str,
    /// Whether it is everything, for ever.
    pub(crate) master: bool,
}

/// An admin who was made or changed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChangedAdmin {
    pub(crate) admin_id: Id,
}
