//! Changes of a record together with its events, each in one round trip.

use std::sync::LazyLock;

use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Bool, Nullable, SmallInt, Text, Uuid as SqlUuid};
use diesel_async::AsyncPgConnection;
use domain::StorageError;
use domain::customer::{
    CustomerWrite, Holdings, Identifier, KeyWrite, KeyWrites, Stored, WriteError,
};
use domain::id::CustomerNumber;
use domain::points::Transfer;
use uuid::Uuid;

use super::row::{VALUE_COUNT, VALUES, bind_values};
use super::{events, messages};
use crate::errors;
use crate::points;
use crate::statement::{Columns, FromRow, Statement};

/// How often a write that lost a race for a key it need not have is tried again without that key.
const RACES: usize = 8;

/// What a statement returns of the row it changed.
pub(super) const RETURNING: &str = "RETURNING merchant_id, id, version, number, email_key IS NOT NULL AS email_held, \
    card_key IS NOT NULL AS card_held, phone_key IS NOT NULL AS phone_held, mobile_key IS NOT NULL AS mobile_held";

/// What the caller wants to know of it.
const OUTCOME: &str = "SELECT number, email_held, card_held, phone_held, mobile_held FROM changed";

/// The keys' columns, in the order of [`bind_keys`].
pub(super) const KEYS: [&str; 4] = ["email_key", "card_key", "phone_key", "mobile_key"];

/// The number of the first parameter of the events.
const FIRST_EVENT: usize = VALUE_COUNT + 1 + 2 * KEYS.len();

/// The number of the first parameter behind events and messages.
const FIRST_TRANSFER: usize = FIRST_EVENT + events::PARAMETERS + messages::PARAMETERS;

// How a key is written; the numbers are bound and mean the same in every statement.
const KEEP: i16 = 0;
pub(super) const SET: i16 = 1;
const OFFER: i16 = 2;

static CREATE: LazyLock<String> = LazyLock::new(|| {
    let values: Vec<_> = (1..=VALUE_COUNT).map(|number| format!("${number}")).collect();
    format!(
        "WITH changed AS (INSERT INTO customers ({VALUES}, {keys}) VALUES ({values}, {key_values}) \
         ON CONFLICT DO NOTHING {RETURNING}), {recorded}, {announced} {OUTCOME}",
        keys = KEYS.join(", "),
        values = values.join(", "),
        key_values = key_values("NULL").join(", "),
        recorded = events::insert(FIRST_EVENT),
        announced = messages::insert(FIRST_EVENT + events::PARAMETERS),
    )
});

static UPDATE: LazyLock<String> = LazyLock::new(|| update_with(""));

static SHUT_OUT: LazyLock<String> = LazyLock::new(|| {
    let sessions = gone("tokens", "actor", "purpose IN ('access', 'refresh')");
    update_with(&format!(", {sessions}"))
});

static DELETE: LazyLock<String> = LazyLock::new(|| update_with(&format!(", {CARDLESS}")));

static ANONYMIZE: LazyLock<String> =
    LazyLock::new(|| update_with(&format!(", {}, {WORDLESS}", everything_else())));

static BOOK: LazyLock<String> =
    LazyLock::new(|| update_with(&format!(", {}", points::insert(FIRST_TRANSFER))));

static ERASE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "WITH changed AS (DELETE FROM customers WHERE merchant_id = $1 AND id = $2 AND version = $3 - 1 \
         RETURNING merchant_id, id, $3 AS version, number), {recorded}, {others}, {PENNILESS} SELECT number FROM changed",
        recorded = events::insert(4),
        others = everything_else(),
    )
});

/// The statement that changes a row, together with other common table expressions about the row of `changed`, each
/// behind a comma.
fn update_with(others: &str) -> String {
    let columns = VALUES.split(", ").enumerate();
    // The ids stay; they only say which row.
    let values = columns.skip(3).map(|(at, column)| format!("{column} = ${}", at + 1));
    let keys = KEYS
        .iter()
        .zip(key_values("customers"))
        .map(|(column, value)| format!("{column} = {value}"));
    format!(
        "WITH given AS (SELECT $1::uuid AS merchant, $2::uuid AS customer, $3::uuid AS wallet), \
         changed AS (UPDATE customers SET {assignments} FROM given WHERE customers.merchant_id = given.merchant \
         AND customers.id = given.customer AND customers.wallet_id = given.wallet AND customers.version = $4 - 1 \
         {returning}), {recorded}, {announced}{others} {OUTCOME}",
        assignments = values.chain(keys).collect::<Vec<_>>().join(", "),
        returning = RETURNING,
        recorded = events::insert(FIRST_EVENT),
        announced = messages::insert(FIRST_EVENT + events::PARAMETERS),
    )
}

/// Whoever is erased has no points.
const PENNILESS: &str = "penniless AS (DELETE FROM points_transfers USING changed \
    WHERE points_transfers.merchant_id = changed.merchant_id AND points_transfers.customer_id = changed.id)";

/// Whoever is nobody keeps the points, without a word about them.
const WORDLESS: &str = "wordless AS (UPDATE points_transfers SET comment = NULL FROM changed \
    WHERE points_transfers.merchant_id = changed.merchant_id AND points_transfers.customer_id = changed.id \
    AND comment IS NOT NULL)";

/// Whoever is gone has no cards to charge.
const CARDLESS: &str = "cardless AS (DELETE FROM payment_methods USING changed \
    WHERE payment_methods.merchant_id = changed.merchant_id AND payment_methods.customer_id = changed.id)";

/// Takes away what is stored of a person besides the record: whoever is nobody can log in no more, by password or by
/// token, and gets no messages.
fn everything_else() -> String {
    let expressions = [
        gone("passwords", "actor", "true"),
        gone("tokens", "actor", "true"),
        gone("codes", "actor", "true"),
        gone("messages", "about", "true"),
        events::strip(),
        stray_picture(),
        CARDLESS.to_owned(),
    ];
    expressions.join(", ")
}

/// The common table expression that notes the picture of the customer of `changed`, which it had before, as a file to be
/// removed since ever. What may be no picture of ours is left alone.
fn stray_picture() -> String {
    "stray_picture AS (INSERT INTO stray_pictures (merchant_id, path, due_at) SELECT customers.merchant_id, \
     customers.avatar ->> 'path', 'epoch' FROM customers JOIN changed USING (merchant_id, id) \
     WHERE customers.avatar ->> 'path' ~ '^[0-9A-Za-z]+/[0-9A-Za-z.]+$' \
     ON CONFLICT (merchant_id, path) DO UPDATE SET due_at = excluded.due_at)"
        .to_owned()
}

/// The common table expression that removes the rows of a table that belong to the customer of `changed`.
fn gone(table: &str, owner: &str, condition: &str) -> String {
    format!(
        "no_{table} AS (DELETE FROM {table} USING changed WHERE {table}.merchant_id = changed.merchant_id \
         AND {owner}_kind = 'customer' AND {owner}_id = changed.id AND {condition})"
    )
}

/// The value of each key: kept, set (or released by none), or taken if nobody holds it. `kept` names where a kept key
/// is found.
fn key_values(kept: &str) -> Vec<String> {
    let value = |(at, column): (usize, &&str)| {
        let (how, key) = (VALUE_COUNT + 1 + 2 * at, VALUE_COUNT + 2 + 2 * at);
        let kept = if kept == "NULL" { kept.to_owned() } else { format!("{kept}.{column}") };
        key_value(column, "$1", &format!("${how}"), &format!("${key}"), &kept)
    };
    KEYS.iter().enumerate().map(value).collect()
}

/// The value of one key, by how it is written, what it becomes and what it was.
pub(super) fn key_value(column: &str, merchant: &str, how: &str, key: &str, kept: &str) -> String {
    format!(
        "CASE {how} WHEN {KEEP} THEN {kept} WHEN {SET} THEN {key} ELSE CASE WHEN NOT EXISTS (SELECT FROM \
         customers AS other WHERE other.merchant_id = {merchant} AND other.{column} = {key}) THEN {key} END END"
    )
}

pub(super) fn bind_keys<'a>(statement: Statement<'a>, keys: &'a KeyWrites) -> Statement<'a> {
    [&keys.email, &keys.loyalty_card, &keys.phone, &keys.mobile].into_iter().fold(
        statement,
        |statement, write| {
            let (how, key) = match write {
                KeyWrite::Keep => (KEEP, None),
                KeyWrite::Release => (SET, None),
                KeyWrite::Demand(key) => (SET, Some(key.as_str())),
                KeyWrite::Offer(key) => (OFFER, Some(key.as_str())),
            };
            statement.bind::<SmallInt, _>(how).bind::<Nullable<Text>, _>(key)
        },
    )
}

/// A stored row's number and keys.
pub(super) struct Outcome(pub(super) Stored);

impl FromRow for Outcome {
    fn from_row<'a>(
        columns: &mut Columns<'_, impl diesel::row::Row<'a, diesel::pg::Pg>>,
    ) -> diesel::deserialize::Result<Self> {
        let number = CustomerNumber::try_from(columns.next::<BigInt, i64>()?)?;
        Ok(Self(Stored { number, holdings: Holdings::from_row(columns)? }))
    }
}

async fn run(
    connection: &mut AsyncPgConnection,
    text: &str,
    write: &CustomerWrite,
) -> QueryResult<Option<Stored>> {
    finish(connection, bound(text, write)).await
}

fn bound<'a>(text: &'a str, write: &'a CustomerWrite) -> Statement<'a> {
    let statement = bind_keys(bind_values(Statement::new(text), &write.record), &write.keys);
    messages::bind(events::bind(statement, write), write)
}

async fn finish(
    connection: &mut AsyncPgConnection,
    statement: Statement<'_>,
) -> QueryResult<Option<Stored>> {
    let outcome: Option<Outcome> = statement.row(connection).await?;
    Ok(outcome.map(|outcome| outcome.0))
}

/// Stores a new row; a key that is offered and taken meanwhile is left to its holder.
pub(super) async fn create(
    connection: &mut AsyncPgConnection,
    write: &CustomerWrite,
) -> Result<Stored, WriteError> {
    for _ in 0..RACES {
        if let Some(stored) = run(connection, &CREATE, write).await.map_err(errors::storage)? {
            return Ok(stored);
        }
        // Somebody holds a key. If it is one that the write demands, say so; else the next try will see it taken.
        if let Some(identifier) =
            held_by_another(connection, write).await.map_err(errors::storage)?
        {
            return Err(WriteError::Taken(identifier));
        }
    }
    Err(lost_races())
}

/// What else a change of a row takes away.
#[derive(Clone, Copy)]
pub(super) enum Loss {
    /// Nothing.
    None,
    /// The customer's sessions.
    Sessions,
    /// The customer's payment methods.
    PaymentMethods,
    /// Everything personal.
    Person,
}

/// Changes a row, on the same terms.
pub(super) async fn update(
    connection: &mut AsyncPgConnection,
    write: &CustomerWrite,
    loss: Loss,
) -> Result<Stored, WriteError> {
    let text = match loss {
        Loss::None => &UPDATE,
        Loss::Sessions => &SHUT_OUT,
        Loss::PaymentMethods => &DELETE,
        Loss::Person => &ANONYMIZE,
    };
    for _ in 0..RACES {
        let error = match run(connection, text, write).await {
            Ok(outcome) => return outcome.ok_or(WriteError::Stale),
            Err(error) => error,
        };
        let Some(identifier) = errors::violated_unique(&error).and_then(identifier) else {
            return Err(errors::storage(error).into());
        };
        if is_demanded(&write.keys, identifier) {
            return Err(WriteError::Taken(identifier));
        }
    }
    Err(lost_races())
}

/// Changes a row, which keeps its keys, together with its lines of the points ledger.
pub(crate) async fn book(
    connection: &mut AsyncPgConnection,
    write: &CustomerWrite,
    transfers: &[Transfer],
) -> Result<Stored, WriteError> {
    let statement = points::bind_transfers(bound(&BOOK, write), transfers);
    let outcome = finish(connection, statement).await.map_err(errors::storage)?;
    outcome.ok_or(WriteError::Stale)
}

/// Removes a row.
pub(super) async fn erase(
    connection: &mut AsyncPgConnection,
    write: &CustomerWrite,
) -> Result<(), WriteError> {
    let record = &write.record;
    let statement = Statement::new(&**ERASE)
        .bind::<SqlUuid, _>(Uuid::from(record.merchant))
        .bind::<SqlUuid, _>(Uuid::from(record.id))
        .bind::<BigInt, _>(record.version.cast_signed());
    let number: Option<i64> =
        events::bind(statement, write).row(connection).await.map_err(errors::storage)?;
    number.map(drop).ok_or(WriteError::Stale)
}

fn lost_races() -> WriteError {
    StorageError::Unavailable("too many customers wanted one key at once".to_owned()).into()
}

/// The identifier that a constraint guards.
fn identifier(constraint: &str) -> Option<Identifier> {
    match constraint {
        "customers_merchant_email_key" => Some(Identifier::Email),
        "customers_merchant_card_key" => Some(Identifier::LoyaltyCard),
        "customers_merchant_phone_key" => Some(Identifier::Phone),
        "customers_merchant_mobile_key" => Some(Identifier::Mobile),
        "customers_merchant_customer_id_key" => Some(Identifier::MerchantCustomerId),
        _ => None,
    }
}

fn is_demanded(keys: &KeyWrites, identifier: Identifier) -> bool {
    let write = match identifier {
        Identifier::Email => &keys.email,
        Identifier::LoyaltyCard => &keys.loyalty_card,
        Identifier::Phone => &keys.phone,
        Identifier::Mobile => &keys.mobile,
        Identifier::MerchantCustomerId => return true,
    };
    matches!(write, KeyWrite::Demand(_))
}

/// Which of the demanded identifiers somebody holds, the first in the order of [`Identifier`]'s list.
async fn held_by_another(
    connection: &mut AsyncPgConnection,
    write: &CustomerWrite,
) -> QueryResult<Option<Identifier>> {
    const HELD: &str = "SELECT \
        EXISTS (SELECT FROM customers WHERE merchant_id = $1 AND email_key = $2), \
        EXISTS (SELECT FROM customers WHERE merchant_id = $1 AND card_key = $3), \
        EXISTS (SELECT FROM customers WHERE merchant_id = $1 AND phone_key = $4), \
        EXISTS (SELECT FROM customers WHERE merchant_id = $1 AND mobile_key = $5), \
        EXISTS (SELECT FROM customers WHERE merchant_id = $1 AND merchant_customer_id = $6 AND deleted_at IS NULL)";
    let demanded = |write: &KeyWrite| match write {
        KeyWrite::Demand(key) => Some(key.clone()),
        KeyWrite::Keep | KeyWrite::Release | KeyWrite::Offer(_) => None,
    };
    let record = &write.record;
    let held: Option<Held> = Statement::new(HELD)
        .bind::<SqlUuid, _>(Uuid::from(record.merchant))
        .bind::<Nullable<Text>, _>(demanded(&write.keys.email))
        .bind::<Nullable<Text>, _>(demanded(&write.keys.loyalty_card))
        .bind::<Nullable<Text>, _>(demanded(&write.keys.phone))
        .bind::<Nullable<Text>, _>(demanded(&write.keys.mobile))
        .bind::<Nullable<Text>, _>(
            record.references.merchant_customer_id.as_ref().map(|id| id.as_str().to_owned()),
        )
        .row(connection)
        .await?;
    Ok(held.and_then(|held| held.0))
}

struct Held(Option<Identifier>);

impl FromRow for Held {
    fn from_row<'a>(
        columns: &mut Columns<'_, impl diesel::row::Row<'a, diesel::pg::Pg>>,
    ) -> diesel::deserialize::Result<Self> {
        let order = [
            Identifier::Email,
            Identifier::LoyaltyCard,
            Identifier::Phone,
            Identifier::Mobile,
            Identifier::MerchantCustomerId,
        ];
        let mut first = None;
        for identifier in order {
            if columns.next::<Bool, bool>()? && first.is_none() {
                first = Some(identifier);
            }
        }
        Ok(Self(first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_values_are_named_as_are_bound() {
        assert_eq!(VALUES.split(", ").count(), VALUE_COUNT);
    }
}
