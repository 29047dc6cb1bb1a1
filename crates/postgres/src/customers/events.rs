//! Events: how they are bound beside a change, and how they are read.

use std::borrow::Cow;

use diesel::deserialize;
use diesel::pg::Pg;
use diesel::row::Row;
use diesel::sql_types::{Array, BigInt, Json, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use domain::access::Actor;
use domain::customer::{Attribute, CustomerWrite};
use domain::event::{Event, EventKind, LevelCause, RecordedEvent};
use domain::id::CustomerNumber;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::snapshot::Snapshot;
use crate::actor;
use crate::document::Document;
use crate::statement::{Columns, FromRow, Statement};

/// What an event adds to the record: the changed attributes of an update, or a move between levels.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Detail<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changed: Vec<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<Cow<'a, str>>,
}

/// The common table expression that stores the events of the one row of `changed`, whose parameters
/// [`bind`] binds from number `first` on.
pub(super) fn insert(first: usize) -> String {
    let parameter = |offset: usize| format!("${}", first + offset);
    format!(
        "recorded AS (INSERT INTO events (merchant_id, customer_id, version, ordinal, id, kind, detail, actor_kind, \
         actor_id, at, customer_number, record) SELECT changed.merchant_id, changed.id, changed.version, \
         event.ordinal, event.id, event.kind, event.detail, {actor_kind}, {actor_id}, {at}, changed.number, {record} \
         FROM changed, unnest({ids}, {kinds}, {details}) WITH ORDINALITY AS event (id, kind, detail, ordinal))",
        actor_kind = parameter(0),
        actor_id = parameter(1),
        at = parameter(2),
        record = parameter(3),
        ids = parameter(4),
        kinds = parameter(5),
        details = parameter(6),
    )
}

/// Binds the events of a write. All events of one write have one actor and one moment.
pub(super) fn bind<'a>(statement: Statement<'a>, write: &'a CustomerWrite) -> Statement<'a> {
    let (actor, at) =
        write.events.first().map_or((Actor::System, write.record.updated_at), |event| (event.actor, event.at));
    let (actor_kind, actor_id) = actor::to_columns(actor);
    let events = &write.events;
    statement
        .bind::<Text, _>(actor_kind)
        .bind::<Nullable<SqlUuid>, _>(actor_id)
        .bind::<Timestamptz, _>(at)
        .bind::<Json, _>(Document(Snapshot::from(&write.record)))
        .bind::<Array<SqlUuid>, _>(events.iter().map(|event| Uuid::from(event.id)).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(events.iter().map(|event| event.kind.name()).collect::<Vec<_>>())
        .bind::<Array<Json>, _>(events.iter().map(|event| Document(detail(&event.kind))).collect::<Vec<_>>())
}

fn detail(kind: &EventKind) -> Detail<'static> {
    match kind {
        EventKind::CustomerCreated | EventKind::CustomerDeleted => Detail::default(),
        EventKind::CustomerUpdated(changes) => {
            Detail { changed: changes.iter().map(|attribute| attribute.name().into()).collect(), ..Detail::default() }
        }
        EventKind::LevelChanged { from, to, cause } => Detail {
            from: from.map(Uuid::from),
            to: to.map(Uuid::from),
            cause: Some(cause.name().into()),
            ..Detail::default()
        },
    }
}

/// The columns of [`RecordedEvent::from_row`].
pub(super) const COLUMNS: &str = "id, kind, detail, actor_kind, actor_id, at, customer_number, record";

impl FromRow for RecordedEvent {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let id: Uuid = columns.next::<SqlUuid, _>()?;
        let kind: String = columns.next::<Text, _>()?;
        let detail: Document<Detail<'static>> = columns.next::<Json, _>()?;
        let actor_kind: String = columns.next::<Text, _>()?;
        let actor_id: Option<Uuid> = columns.next::<Nullable<SqlUuid>, _>()?;
        let at = columns.next::<Timestamptz, _>()?;
        let number = CustomerNumber::try_from(columns.next::<BigInt, i64>()?)?;
        let record: Document<Snapshot<'static>> = columns.next::<Json, _>()?;
        let event = Event {
            id: id.into(),
            kind: kind_from(&kind, &detail.0)?,
            actor: actor::from_columns(&actor_kind, actor_id)?,
            at,
        };
        Ok(Self { event, record: record.0.into_record(number)? })
    }
}

fn kind_from(kind: &str, detail: &Detail<'_>) -> deserialize::Result<EventKind> {
    match kind {
        "customer_created" => Ok(EventKind::CustomerCreated),
        "customer_deleted" => Ok(EventKind::CustomerDeleted),
        "customer_updated" => {
            let named = |name: &Cow<'_, str>| Attribute::ALL.iter().copied().find(|attribute| attribute.name() == name);
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
        }),
        _ => Err("unknown event".into()),
    }
}
