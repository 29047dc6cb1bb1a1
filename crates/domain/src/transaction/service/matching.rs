//! How a purchase finds its customer (OL 4.6).

use crate::customer::{Customer, Email, Lookup, LoyaltyCard, PhoneNumber, Status};
use crate::merchant::{IdentificationField, Merchant};
use crate::storage::{Session, StorageError};
use crate::transaction::model::Buyer;

/// The first active customer whom one of the buyer's identifiers means, in the order that the merchant chose. Identifiers
/// are compared by their normal forms.
pub(super) async fn customer_of(
    session: &mut dyn Session,
    merchant: &Merchant,
    buyer: &Buyer,
) -> Result<Option<Customer>, StorageError> {
    for field in &merchant.settings.identification {
        let Some(lookup) = lookup(*field, buyer) else { continue };
        let found = session.customers().look_up(merchant.id, &lookup).await?;
        if let Some(customer) = found.filter(|customer| customer.status == Status::Active) {
            return Ok(Some(customer));
        }
    }
    Ok(None)
}

fn lookup(field: IdentificationField, buyer: &Buyer) -> Option<Lookup> {
    match field {
        IdentificationField::Phone => {
            buyer.phone.as_ref().and_then(PhoneNumber::key).map(Lookup::PhoneHolder)
        }
        IdentificationField::LoyaltyCard => {
            buyer.loyalty_card.as_ref().and_then(LoyaltyCard::key).map(Lookup::LoyaltyCard)
        }
        IdentificationField::Email => buyer.email.as_ref().and_then(Email::key).map(Lookup::Email),
    }
}
