//! Events: how they are bound beside a change, and how they are read.

use std::borrow::Cow;

use diesel::deserialize;
use diesel::pg::Pg;
use diesel::row::Row;
use diesel::sql_types::{Array, BigInt, Json, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use domain::customer::{Attribute, CustomerWrite};
use domain::event::{Event, EventKind, LevelCause, LevelDirection, PointsCause, RecordedEvent};
use domain::id::CustomerNumber;
use domain::money::Amount;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use super::snapshot::{IMPERSONAL, Snapshot, micros, moment};
use crate::actor;
use crate::document::Document;
use crate::statement::{Columns, FromRow, Statement};

/// What an event adds to the record: the changed attributes of an update, a move between levels, or
/// the transaction that was assigned.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Detail<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changed: Vec<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    direction: Option<Cow<'a, str>>,
    /// Points, in ten-thousandths.
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<i64>,
    /// Microseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<i64>,
    /// The same.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction: Option<Uuid>,
}

/// The members of [`Detail`], none of which can hold a value of a person.
const DETAILS: [&str; 10] = [
    "changed",
    "from",
    "to",
    "cause",
    "direction",
    "amount",
    "change",
    "due",
    "since",
    "transaction",
];

/// How many parameters [`bind`] binds.
pub(super) const PARAMETERS: usize = 7;

/// The columns that [`bind`] fills, under the names that a batch gives them.
pub(super) const COLUMNS_OF_BATCH: [&str; PARAMETERS] = [
    "event_record",
    "event_ids",
    "event_kinds",
    "event_details",
    "event_actor_kinds",
    "event_actor_ids",
    "event_times",
];

/// The common table expression that stores the events of the one row of `changed`, whose parameters
/// [`bind`] binds from number `first` on.
pub(super) fn insert(first: usize) -> String {
    // The types are said, so that the text can be prepared by who does not declare its parameters.
    let columns: Vec<_> = (first + 1..)
        .zip(["uuid", "text", "json", "text", "uuid", "timestamptz"])
        .map(|(number, kind)| format!("${number}::{kind}[]"))
        .collect();
    insert_from("changed", &format!("${first}"), &columns.join(", "))
}

/// The same for the rows of `changed` that come from `given`, a row for each write of a batch.
pub(super) fn insert_batch() -> String {
    let [record, columns @ ..] = COLUMNS_OF_BATCH.map(|column| format!("given.{column}"));
    insert_from("changed JOIN given ON given.id = changed.id", &record, &columns.join(", "))
}

fn insert_from(source: &str, record: &str, columns: &str) -> String {
    format!(
        "recorded AS (INSERT INTO events (merchant_id, customer_id, version, ordinal, customer_number, record, \
         id, kind, detail, actor_kind, actor_id, at) SELECT changed.merchant_id, changed.id, changed.version, \
         event.ordinal, changed.number, {record}, event.id, event.kind, event.detail, event.actor_kind, \
         event.actor_id, event.at FROM {source}, unnest({columns}) WITH ORDINALITY \
         AS event (id, kind, detail, actor_kind, actor_id, at, ordinal))"
    )
}

/// The common table expression that strips the earlier events of the one row of `changed`: what is not known to be
/// impersonal goes.
pub(super) fn strip() -> String {
    let members = |column: &str, kept: &[&str]| {
        let kept = kept.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
        format!(
            "{column} = (SELECT COALESCE(json_object_agg(key, value), '{{}}') FROM json_each({column}) \
             WHERE key IN ({kept}))"
        )
    };
    format!(
        "stripped AS (UPDATE events SET {}, {} FROM changed WHERE events.merchant_id = changed.merchant_id \
         AND events.customer_id = changed.id)",
        members("record", &IMPERSONAL),
        members("detail", &DETAILS),
    )
}

/// Binds the record and the events of a write.
pub(super) fn bind<'a>(statement: Statement<'a>, write: &'a CustomerWrite) -> Statement<'a> {
    let events = write.events.iter();
    let actors = events.clone().map(|event| actor::to_columns(event.actor));
    let (actor_kinds, actor_ids): (Vec<_>, Vec<_>) = actors.unzip();
    let details = events.clone().map(|event| Document(detail(&event.kind)));
    statement
        .bind::<Json, _>(Document(Snapshot::from(&write.record)))
        .bind::<Array<SqlUuid>, _>(
            events.clone().map(|event| event.id.into()).collect::<Vec<Uuid>>(),
        )
        .bind::<Array<Text>, _>(events.clone().map(|event| event.kind.name()).collect::<Vec<_>>())
        .bind::<Array<Json>, _>(details.collect::<Vec<_>>())
        .bind::<Array<Text>, _>(actor_kinds)
        .bind::<Array<Nullable<SqlUuid>>, _>(actor_ids)
        .bind::<Array<Timestamptz>, _>(events.map(|event| event.at).collect::<Vec<_>>())
}

/// What an event adds to its kind.
pub(crate) fn detail(kind: &EventKind) -> Detail<'static> {
    match kind {
        EventKind::CustomerCreated
        | EventKind::CustomerDeleted
        | EventKind::CustomerActivated
        | EventKind::CustomerDeactivated
        | EventKind::CustomerAnonymized
        | EventKind::NewsletterAnnounced
        | EventKind::ManualLevelRemoved
        | EventKind::TransactionRegistered => Detail::default(),
        EventKind::TransactionAssigned { transaction } => {
            Detail { transaction: Some(Uuid::from(*transaction)), ..Detail::default() }
        }
        EventKind::CustomerUpdated(changes) => Detail {
            changed: changes.iter().map(|attribute| attribute.name().into()).collect(),
            ..Detail::default()
        },
        EventKind::PointsChanged { amount, change, cause } => Detail {
            amount: Some(amount.ten_thousandths()),
            change: Some(change.ten_thousandths()),
            cause: Some(cause.name().into()),
            ..Detail::default()
        },
        EventKind::EndpointFailing { since } => {
            Detail { since: Some(micros(*since)), ..Detail::default() }
        }
        EventKind::PointsExpiring { amount, at } => Detail {
            amount: Some(amount.ten_thousandths()),
            due: Some(micros(*at)),
            ..Detail::default()
        },
        EventKind::LevelExpiring { level, future, at } => Detail {
            from: Some((*level).into()),
            to: Some((*future).into()),
            due: Some(micros(*at)),
            ..Detail::default()
        },
        EventKind::LevelMoved { to, direction } => Detail {
            to: to.map(Uuid::from),
            direction: Some(direction.name().into()),
            ..Detail::default()
        },
        EventKind::LevelChanged { from, to, cause, direction } => Detail {
            from: from.map(Uuid::from),
            to: to.map(Uuid::from),
            cause: Some(cause.name().into()),
            direction: direction.map(|direction| direction.name().into()),
            ..Detail::default()
        },
    }
}

/// The columns of [`RecordedEvent::from_row`].
pub(crate) const COLUMNS: &str =
    "id, kind, detail, actor_kind, actor_id, at, customer_number, record";

impl FromRow for RecordedEvent {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let event = event(columns)?;
        let number = CustomerNumber::try_from(columns.next::<BigInt, i64>()?)?;
        let record: Document<Snapshot<'static>> = columns.next::<Json, _>()?;
        Ok(Self { event, record: record.0.into_record(number)? })
    }
}

/// An event without its record, from the first six of [`COLUMNS`].
pub(crate) fn event<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Event> {
    let id: Uuid = columns.next::<SqlUuid, _>()?;
    let kind = kind(columns)?;
    let actor_kind: String = columns.next::<Text, _>()?;
    let actor_id: Option<Uuid> = columns.next::<Nullable<SqlUuid>, _>()?;
    let actor = actor::from_columns(&actor_kind, actor_id)?;
    Ok(Event { id: id.into(), kind, actor, at: columns.next::<Timestamptz, _>()? })
}

/// What happened, of the columns kind and detail.
pub(crate) fn kind<'a>(
    columns: &mut Columns<'_, impl Row<'a, Pg>>,
) -> deserialize::Result<EventKind> {
    let kind: String = columns.next::<Text, _>()?;
    let detail: Document<Detail<'static>> = columns.next::<Json, _>()?;
    kind_from(&kind, &detail.0)
}

fn kind_from(kind: &str, detail: &Detail<'_>) -> deserialize::Result<EventKind> {
    match kind {
        "customer_created" => Ok(EventKind::CustomerCreated),
        "customer_deleted" => Ok(EventKind::CustomerDeleted),
        "customer_activated" => Ok(EventKind::CustomerActivated),
        "customer_deactivated" => Ok(EventKind::CustomerDeactivated),
        "customer_anonymized" => Ok(EventKind::CustomerAnonymized),
        "newsletter_announced" => Ok(EventKind::NewsletterAnnounced),
        "manual_level_removed" => Ok(EventKind::ManualLevelRemoved),
        "transaction_registered" => Ok(EventKind::TransactionRegistered),
        "transaction_assigned" => Ok(EventKind::TransactionAssigned {
            transaction: detail.transaction.ok_or("an assignment of no transaction")?.into(),
        }),
        "customer_updated" => {
            let named = |name: &Cow<'_, str>| {
                Attribute::ALL.iter().copied().find(|attribute| attribute.name() == name)
            };
            Ok(EventKind::CustomerUpdated(detail.changed.iter().filter_map(named).collect()))
        }
        "level_changed" => Ok(EventKind::LevelChanged {
            from: detail.from.map(Into::into),
            to: detail.to.map(Into::into),
            cause: match detail.cause.as_deref() {
                Some("manual") => LevelCause::Manual,
                Some("automatic") => LevelCause::Automatic,
                _ => return Err("unknown cause of a level change".into()),
            },
            direction: direction(detail)?,
        }),
        "level_moved" => Ok(EventKind::LevelMoved {
            to: detail.to.map(Into::into),
            direction: direction(detail)?.ok_or("a move of a level to nowhere")?,
        }),
        "points_changed" => Ok(EventKind::PointsChanged {
            amount: amount(detail.amount)?,
            change: amount(detail.change)?,
            cause: PointsCause::ALL
                .into_iter()
                .find(|cause| detail.cause.as_deref() == Some(cause.name()))
                .ok_or("unknown cause of a change of points")?,
        }),
        "points_expiring" => {
            Ok(EventKind::PointsExpiring { amount: amount(detail.amount)?, at: due(detail)? })
        }
        "endpoint_failing" => {
            let since = detail.since.ok_or("a warning without its beginning")?;
            Ok(EventKind::EndpointFailing { since: moment(since)? })
        }
        "level_expiring" => Ok(EventKind::LevelExpiring {
            level: detail.from.ok_or("a level that ends has no name")?.into(),
            future: detail.to.ok_or("a level that comes has no name")?.into(),
            at: due(detail)?,
        }),
        _ => Err("unknown event".into()),
    }
}

fn amount(ten_thousandths: Option<i64>) -> deserialize::Result<Amount> {
    let value = ten_thousandths.ok_or("an event without its points")?;
    Ok(Amount::from_ten_thousandths(value))
}

fn direction(detail: &Detail<'_>) -> deserialize::Result<Option<LevelDirection>> {
    match detail.direction.as_deref() {
        None => Ok(None),
        Some("up") => Ok(Some(LevelDirection::Up)),
        Some("down") => Ok(Some(LevelDirection::Down)),
        Some(_) => Err("unknown direction of a level change".into()),
    }
}

fn due(detail: &Detail<'_>) -> deserialize::Result<OffsetDateTime> {
    moment(detail.due.ok_or("an event without its moment")?)
}
