//! What a search asks for (contract 2.5).

use std::ops::RangeInclusive;

use domain::PageRequest;
use domain::customer::{Criterion, CustomerQuery, Range, Sort, SortKey, TextMatch};
use domain::id::WalletId;
use domain::text::Text;
use time::OffsetDateTime;

use super::fields::{Fields, sized};
use super::moment;
use crate::dialects::kuna_core::errors::Error;
use crate::dialects::kuna_core::wire::{FindQuery, FindRequest};

/// How many customers a search answers when it does not say.
const DEFAULT_TAKE: i64 = 20;
const TAKE: (RangeInclusive<i64>, &str) = (1..=100, "must be an integer between 1 and 100");
const SKIP: (RangeInclusive<i64>, &str) = (0..=i64::MAX, "must be an integer not below 0");

/// The list that a search asks for; `None` when nobody can be on it.
pub(in super::super) fn query(
    request: FindRequest,
    query: &FindQuery,
) -> Result<Option<CustomerQuery>, Error> {
    let mut fields = Fields::default();
    let email = fields.filter("email", request.email, needle::<255>);
    let wallet = fields.filter("walletId", request.wallet_id, needle::<255>);
    let phone = fields.filter("phoneNumber", request.phone_number, needle::<255>);
    let full_name = fields.filter("fullName", request.full_name, needle::<511>);
    let comment = fields.filter("comment", request.comment, needle::<1000>);
    let external_id = fields.filter("externalId", request.external_id, needle::<255>);
    let referral_id = fields.filter("referralId", request.referral_id, needle::<255>);
    let from = fields.filter("createdFrom", request.created_from, moment);
    let to = fields.filter("createdTo", request.created_to, moment);
    let take = fields.integer("take", &request.take, query.get("take"), TAKE);
    let skip = fields.integer("skip", &request.skip, query.get("skip"), SKIP);
    fields.finish()?;

    let wallet = match wallet.map(|raw| raw.parse::<WalletId>()) {
        None => None,
        Some(Ok(wallet)) => Some(wallet),
        Some(Err(_)) => return Ok(None),
    };
    let created = Range { from, to: to.map(moment::end_of_millisecond) };
    let criteria = [
        email.map(|raw| Criterion::Email(TextMatch::Equals(raw.trim().to_owned()))),
        wallet.map(Criterion::Wallet),
        phone.map(Criterion::PhoneAsTyped),
        full_name.map(|raw| Criterion::FullName(folded(&raw))),
        comment.map(|raw| Criterion::Comment(TextMatch::Contains(raw))),
        external_id.map(Criterion::ExternalId),
        referral_id.map(Criterion::ReferralId),
        (created != Range::default()).then_some(Criterion::CreatedAt(created)),
    ];
    Ok(Some(CustomerQuery {
        criteria: criteria.into_iter().flatten().collect(),
        sort: Sort { key: SortKey::CreatedAt, descending: true },
        page: PageRequest {
            offset: skip.unwrap_or_default().unsigned_abs(),
            limit: Some(take.unwrap_or(DEFAULT_TAKE).unsigned_abs()),
        },
    }))
}

fn needle<const MAX: usize>(raw: &str) -> Result<String, String> {
    sized::<MAX>(0, MAX)(raw).map(Text::into_string)
}

fn moment(raw: &str) -> Result<OffsetDateTime, String> {
    moment::parse(raw).ok_or_else(|| "must be an ISO 8601 date".to_owned())
}

/// Runs of white space become one blank, as the contract's format has between first and last name.
fn folded(raw: &str) -> String {
    raw.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use time::macros::datetime;

    use super::*;

    fn asked(body: Value, parameters: &[(&str, &str)]) -> Result<Option<CustomerQuery>, Error> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        query(serde_json::from_value(body).unwrap(), &parameters.iter().map(owned).collect())
    }

    fn criteria(body: Value) -> Vec<Criterion> {
        asked(body, &[]).unwrap().unwrap().criteria
    }

    fn page(body: Value, parameters: &[(&str, &str)]) -> (u64, Option<u64>) {
        let page = asked(body, parameters).unwrap().unwrap().page;
        (page.offset, page.limit)
    }

    #[test]
    fn filters_that_are_absent_null_or_empty_are_ignored() {
        assert_eq!(criteria(json!({})), []);
        let nothing = json!({
            "email": null, "walletId": "", "phoneNumber": null, "fullName": "", "comment": "", "externalId": null,
            "referralId": "", "createdFrom": null, "createdTo": "", "take": null, "skip": null,
        });
        assert_eq!(criteria(nothing), []);
    }

    #[test]
    fn every_filter_becomes_a_criterion() {
        let all = json!({
            "email": " A@b.example ", "walletId": "6D962783-F0CF-420D-A511-3A48C71C5595", "phoneNumber": "+380",
            "fullName": " Alex \t Smith ", "comment": "50%", "externalId": "x", "referralId": "r",
            "createdFrom": "2024-02-01", "createdTo": "2024-02-26T16:36:14.499Z",
        });
        let wallet = "6d962783-f0cf-420d-a511-3a48c71c5595".parse().unwrap();
        let expected = [
            Criterion::Email(TextMatch::Equals("A@b.example".to_owned())),
            Criterion::Wallet(wallet),
            Criterion::PhoneAsTyped("+380".to_owned()),
            Criterion::FullName("Alex Smith".to_owned()),
            Criterion::Comment(TextMatch::Contains("50%".to_owned())),
            Criterion::ExternalId("x".to_owned()),
            Criterion::ReferralId("r".to_owned()),
            Criterion::CreatedAt(Range {
                from: Some(datetime!(2024-02-01 00:00 UTC)),
                to: Some(datetime!(2024-02-26 16:36:14.499_999_999 UTC)),
            }),
        ];
        assert_eq!(criteria(all), expected);
    }

    #[test]
    fn a_wallet_that_is_no_uuid_belongs_to_nobody() {
        assert_eq!(asked(json!({"walletId": "wallet"}), &[]).unwrap(), None);
    }

    #[test]
    fn the_query_string_counts_where_the_body_has_nothing() {
        let parameters = [("take", "7"), ("skip", "3")];
        assert_eq!(page(json!({}), &[]), (0, Some(20)));
        assert_eq!(page(json!({}), &parameters), (3, Some(7)));
        assert_eq!(page(json!({"take": null, "skip": 5}), &parameters), (5, Some(7)));
        assert_eq!(page(json!({"take": 100}), &[("take", "x")]), (0, Some(100)));
    }
}
