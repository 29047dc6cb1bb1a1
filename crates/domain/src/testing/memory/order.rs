//! The order of a list.

use std::cmp::Ordering;

use time::OffsetDateTime;
use uuid::Uuid;

use super::criteria::shown_phone;
use super::state::State;
use crate::customer::{Customer, Gender, Sort, SortKey, Status};

/// What customers are compared by. Values of one list are all of one kind.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Value {
    Text(String),
    Number(i128),
    Id(Uuid),
    Moment(OffsetDateTime),
}

/// Customers in the order of a list: those without the value last, equals by creation and id.
pub(super) fn sorted<'a>(
    state: &State,
    customers: Vec<&'a Customer>,
    sort: Sort,
) -> Vec<&'a Customer> {
    let mut keyed: Vec<_> = customers
        .into_iter()
        .map(|customer| (value(state, customer, sort.key), customer))
        .collect();
    let directed = |order: Ordering| if sort.descending { order.reverse() } else { order };
    let by_value = |left: &Option<Value>, right: &Option<Value>| match (left, right) {
        (Some(left), Some(right)) => directed(left.cmp(right)),
        _ => right.is_some().cmp(&left.is_some()),
    };
    keyed.sort_by(|(left, one), (right, other)| {
        let tie = || (one.created_at, one.id).cmp(&(other.created_at, other.id));
        by_value(left, right)
            .then_with(|| match (sort.key, one.level, other.level) {
                (SortKey::LevelName, Some(left), Some(right)) => {
                    directed(left.level.cmp(&right.level))
                }
                (SortKey::LevelName, left, right) => right.is_some().cmp(&left.is_some()),
                _ => Ordering::Equal,
            })
            .then_with(|| directed(tie()))
    });
    keyed.into_iter().map(|(_, customer)| customer).collect()
}

/// Customers by last name, first name and id; those without a name last.
pub(super) fn by_name(mut customers: Vec<&Customer>) -> Vec<&Customer> {
    let name = |raw: &str| (raw.is_empty(), raw.to_lowercase());
    customers.sort_by_key(|customer| {
        (name(customer.name.last()), name(customer.name.first()), customer.id)
    });
    customers
}

fn value(state: &State, customer: &Customer, key: SortKey) -> Option<Value> {
    let text = |raw: &str| Some(Value::Text(raw.to_lowercase()));
    let name = |raw: &str| if raw.is_empty() { None } else { text(raw) };
    let purchases = &customer.purchases;
    match key {
        SortKey::Id => Some(Value::Id(customer.id.into())),
        SortKey::Number => Some(Value::Number(i64::from(customer.number).into())),
        SortKey::FirstName => name(customer.name.first()),
        SortKey::LastName => name(customer.name.last()),
        SortKey::Email => customer.email.as_ref().and_then(|email| text(email.as_str())),
        SortKey::Phone => shown_phone(customer).and_then(text),
        SortKey::LoyaltyCard => customer.loyalty_card.as_ref().and_then(|card| text(card.as_str())),
        SortKey::Gender => customer.gender.and_then(|gender| text(gender_name(gender))),
        SortKey::BirthDate => customer.birth_date.map(Value::Moment),
        SortKey::Active => Some(Value::Number((customer.status == Status::Active).into())),
        SortKey::CreatedAt => Some(Value::Moment(customer.created_at)),
        SortKey::UpdatedAt => Some(Value::Moment(customer.updated_at)),
        SortKey::LevelName => level_name(state, customer).and_then(name),
        SortKey::Level => customer.level.map(|level| Value::Id(level.level.into())),
        SortKey::ManualLevel => {
            customer.level.filter(|level| level.manual).map(|level| Value::Id(level.level.into()))
        }
        SortKey::PointOfSale => customer.pos.map(|pos| Value::Id(pos.into())),
        SortKey::Seller => customer.seller.map(|seller| Value::Id(seller.into())),
        SortKey::PurchaseCount => Some(Value::Number(purchases.count.into())),
        SortKey::PurchaseAmount => Some(Value::Number(purchases.amount.ten_thousandths().into())),
        SortKey::PurchaseAverage => Some(Value::Number(mean(customer))),
        SortKey::LastPurchase => purchases.last_at.map(Value::Moment),
    }
}

fn gender_name(gender: Gender) -> &'static str {
    match gender {
        Gender::Female => "female",
        Gender::Male => "male",
        Gender::NotDisclosed => "not_disclosed",
    }
}

fn level_name<'a>(state: &'a State, customer: &Customer) -> Option<&'a str> {
    let assigned = customer.level?.level;
    let level = state.levels.iter().find(|level| level.id == assigned)?;
    let language = state.merchants.get(&customer.merchant)?.languages.first()?;
    level.texts.get(language).map(|text| text.name.as_str())
}

/// The mean purchase, fine enough to tell any two means apart that a test would.
fn mean(customer: &Customer) -> i128 {
    const FINENESS: i128 = 1_000_000_000_000;
    let purchases = &customer.purchases;
    if purchases.count == 0 {
        return 0;
    }
    i128::from(purchases.amount.ten_thousandths()) * FINENESS / i128::from(purchases.count)
}
