//! Lists that Diesel writes: their order and their part.

use diesel::expression::SqlLiteral;
use diesel::sql_types::Integer;
use domain::PageRequest;

/// An order by an expression of ours, rows without a value last and equals by id; by id alone, if none is given.
pub(crate) fn order(by: Option<(String, bool)>) -> SqlLiteral<Integer> {
    let text = match by {
        Some((expression, descending)) => {
            let direction = if descending { "DESC" } else { "ASC" };
            format!("{expression} {direction} NULLS LAST, id")
        }
        None => "id".to_owned(),
    };
    diesel::dsl::sql(&text)
}

/// An expression without its letter case, of whatever language.
pub(crate) fn lower(expression: &str) -> String {
    format!("lower({expression} COLLATE \"und-x-icu\")")
}

/// The part of a list as the database counts.
pub(crate) fn bounds(page: PageRequest) -> (i64, i64) {
    let bound = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    (bound(page.offset), page.limit.map_or(i64::MAX, bound))
}
