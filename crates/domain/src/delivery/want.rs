//! Which events an endpoint is told of.

use crate::customer::Attribute;
use crate::event::EventKind;
use crate::subscription::{Filter, Topic};

/// What an endpoint wants to be told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wants {
    /// What a subscription says (KO 3.3, 3.4).
    Topic(Topic, Filter),
    /// All that the merchant-wide webhook knows (OL 8).
    Programme,
}

impl Wants {
    /// Whether an event is among it.
    pub fn includes(&self, kind: &EventKind) -> bool {
        match self {
            Self::Topic(topic, filter) => is_of_topic(*topic, filter, kind),
            Self::Programme => is_of_programme(kind),
        }
    }
}

fn is_of_topic(topic: Topic, filter: &Filter, kind: &EventKind) -> bool {
    match (topic, kind) {
        (Topic::CustomersUpdated, EventKind::CustomerUpdated(changes)) => {
            // A program's own name for a customer is nobody else's business (KO 3.3).
            let visible = changes.iter().any(|change| change != Attribute::ApplicationReference);
            visible && filter.lets_pass(*changes)
        }
        // When a person's names, numbers and addresses go, whatever is watched has changed.
        (Topic::CustomersCreated, EventKind::CustomerCreated)
        | (Topic::CustomersUpdated, EventKind::CustomerAnonymized)
        | (Topic::CustomersDeleted, EventKind::CustomerDeleted) => true,
        _ => false,
    }
}

/// There is no webhook of activations and removals (OL 8); who is made nobody has changed (OL E08).
fn is_of_programme(kind: &EventKind) -> bool {
    match kind {
        EventKind::CustomerCreated
        | EventKind::CustomerUpdated(_)
        | EventKind::CustomerAnonymized
        | EventKind::CustomerDeactivated
        | EventKind::LevelChanged { .. }
        | EventKind::LevelMoved { .. }
        | EventKind::PointsChanged { .. }
        | EventKind::PointsExpiring { .. }
        | EventKind::LevelExpiring { .. }
        | EventKind::TransactionRegistered
        | EventKind::TransactionAssigned { .. } => true,
        EventKind::CustomerDeleted
        | EventKind::CustomerActivated
        | EventKind::NewsletterAnnounced
        | EventKind::ManualLevelRemoved
        | EventKind::EndpointFailing { .. } => false,
    }
}
