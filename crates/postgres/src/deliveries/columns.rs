//! How the words of deliveries stand in columns.

use diesel::deserialize;
use diesel::pg::Pg;
use diesel::row::Row;
use diesel::sql_types::{BigInt, SmallInt, Text, Uuid as SqlUuid};
use domain::delivery::{
    Endpoint, Fact, Failure, FeedPosition, Place, Source, Subject, Unwritten, Warning,
};
use domain::event::RecordedEvent;
use domain::id::SubscriptionNumber;
use domain::transaction::RecordedTransaction;
use uuid::Uuid;

use crate::statement::{Columns, FromRow as _};

/// What [`fact`] reads, of an event called `e`.
pub(super) const FACT: &str = "e.subject, e.id, e.kind, e.detail, e.actor_kind, e.actor_id, e.at, e.customer_number, \
    e.record";

/// The number that stands for the webhook of the settings.
const SETTINGS: i64 = 0;

/// The number of an endpoint among those of its merchant.
pub(super) fn endpoint_number(endpoint: Endpoint) -> i64 {
    match endpoint.source {
        Source::Settings => SETTINGS,
        Source::Subscription(number) => number.into(),
    }
}

/// An endpoint from its merchant and its number.
pub(super) fn endpoint<'a>(
    columns: &mut Columns<'_, impl Row<'a, Pg>>,
) -> deserialize::Result<Endpoint> {
    let merchant: Uuid = columns.next::<SqlUuid, _>()?;
    let source = source(columns.next::<BigInt, i64>()?)?;
    Ok(Endpoint { merchant: merchant.into(), source })
}

/// The source with a number.
pub(super) fn source(number: i64) -> deserialize::Result<Source> {
    match number {
        SETTINGS => Ok(Source::Settings),
        number => Ok(Source::Subscription(SubscriptionNumber::try_from(number)?)),
    }
}

/// A place from version and ordinal.
pub(super) fn place<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Place> {
    let version = columns.next::<BigInt, i64>()?.cast_unsigned();
    Ok(Place { version, ordinal: columns.next::<SmallInt, i16>()?.cast_unsigned() })
}

/// A position from transaction, merchant, subject, version and ordinal.
pub(super) fn position<'a>(
    columns: &mut Columns<'_, impl Row<'a, Pg>>,
) -> deserialize::Result<FeedPosition> {
    let transaction = columns.next::<BigInt, i64>()?.cast_unsigned();
    let merchant: Uuid = columns.next::<SqlUuid, _>()?;
    let subject: Uuid = columns.next::<SqlUuid, _>()?;
    Ok(FeedPosition { transaction, merchant: merchant.into(), subject, place: place(columns)? })
}

/// A subject from its kind and its id.
pub(super) fn subject(kind: &str, id: Uuid) -> deserialize::Result<Subject> {
    match kind {
        "customer" => Ok(Subject::Customer(id.into())),
        "transaction" => Ok(Subject::Transaction(id.into())),
        "endpoint" => Ok(Subject::Endpoint(id.into())),
        _ => Err("unknown subject of an event".into()),
    }
}

/// An event with its record, from [`FACT`].
pub(super) fn fact<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Fact> {
    match columns.next::<Text, String>()?.as_str() {
        "customer" => Ok(Fact::Customer(Box::new(RecordedEvent::from_row(columns)?))),
        "transaction" => Ok(Fact::Transaction(Box::new(RecordedTransaction::from_row(columns)?))),
        "endpoint" => Ok(Fact::Endpoint(Box::new(Warning::from_row(columns)?))),
        _ => Err("unknown subject of an event".into()),
    }
}

/// Why nothing came back, or nothing was sent.
pub(super) enum Silence {
    Failure(Failure),
    Unwritten(Unwritten),
}

impl Silence {
    pub(super) fn named(name: &str) -> deserialize::Result<Self> {
        let failure = Failure::ALL.into_iter().find(|known| known.name() == name);
        let unwritten = [Unwritten::Untellable, Unwritten::Unreadable];
        let unwritten = unwritten.into_iter().find(|known| known.name() == name);
        failure
            .map(Self::Failure)
            .or(unwritten.map(Self::Unwritten))
            .ok_or_else(|| "unknown outcome of an attempt".into())
    }
}
