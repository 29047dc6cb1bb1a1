//! The log: what was done to customers, and who looked at them.

use time::OffsetDateTime;

use crate::access::Actor;
use crate::customer::Attribute;
use crate::event::{EventKind, RecordedEvent};
use crate::id::{AuditId, CustomerId};
use crate::page::PageRequest;

/// What the log tells of (OL 4.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditKind {
    /// Somebody looked at a customer.
    Viewed,
    /// A customer came to be.
    Registered,
    /// Data of a customer changed.
    Updated,
    /// Nothing changed but what the customer agreed to.
    AgreementsUpdated,
    /// Nothing changed but the point of sale.
    PosAssigned,
    /// A customer was let in.
    Activated,
    /// A customer was shut out.
    Deactivated,
    /// A customer went to another level, by hand or by the rules.
    LevelMoved,
    /// A customer is no person any more.
    Anonymized,
    /// A customer was removed.
    Deleted,
}

impl AuditKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Viewed,
        Self::Registered,
        Self::Updated,
        Self::AgreementsUpdated,
        Self::PosAssigned,
        Self::Activated,
        Self::Deactivated,
        Self::LevelMoved,
        Self::Anonymized,
        Self::Deleted,
    ];

    /// What the log calls an event; `None` for one that it leaves out, because nobody did it to a customer's data.
    pub fn of(event: &EventKind) -> Option<Self> {
        match event {
            EventKind::CustomerCreated => Some(Self::Registered),
            EventKind::CustomerUpdated(changes) => {
                let agreements = [Attribute::Agreements, Attribute::AcceptsMarketing];
                if changes.iter().all(|changed| TOLD_OTHERWISE.contains(&changed)) {
                    None
                } else if changes.iter().all(|changed| changed == Attribute::PointOfSale) {
                    Some(Self::PosAssigned)
                } else if changes.iter().all(|changed| agreements.contains(&changed)) {
                    Some(Self::AgreementsUpdated)
                } else {
                    Some(Self::Updated)
                }
            }
            EventKind::CustomerActivated => Some(Self::Activated),
            EventKind::CustomerDeactivated => Some(Self::Deactivated),
            EventKind::LevelChanged { .. } => Some(Self::LevelMoved),
            EventKind::CustomerAnonymized => Some(Self::Anonymized),
            EventKind::CustomerDeleted => Some(Self::Deleted),
            _ => None,
        }
    }
}

/// What changes with events of its own, or with every sale: an update of nothing else tells the log nothing new.
const TOLD_OTHERWISE: [Attribute; 4] =
    [Attribute::Status, Attribute::Level, Attribute::LevelRecalculation, Attribute::Purchases];

/// A condition on entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditCriterion {
    /// What happened.
    Kind(AuditKind),
    /// To whom.
    Customer(CustomerId),
    /// Which entry.
    Entry(AuditId),
    /// From this moment on.
    From(OffsetDateTime),
    /// Up to this moment, itself included.
    To(OffsetDateTime),
    /// Who did it, by the name that the log shows; letter case does not count.
    Username(String),
    /// Done by nobody who logged in.
    Nobody,
}

/// How far back an answer looks: over so many changes and so many looks of the time that is asked for, the latest first.
/// Whoever wants older ones asks for an earlier time or for one customer.
pub const AUDIT_REACH: u64 = 100_000;

/// A part of the log, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditQuery {
    /// Which entries, joined by "and".
    pub criteria: Vec<AuditCriterion>,
    /// Which part of them.
    pub page: PageRequest,
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Names the entry.
    pub id: AuditId,
    /// What happened.
    pub kind: AuditKind,
    /// When.
    pub at: OffsetDateTime,
    /// To whom.
    pub customer: CustomerId,
    /// Who did it.
    pub actor: Actor,
    /// That one's login name as it is now; `None` for whoever did not log in or is forgotten.
    pub username: Option<String>,
    /// The change with the record after it; `None` for a look.
    pub change: Option<RecordedEvent>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_is_called_by_what_it_changed() {
        use Attribute::{AcceptsMarketing, Agreements, Email, PointOfSale};
        for (changed, kind) in [
            (&[PointOfSale][..], AuditKind::PosAssigned),
            (&[Agreements], AuditKind::AgreementsUpdated),
            (&[AcceptsMarketing], AuditKind::AgreementsUpdated),
            (&[Agreements, AcceptsMarketing], AuditKind::AgreementsUpdated),
            (&[Agreements, PointOfSale], AuditKind::Updated),
            (&[Email], AuditKind::Updated),
        ] {
            let changes = changed.iter().copied().collect();
            assert_eq!(AuditKind::of(&EventKind::CustomerUpdated(changes)), Some(kind));
        }
        let silent = [Attribute::Level, Attribute::Purchases].into_iter().collect();
        assert_eq!(AuditKind::of(&EventKind::CustomerUpdated(silent)), None);
        assert_eq!(AuditKind::of(&EventKind::NewsletterAnnounced), None);
    }
}
