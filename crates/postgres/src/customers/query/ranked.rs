//! How those who meet filters are found: by the index of one of them, or of the texts that parts are looked for in.

use std::collections::BTreeSet;

use super::filter::{Filter, Table};
use super::order::Order;
use crate::statement::Statement;

/// Filters together with the one, or the texts, that those who fit are looked up by.
#[derive(Clone, Debug)]
pub(in crate::customers) struct Ranked<'a> {
    by: Vec<Filter<'a>>,
    seen: Vec<Filter<'a>>,
    rest: Vec<Filter<'a>>,
}

/// What is wanted of those who fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needed {
    /// Not more than who they are.
    Nothing,
    /// Names, numbers and addresses, and when they came.
    Texts,
    /// The row of a table.
    Row(Table),
}

impl Needed {
    pub(super) fn by(order: Order) -> Self {
        if order.is_in_texts() { Self::Texts } else { Self::Row(order.table) }
    }
}

impl<'a> Ranked<'a> {
    /// The filter at a place looks up. If it needs the search index, the other filters of its kind help it, and what else is
    /// asked of texts is seen there.
    pub(in crate::customers) fn by(filters: &[Filter<'a>], place: Option<usize>) -> Self {
        let chosen = place.map(|place| filters[place].access).filter(|access| access.is_in_texts());
        let mut ranked = Self { by: Vec::new(), seen: Vec::new(), rest: Vec::new() };
        for (at, filter) in filters.iter().enumerate() {
            let part = if place == Some(at) || chosen == Some(filter.access) {
                &mut ranked.by
            } else if chosen.is_some() && filter.access.is_in_texts() {
                &mut ranked.seen
            } else {
                &mut ranked.rest
            };
            part.push(*filter);
        }
        ranked
    }

    pub(super) fn home(&self) -> Table {
        self.by.first().map_or(Table::List, |filter| filter.table)
    }

    /// `FROM … WHERE …` of all who fit, with the rows of `needed` at hand.
    pub(super) fn fitting(&self, statement: &mut Statement<'static>, needed: Needed) -> String {
        let home = self.home();
        let pieces: Vec<_> = self.by.iter().filter_map(|filter| filter.pieces(statement)).collect();
        let by = conditions(&self.by, statement);
        let seen = conditions(&self.seen, statement);
        let rest = conditions(&self.rest, statement);
        let looked_up = if self.by.iter().any(|filter| filter.access.is_in_texts()) {
            let wants_list = |filter: &Filter<'_>| filter.table == Table::List;
            let texts_do = needed != Needed::Row(Table::List) && !self.rest.iter().any(wants_list);
            let indexed = if pieces.is_empty() { by.clone() } else { pieces };
            found_in_texts(&indexed, &[by, seen].concat(), texts_do)
        } else {
            let (table, alias) = (home.name(), home.alias());
            let conditions = [vec!["merchant_id = $1".to_owned()], by].concat().join(" AND ");
            format!("SELECT * FROM {table} AS {alias} WHERE {conditions} OFFSET 0")
        };
        let needed = match needed {
            Needed::Texts => Table::List,
            Needed::Row(table) => table,
            Needed::Nothing => home,
        };
        let joined = joined(home, self.rest.iter().map(|filter| filter.table).chain([needed]));
        format!("FROM ({looked_up}) AS {alias}{joined}{}", filtered(&rest), alias = home.alias())
    }
}

/// Rows of the list whose texts meet the conditions, whole ones unless those of the search index do: `indexed` is what its
/// indexes are asked, apart from the rest, or the index of trigrams could be read whole for a needle that it does not help.
/// For whom a change waits, the index counts nothing.
fn found_in_texts(indexed: &[String], conditions: &[String], texts_do: bool) -> String {
    const TEXTS: &str =
        "customer_id, created_at, first_name, last_name, email, phone, card, city, postal_code";
    let columns = if texts_do { TEXTS } else { "*" };
    let (indexed, conditions) = (indexed.join(" AND "), conditions.join(" AND "));
    let list_row = |customer: &str| {
        format!(
            "LATERAL (SELECT {columns} FROM customer_list AS listed WHERE merchant_id = $1 \
             AND customer_id = {customer} AND {conditions} OFFSET 0)"
        )
    };
    let known = format!(
        "SELECT {columns} FROM (SELECT * FROM customer_texts AS listed WHERE merchant_id = $1 \
         AND {indexed} OFFSET 0) AS listed WHERE {conditions} AND customer_id NOT IN \
         (SELECT customer_id FROM customer_texts_due WHERE merchant_id = $1) OFFSET 0",
        columns = if texts_do { TEXTS } else { "customer_id" },
    );
    let known = if texts_do {
        known
    } else {
        format!(
            "SELECT one.* FROM ({known}) AS known CROSS JOIN {} AS one",
            list_row("known.customer_id")
        )
    };
    format!(
        "({known}) UNION ALL (SELECT one.* FROM (SELECT DISTINCT customer_id FROM customer_texts_due \
         WHERE merchant_id = $1) AS due CROSS JOIN {} AS one)",
        list_row("due.customer_id")
    )
}

pub(super) fn conditions(
    filters: &[Filter<'_>],
    statement: &mut Statement<'static>,
) -> Vec<String> {
    filters.iter().map(|filter| filter.condition(statement)).collect()
}

pub(super) fn filtered(conditions: &[String]) -> String {
    if conditions.is_empty() {
        return String::new();
    }
    format!(" WHERE {}", conditions.join(" AND "))
}

/// Joins to the rows of one table those of the others that are needed.
pub(super) fn joined(home: Table, needed: impl Iterator<Item = Table>) -> String {
    let needed: BTreeSet<_> = needed.filter(|table| *table != home).collect();
    needed.into_iter().map(|table| table.joined_to(home)).collect()
}
