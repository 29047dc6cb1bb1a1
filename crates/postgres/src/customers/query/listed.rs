//! Lists, read from tables that have an index for each order and each filter.
//!
//! The plans follow from the texts: each statement reads one table through one index, either in the order of the list
//! and for as long as needed, or through the index of one filter; everything else is looked up for one customer at a
//! time (`OFFSET 0` keeps PostgreSQL from mixing the steps). Which of the two it is depends on how many fit, so that is
//! found out first, on a sample.

use std::collections::BTreeSet;

use diesel::deserialize;
use diesel::pg::Pg;
use diesel::row::Row;
use diesel::sql_types::{Array, BigInt, SmallInt, Uuid as SqlUuid};
use domain::id::{CustomerId, LevelId, MerchantId};
use domain::page::PageRequest;
use uuid::Uuid;

use super::filter::{Filter, Table};
use super::order::{Columns, Order};
use super::ranked::{Needed, Ranked, conditions, filtered, joined};
use crate::customers::row;
use crate::statement::{Columns as Read, FromRow, Statement};

/// How many customers make a sample.
const SAMPLE: u64 = 2_000;
/// How many lots there are.
const LOTS: u64 = 4_096;
/// How many of them the indexes of the sample hold.
const INDEXED_LOTS: u64 = 512;
/// How many changes may wait for the search index before a look at everyone is cheaper than at all of those.
const WAITING: u64 = 4_000;

/// Customers of a list, as ids in its order.
#[derive(Clone, Debug)]
pub(in crate::customers) struct Found {
    /// How many were found, whether or not they belong to the part.
    pub(in crate::customers) count: u64,
    /// Those of the part.
    pub(in crate::customers) ids: Vec<CustomerId>,
}

/// The part of a list, in PostgreSQL's numbers.
#[derive(Clone, Copy, Debug)]
pub(in crate::customers) struct Part {
    offset: i64,
    limit: i64,
}

/// What was found in the sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::customers) struct Sampled {
    /// How many customers are in it.
    pub(in crate::customers) seen: u64,
    /// How many of them fit.
    pub(in crate::customers) fit: u64,
    /// How many meet each filter.
    pub(in crate::customers) hits: Vec<u64>,
    /// Whether the search index knows nearly all texts.
    pub(in crate::customers) has_texts: bool,
}

/// A number.
pub(in crate::customers) struct Counted(pub(in crate::customers) u64);

impl From<PageRequest> for Part {
    fn from(page: PageRequest) -> Self {
        let number = |value| i64::try_from(value).unwrap_or(i64::MAX);
        Self { offset: number(page.offset), limit: page.limit.map_or(i64::MAX, number) }
    }
}

impl Part {
    /// How many customers one must find to know the part and whether the list goes on after it.
    pub(in crate::customers) fn wanted(self) -> u64 {
        self.offset.saturating_add(self.limit).saturating_add(1).cast_unsigned()
    }
}

/// How many live customers there are.
pub(in crate::customers) fn count_live(merchant: MerchantId) -> Statement<'static> {
    of(
        merchant,
        "SELECT coalesce(sum(live), 0)::bigint FROM customer_counts WHERE merchant_id = $1",
    )
}

/// How many live customers each level has.
pub(in crate::customers) fn count_by_level(merchant: MerchantId) -> Statement<'static> {
    of(
        merchant,
        "SELECT level_id, sum(live)::bigint FROM customer_counts WHERE merchant_id = $1 \
         AND level_id <> '00000000-0000-0000-0000-000000000000' GROUP BY level_id HAVING sum(live) > 0",
    )
}

/// The records of one part of the list of everyone.
pub(in crate::customers) fn list_everyone(
    merchant: MerchantId,
    order: Order,
    part: Part,
) -> Statement<'static> {
    let walked = order.walk(Columns::Keys, "$2");
    let place = format!("SELECT customer_id FROM ({walked}) AS walked LIMIT $3 OFFSET $4");
    of(merchant, &records_at(&format!("({place}) AS place")))
        .bind::<BigInt, _>(part.offset.saturating_add(part.limit))
        .bind::<BigInt, _>(part.limit)
        .bind::<BigInt, _>(part.offset)
}

/// The records with these ids, in their order; whoever is gone meanwhile is left out.
pub(in crate::customers) fn records(
    merchant: MerchantId,
    ids: &[CustomerId],
) -> Statement<'static> {
    let ids: Vec<_> = ids.iter().copied().map(Uuid::from).collect();
    of(merchant, &records_at("(SELECT $1, unnest($2::uuid[])) AS place (whose, customer_id)"))
        .bind::<Array<SqlUuid>, _>(ids)
}

/// One record for each place, in the order of the places.
fn records_at(places: &str) -> String {
    format!(
        "SELECT {columns} FROM {places} CROSS JOIN LATERAL (SELECT * FROM customers AS one \
         WHERE one.merchant_id = $1 AND one.id = place.customer_id OFFSET 0) AS customers WHERE deleted_at IS NULL",
        columns = row::columns()
    )
}

/// How much of a sample fits. Its indexes hold all that is asked of them, up to an eighth of all.
pub(in crate::customers) fn sample(
    merchant: MerchantId,
    live: u64,
    filters: &[Filter<'_>],
) -> Statement<'static> {
    let lots = (SAMPLE * LOTS / live.max(1)).clamp(1, INDEXED_LOTS);
    let mut statement = of(merchant, "");
    let lots = statement.parameter::<SmallInt, _>(i16::try_from(lots).unwrap_or(i16::MAX));
    let conditions = conditions(filters, &mut statement);
    let tables: BTreeSet<_> = filters.iter().map(|filter| filter.table).collect();
    let one = if tables.len() == 1 { tables.first().copied() } else { None };
    let home = one.unwrap_or(Table::List);
    let samples: Vec<_> = tables
        .iter()
        .chain([&home])
        .collect::<BTreeSet<_>>()
        .into_iter()
        .map(|table| {
            let (alias, name) = (table.alias(), table.name());
            format!(
                "{alias} AS NOT MATERIALIZED (SELECT * FROM {name} \
                 WHERE merchant_id = $1 AND lot < {lots} AND lot < {INDEXED_LOTS})"
            )
        })
        .collect();
    let all = conditions.join(" AND ");
    let (alias, samples) = (home.alias(), samples.join(", "));
    let counts: Vec<_> = if one.is_some() {
        let counts = conditions.iter().chain([&all]);
        counts.map(|condition| format!("count(*) FILTER (WHERE {condition})")).collect()
    } else {
        // Each filter in the sample of its own table; all of them where those of the list have left somebody.
        let each = filters.iter().zip(&conditions).map(|(filter, condition)| {
            format!("(SELECT count(*) FROM {} WHERE {condition})", filter.table.alias())
        });
        let joined = joined(home, tables.into_iter());
        each.chain([format!("(SELECT count(*) FROM {alias}{joined} WHERE {all})")]).collect()
    };
    let (seen, from) = match one {
        Some(_) => ("count(*)".to_owned(), format!(" FROM {alias}")),
        None => (format!("(SELECT count(*) FROM {alias})"), String::new()),
    };
    let waiting = if filters.iter().any(|filter| filter.access.is_in_texts()) {
        "(SELECT count(*) FROM (SELECT FROM customer_texts_due WHERE merchant_id = $1 LIMIT {WAITING}) AS due)"
            .replace("{WAITING}", &WAITING.to_string())
    } else {
        "0".to_owned()
    };
    let counts = counts.join(", ");
    statement.push(&format!("WITH {samples} SELECT ARRAY[{waiting}, {seen}, {counts}]{from}"));
    statement
}

/// How many fit, up to a number.
pub(in crate::customers) fn count_up_to(
    merchant: MerchantId,
    ranked: &Ranked<'_>,
    most: u64,
) -> Statement<'static> {
    let mut statement = of(merchant, "");
    let fitting = ranked.fitting(&mut statement, Needed::Nothing);
    statement.push(&format!("SELECT count(*) FROM (SELECT {fitting} LIMIT "));
    statement.push_bind::<BigInt, _>(most.cast_signed());
    statement.push(") AS found");
    statement
}

/// Finds all who fit and sorts them.
pub(in crate::customers) fn select(
    merchant: MerchantId,
    ranked: &Ranked<'_>,
    order: Order,
    part: Part,
) -> Statement<'static> {
    let mut statement = of(merchant, "");
    let fitting = ranked.fitting(&mut statement, Needed::by(order));
    let (keys, by) = order.sorting();
    let alias = ranked.home().alias();
    statement.push(&format!(
        "WITH found AS MATERIALIZED (SELECT {alias}.customer_id, {alias}.created_at{keys} {fitting}) "
    ));
    part_of_found(statement, &format!(" ORDER BY {by}"), part)
}

/// Walks the list in its order, past those who do not fit, through at most `budget` customers.
pub(in crate::customers) fn walk(
    merchant: MerchantId,
    filters: &[Filter<'_>],
    order: Order,
    part: Part,
    budget: Option<u32>,
) -> Statement<'static> {
    let mut statement = of(merchant, "");
    let home = order.table;
    let budget = statement.parameter::<BigInt, _>(budget.map_or(i64::MAX, i64::from));
    let walked = order.walk(Columns::All, &budget);
    let conditions = conditions(filters, &mut statement);
    statement.push(&format!(
        "WITH found AS MATERIALIZED (SELECT {alias}.customer_id FROM ({walked}) AS {alias}{joined}{filtered} LIMIT ",
        alias = home.alias(),
        joined = joined(home, filters.iter().map(|filter| filter.table)),
        filtered = filtered(&conditions),
    ));
    statement.push_bind::<BigInt, _>(part.wanted().cast_signed());
    statement.push(") ");
    part_of_found(statement, "", part)
}

/// All who fit by last name, first name and id, unless they are more than `most`; then any one more.
pub(in crate::customers) fn search(
    merchant: MerchantId,
    ranked: &Ranked<'_>,
    most: u64,
) -> Statement<'static> {
    let mut statement = of(merchant, "");
    let fitting = ranked.fitting(&mut statement, Needed::Texts);
    statement.push(&format!(
        "WITH found AS MATERIALIZED (SELECT listed.customer_id, listed.last_name, listed.first_name {fitting} LIMIT "
    ));
    statement.push_bind::<BigInt, _>(most.saturating_add(1).cast_signed());
    statement.push(") ");
    let by = " ORDER BY last_name NULLS LAST, first_name NULLS LAST, customer_id";
    part_of_found(statement, by, PageRequest { offset: 0, limit: None }.into())
}

fn part_of_found(mut statement: Statement<'static>, by: &str, part: Part) -> Statement<'static> {
    let select = "SELECT (SELECT count(*) FROM found), ARRAY(SELECT customer_id FROM found";
    statement.push(&format!("{select}{by} LIMIT "));
    statement.push_bind::<BigInt, _>(part.limit);
    statement.push(" OFFSET ");
    statement.push_bind::<BigInt, _>(part.offset);
    statement.push(")");
    statement
}

fn of(merchant: MerchantId, text: &str) -> Statement<'static> {
    Statement::new(text.to_owned()).bind::<SqlUuid, _>(Uuid::from(merchant))
}

impl FromRow for Found {
    fn from_row<'a>(columns: &mut Read<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let count = columns.next::<BigInt, i64>()?.cast_unsigned();
        let ids = columns.next::<Array<SqlUuid>, Vec<Uuid>>()?;
        Ok(Self { count, ids: ids.into_iter().map(CustomerId::from).collect() })
    }
}

impl FromRow for Sampled {
    fn from_row<'a>(columns: &mut Read<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let counts = columns.next::<Array<BigInt>, Vec<i64>>()?;
        let mut counts = counts.into_iter().map(i64::cast_unsigned);
        let has_texts = counts.next().is_some_and(|waiting| waiting < WAITING);
        let seen = counts.next().unwrap_or_default();
        let mut hits: Vec<u64> = counts.collect();
        let fit = hits.pop().unwrap_or_default();
        Ok(Self { seen, fit, hits, has_texts })
    }
}

impl FromRow for Counted {
    fn from_row<'a>(columns: &mut Read<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        Ok(Self(columns.next::<BigInt, i64>()?.max(0).cast_unsigned()))
    }
}

impl FromRow for (LevelId, u64) {
    fn from_row<'a>(columns: &mut Read<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let level = columns.next::<SqlUuid, Uuid>()?.into();
        Ok((level, columns.next::<BigInt, i64>()?.max(0).cast_unsigned()))
    }
}
