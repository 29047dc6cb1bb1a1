//! What is delivered, where to, and what came of it.

use std::collections::BTreeMap;

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::port::Failure;
use crate::event::{Event, RecordedEvent};
use crate::id::{
    ApplicationId, CustomerId, DeliveryId, EventId, LevelId, MerchantId, SubscriptionNumber,
    TransactionId,
};
use crate::secret::Sealed;
use crate::subscription::{DeliveryAddress, Format, Headers, Topic};
use crate::transaction::RecordedTransaction;

/// Who is told: it has a queue, a signing secret and a health of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint {
    /// Of which merchant.
    pub merchant: MerchantId,
    /// By whose wish.
    pub source: Source,
}

/// By whose wish an endpoint is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// The merchant's, by the settings of its programme (OL 8).
    Settings,
    /// A program's, by a subscription (KO 3).
    Subscription(SubscriptionNumber),
}

/// What an event is about; its events are in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A customer.
    Customer(CustomerId),
    /// A transaction.
    Transaction(TransactionId),
    /// An endpoint. Each warning stands for itself, under the id of its event.
    Endpoint(EventId),
}

impl Subject {
    /// The id of the customer, of the transaction or of the warning.
    pub fn id(self) -> Uuid {
        match self {
            Self::Customer(id) => id.into(),
            Self::Transaction(id) => id.into(),
            Self::Endpoint(id) => id.into(),
        }
    }
}

/// The place of an event among those of its subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The version that the change made.
    pub version: u64,
    /// Which of the change's events, from 1.
    pub ordinal: u16,
}

/// What one endpoint is told about one subject, one delivery after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lane {
    /// Who is told.
    pub endpoint: Endpoint,
    /// About whom.
    pub subject: Subject,
}

/// Names a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryKey {
    /// Its lane.
    pub lane: Lane,
    /// Its place there.
    pub place: Place,
}

/// An event with the record it speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Of a customer.
    Customer(Box<RecordedEvent>),
    /// Of a transaction.
    Transaction(Box<RecordedTransaction>),
    /// Of an endpoint.
    Endpoint(Box<Warning>),
}

/// A word to the operator about an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What is wrong.
    pub event: Event,
    /// With which endpoint.
    pub endpoint: Endpoint,
}

impl Fact {
    /// The event.
    pub fn event(&self) -> &Event {
        match self {
            Self::Customer(recorded) => &recorded.event,
            Self::Transaction(recorded) => &recorded.event,
            Self::Endpoint(warning) => &warning.event,
        }
    }

    /// What it is about.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Customer(recorded) => Subject::Customer(recorded.record.id),
            Self::Transaction(recorded) => Subject::Transaction(recorded.record.id),
            Self::Endpoint(warning) => Subject::Endpoint(warning.event.id),
        }
    }

    /// Whose it is.
    pub fn merchant(&self) -> MerchantId {
        match self {
            Self::Customer(recorded) => recorded.record.merchant,
            Self::Transaction(recorded) => recorded.record.merchant,
            Self::Endpoint(warning) => warning.endpoint.merchant,
        }
    }
}

/// What is known of an endpoint at the moment of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A program's subscription.
    Subscription {
        /// Whose.
        application: ApplicationId,
        /// Its number.
        number: SubscriptionNumber,
        /// Of what it is told.
        topic: Topic,
        /// How.
        format: Format,
        /// Where.
        address: DeliveryAddress,
        /// What is added to the head.
        headers: Headers,
        /// What signs for the program (KO 3.5), sealed; `None` if it has none.
        signature_token: Option<Sealed>,
    },
    /// The merchant's own address.
    Settings {
        /// Where.
        address: DeliveryAddress,
        /// What is added to the head: name and value.
        header: Option<(String, String)>,
        /// The names of the merchant's levels.
        levels: BTreeMap<LevelId, String>,
    },
}

impl Target {
    /// Where.
    pub fn address(&self) -> &DeliveryAddress {
        match self {
            Self::Subscription { address, .. } | Self::Settings { address, .. } => address,
        }
    }
}

/// One try to deliver, as it is kept for the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Which one of its delivery, from 1.
    pub number: u32,
    /// When it began.
    pub at: OffsetDateTime,
    /// How long it took.
    pub took: Duration,
    /// What came of it.
    pub outcome: Outcome,
}

impl Attempt {
    /// Takes away what the other side said, because it may repeat what it was told of a person.
    pub fn forget_answer(&mut self) {
        if let Outcome::Answered { body, .. } = &mut self.outcome {
            body.clear();
        }
    }
}

/// A sample that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// Its id.
    pub id: DeliveryId,
    /// How long it took.
    pub took: Duration,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was sent, because nothing could be written.
    Unwritten(Unwritten),
    /// The other side said something.
    Answered {
        /// The status.
        status: u16,
        /// The beginning of the body, cut at [`Outcome::SHOWN`] bytes, as text.
        body: String,
    },
    /// It did not.
    Failed(Failure),
}

impl Outcome {
    /// How much of an answer's body is kept, in bytes.
    pub const SHOWN: usize = 1024;
}

/// Why nothing could be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unwritten {
    /// This kind of endpoint is not told of this kind of fact.
    Untellable,
    /// A sealed secret or header cannot be read.
    Unreadable,
}

impl Unwritten {
    /// The reason's name in storage and on the wire; no [`Failure`] has the same.
    pub fn name(self) -> &'static str {
        match self {
            Self::Untellable => "untellable",
            Self::Unreadable => "unreadable",
        }
    }
}

/// What becomes of a delivery after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It arrived: some 2xx.
    Delivered,
    /// It is tried again.
    Retry {
        /// When.
        at: OffsetDateTime,
    },
    /// It has been tried for days: it waits for the operator for [`super::PARKED_FOR`], and the lane goes on.
    Parked,
    /// The other side wants no more of it (410), or it cannot be told at all: the lane goes on.
    Dropped,
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// It waits for its turn, for an attempt or for another one.
    Pending,
    /// It arrived.
    Delivered,
    /// It waits for the operator.
    Parked,
    /// The other side did not want it, or it could not be told.
    Dropped,
}

impl DeliveryState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Delivered, Self::Parked, Self::Dropped];

    /// The state's name in storage and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Parked => "parked",
            Self::Dropped => "dropped",
        }
    }

    /// The state with a name, letter for letter.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

impl From<Next> for DeliveryState {
    fn from(next: Next) -> Self {
        match next {
            Next::Delivered => Self::Delivered,
            Next::Retry { .. } => Self::Pending,
            Next::Parked => Self::Parked,
            Next::Dropped => Self::Dropped,
        }
    }
}
