//! The order and the part of a list (contract 1.9).

use domain::PageRequest;
use domain::customer::{Sort, SortKey};

use crate::http::form::FormValue;

/// The most customers that one answer holds, "all of them" included.
pub(super) const MOST_PER_PAGE: u64 = 10_000;
const PER_PAGE: u64 = 10;

/// The order: the newest first, unless a known column and a direction say otherwise.
pub(super) fn sort(parameters: &FormValue) -> Sort {
    let text = |name: &str| match parameters.get(name) {
        Some(FormValue::Text(text)) if !text.is_empty() => Some(text.as_str()),
        _ => None,
    };
    Sort {
        key: text("sort").and_then(column).unwrap_or(SortKey::CreatedAt),
        // Whatever is not ascending is descending.
        descending: text("direction").is_none_or(|word| !word.eq_ignore_ascii_case("asc")),
    }
}

/// The part. What makes no sense is as if it had not been said.
pub(super) fn page(parameters: &FormValue) -> PageRequest {
    let number = |name: &str| match parameters.get(name) {
        Some(FormValue::Text(text)) => whole(text.trim()),
        _ => None,
    };
    let per_page = match number("perPage") {
        Some(negative) if negative < 0 => {
            return PageRequest::first(MOST_PER_PAGE);
        }
        Some(0) | None => PER_PAGE,
        Some(wanted) => wanted.unsigned_abs().min(MOST_PER_PAGE),
    };
    let page = number("page").and_then(|page| u64::try_from(page).ok()).unwrap_or(1).max(1);
    PageRequest { offset: (page - 1).saturating_mul(per_page), limit: Some(per_page) }
}

/// A whole number; one that is too long counts as the greatest.
fn whole(text: &str) -> Option<i64> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value = digits.parse().unwrap_or(i64::MAX);
    Some(if negative { -value } else { value })
}

fn column(name: &str) -> Option<SortKey> {
    Some(match name {
        "customerId" => SortKey::Id,
        "active" => SortKey::Active,
        "posId" => SortKey::PointOfSale,
        "sellerId" => SortKey::Seller,
        "firstName" => SortKey::FirstName,
        "lastName" => SortKey::LastName,
        "gender" => SortKey::Gender,
        "email" => SortKey::Email,
        "phone" => SortKey::Phone,
        "birthDate" => SortKey::BirthDate,
        "loyaltyCardNumber" => SortKey::LoyaltyCard,
        "createdAt" => SortKey::CreatedAt,
        "levelId" => SortKey::Level,
        "level.name" => SortKey::LevelName,
        "manuallyAssignedLevelId" => SortKey::ManualLevel,
        "updatedAt" => SortKey::UpdatedAt,
        // The vendor's own page spells it both ways.
        "transactionsCount" | "transactionCount" => SortKey::PurchaseCount,
        "transactionsAmount" => SortKey::PurchaseAmount,
        "averageTransactionAmount" => SortKey::PurchaseAverage,
        "lastTransactionDate" => SortKey::LastPurchase,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::http::form::{FormLimits, parse};

    use super::*;

    fn parameters(query: &str) -> FormValue {
        parse(query.as_bytes(), FormLimits { depth: 5, keys: 100 }).unwrap()
    }

    #[test]
    fn pages_have_defaults_and_forgive_nonsense() {
        for (query, offset, limit) in [
            ("", 0, 10),
            ("page=3", 20, 10),
            ("page=2&perPage=25", 25, 25),
            ("page=0&perPage=0", 0, 10),
            ("page=-1&perPage=abc", 0, 10),
            ("page=1.5", 0, 10),
            ("page[]=2&perPage[]=3", 0, 10),
            ("perPage=-1", 0, MOST_PER_PAGE),
            ("page=7&perPage=-1", 0, MOST_PER_PAGE),
            ("perPage=1000000", 0, MOST_PER_PAGE),
        ] {
            let expected = PageRequest { offset, limit: Some(limit) };
            assert_eq!(page(&parameters(query)), expected, "{query}");
        }
    }

    #[test]
    fn a_page_beyond_all_numbers_does_not_overflow() {
        let far = page(&parameters("page=99999999999999999999&perPage=10000"));
        assert_eq!(far, PageRequest { offset: u64::MAX, limit: Some(MOST_PER_PAGE) });
    }

    #[test]
    fn a_direction_that_is_not_ascending_is_descending() {
        for (query, key, descending) in [
            ("", SortKey::CreatedAt, true),
            ("sort=lastName", SortKey::LastName, true),
            ("sort=lastName&direction=ASC", SortKey::LastName, false),
            ("sort=transactionCount&direction=sideways", SortKey::PurchaseCount, true),
            ("sort=password&direction=asc", SortKey::CreatedAt, false),
            ("sort[]=email&direction[]=asc", SortKey::CreatedAt, true),
        ] {
            assert_eq!(sort(&parameters(query)), Sort { key, descending }, "{query}");
        }
    }
}
