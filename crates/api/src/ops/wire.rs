//! The bodies of the surface. Times are RFC 3339 in universal time, ids UUIDs in lower case.

pub(crate) mod data;
pub(crate) mod records;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::data::EventData;
use self::records::RecordBody;

/// What went wrong (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Always `about:blank`: the status says what kind it is, and `code` says it exactly.
    #[serde(rename = "type")]
    #[schema(example = "about:blank")]
    pub(crate) kind: &'static str,
    /// The status in words.
    pub(crate) title: &'static str,
    /// The status.
    pub(crate) status: u16,
    /// What exactly went wrong, for programs.
    #[schema(example = "no-such-endpoint")]
    pub(crate) code: &'static str,
    /// The same for people.
    pub(crate) detail: String,
}

/// What is running.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServiceBody {
    /// The version of the program.
    pub(crate) version: &'static str,
    /// The contracts that are served.
    pub(crate) dialects: Vec<&'static str>,
}

/// Everybody who is told.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EndpointList {
    /// In the order of merchants and names.
    pub(crate) endpoints: Vec<EndpointBody>,
}

/// Somebody who is told, and how that goes.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct EndpointBody {
    /// Of which merchant.
    pub(crate) merchant: String,
    /// `settings`, or the number of a subscription.
    pub(crate) endpoint: String,
    /// `working`, `failing` or `paused`.
    #[schema(example = "working")]
    pub(crate) state: &'static str,
    /// Since when nothing is sent, by the operator's wish.
    pub(crate) paused_at: Option<String>,
    /// Since when nothing has arrived.
    pub(crate) failing_since: Option<String>,
    /// How many deliveries wait, counted up to 10,000.
    pub(crate) pending: u64,
    /// How many were tried to the end and never arrived, counted up to 10,000.
    pub(crate) parked: u64,
    /// Since when the one that has waited longest waits.
    pub(crate) oldest_pending_at: Option<String>,
    /// When something was last tried.
    pub(crate) last_attempt_at: Option<String>,
    /// When something last arrived.
    pub(crate) last_success_at: Option<String>,
}

/// A new secret: it can be read this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct SecretBody {
    /// `whsec_` and the base64 of the secret, as libraries of Standard Webhooks take it.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    pub(crate) secret: String,
    /// Until when the one before signs as well.
    pub(crate) previous_until: String,
}

/// A part of an endpoint's deliveries, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveryList {
    /// The deliveries.
    pub(crate) deliveries: Vec<DeliveryBody>,
    /// What `before` must be for the next part; null when this was the last.
    pub(crate) next: Option<String>,
}

/// A delivery.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct DeliveryBody {
    /// Its id: `webhook-id` of every attempt.
    pub(crate) id: String,
    /// What happened, by the name of the kind of event.
    #[schema(example = "customer_updated")]
    pub(crate) event: &'static str,
    /// To whom.
    pub(crate) subject: SubjectBody,
    /// Which version of its record the event made.
    pub(crate) version: u64,
    /// Which of the events of that change, from 1.
    pub(crate) ordinal: u16,
    /// `pending`, `delivered`, `parked` or `dropped`.
    #[schema(example = "delivered")]
    pub(crate) state: &'static str,
    /// How often it was tried since it was last begun.
    pub(crate) attempts: u32,
    /// When it came to be.
    pub(crate) created_at: String,
    /// When it was settled; null while it is pending.
    pub(crate) settled_at: Option<String>,
}

/// A delivery with everything that was tried.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveryDetails {
    /// The delivery.
    #[serde(flatten)]
    pub(crate) delivery: DeliveryBody,
    /// What was tried, in the order of time.
    pub(crate) tried: Vec<AttemptBody>,
}

/// Whom or what an event is about.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct SubjectBody {
    /// `customer`, `transaction` or `endpoint`.
    #[serde(rename = "type")]
    #[schema(example = "customer")]
    pub(crate) kind: &'static str,
    /// Its id, or the name of the endpoint.
    pub(crate) id: String,
}

/// One try to deliver.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct AttemptBody {
    /// Which one, from 1.
    pub(crate) number: u32,
    /// When it began.
    pub(crate) at: String,
    /// How long it took, in milliseconds.
    pub(crate) took_ms: u64,
    /// What came of it.
    #[serde(flatten)]
    pub(crate) outcome: OutcomeBody,
}

/// What came of a try: a status with the beginning of the answer, or a failure.
#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct OutcomeBody {
    /// The status of the answer; null without one.
    pub(crate) status: Option<u16>,
    /// The beginning of the answer's body, as text; null without an answer.
    pub(crate) body: Option<String>,
    /// Why there was no answer: `forbidden`, `unresolved`, `unreachable`, `insecure`, `timed_out`, `broken`;
    /// or why nothing was sent: `untellable`, `unreadable`; null with an answer.
    #[schema(example = "timed_out")]
    pub(crate) failure: Option<&'static str>,
}

/// What came of a sample.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct TrialBody {
    /// The sample's id (`webhook-id`).
    pub(crate) id: String,
    /// Whether the endpoint took it: some 2xx.
    pub(crate) delivered: bool,
    /// How long it took, in milliseconds.
    pub(crate) took_ms: u64,
    /// What came of it.
    #[serde(flatten)]
    pub(crate) outcome: OutcomeBody,
}

/// Since when everything is to be sent again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplayRequest {
    /// A moment, RFC 3339.
    #[schema(example = "2026-03-02T08:15:00Z")]
    pub(crate) since: String,
}

/// What a replay began.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ReplayBody {
    /// How many deliveries.
    pub(crate) begun: u64,
}

/// A part of the feed of all events.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventList {
    /// The wanted events, in the order of the feed.
    pub(crate) events: Vec<EventBody>,
    /// What `after` must be to go on, whether or not there were any events.
    pub(crate) next: String,
    /// Whether it pays to go on at once.
    pub(crate) has_more: bool,
}

/// An event: what happened, and the record as it was then. Of people who were forgotten the record has only what is not
/// personal.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct EventBody {
    /// Names the event for good.
    pub(crate) id: String,
    /// What happened.
    #[serde(rename = "type")]
    #[schema(example = "points_changed")]
    pub(crate) kind: &'static str,
    /// When.
    pub(crate) at: String,
    /// Whose event.
    pub(crate) merchant: String,
    /// Whom or what it is about.
    pub(crate) subject: SubjectBody,
    /// Which version of its record the change made.
    pub(crate) version: u64,
    /// Which of the events of that change, from 1.
    pub(crate) ordinal: u16,
    /// Who did it.
    pub(crate) actor: ActorBody,
    /// What else there is to say, by the kind of event.
    pub(crate) data: EventData,
    /// What it happened to, as it was after it; of a deletion, before it. Null where an endpoint is the subject.
    pub(crate) record: Option<RecordBody>,
}

/// Who did something.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ActorBody {
    /// `admin`, `seller`, `customer`, `operator`, `application` or `system`.
    #[serde(rename = "type")]
    #[schema(example = "admin")]
    pub(crate) kind: &'static str,
    /// The id; null for the system.
    pub(crate) id: Option<String>,
}
