//! Whether a customer fits a list.

use crate::customer::{
    Criterion, Customer, Email, LoyaltyCard, PhoneNumber, PurchaseFigures, Range, TextMatch,
};
use crate::money::Amount;
use crate::text::{Line, Text};

/// Whether a customer meets every criterion.
pub(super) fn all_meet(customer: &Customer, criteria: &[Criterion]) -> bool {
    criteria.iter().all(|criterion| meets(customer, criterion))
}

/// The phone number that a customer is listed by.
pub(super) fn shown_phone(customer: &Customer) -> Option<&str> {
    customer.phone.as_ref().or(customer.mobile.as_ref()).map(PhoneNumber::as_str)
}

fn meets(customer: &Customer, criterion: &Criterion) -> bool {
    let email = customer.email.as_ref().map(Email::as_str);
    let address = customer.primary_address.as_ref();
    let is_id = |value: Option<&Line>, id: &String| value.is_some_and(|value| value.as_str() == id);
    match criterion {
        Criterion::FirstName(wanted) => fits(wanted, Some(customer.name.first())),
        Criterion::LastName(wanted) => fits(wanted, Some(customer.name.last())),
        Criterion::FullName(wanted) => same(&folded(&customer.name.full()), wanted),
        Criterion::Email(wanted) => fits(wanted, email),
        Criterion::Phone(wanted) => fits(wanted, shown_phone(customer)),
        Criterion::EmailOrPhone(wanted) => {
            fits(wanted, email) || fits(wanted, shown_phone(customer))
        }
        Criterion::LoyaltyCard(wanted) => {
            fits(wanted, customer.loyalty_card.as_ref().map(LoyaltyCard::as_str))
        }
        Criterion::City(wanted) => fits(wanted, address.map(|address| address.city.as_str())),
        Criterion::PostalCode(wanted) => {
            fits(wanted, address.map(|address| address.postal_code.as_str()))
        }
        Criterion::PhoneAsTyped(wanted) => {
            customer.phone.as_ref().is_some_and(|phone| phone.as_str() == wanted)
        }
        Criterion::Comment(wanted) => fits(wanted, customer.comment.as_ref().map(Text::as_str)),
        Criterion::ExternalId(id) => is_id(customer.references.external_id.as_ref(), id),
        Criterion::ReferralId(id) => is_id(customer.references.referral_id.as_ref(), id),
        Criterion::ApplicationReference(application, id) => {
            is_id(customer.references.per_application.get(application), id)
        }
        Criterion::Wallet(wallet) => customer.wallet_id == *wallet,
        Criterion::CreatedAt(range) => includes(range, &customer.created_at),
        Criterion::UpdatedSince(moment) => customer.updated_at >= *moment,
        Criterion::PurchasedSince(moment) => {
            customer.purchases.last_at.is_some_and(|last| last >= *moment)
        }
        Criterion::PurchaseCount(range) => includes(range, &customer.purchases.count),
        Criterion::PurchaseAmount(range) => includes(range, &customer.purchases.amount),
        Criterion::PurchaseAverage(range) => includes_average(range, &customer.purchases),
        Criterion::Level(level) => customer.level.is_some_and(|assigned| assigned.level == *level),
        Criterion::ManualLevel => customer.level.is_some_and(|level| level.manual),
        Criterion::Label { key, value } => customer.labels.iter().any(|label| {
            same(label.key.as_str(), key)
                && value.as_ref().is_none_or(|value| same(label.value.as_str(), value))
        }),
        Criterion::Status(status) => customer.status == *status,
        Criterion::NumberAfter(number) => customer.number > *number,
    }
}

pub(super) fn fits(wanted: &TextMatch, value: Option<&str>) -> bool {
    match (wanted, value) {
        (_, None) => false,
        (TextMatch::Contains(text), Some(value)) => {
            value.to_lowercase().contains(&text.to_lowercase())
        }
        (TextMatch::Equals(text), Some(value)) => same(value, text),
    }
}

/// Runs of white space as one blank, none at the ends.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn same(left: &str, right: &str) -> bool {
    left.to_lowercase() == right.to_lowercase()
}

fn includes<T: PartialOrd>(range: &Range<T>, value: &T) -> bool {
    range.from.as_ref().is_none_or(|from| from <= value)
        && range.to.as_ref().is_none_or(|to| value <= to)
}

/// Compares the mean without dividing, since it need not be an amount.
fn includes_average(range: &Range<Amount>, purchases: &PurchaseFigures) -> bool {
    let count = i128::from(purchases.count.max(1));
    let sum = if purchases.count == 0 { 0 } else { i128::from(purchases.amount.ten_thousandths()) };
    let times_count = |bound: Amount| i128::from(bound.ten_thousandths()) * count;
    includes(&Range { from: range.from.map(times_count), to: range.to.map(times_count) }, &sum)
}
