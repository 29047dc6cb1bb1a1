//! Look-ups that expect one customer.

use crate::customer::{Customer, Identifier, Lookup, PhoneNumber, card_key, email_key, phone_key};

/// The customer whom a look-up means: the holder first, then the lowest number.
pub(super) fn find<'a>(
    customers: impl Iterator<Item = &'a Customer>,
    lookup: &Lookup,
) -> Option<&'a Customer> {
    let identifier = identifier(lookup);
    let is_carrier =
        |customer: &Customer| identifier.is_some_and(|one| !customer.holdings.include(one));
    customers
        .filter(|customer| is_meant(customer, lookup))
        .min_by_key(|customer| (is_carrier(customer), customer.number))
}

/// Whose holder comes first.
fn identifier(lookup: &Lookup) -> Option<Identifier> {
    match lookup {
        Lookup::Number(_) | Lookup::NameAndPhone { .. } => None,
        Lookup::LoyaltyCard(_) => Some(Identifier::LoyaltyCard),
        Lookup::Email(_) => Some(Identifier::Email),
        Lookup::PhoneAsTyped(_) | Lookup::PhoneHolder(_) => Some(Identifier::Phone),
        Lookup::Mobile(_) => Some(Identifier::Mobile),
        Lookup::MerchantCustomerId(_) => Some(Identifier::MerchantCustomerId),
    }
}

fn is_meant(customer: &Customer, lookup: &Lookup) -> bool {
    let has = |identifier, key: Option<String>| key.is_some() && customer.key(identifier) == key;
    match lookup {
        Lookup::Number(number) => customer.number == *number,
        Lookup::LoyaltyCard(card) => has(Identifier::LoyaltyCard, card_key(card)),
        Lookup::Email(email) => has(Identifier::Email, email_key(email)),
        Lookup::PhoneAsTyped(phone) => {
            let typed = customer.phone.as_ref().map(PhoneNumber::as_str);
            !phone.is_empty() && typed == Some(phone)
        }
        Lookup::PhoneHolder(phone) => {
            customer.holdings.phone && has(Identifier::Phone, phone_key(phone))
        }
        Lookup::Mobile(mobile) => has(Identifier::Mobile, phone_key(mobile)),
        Lookup::NameAndPhone { first, last, phone } => {
            same_word(first, customer.name.first())
                && same_word(last, customer.name.last())
                && has(Identifier::Phone, phone_key(phone))
        }
        Lookup::MerchantCustomerId(id) => has(Identifier::MerchantCustomerId, Some(id.clone())),
    }
}

fn same_word(left: &str, right: &str) -> bool {
    left.trim().to_lowercase() == right.trim().to_lowercase()
}
