//! The bodies of the surface. Times are RFC 3339 in universal time, ids UUIDs in lower case.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What went wrong (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the status says what kind it is, and `code` says it exactly.
    #[serde(rename = "type")]
    #[schema(example = "about:blank")]
    pub kind: &'static str,
    /// The status in words.
    pub title: &'static str,
    /// The status.
    pub status: u16,
    /// What exactly went wrong, for programs.
    #[schema(example = "no-such-endpoint")]
    pub code: &'static str,
    /// The same for people.
    pub detail: String,
}

/// What is running.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceBody {
    /// The version of the program.
    pub version: &'static str,
    /// The contracts that are served.
    pub dialects: Vec<&'static str>,
}

/// Everybody who is told.
#[derive(Debug, Serialize, ToSchema)]
pub struct EndpointList {
    /// In the order of merchants and names.
    pub endpoints: Vec<EndpointBody>,
}

/// Somebody who is told, and how that goes.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EndpointBody {
    /// Of which merchant.
    pub merchant: String,
    /// `settings`, or the number of a subscription.
    pub endpoint: String,
    /// `working`, `failing` or `paused`.
    #[schema(example = "working")]
    pub state: &'static str,
    /// Since when nothing is sent, by the operator's wish.
    pub paused_at: Option<String>,
    /// Since when nothing has arrived.
    pub failing_since: Option<String>,
    /// How many deliveries wait, counted up to 10,000.
    pub pending: u64,
    /// How many were tried to the end and never arrived, counted up to 10,000.
    pub parked: u64,
    /// Since when the one that has waited longest waits.
    pub oldest_pending_at: Option<String>,
    /// When something was last tried.
    pub last_attempt_at: Option<String>,
    /// When something last arrived.
    pub last_success_at: Option<String>,
}

/// A new secret: it can be read this once.
#[derive(Serialize, ToSchema)]
pub struct SecretBody {
    /// `whsec_` and the base64 of the secret, as libraries of Standard Webhooks take it.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    pub secret: String,
    /// Until when the one before signs as well.
    pub previous_until: String,
}

/// A part of an endpoint's deliveries, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryList {
    /// The deliveries.
    pub deliveries: Vec<DeliveryBody>,
    /// What `before` must be for the next part; null when this was the last.
    pub next: Option<String>,
}

/// A delivery.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DeliveryBody {
    /// Its id: `webhook-id` of every attempt.
    pub id: String,
    /// What happened, by the name of the kind of event.
    #[schema(example = "customer_updated")]
    pub event: &'static str,
    /// To whom.
    pub subject: SubjectBody,
    /// Which version of its record the event made.
    pub version: u64,
    /// Which of the events of that change, from 1.
    pub ordinal: u16,
    /// `pending`, `delivered`, `parked` or `dropped`.
    #[schema(example = "delivered")]
    pub state: &'static str,
    /// How often it was tried since it was last begun.
    pub attempts: u32,
    /// When it came to be.
    pub created_at: String,
    /// When it was settled; null while it is pending.
    pub settled_at: Option<String>,
}

/// A delivery with everything that was tried.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryDetails {
    /// The delivery.
    #[serde(flatten)]
    pub delivery: DeliveryBody,
    /// What was tried, in the order of time.
    pub tried: Vec<AttemptBody>,
}

/// Whom or what an event is about.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SubjectBody {
    /// `customer` or `transaction`.
    #[serde(rename = "type")]
    #[schema(example = "customer")]
    pub kind: &'static str,
    /// Its id.
    pub id: String,
}

/// One try to deliver.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AttemptBody {
    /// Which one, from 1.
    pub number: u32,
    /// When it began.
    pub at: String,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: OutcomeBody,
}

/// What came of a try: a status with the beginning of the answer, or a failure.
#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct OutcomeBody {
    /// The status of the answer; null without one.
    pub status: Option<u16>,
    /// The beginning of the answer's body, as text; null without an answer.
    pub body: Option<String>,
    /// Why there was no answer: `forbidden`, `unresolved`, `unreachable`, `insecure`, `timed_out`, `broken`; null with one.
    #[schema(example = "timed_out")]
    pub failure: Option<&'static str>,
}

/// What came of a sample.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TrialBody {
    /// The sample's id (`webhook-id`).
    pub id: String,
    /// Whether the endpoint took it: some 2xx.
    pub delivered: bool,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: OutcomeBody,
}

/// Since when everything is to be sent again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayRequest {
    /// A moment, RFC 3339.
    #[schema(example = "2026-03-02T08:15:00Z")]
    pub since: String,
}

/// What a replay began.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReplayBody {
    /// How many deliveries.
    pub begun: u64,
}

/// A part of the feed of all events.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventList {
    /// The wanted events, in the order of the feed.
    pub events: Vec<EventBody>,
    /// What `after` must be to go on, whether or not there were any events.
    pub next: String,
    /// Whether it pays to go on at once.
    pub has_more: bool,
}

/// An event. It tells what happened and nothing about the person: for that the customer is read.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EventBody {
    /// Names the event for good.
    pub id: String,
    /// What happened.
    #[serde(rename = "type")]
    #[schema(example = "points_changed")]
    pub kind: &'static str,
    /// When.
    pub at: String,
    /// Whose event.
    pub merchant: String,
    /// Whom or what it is about.
    pub subject: SubjectBody,
    /// Which version of its record the change made.
    pub version: u64,
    /// Which of the events of that change, from 1.
    pub ordinal: u16,
    /// Who did it.
    pub actor: ActorBody,
    /// What else there is to say, by the kind of event.
    pub data: EventData,
}

/// Who did something.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ActorBody {
    /// `admin`, `seller`, `customer`, `operator`, `application` or `system`.
    #[serde(rename = "type")]
    #[schema(example = "admin")]
    pub kind: &'static str,
    /// The id; null for the system.
    pub id: Option<String>,
}

/// What there is to say of an event. Figures are decimal texts.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum EventData {
    /// Of an update: which attributes changed.
    Update {
        /// Their names.
        changes: Vec<&'static str>,
    },
    /// Of points that became more or fewer.
    Points {
        /// How many there are now.
        amount: String,
        /// How many more; below zero, if fewer.
        change: String,
        /// Why.
        cause: &'static str,
    },
    /// Of points that will expire.
    ExpiringPoints {
        /// How many.
        amount: String,
        /// When.
        at: String,
    },
    /// Of a level that will be lost.
    ExpiringLevel {
        /// The level now.
        level: String,
        /// The level then.
        future: String,
        /// When.
        at: String,
    },
    /// Of a move between levels.
    Move {
        /// The level before.
        from: Option<String>,
        /// The level after.
        to: Option<String>,
        /// `manual` or `automatic`.
        cause: &'static str,
        /// `up` or `down`, of moves by the rules.
        direction: Option<&'static str>,
    },
    /// Of a transaction that became a customer's.
    Assignment {
        /// The transaction.
        transaction: String,
    },
    /// Of everything else: nothing.
    Nothing {},
}
