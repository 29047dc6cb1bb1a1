//! What filters mean in the tables that lists are read from.
//!
//! Those tables hold texts in lower case, as they are compared.

use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz};
use domain::customer::{Criterion, Range, TextMatch, email_key};

use super::{amounts, counts, within};
use crate::statement::Statement;

/// Where a value of a list stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::customers) enum Table {
    /// Who the customer is.
    List,
    /// What the customer bought.
    Figures,
    /// When the record changed.
    Updates,
}

/// How those who meet a filter are found without looking at everyone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::customers) enum Access {
    /// By an index of this value alone.
    Index,
    /// By the index of trigrams, in one go with other texts.
    Trigrams,
    /// By the index of signs and pairs of signs, in one go with other such texts.
    Pieces,
    /// Not at all.
    Nothing,
}

impl Access {
    /// Whether the table of the search index finds them.
    pub(in crate::customers) fn is_in_texts(self) -> bool {
        matches!(self, Self::Trigrams | Self::Pieces)
    }
}

/// A criterion that the list tables can judge.
#[derive(Clone, Copy, Debug)]
pub(in crate::customers) struct Filter<'a> {
    criterion: &'a Criterion,
    pub(super) table: Table,
    pub(in crate::customers) access: Access,
}

/// The filters for all criteria; `None` when the list tables cannot judge one of them.
pub(in crate::customers) fn filters(criteria: &[Criterion]) -> Option<Vec<Filter<'_>>> {
    criteria.iter().map(Filter::of).collect()
}

impl Table {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::List => "customer_list",
            Self::Figures => "customer_figures",
            Self::Updates => "customer_updates",
        }
    }

    /// What statements call its rows.
    pub(super) fn alias(self) -> &'static str {
        match self {
            Self::List => "listed",
            Self::Figures => "figures",
            Self::Updates => "updates",
        }
    }

    /// Joins the row of the same customer, one at a time: nothing else would be cheap for a few, and the rows of the
    /// other table keep their order.
    pub(super) fn joined_to(self, home: Self) -> String {
        let (alias, home) = (self.alias(), home.alias());
        let one = match self {
            Self::List => format!(
                "SELECT one.* FROM customer_list AS one \
                 WHERE one.merchant_id = $1 AND one.customer_id = {home}.customer_id"
            ),
            Self::Figures => format!(
                "SELECT one.* FROM customer_figures AS one WHERE one.merchant_id = $1 \
                 AND one.created_at = {home}.created_at AND one.customer_id = {home}.customer_id"
            ),
            // Its own table is ordered by the very time that is asked for.
            Self::Updates => format!(
                "SELECT one.updated_at FROM customers AS one \
                 WHERE one.merchant_id = $1 AND one.id = {home}.customer_id"
            ),
        };
        format!(" CROSS JOIN LATERAL ({one} OFFSET 0) AS {alias}")
    }
}

impl<'a> Filter<'a> {
    fn of(criterion: &'a Criterion) -> Option<Self> {
        let text = |value: &TextMatch| match value {
            TextMatch::Equals(_) => Access::Index,
            TextMatch::Contains(needle) if has_trigram(needle) => Access::Trigrams,
            TextMatch::Contains(needle) if needle.is_empty() => Access::Nothing,
            TextMatch::Contains(_) => Access::Pieces,
        };
        let (table, access) = match criterion {
            Criterion::FirstName(value)
            | Criterion::LastName(value)
            | Criterion::Email(value)
            | Criterion::Phone(value)
            | Criterion::EmailOrPhone(value)
            | Criterion::LoyaltyCard(value) => (Table::List, text(value)),
            // Equality has no index of its own here, but trigrams find it as well.
            Criterion::City(TextMatch::Equals(value) | TextMatch::Contains(value))
            | Criterion::PostalCode(TextMatch::Equals(value) | TextMatch::Contains(value)) => {
                (Table::List, text(&TextMatch::Contains(value.clone())))
            }
            Criterion::CreatedAt(_) | Criterion::ManualLevel | Criterion::Label { .. } => {
                (Table::List, Access::Index)
            }
            Criterion::PurchaseCount(_)
            | Criterion::PurchaseAmount(_)
            | Criterion::PurchaseAverage(_)
            | Criterion::PurchasedSince(_) => (Table::Figures, Access::Index),
            Criterion::UpdatedSince(_) => (Table::Updates, Access::Index),
            Criterion::FullName(_)
            | Criterion::PhoneAsTyped(_)
            | Criterion::Comment(_)
            | Criterion::ExternalId(_)
            | Criterion::ReferralId(_)
            | Criterion::Wallet(_)
            | Criterion::ApplicationReference(..)
            | Criterion::Level(_)
            | Criterion::Status(_)
            | Criterion::NumberAfter(_) => return None,
        };
        Some(Self { criterion, table, access })
    }

    /// What the index of pieces is asked for a needle, beside the condition; `None` for those that have another index.
    pub(super) fn pieces(&self, statement: &mut Statement<'static>) -> Option<String> {
        if self.access != Access::Pieces {
            return None;
        }
        let (marks, needle) = match self.criterion {
            Criterion::FirstName(value) => ("f", value),
            Criterion::LastName(value) => ("l", value),
            Criterion::Email(value) => ("e", value),
            Criterion::Phone(value) => ("p", value),
            Criterion::EmailOrPhone(value) => ("ep", value),
            Criterion::LoyaltyCard(value) => ("c", value),
            Criterion::City(value) => ("t", value),
            Criterion::PostalCode(value) => ("z", value),
            _ => return None,
        };
        let (TextMatch::Equals(needle) | TextMatch::Contains(needle)) = needle;
        let each = marks.chars().map(|mark| {
            let pieces = statement.parameter::<Array<Text>, _>(pieces(mark, needle));
            format!("{PIECES} @> {pieces}")
        });
        Some(format!("({})", each.collect::<Vec<_>>().join(" OR ")))
    }

    /// The condition, its parameters added to the statement.
    pub(super) fn condition(&self, statement: &mut Statement<'static>) -> String {
        match self.criterion {
            Criterion::FirstName(value) => name(statement, "listed.first_name", value),
            Criterion::LastName(value) => name(statement, "listed.last_name", value),
            Criterion::Email(value) => email(statement, value),
            Criterion::Phone(value) => phone(statement, value),
            Criterion::EmailOrPhone(value) => {
                let email = email(statement, value);
                format!("({email} OR {})", phone(statement, value))
            }
            Criterion::LoyaltyCard(value) => text(statement, "listed.card", value),
            Criterion::City(value) => text(statement, "listed.city", value),
            Criterion::PostalCode(value) => text(statement, "listed.postal_code", value),
            Criterion::CreatedAt(range) => {
                within::<Timestamptz, _>(statement, "listed.created_at", *range)
            }
            Criterion::UpdatedSince(since) => {
                let range = Range { from: Some(*since), to: None };
                within::<Timestamptz, _>(statement, "updates.updated_at", range)
            }
            Criterion::PurchasedSince(since) => {
                let range = Range { from: Some(*since), to: None };
                within::<Timestamptz, _>(statement, "figures.last_purchase_at", range)
            }
            Criterion::PurchaseCount(range) => {
                within::<BigInt, _>(statement, "figures.purchase_count", counts(range))
            }
            Criterion::PurchaseAmount(range) => {
                within::<BigInt, _>(statement, "figures.purchase_amount", amounts(range))
            }
            Criterion::PurchaseAverage(range) => {
                within::<BigInt, _>(statement, "figures.purchase_average", amounts(range))
            }
            // Any level at all; as a range, so that its own index looks better than the others from the start.
            Criterion::ManualLevel => {
                "listed.manual_level_id > '00000000-0000-0000-0000-000000000000'".to_owned()
            }
            Criterion::Label { key, value } => label(statement, key, value.as_deref()),
            // Not among the filters: see `of`.
            _ => "FALSE".to_owned(),
        }
    }
}

/// Whether the index of trigrams narrows the search for a needle: PostgreSQL takes them from letters and digits only, and
/// which signs beyond ASCII are such depends on the locale of the database.
fn has_trigram(needle: &str) -> bool {
    let mut run = 0;
    needle.chars().any(|sign| {
        run = if sign.is_ascii_alphanumeric() { run + 1 } else { 0 };
        run == 3
    })
}

/// What `customer_texts_pieces_idx` holds, as the migration writes it.
const PIECES: &str = "text_pieces(first_name, last_name, email, phone, card, city, postal_code)";

/// All pairs of signs of a needle, or its only sign.
fn pieces(mark: char, needle: &str) -> Vec<String> {
    let signs: Vec<char> = needle.to_lowercase().chars().collect();
    let piece = |signs: &[char]| std::iter::once(&mark).chain(signs).collect();
    signs.windows(signs.len().clamp(1, 2)).map(piece).collect()
}

fn text(statement: &mut Statement<'static>, column: &str, value: &TextMatch) -> String {
    match value {
        TextMatch::Equals(text) => {
            format!("{column} = {}", statement.parameter::<Text, _>(text.to_lowercase()))
        }
        TextMatch::Contains(needle) => {
            format!("{column} LIKE {}", statement.parameter::<Text, _>(pattern(needle)))
        }
    }
}

/// A name may be empty, which is stored as none.
fn name(statement: &mut Statement<'static>, column: &str, value: &TextMatch) -> String {
    match value {
        TextMatch::Equals(text) if text.is_empty() => format!("{column} IS NULL"),
        TextMatch::Contains(needle) if needle.is_empty() => "TRUE".to_owned(),
        _ => text(statement, column, value),
    }
}

fn email(statement: &mut Statement<'static>, value: &TextMatch) -> String {
    match value {
        TextMatch::Equals(text) => {
            let key = statement.parameter::<Nullable<Text>, _>(email_key(text));
            format!("listed.email = {key}")
        }
        TextMatch::Contains(_) => text(statement, "listed.email", value),
    }
}

/// An emptied number (`PhoneNumber`) is nobody's number.
fn phone(statement: &mut Statement<'static>, value: &TextMatch) -> String {
    match value {
        TextMatch::Equals(text) if text.is_empty() => "FALSE".to_owned(),
        _ => text(statement, "listed.phone", value),
    }
}

/// The needle's own `%`, `_` and `\` are plain characters.
fn pattern(needle: &str) -> String {
    let mut pattern = String::from("%");
    for sign in needle.to_lowercase().chars() {
        if matches!(sign, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(sign);
    }
    pattern.push('%');
    pattern
}

/// As `label_terms` of the migrations has it.
fn label(statement: &mut Statement<'static>, key: &str, value: Option<&str>) -> String {
    let words = [Some(key), value].into_iter().flatten().map(str::to_lowercase);
    let words = statement.parameter::<Array<Text>, _>(words.collect::<Vec<_>>());
    format!("listed.labels @> ARRAY[to_jsonb({words}::text[])::text]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_needle_has_a_trigram_when_three_letters_or_digits_follow_each_other() {
        for (needle, expected) in [
            ("kow", true),
            ("+48", false),
            ("a.bc", false),
            ("@łód", false),
            ("", false),
            ("жук", false),
        ] {
            assert_eq!(has_trigram(needle), expected, "{needle}");
        }
    }

    #[test]
    fn a_needle_is_taken_apart_into_pairs_unless_it_is_one_sign() {
        assert_eq!(pieces('l', "Łód"), ["lłó", "lód"]);
        assert_eq!(pieces('p', "+4"), ["p+4"]);
        assert_eq!(pieces('f', "Q"), ["fq"]);
    }

    #[test]
    fn signs_of_patterns_are_escaped() {
        assert_eq!(pattern("A_%\\"), "%a\\_\\%\\\\%");
    }
}
