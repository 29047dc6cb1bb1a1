//! Look-ups and lists. Values are always parameters; what varies in the text is chosen from a closed set.
//!
//! Lists are read from tables of their own (see `listed`); what those cannot judge is read from the records here.

mod filter;
mod listed;
mod order;
#[cfg(test)]
mod plans;
mod ranked;

use diesel::sql_types::{BigInt, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use domain::customer::{
    Criterion, CustomerQuery, Lookup, Range, Sort, SortKey, TextMatch, card_key, email_key,
    phone_key,
};
use domain::id::MerchantId;
use serde_json::json;
use uuid::Uuid;

pub(super) use self::filter::{Access, Filter, filters};
pub(super) use self::listed::{
    Counted, Found, Part, Sampled, count_by_level, count_live, count_up_to, list_everyone, records,
    sample, search, select, walk,
};
pub(super) use self::order::Order;
pub(super) use self::ranked::Ranked;
use super::row;
use crate::document::Document;
use crate::statement::Statement;

/// The one live customer that a look-up means: the holder first, then the lowest number.
pub(super) fn look_up(merchant: MerchantId, lookup: &Lookup) -> Statement<'static> {
    let mut statement = live(&format!("SELECT {}", row::columns()), merchant);
    statement.push(" AND ");
    let order = match lookup {
        Lookup::Number(number) => {
            equal::<BigInt, _>(&mut statement, "number", i64::from(*number));
            ""
        }
        Lookup::LoyaltyCard(card) => {
            key_or_carried(&mut statement, "card_key", &lower("loyalty_card"), card_key(card));
            "card_key IS NULL, number"
        }
        Lookup::Email(email) => {
            key_or_carried(&mut statement, "email_key", &lower("email"), email_key(email));
            "email_key IS NULL, number"
        }
        Lookup::PhoneAsTyped(phone) => {
            phone_as_typed(&mut statement, "phone", "phone", phone);
            "phone_key IS NULL, number"
        }
        Lookup::PhoneHolder(phone) => {
            equal::<Nullable<Text>, _>(&mut statement, "phone_key", phone_key(phone));
            ""
        }
        Lookup::Mobile(mobile) => {
            key_or_carried(&mut statement, "mobile_key", &digits("mobile"), phone_key(mobile));
            "mobile_key IS NULL, number"
        }
        Lookup::NameAndPhone { first, last, phone } => {
            key_or_carried(&mut statement, "phone_key", &digits("phone"), phone_key(phone));
            for (column, name) in [("first_name", first), ("last_name", last)] {
                statement.push(" AND ");
                equal::<Text, _>(
                    &mut statement,
                    &lower(&format!("btrim({column})")),
                    name.trim().to_lowercase(),
                );
            }
            "number"
        }
        Lookup::MerchantCustomerId(id) => {
            equal::<Text, _>(&mut statement, "merchant_customer_id", id.clone());
            ""
        }
    };
    if !order.is_empty() {
        statement.push(&format!(" ORDER BY {order}"));
    }
    statement.push(" LIMIT 1");
    statement
}

/// One part of a list.
pub(super) fn list(merchant: MerchantId, query: &CustomerQuery) -> Statement<'static> {
    let columns = row::columns();
    // Whoever is named is looked up and then sorted; PostgreSQL might rather walk through everyone in the right order.
    let mut statement = if query.criteria.iter().any(names_somebody) {
        let mut named = live(&format!("SELECT {columns} FROM (SELECT *"), merchant);
        restrict(&mut named, &query.criteria);
        named.push(" OFFSET 0) AS customers");
        named
    } else {
        let mut all = live(&format!("SELECT {columns}"), merchant);
        restrict(&mut all, &query.criteria);
        all
    };
    statement.push(&format!(" ORDER BY {}", order(query.sort)));
    if let Some(limit) = query.page.limit {
        statement.push(" LIMIT ");
        statement.push_bind::<BigInt, _>(i64::try_from(limit).unwrap_or(i64::MAX));
    }
    statement.push(" OFFSET ");
    statement.push_bind::<BigInt, _>(i64::try_from(query.page.offset).unwrap_or(i64::MAX));
    statement
}

/// Whether few meet a criterion, and an index finds them.
fn names_somebody(criterion: &Criterion) -> bool {
    matches!(
        criterion,
        Criterion::FullName(_)
            | Criterion::ExternalId(_)
            | Criterion::ReferralId(_)
            | Criterion::Wallet(_)
    )
}

/// How many customers fit.
pub(super) fn count(merchant: MerchantId, criteria: &[Criterion]) -> Statement<'static> {
    let mut statement = live("SELECT count(*)", merchant);
    restrict(&mut statement, criteria);
    statement
}

fn live(select: &str, merchant: MerchantId) -> Statement<'static> {
    let text = format!("{select} FROM customers WHERE merchant_id = $1 AND deleted_at IS NULL");
    Statement::new(text).bind::<SqlUuid, _>(Uuid::from(merchant))
}

fn restrict(statement: &mut Statement<'static>, criteria: &[Criterion]) {
    for criterion in criteria {
        statement.push(" AND ");
        condition(statement, criterion);
    }
}

fn condition(statement: &mut Statement<'static>, criterion: &Criterion) {
    match criterion {
        Criterion::FirstName(value) => matches(statement, "first_name", value),
        Criterion::LastName(value) => matches(statement, "last_name", value),
        Criterion::FullName(value) => {
            let key = "full_name_key(first_name, last_name) COLLATE \"C\"";
            equal::<Text, _>(statement, key, value.to_lowercase());
        }
        Criterion::Email(value) => email(statement, value),
        Criterion::Phone(value) => phone(statement, value),
        Criterion::EmailOrPhone(value) => {
            statement.push("(");
            email(statement, value);
            statement.push(" OR ");
            phone(statement, value);
            statement.push(")");
        }
        Criterion::LoyaltyCard(TextMatch::Equals(card)) => {
            key_or_carried(
                statement,
                "card_key",
                &lower("loyalty_card"),
                Some(card.to_lowercase()),
            );
        }
        Criterion::LoyaltyCard(value) => matches(statement, "loyalty_card", value),
        Criterion::PhoneAsTyped(value) => phone_as_typed(statement, "phone", "phone", value),
        Criterion::City(value) => matches(statement, "primary_address ->> 'city'", value),
        Criterion::PostalCode(value) => {
            matches(statement, "primary_address ->> 'postal_code'", value);
        }
        Criterion::Comment(value) => matches(statement, "comment", value),
        Criterion::ExternalId(value) => equal::<Text, _>(statement, "external_id", value.clone()),
        Criterion::ReferralId(value) => equal::<Text, _>(statement, "referral_id", value.clone()),
        Criterion::Wallet(wallet) => {
            equal::<SqlUuid, _>(statement, "wallet_id", Uuid::from(*wallet));
        }
        Criterion::ApplicationReference(application, value) => {
            statement.push("(application_references <> '{}'::jsonb AND application_references @> ");
            statement.push_bind::<Jsonb, _>(Document(json!({ application.to_string(): value })));
            statement.push(")");
        }
        Criterion::CreatedAt(range) => {
            let condition = within::<Timestamptz, _>(statement, "created_at", *range);
            statement.push(&condition);
        }
        Criterion::UpdatedSince(since) => since_then(statement, "updated_at", *since),
        Criterion::PurchasedSince(since) => since_then(statement, "last_purchase_at", *since),
        Criterion::PurchaseCount(range) => {
            let condition = within::<BigInt, _>(statement, "purchase_count", counts(range));
            statement.push(&condition);
        }
        Criterion::PurchaseAmount(range) => {
            let condition = within::<BigInt, _>(statement, "purchase_amount", amounts(range));
            statement.push(&condition);
        }
        Criterion::PurchaseAverage(range) => {
            let condition = within::<BigInt, _>(statement, AVERAGE, amounts(range));
            statement.push(&condition);
        }
        Criterion::Level(level) => {
            equal::<SqlUuid, _>(statement, "level_id", Uuid::from(*level));
        }
        Criterion::ManualLevel => statement.push("level_is_manual"),
        Criterion::Label { key, value } => label(statement, key, value.as_deref()),
        Criterion::Status(status) => {
            equal::<Text, _>(statement, "status", status.name());
        }
        Criterion::NumberAfter(number) => {
            statement.push("number > ");
            statement.push_bind::<BigInt, _>(i64::from(*number));
        }
    }
}

/// The mean of purchases in ten-thousandths.
const AVERAGE: &str =
    "CASE WHEN purchase_count = 0 THEN 0 ELSE purchase_amount::numeric / purchase_count END";

/// Letter case of every script, whatever the locale of the database.
fn lower(column: &str) -> String {
    format!("lower({column} COLLATE \"und-x-icu\")")
}

fn digits(column: &str) -> String {
    format!("regexp_replace({column}, '[^0-9]', '', 'g')")
}

fn equal<ST, T>(statement: &mut Statement<'static>, left: &str, right: T)
where
    diesel::pg::Pg: diesel::sql_types::HasSqlType<ST>,
    ST: Send + Sync + 'static,
    T: diesel::serialize::ToSql<ST, diesel::pg::Pg> + Send + Sync + 'static,
{
    statement.push(left);
    statement.push(" = ");
    statement.push_bind::<ST, T>(right);
}

/// Compares without letter case; the needle's `%` and `_` are plain characters.
fn matches(statement: &mut Statement<'static>, column: &str, value: &TextMatch) {
    match value {
        TextMatch::Equals(text) => equal::<Text, _>(statement, &lower(column), text.to_lowercase()),
        TextMatch::Contains(text) => {
            statement.push(&format!("strpos({}, ", lower(column)));
            statement.push_bind::<Text, _>(text.to_lowercase());
            statement.push(") > 0");
        }
    }
}

/// Those who hold a key, and those who carry a value of the same normal form.
fn key_or_carried(
    statement: &mut Statement<'static>,
    key_column: &str,
    normal_form: &str,
    key: Option<String>,
) {
    let carried = match key_column {
        "email_key" => "email",
        "card_key" => "loyalty_card",
        "mobile_key" => "mobile",
        _ => "phone",
    };
    statement.push("(");
    equal::<Nullable<Text>, _>(statement, key_column, key.clone());
    statement.push(&format!(" OR ({carried} IS NOT NULL AND {key_column} IS NULL AND "));
    equal::<Nullable<Text>, _>(statement, normal_form, key);
    statement.push("))");
}

fn email(statement: &mut Statement<'static>, value: &TextMatch) {
    match value {
        TextMatch::Equals(text) => {
            key_or_carried(statement, "email_key", &lower("email"), email_key(text));
        }
        TextMatch::Contains(_) => matches(statement, "email", value),
    }
}

/// The phone number as it is shown: the mobile number where there is no phone (`domain.md` §3).
fn phone(statement: &mut Statement<'static>, value: &TextMatch) {
    match value {
        TextMatch::Contains(_) => matches(statement, "coalesce(phone, mobile)", value),
        TextMatch::Equals(text) => {
            statement.push("(");
            phone_as_typed(statement, "phone", "phone", text);
            statement.push(" OR (phone IS NULL AND ");
            phone_as_typed(statement, "mobile", "mobile", text);
            statement.push("))");
        }
    }
}

/// A number letter for letter, found through its digits where it has any.
fn phone_as_typed(statement: &mut Statement<'static>, column: &str, key: &str, text: &str) {
    statement.push("(");
    if let Some(found) = phone_key(text) {
        key_or_carried(statement, &format!("{key}_key"), &digits(column), Some(found));
        statement.push(" AND ");
    }
    // An emptied number (`PhoneNumber`) is nobody's number.
    equal::<Nullable<Text>, _>(statement, column, (!text.is_empty()).then(|| text.to_owned()));
    statement.push(")");
}

fn since_then(statement: &mut Statement<'static>, column: &str, since: time::OffsetDateTime) {
    let range = Range { from: Some(since), to: None };
    let condition = within::<Timestamptz, _>(statement, column, range);
    statement.push(&condition);
}

fn within<ST, T>(statement: &mut Statement<'static>, value: &str, range: Range<T>) -> String
where
    diesel::pg::Pg: diesel::sql_types::HasSqlType<ST>,
    ST: Send + Sync + 'static,
    T: diesel::serialize::ToSql<ST, diesel::pg::Pg> + Send + Sync + 'static,
{
    let bounds = [(range.from, ">="), (range.to, "<=")].into_iter();
    let bounds = bounds.filter_map(|(bound, operator)| {
        bound
            .map(|bound| format!(" AND {value} {operator} {}", statement.parameter::<ST, T>(bound)))
    });
    format!("{value} IS NOT NULL{}", bounds.collect::<String>())
}

fn counts(range: &Range<u64>) -> Range<i64> {
    let bound = |count: Option<u64>| count.map(|count| i64::try_from(count).unwrap_or(i64::MAX));
    Range { from: bound(range.from), to: bound(range.to) }
}

fn amounts(range: &Range<domain::money::Amount>) -> Range<i64> {
    let bound =
        |amount: Option<domain::money::Amount>| amount.map(domain::money::Amount::ten_thousandths);
    Range { from: bound(range.from), to: bound(range.to) }
}

fn label(statement: &mut Statement<'static>, key: &str, value: Option<&str>) {
    let member = |name: &str| lower(&format!("(label ->> '{name}')"));
    statement.push("EXISTS (SELECT FROM jsonb_array_elements(labels) AS label WHERE ");
    equal::<Text, _>(statement, &member("key"), key.to_lowercase());
    if let Some(value) = value {
        statement.push(" AND ");
        equal::<Text, _>(statement, &member("value"), value.to_lowercase());
    }
    statement.push(")");
}

/// A total order, the same as that of the list tables.
fn order(sort: Sort) -> String {
    let direction = if sort.descending { "DESC" } else { "ASC" };
    let by = match sort.key {
        SortKey::Id => return format!("id {direction}"),
        SortKey::Number => return format!("number {direction}"),
        SortKey::CreatedAt => return format!("created_at {direction}, id {direction}"),
        SortKey::LevelName => {
            return format!(
                "{} {direction} NULLS LAST, level_id {direction} NULLS LAST, created_at {direction}, id {direction}",
                order::level_name("customers")
            );
        }
        SortKey::UpdatedAt => "updated_at".to_owned(),
        SortKey::FirstName => in_order("nullif(first_name, '')"),
        SortKey::LastName => in_order("nullif(last_name, '')"),
        SortKey::Email => in_order("btrim(email)"),
        SortKey::Phone => in_order("coalesce(phone, mobile)"),
        SortKey::LoyaltyCard => in_order("loyalty_card"),
        SortKey::Gender => "gender COLLATE \"C\"".to_owned(),
        SortKey::BirthDate => "birth_date".to_owned(),
        SortKey::Active => "(status = 'active')".to_owned(),
        SortKey::Level => "level_id".to_owned(),
        SortKey::ManualLevel => "CASE WHEN level_is_manual THEN level_id END".to_owned(),
        SortKey::PointOfSale => "pos_id".to_owned(),
        SortKey::Seller => "seller_id".to_owned(),
        SortKey::PurchaseCount => "purchase_count".to_owned(),
        SortKey::PurchaseAmount => "purchase_amount".to_owned(),
        SortKey::PurchaseAverage => AVERAGE.to_owned(),
        SortKey::LastPurchase => "last_purchase_at".to_owned(),
    };
    format!("{by} {direction} NULLS LAST, created_at {direction}, id {direction}")
}

/// Lower case, compared sign by sign.
fn in_order(column: &str) -> String {
    format!("{} COLLATE \"C\"", lower(column))
}
