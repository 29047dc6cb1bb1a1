//! Invitations: how customers bring in new ones (OL 4.10).

mod model;
mod port;
mod service;
#[cfg(test)]
mod tests;

pub use model::{
    Invitation, InvitationClaim, InvitationCriterion, InvitationQuery, InvitationStatus,
    InvitationTotals, ListedInvitation, Recipient,
};
pub use port::InvitationRepository;
pub(crate) use service::redeem;
pub use service::{InvitationError, Invitations};
