//! How a customer goes from one status to another (OL 5.5), as a pure function.

use super::profile::Status;
use crate::event::EventKind;

/// Something that happens in a customer's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LifeStep {
    /// The customer may use the programme (OL E01, E06, E07).
    Activate,
    /// The customer is shut out (OL E02).
    Deactivate,
    /// What makes the customer a person is removed (OL E08).
    Anonymize,
}

impl LifeStep {
    /// What is told of it.
    pub fn event(self) -> EventKind {
        match self {
            Self::Activate => EventKind::CustomerActivated,
            Self::Deactivate => EventKind::CustomerDeactivated,
            Self::Anonymize => EventKind::CustomerAnonymized,
        }
    }
}

impl Status {
    /// The status after a step; the same one where the step repeats what is, and none where it cannot be taken: nobody
    /// comes back from being anonymized.
    pub fn after(self, step: LifeStep) -> Option<Self> {
        match (self, step) {
            (_, LifeStep::Anonymize) => Some(Self::Anonymized),
            (Self::Anonymized, LifeStep::Activate | LifeStep::Deactivate) => None,
            (Self::New | Self::Active | Self::Blocked, LifeStep::Activate) => Some(Self::Active),
            (Self::New | Self::Active | Self::Blocked, LifeStep::Deactivate) => Some(Self::Blocked),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_from_every_status_is_decided() {
        use LifeStep::{Activate, Anonymize, Deactivate};
        use Status::{Active, Anonymized, Blocked, New};
        for (status, step, expected) in [
            (New, Activate, Some(Active)),
            (Active, Activate, Some(Active)),
            (Blocked, Activate, Some(Active)),
            (Anonymized, Activate, None),
            (New, Deactivate, Some(Blocked)),
            (Active, Deactivate, Some(Blocked)),
            (Blocked, Deactivate, Some(Blocked)),
            (Anonymized, Deactivate, None),
            (New, Anonymize, Some(Anonymized)),
            (Active, Anonymize, Some(Anonymized)),
            (Blocked, Anonymize, Some(Anonymized)),
            (Anonymized, Anonymize, Some(Anonymized)),
        ] {
            assert_eq!(status.after(step), expected, "{status:?} {step:?}");
        }
    }
}
