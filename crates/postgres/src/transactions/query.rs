//! Lists of transactions.

use diesel::sql_types::{Array, BigInt, Text, Uuid as SqlUuid};
use domain::id::MerchantId;
use domain::transaction::{TransactionCriterion, TransactionQuery, TransactionSortKey};
use uuid::Uuid;

use super::row;
use crate::listing;
use crate::statement::Statement;

/// One part of a list.
pub(super) fn list(merchant: MerchantId, query: &TransactionQuery) -> Statement<'static> {
    let mut statement = fitting(&format!("SELECT {}", row::COLUMNS), merchant, &query.criteria);
    let direction = if query.order.descending { "DESC" } else { "ASC" };
    let by = match query.order.key {
        TransactionSortKey::Id => String::new(),
        // There is always one, and its index says so in its own way.
        TransactionSortKey::PurchasedAt => format!("purchased_at {direction}, "),
        TransactionSortKey::Document => format!("{} {direction}, ", sorted("document")),
        TransactionSortKey::Kind => format!("kind COLLATE \"C\" {direction}, "),
        TransactionSortKey::Place => format!("{} {direction} NULLS LAST, ", sorted("place")),
        TransactionSortKey::Gross => format!("gross {direction}, "),
    };
    statement.push(&format!(" ORDER BY {by}id {direction}"));
    let (offset, limit) = listing::bounds(query.page);
    statement.push(" LIMIT ");
    statement.push_bind::<BigInt, _>(limit);
    statement.push(" OFFSET ");
    statement.push_bind::<BigInt, _>(offset);
    statement
}

/// How many there are.
pub(super) fn count(merchant: MerchantId, criteria: &[TransactionCriterion]) -> Statement<'static> {
    fitting("SELECT count(*)", merchant, criteria)
}

fn sorted(column: &str) -> String {
    format!("{} COLLATE \"C\"", listing::lower(column))
}

fn fitting(
    select: &str,
    merchant: MerchantId,
    criteria: &[TransactionCriterion],
) -> Statement<'static> {
    let mut statement =
        Statement::new(format!("{select} FROM transactions WHERE merchant_id = $1"))
            .bind::<SqlUuid, _>(Uuid::from(merchant));
    for criterion in criteria {
        statement.push(" AND ");
        condition(&mut statement, criterion);
    }
    statement
}

fn condition(statement: &mut Statement<'static>, criterion: &TransactionCriterion) {
    match criterion {
        TransactionCriterion::Customer(customer) => {
            statement.push("customer_id = ");
            statement.push_bind::<SqlUuid, _>(Uuid::from(*customer));
        }
        TransactionCriterion::PointOfSale(pos) => {
            statement.push("pos_id = ");
            statement.push_bind::<SqlUuid, _>(Uuid::from(*pos));
        }
        TransactionCriterion::IsReturn(true) => statement.push("kind = 'return'"),
        TransactionCriterion::IsReturn(false) => statement.push("kind = 'sale'"),
        TransactionCriterion::Document(part) => contains(statement, "document", part),
        TransactionCriterion::BuyerName(part) => buyer_contains(statement, "name", part),
        TransactionCriterion::BuyerEmail(part) => buyer_contains(statement, "email", part),
        TransactionCriterion::BuyerPhone(part) => buyer_contains(statement, "phone", part),
        TransactionCriterion::BuyerCard(part) => buyer_contains(statement, "loyalty_card", part),
        TransactionCriterion::Label { key, value } => label(statement, key, value.as_deref()),
        TransactionCriterion::Nothing => statement.push("FALSE"),
    }
}

fn buyer_contains(statement: &mut Statement<'static>, member: &str, part: &str) {
    contains(statement, &format!("(buyer ->> '{member}')"), part);
}

fn contains(statement: &mut Statement<'static>, value: &str, part: &str) {
    statement.push(&format!("strpos({}, ", listing::lower(value)));
    statement.push_bind::<Text, _>(part.to_lowercase());
    statement.push(") > 0");
}

/// As `label_terms` of the migrations has it; the index has rows with labels only.
fn label(statement: &mut Statement<'static>, key: &str, value: Option<&str>) {
    let words = [Some(key), value].into_iter().flatten().map(str::to_lowercase);
    statement.push("labels <> '[]'::jsonb AND label_terms(labels) @> ARRAY[to_jsonb(");
    statement.push_bind::<Array<Text>, _>(words.collect::<Vec<_>>());
    statement.push("::text[])::text]");
}
