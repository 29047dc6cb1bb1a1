//! Another merchant's customers are out of reach, whatever one asks.

use crate::customer::{
    Criterion, Customer, Email, Lookup, LoyaltyCard, PhoneNumber, TextMatch, WriteError,
};
use crate::storage::Storage;
use crate::testing::contract::tenant::{MODEST, Tenant};
use crate::text::Text;

pub(super) async fn promises(storage: &Storage) {
    another_merchants_customers_are_invisible(storage).await;
    another_merchants_customers_cannot_be_touched(storage).await;
}

/// Every look-up that finds a full customer.
fn look_ups(customer: &Customer) -> Vec<Lookup> {
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let phone = customer.phone.as_ref();
    let digits = phone.and_then(PhoneNumber::key).unwrap_or_default();
    let mobile = customer.mobile.as_ref().and_then(PhoneNumber::key);
    let own = customer.references.merchant_customer_id.as_ref();
    vec![
        Lookup::Number(customer.number),
        Lookup::LoyaltyCard(text(customer.loyalty_card.as_ref().map(LoyaltyCard::as_str))),
        Lookup::Email(text(customer.email.as_ref().map(Email::as_str))),
        Lookup::PhoneAsTyped(text(phone.map(PhoneNumber::as_str))),
        Lookup::PhoneHolder(digits.clone()),
        Lookup::Mobile(mobile.unwrap_or_default()),
        Lookup::NameAndPhone {
            first: customer.name.first().to_owned(),
            last: customer.name.last().to_owned(),
            phone: digits,
        },
        Lookup::MerchantCustomerId(text(own.map(Text::as_str))),
    ]
}

async fn another_merchants_customers_are_invisible(storage: &Storage) {
    let [owner, stranger] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let customer = owner.given(owner.full().await).await;
    for lookup in look_ups(&customer) {
        assert_eq!(owner.look_up(lookup.clone()).await, Some(customer.id), "{lookup:?}");
        assert_eq!(stranger.look_up(lookup.clone()).await, None, "{lookup:?}");
    }
    let criteria = [
        vec![],
        vec![Criterion::Wallet(customer.wallet_id)],
        vec![Criterion::Email(TextMatch::Contains("byron".to_owned()))],
    ];
    for criteria in criteria {
        assert_eq!((owner.count(&criteria).await, stranger.count(&criteria).await), (1, 0));
        assert_eq!(owner.fitting(criteria.clone()).await, [customer.id]);
        assert_eq!(stranger.fitting(criteria).await, []);
    }
    assert_eq!(stranger.find(customer.id).await, None);
    assert_eq!(stranger.events(customer.id).await, []);
    assert_eq!(owner.events(customer.id).await.len(), 1);
}

async fn another_merchants_customers_cannot_be_touched(storage: &Storage) {
    let [owner, stranger] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let customer = owner.given(owner.mailed("ada@example.test")).await;
    let claimed = Customer { merchant: stranger.merchant, ..customer.clone() };
    let emptied = Customer { email: None, ..claimed.clone() };
    assert_eq!(stranger.update(&claimed, emptied, MODEST).await, Err(WriteError::Stale));
    assert_eq!(stranger.erase(&claimed).await, Err(WriteError::Stale));
    assert_eq!(owner.events(customer.id).await.len(), 1);
    assert_eq!(stranger.events(customer.id).await, []);
    assert_eq!(owner.find(customer.id).await, Some(customer));
}
