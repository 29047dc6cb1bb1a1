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
