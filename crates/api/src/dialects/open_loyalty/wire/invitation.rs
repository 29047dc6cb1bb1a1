//! Invitations as the contract shows them (4.10).
#![expect(single_use_lifetimes, reason = "what `ToSchema` derives has them")]

use serde::Serialize;
use utoipa::ToSchema;

use super::id::Id;

/// One part of a list of invitations.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InvitationList<'i> {
    pub(crate) invitations: Vec<InvitationBody<'i>>,
    pub(crate) total: u64,
}

/// An invitation. What is forgotten or not known yet is left out.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InvitationBody<'i> {
    pub(crate) invitation_id: Id,
    /// The customer who invited.
    pub(crate) referrer_id: Id,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) referrer_email: Option<&'i str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) referrer_name: Option<&'i str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) recipient_email: Option<&'i str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) recipient_phone: Option<&'i str>,
    /// The customer who came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) recipient_id: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) recipient_name: Option<&'i str>,
    /// `invited`, `registered` or `made_purchase`.
    #[schema(example = "invited")]
    pub(crate) status: &'static str,
}
