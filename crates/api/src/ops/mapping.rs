//! Between the wire and the domain.

mod records;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Secret;
use domain::access::Actor;
use domain::customer::Attribute;
use domain::delivery::{
    Attempt, Delivery, DeliveryKey, Endpoint, EndpointHealth, Fact, Outcome, Place, Source,
    Subject, Trial,
};
use domain::event::{EventKind, LevelDirection};
use domain::id::SubscriptionNumber;
use domain::money::Amount;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::wire::data::{
    AssignmentData, DirectionData, EventData, ExpiringLevelData, ExpiringPointsData, FailingData,
    MoveData, NothingData, PointsData, UpdateData,
};
use super::wire::{
    ActorBody, AttemptBody, DeliveryBody, EndpointBody, EventBody, OutcomeBody, SecretBody,
    SubjectBody, TrialBody,
};

/// The name of the webhook of a merchant's settings.
const SETTINGS: &str = "settings";
/// What an endpoint is called among the subjects of events.
const ENDPOINT: &str = "endpoint";
/// What secrets begin with, so that they are known for what they are.
const SECRET: &str = "whsec_";

/// The endpoint that a path means.
pub(super) fn endpoint(merchant: &str, endpoint: &str) -> Option<Endpoint> {
    Some(Endpoint { merchant: merchant.parse().ok()?, source: source(endpoint)? })
}

fn source(name: &str) -> Option<Source> {
    if name == SETTINGS {
        return Some(Source::Settings);
    }
    let plain = !name.starts_with('0') && name.bytes().all(|byte| byte.is_ascii_digit());
    let number: i64 = name.parse().ok().filter(|_| plain)?;
    SubscriptionNumber::try_from(number).ok().map(Source::Subscription)
}

/// The name of an endpoint within its merchant.
pub(super) fn endpoint_name(source: Source) -> String {
    match source {
        Source::Settings => SETTINGS.to_owned(),
        Source::Subscription(number) => i64::from(number).to_string(),
    }
}

/// An endpoint with how it is doing.
pub(super) fn endpoint_body(health: &EndpointHealth) -> EndpointBody {
    let state = match (health.paused_at, health.failing_since) {
        (Some(_), _) => "paused",
        (None, Some(_)) => "failing",
        (None, None) => "working",
    };
    EndpointBody {
        merchant: health.endpoint.merchant.to_string(),
        endpoint: endpoint_name(health.endpoint.source),
        state,
        paused_at: health.paused_at.map(moment),
        failing_since: health.failing_since.map(moment),
        pending: health.pending,
        parked: health.parked,
        oldest_pending_at: health.oldest_pending_at.map(moment),
        last_attempt_at: health.last_attempt_at.map(moment),
        last_success_at: health.last_success_at.map(moment),
    }
}

/// A delivery.
pub(super) fn delivery(delivery: &Delivery) -> DeliveryBody {
    let DeliveryKey { lane, place } = delivery.key;
    DeliveryBody {
        id: delivery.id.to_string(),
        event: delivery.kind.name(),
        subject: subject(lane.subject),
        version: place.version,
        ordinal: place.ordinal,
        state: delivery.state.name(),
        attempts: delivery.attempts,
        created_at: moment(delivery.created_at),
        settled_at: delivery.settled_at.map(moment),
    }
}

/// A moment, read.
pub(super) fn read_moment(text: &str) -> Option<OffsetDateTime> {
    // At the end of all years an offset can lead beyond it.
    OffsetDateTime::parse(text, &Rfc3339).ok()?.checked_to_offset(time::UtcOffset::UTC)
}

/// A moment, written.
pub(super) fn moment(at: OffsetDateTime) -> String {
    // Every year that storage keeps has four digits.
    at.to_offset(time::UtcOffset::UTC).format(&Rfc3339).unwrap_or_default()
}

/// A new secret, and until when the one before signs as well.
pub(super) fn secret(secret: &Secret<Vec<u8>>, previous_until: OffsetDateTime) -> SecretBody {
    let secret = format!("{SECRET}{}", STANDARD.encode(secret.expose()));
    SecretBody { secret, previous_until: moment(previous_until) }
}

/// What came of a sample.
pub(super) fn trial(trial: Trial) -> TrialBody {
    TrialBody {
        id: trial.id.to_string(),
        delivered: matches!(trial.outcome, Outcome::Answered { status: 200..300, .. }),
        took_ms: milliseconds(trial.took),
        outcome: outcome(trial.outcome),
    }
}

/// An attempt.
pub(super) fn attempt(attempt: Attempt) -> AttemptBody {
    AttemptBody {
        number: attempt.number,
        at: moment(attempt.at),
        took_ms: milliseconds(attempt.took),
        outcome: outcome(attempt.outcome),
    }
}

fn milliseconds(took: Duration) -> u64 {
    u64::try_from(took.whole_milliseconds()).unwrap_or_default()
}

fn outcome(outcome: Outcome) -> OutcomeBody {
    match outcome {
        Outcome::Answered { status, body } => {
            OutcomeBody { status: Some(status), body: Some(body), failure: None }
        }
        Outcome::Failed(failure) => {
            OutcomeBody { failure: Some(failure.name()), ..OutcomeBody::default() }
        }
        Outcome::Unwritten(reason) => {
            OutcomeBody { failure: Some(reason.name()), ..OutcomeBody::default() }
        }
    }
}

/// Whom or what something is about.
pub(super) fn subject(subject: Subject) -> SubjectBody {
    let (kind, id) = match subject {
        Subject::Customer(id) => ("customer", id.to_string()),
        Subject::Transaction(id) => ("transaction", id.to_string()),
        Subject::Endpoint(id) => (ENDPOINT, id.to_string()),
    };
    SubjectBody { kind, id }
}

/// The same of an event: an endpoint is called by its name.
fn subject_of(fact: &Fact) -> SubjectBody {
    match fact {
        Fact::Endpoint(warning) => {
            SubjectBody { kind: ENDPOINT, id: endpoint_name(warning.endpoint.source) }
        }
        Fact::Customer(_) | Fact::Transaction(_) => subject(fact.subject()),
    }
}

/// An event.
pub(super) fn event(fact: &Fact, place: Place) -> EventBody {
    let event = fact.event();
    EventBody {
        id: event.id.to_string(),
        kind: event.kind.name(),
        at: moment(event.at),
        merchant: fact.merchant().to_string(),
        subject: subject_of(fact),
        version: place.version,
        ordinal: place.ordinal,
        actor: actor(event.actor),
        data: data(&event.kind),
        record: records::record(fact),
    }
}

fn actor(actor: Actor) -> ActorBody {
    let (kind, id): (_, Option<Uuid>) = match actor {
        Actor::Admin(id) => ("admin", Some(id.into())),
        Actor::Seller(id) => ("seller", Some(id.into())),
        Actor::Customer(id) => ("customer", Some(id.into())),
        Actor::Operator(id) => ("operator", Some(id.into())),
        Actor::Application(id) => ("application", Some(id.into())),
        Actor::System => ("system", None),
    };
    ActorBody { kind, id: id.map(|id| id.to_string()) }
}

fn data(kind: &EventKind) -> EventData {
    match kind {
        EventKind::CustomerUpdated(changes) => {
            EventData::Update(UpdateData { changes: changes.iter().map(Attribute::name).collect() })
        }
        EventKind::PointsChanged { amount, change, cause } => EventData::Points(PointsData {
            amount: figure(*amount),
            change: figure(*change),
            cause: cause.name(),
        }),
        EventKind::PointsExpiring { amount, at } => EventData::ExpiringPoints(ExpiringPointsData {
            amount: figure(*amount),
            at: moment(*at),
        }),
        EventKind::LevelExpiring { level, future, at } => {
            EventData::ExpiringLevel(ExpiringLevelData {
                level: level.to_string(),
                future: future.to_string(),
                at: moment(*at),
            })
        }
        EventKind::EndpointFailing { since } => {
            EventData::Failing(FailingData { since: moment(*since) })
        }
        EventKind::LevelMoved { to, direction } => EventData::Direction(DirectionData {
            to: to.map(|level| level.to_string()),
            direction: direction.name(),
        }),
        EventKind::LevelChanged { from, to, cause, direction } => EventData::Move(MoveData {
            from: from.map(|level| level.to_string()),
            to: to.map(|level| level.to_string()),
            cause: cause.name(),
            direction: direction.map(LevelDirection::name),
        }),
        EventKind::TransactionAssigned { transaction } => {
            EventData::Assignment(AssignmentData { transaction: transaction.to_string() })
        }
        EventKind::CustomerCreated
        | EventKind::CustomerDeleted
        | EventKind::CustomerActivated
        | EventKind::CustomerDeactivated
        | EventKind::CustomerAnonymized
        | EventKind::NewsletterAnnounced
        | EventKind::ManualLevelRemoved
        | EventKind::TransactionRegistered => EventData::Nothing(NothingData {}),
    }
}

/// A figure as a decimal text, without trailing zeros.
fn figure(amount: Amount) -> String {
    let (whole, rest) =
        (amount.magnitude().truncated(), amount.magnitude().ten_thousandths() % 10_000);
    let sign = if amount < Amount::ZERO { "-" } else { "" };
    let text = format!("{sign}{}.{rest:04}", whole.ten_thousandths() / 10_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests;
