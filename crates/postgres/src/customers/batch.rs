//! Many new rows in one round trip.
//!
//! A statement has a row of parameters for each write, the same ones that a single creation has, so its text depends on
//! nothing but how many rows it has, and whether one of them takes a key only if nobody has it. Rows whose keys are held
//! by others are left out by the database, and looked at together afterwards.

use std::collections::HashMap;
use std::sync::LazyLock;

use diesel::deserialize;
use diesel::pg::Pg;
use diesel::result::QueryResult;
use diesel::row::Row;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection as _};
use domain::StorageError;
use domain::customer::{CustomerWrite, Identifier, KeyWrite, KeyWrites, Stored, WriteError};
use futures_util::FutureExt as _;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use uuid::Uuid;

use super::row::{VALUES, bind_values};
use super::write::{KEYS, Outcome, RETURNING, SET, bind_keys, key_value};
use super::{events, messages, write};
use crate::statement::{Columns, FromRow, Statement};
use crate::{connect, errors};

/// How many rows the statements have. A row takes some seventy parameters, and PostgreSQL takes 65,535; from a hundred
/// rows on, the round trip and the counting for each statement no longer show.
const SIZES: [usize; 2] = [128, 16];

/// How many statements are on their way at once: the next one is written while PostgreSQL works on this one.
const AHEAD: usize = 2;

/// A statement for batches, in each size.
type Texts = [LazyLock<String>; SIZES.len()];

static CREATE: Texts = [
    LazyLock::new(|| create_text(SIZES[0], demanded_value)),
    LazyLock::new(|| create_text(SIZES[1], demanded_value)),
];

static OFFER: Texts = [
    LazyLock::new(|| create_text(SIZES[0], offered_value)),
    LazyLock::new(|| create_text(SIZES[1], offered_value)),
];

/// Offered keys are looked up, and a plan that was made while the table was empty reads the whole table for each of them;
/// no statistics come in time to have it made anew. So such a batch is planned by itself, which takes a third of its time.
const PLANS_OF_OFFERS: &str = "force_custom_plan";

/// Stores new rows, each judged for itself, in their order.
pub(super) async fn create_many(
    connection: &mut AsyncPgConnection,
    writes: &[CustomerWrite],
) -> Result<Vec<Result<Stored, WriteError>>, StorageError> {
    let [.., smallest] = SIZES;
    if writes.len() < smallest || !writes.iter().any(|write| has_offer(&write.keys)) {
        return create_each(connection, &CREATE, writes).await;
    }
    plan(connection, PLANS_OF_OFFERS).await?;
    let outcomes = create_each(connection, &OFFER, writes).await;
    let reset = plan(connection, connect::PLANS).await;
    // In a transaction that failed nothing can be set, and its end takes the setting back.
    let outcomes = outcomes?;
    reset.map(|()| outcomes)
}

fn has_offer(keys: &KeyWrites) -> bool {
    let KeyWrites { email, loyalty_card, phone, mobile } = keys;
    [email, loyalty_card, phone, mobile].iter().any(|key| matches!(key, KeyWrite::Offer(_)))
}

async fn plan(connection: &mut AsyncPgConnection, mode: &str) -> Result<(), StorageError> {
    let set = format!("SET plan_cache_mode = '{mode}'");
    connection.batch_execute(&set).await.map_err(errors::storage)
}

async fn create_each(
    connection: &mut AsyncPgConnection,
    texts: &'static Texts,
    writes: &[CustomerWrite],
) -> Result<Vec<Result<Stored, WriteError>>, StorageError> {
    let (mut statements, mut rest) = (Vec::new(), writes);
    let shared: &AsyncPgConnection = connection;
    for (size, text) in SIZES.iter().zip(texts) {
        while let Some((part, others)) = rest.split_at_checked(*size) {
            statements.push(run(shared, text, part).boxed());
            rest = others;
        }
    }
    let stored: Vec<_> =
        stream::iter(statements).buffered(AHEAD).try_collect().await.map_err(errors::storage)?;
    let stored = stored.into_iter().flatten().collect();
    let mut outcomes = judge(connection, &writes[..writes.len() - rest.len()], &stored).await?;
    for write in rest {
        outcomes.push(judged(write::create(connection, write).await)?);
    }
    Ok(outcomes)
}

/// What became of each write: those that were not stored are asked for who stood in their way.
async fn judge(
    connection: &mut AsyncPgConnection,
    writes: &[CustomerWrite],
    stored: &HashMap<Uuid, Stored>,
) -> Result<Vec<Result<Stored, WriteError>>, StorageError> {
    let is_missing = |write: &&CustomerWrite| !stored.contains_key(&Uuid::from(write.record.id));
    let missing: Vec<_> = writes.iter().filter(is_missing).collect();
    let mut holders = if missing.is_empty() {
        Vec::new()
    } else {
        holders(connection, &missing).await.map_err(errors::storage)?
    }
    .into_iter();
    let places = writes.iter().enumerate();
    let places: HashMap<_, _> =
        places.map(|(at, write)| (Uuid::from(write.record.id), at)).collect();
    let mut outcomes = Vec::with_capacity(writes.len());
    for (at, write) in writes.iter().enumerate() {
        if let Some(stored) = stored.get(&Uuid::from(write.record.id)) {
            outcomes.push(Ok(*stored));
            continue;
        }
        // Of two among the writes the first is judged first, so what the second has taken cannot stand against it.
        let was_there = |holder: &Uuid| places.get(holder).is_none_or(|place| *place < at);
        let held = holders.next().unwrap_or_default().first(was_there);
        outcomes.push(match held {
            Some(identifier) => Err(WriteError::Taken(identifier)),
            // Nobody holds a demanded key: an offered one was taken, or the holder has let go.
            None => judged(write::create(connection, write).await)?,
        });
    }
    Ok(outcomes)
}

/// What became of one write, unless storage failed.
fn judged(outcome: Result<Stored, WriteError>) -> Result<Result<Stored, WriteError>, StorageError> {
    match outcome {
        Err(WriteError::Storage(error)) => Err(error),
        judged => Ok(judged),
    }
}

/// The value of a key: `column`, how it is written, and what it becomes.
type KeyValue = fn(&str, &str, &str) -> String;

fn demanded_value(_: &str, how: &str, given: &str) -> String {
    format!("CASE {how} WHEN {SET} THEN {given} END")
}

fn offered_value(column: &str, how: &str, given: &str) -> String {
    key_value(column, "given.merchant_id", how, given, "NULL")
}

/// The statement that stores so many rows with their events and messages, and returns those that it stored.
fn create_text(rows: usize, key_value: KeyValue) -> String {
    let keys = ["email", "card", "phone", "mobile"];
    let key_columns = keys.iter().flat_map(|key| [format!("{key}_how"), format!("{key}_given")]);
    let columns: Vec<String> = VALUES
        .split(", ")
        .map(str::to_owned)
        .chain(key_columns)
        .chain(events::COLUMNS_OF_BATCH.map(str::to_owned))
        .chain(messages::COLUMNS_OF_BATCH.map(str::to_owned))
        .collect();
    let row = |number: usize| {
        let first = number * columns.len() + 1;
        let parameters: Vec<_> =
            (first..first + columns.len()).map(|number| format!("${number}")).collect();
        format!("({})", parameters.join(", "))
    };
    let key_values = KEYS.iter().zip(keys).map(|(column, key)| {
        let (how, given) = (format!("given.{key}_how"), format!("given.{key}_given"));
        key_value(column, &how, &given)
    });
    format!(
        "WITH given ({columns}) AS (VALUES {rows}), changed AS (INSERT INTO customers ({VALUES}, {keys}) \
         SELECT {VALUES}, {key_values} FROM given ON CONFLICT DO NOTHING {RETURNING}), {recorded}, {announced} \
         SELECT id, number, email_held, card_held, phone_held, mobile_held FROM changed",
        columns = columns.join(", "),
        rows = (0..rows).map(row).collect::<Vec<_>>().join(", "),
        keys = KEYS.join(", "),
        key_values = key_values.collect::<Vec<_>>().join(", "),
        recorded = events::insert_batch(),
        announced = messages::insert_batch(),
    )
}

async fn run(
    connection: &AsyncPgConnection,
    text: &'static str,
    writes: &[CustomerWrite],
) -> QueryResult<Vec<(Uuid, Stored)>> {
    let statement = writes.iter().fold(Statement::new(text), |statement, write| {
        let statement = bind_keys(bind_values(statement, &write.record), &write.keys);
        messages::bind(events::bind(statement, write), write)
    });
    let rows: Vec<New> = statement.rows_of_shared(connection).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.stored)).collect())
}

/// A row that was stored.
struct New {
    id: Uuid,
    stored: Stored,
}

impl FromRow for New {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let id = columns.next::<SqlUuid, _>()?;
        Ok(Self { id, stored: Outcome::from_row(columns)?.0 })
    }
}

/// Who holds what a write demands, in the order in which it is told.
#[derive(Default)]
struct Holders([Option<Uuid>; 5]);

impl Holders {
    const ORDER: [Identifier; 5] = [
        Identifier::Email,
        Identifier::LoyaltyCard,
        Identifier::Phone,
        Identifier::Mobile,
        Identifier::MerchantCustomerId,
    ];

    /// The first identifier whose holder counts.
    fn first(&self, counts: impl Fn(&Uuid) -> bool) -> Option<Identifier> {
        let held = Self::ORDER.iter().zip(&self.0);
        let mut held = held.filter(|(_, holder)| holder.as_ref().is_some_and(&counts));
        held.next().map(|(identifier, _)| *identifier)
    }
}

impl FromRow for Holders {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let mut holders = Self::default();
        for holder in &mut holders.0 {
            *holder = columns.next::<Nullable<SqlUuid>, _>()?;
        }
        Ok(holders)
    }
}

/// Who holds what each of the writes demands.
async fn holders(
    connection: &mut AsyncPgConnection,
    writes: &[&CustomerWrite],
) -> QueryResult<Vec<Holders>> {
    const HOLDERS: &str = "SELECT \
        (SELECT id FROM customers WHERE merchant_id = given.merchant AND email_key = given.email), \
        (SELECT id FROM customers WHERE merchant_id = given.merchant AND card_key = given.card), \
        (SELECT id FROM customers WHERE merchant_id = given.merchant AND phone_key = given.phone), \
        (SELECT id FROM customers WHERE merchant_id = given.merchant AND mobile_key = given.mobile), \
        (SELECT id FROM customers WHERE merchant_id = given.merchant AND merchant_customer_id = given.own \
        AND deleted_at IS NULL) \
        FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) \
        AS given (place, merchant, email, card, phone, mobile, own) ORDER BY given.place";
    let demanded = |key: fn(&CustomerWrite) -> &KeyWrite| {
        let demanded = |write: &&CustomerWrite| match key(write) {
            KeyWrite::Demand(key) => Some(key.clone()),
            KeyWrite::Keep | KeyWrite::Release | KeyWrite::Offer(_) => None,
        };
        writes.iter().map(demanded).collect::<Vec<_>>()
    };
    let merchants: Vec<Uuid> = writes.iter().map(|write| write.record.merchant.into()).collect();
    let own = |write: &&CustomerWrite| {
        let id = write.record.references.merchant_customer_id.as_ref();
        id.map(|id| id.as_str().to_owned())
    };
    Statement::new(HOLDERS)
        .bind::<Array<BigInt>, _>((1_i64..).take(writes.len()).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(merchants)
        .bind::<Array<Nullable<Text>>, _>(demanded(|write| &write.keys.email))
        .bind::<Array<Nullable<Text>>, _>(demanded(|write| &write.keys.loyalty_card))
        .bind::<Array<Nullable<Text>>, _>(demanded(|write| &write.keys.phone))
        .bind::<Array<Nullable<Text>>, _>(demanded(|write| &write.keys.mobile))
        .bind::<Array<Nullable<Text>>, _>(writes.iter().map(own).collect::<Vec<_>>())
        .rows(connection)
        .await
}
