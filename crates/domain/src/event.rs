//! Events: what a change leaves behind, stored with the change or not at all (`domain.md` §6).

use time::OffsetDateTime;

use crate::access::Actor;
use crate::customer::{Changes, Customer};
use crate::id::{EventId, LevelId, TransactionId};
use crate::money::Amount;

/// One fact about one customer, one transaction or one endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Names the event for good: retries and replays carry the same id.
    pub id: EventId,
    /// What happened.
    pub kind: EventKind,
    /// Who did it.
    pub actor: Actor,
    /// When.
    pub at: OffsetDateTime,
}

/// What happened to a customer, to a transaction or to an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// The customer came to be.
    CustomerCreated,
    /// At least one attribute changed its value.
    CustomerUpdated(Changes),
    /// The customer was deleted, softly or for good.
    CustomerDeleted,
    /// The customer may use the programme from now on.
    CustomerActivated,
    /// The customer was shut out.
    CustomerDeactivated,
    /// The customer is no person any more (OL E08).
    CustomerAnonymized,
    /// The customer agreed to marketing for the first time; told once for ever (OL 5.9).
    NewsletterAnnounced,
    /// The level assigned by hand was taken back (OL E23); where the customer moves then is told by a move of its own.
    ManualLevelRemoved,
    /// The points that can be spent became more or fewer.
    PointsChanged {
        /// How many there are now.
        amount: Amount,
        /// How many more; below zero, if fewer.
        change: Amount,
        /// Why.
        cause: PointsCause,
    },
    /// Points will expire soon; told once for each moment at which some do.
    PointsExpiring {
        /// How many.
        amount: Amount,
        /// The last moment at which they can be spent.
        at: OffsetDateTime,
    },
    /// The level will be looked at again soon, and as things stand the customer will fall; told once before each look.
    LevelExpiring {
        /// The level now.
        level: LevelId,
        /// The level then.
        future: LevelId,
        /// When the level is looked at again.
        at: OffsetDateTime,
    },
    /// Nothing has reached an endpoint for a day or longer; told once a day, to the operator alone.
    EndpointFailing {
        /// Since when.
        since: OffsetDateTime,
    },
    /// A transaction was registered, with a customer or without: the only event that is a transaction's own.
    TransactionRegistered,
    /// A transaction became the customer's.
    TransactionAssigned {
        /// The transaction.
        transaction: TransactionId,
    },
    /// The customer moved between levels.
    LevelChanged {
        /// The level before.
        from: Option<LevelId>,
        /// The level after.
        to: Option<LevelId>,
        /// How the move came about.
        cause: LevelCause,
        /// Which way the rules moved a customer because of what it earned or lost; none for a move by hand, for a start
        /// and for the move after a level was taken back, which count as no automatic ones (OL 5.2).
        direction: Option<LevelDirection>,
    },
    /// The same once more of a move because of what the customer earned or lost: the vendor tells of those twice
    /// (OL 5.2, 8), and who waits for one kind only must not miss them.
    LevelMoved {
        /// The level after.
        to: Option<LevelId>,
        /// Which way.
        direction: LevelDirection,
    },
}

impl EventKind {
    /// The kind's name in stored events.
    pub fn name(&self) -> &'static str {
        match self {
            Self::CustomerCreated => "customer_created",
            Self::CustomerUpdated(_) => "customer_updated",
            Self::CustomerDeleted => "customer_deleted",
            Self::CustomerActivated => "customer_activated",
            Self::CustomerDeactivated => "customer_deactivated",
            Self::CustomerAnonymized => "customer_anonymized",
            Self::NewsletterAnnounced => "newsletter_announced",
            Self::ManualLevelRemoved => "manual_level_removed",
            Self::PointsChanged { .. } => "points_changed",
            Self::PointsExpiring { .. } => "points_expiring",
            Self::LevelExpiring { .. } => "level_expiring",
            Self::EndpointFailing { .. } => "endpoint_failing",
            Self::TransactionRegistered => "transaction_registered",
            Self::TransactionAssigned { .. } => "transaction_assigned",
            Self::LevelChanged { .. } => "level_changed",
            Self::LevelMoved { .. } => "level_moved",
        }
    }

    /// The attributes that changed, for an update.
    pub fn changes(&self) -> Changes {
        match self {
            Self::CustomerUpdated(changes) => *changes,
            _ => Changes::default(),
        }
    }
}

/// Why points that can be spent became more or fewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointsCause {
    /// They were added.
    Added,
    /// They were spent.
    Spent,
    /// A transfer that added them was taken back.
    Canceled,
    /// They were locked until now.
    Unlocked,
    /// Their time is over.
    Expired,
    /// They were lost with a look at the level (OL 5.3).
    Reset,
}

impl PointsCause {
    /// Every cause.
    pub const ALL: [Self; 6] =
        [Self::Added, Self::Spent, Self::Canceled, Self::Unlocked, Self::Expired, Self::Reset];

    /// The cause's name in stored events.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Spent => "spent",
            Self::Canceled => "canceled",
            Self::Unlocked => "unlocked",
            Self::Expired => "expired",
            Self::Reset => "reset",
        }
    }
}

/// How a move between levels came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelCause {
    /// Somebody assigned the level.
    Manual,
    /// The rules chose it.
    Automatic,
}

impl LevelCause {
    /// The cause's name in stored events.
    pub fn name(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Automatic => "automatic",
        }
    }
}

/// Which way a customer moved: up to a level with a higher reward, or from none; else down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelDirection {
    /// To a better level.
    Up,
    /// To one that is no better.
    Down,
}

impl LevelDirection {
    /// The direction's name in stored events.
    pub fn name(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

/// A stored event with the record it speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedEvent {
    /// The event.
    pub event: Event,
    /// The record after the change. A soft deletion leaves everything the customer had in it, marked as deleted. Which
    /// identifiers the customer held is not part of it. Of customers who were anonymized or erased only what is not
    /// personal is left, in all of their events ([`Customer::stripped`]).
    pub record: Customer,
}
