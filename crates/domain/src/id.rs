//! Every typed id, in one list: a value of one kind can never stand where another is due.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])+ $name:ident),+ $(,)?) => {$(
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl From<Uuid> for $name {
            fn from(value: Uuid) -> Self {
                Self(value)
            }
        }

        impl From<$name> for Uuid {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(raw: &str) -> Result<Self, Self::Err> {
                hyphenated(raw).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// A merchant, the tenant everything else belongs to.
    MerchantId,
    /// A customer of one merchant (OL `customerId`, KC `id`, MO `uuid`).
    CustomerId,
    /// The wallet that every customer is born with (KC `walletId`).
    WalletId,
    /// A loyalty level.
    LevelId,
    /// A special reward of a level.
    SpecialRewardId,
    /// A point of sale.
    PointOfSaleId,
    /// A person behind a till.
    SellerId,
    /// A person who administers the programme.
    AdminId,
    /// A person of an institution who logs in for machine access.
    OperatorId,
    /// A client program with credentials.
    ApplicationId,
    /// One event of one customer.
    EventId,
    /// One delivery of one event to one endpoint.
    DeliveryId,
    /// One message to a person.
    MessageId,
    /// One look at a customer.
    ViewId,
    /// One entry of the audit log: a look or an event.
    AuditId,
    /// One invitation to a programme.
    InvitationId,
    /// One line of the points ledger.
    TransferId,
    /// What a till sold or took back, once.
    TransactionId,
    /// One saved payment method of one customer.
    PaymentMethodId,
}

/// The text is not a hyphenated UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a hyphenated UUID")]
pub struct InvalidId;

/// Only the hyphenated form counts as an id on any wire: a card number of 32 hex digits must stay a card number.
fn hyphenated(raw: &str) -> Result<Uuid, InvalidId> {
    if raw.len() != 36 {
        return Err(InvalidId);
    }
    Uuid::try_parse(raw).map_err(|_| InvalidId)
}

/// The largest number that every JSON client decodes exactly.
const LARGEST: i64 = (1 << 53) - 1;

macro_rules! numbers {
    ($($(#[$doc:meta])+ $name:ident),+ $(,)?) => {$(
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl TryFrom<i64> for $name {
            type Error = NumberOutOfRange;

            fn try_from(value: i64) -> Result<Self, Self::Error> {
                if (1..=LARGEST).contains(&value) { Ok(Self(value)) } else { Err(NumberOutOfRange) }
            }
        }

        impl From<$name> for i64 {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

numbers! {
    /// A positive integer below 2^53 that names a customer among those of all merchants (KO `id`); given at creation,
    /// never reused.
    CustomerNumber,
    /// The integer by which Kounta names a merchant: positive and below 2^53.
    CompanyId,
    /// The same for a subscription, among those of all merchants: the later it was made, the greater; never reused.
    SubscriptionNumber,
}

impl CustomerNumber {
    /// The largest number that every JSON client decodes exactly.
    pub const MAX: i64 = LARGEST;

    /// Stands in a record that storage has not numbered yet; no stored customer has it.
    pub(crate) const UNASSIGNED: Self = Self(0);
}

/// The number is not positive or not below 2^53.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a number must be positive and below 2^53")]
pub struct NumberOutOfRange;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_hyphenated_form_is_an_id() {
        assert!("00000000-0000-474C-b092-b0dd880c07e1".parse::<CustomerId>().is_ok());
        for raw in [
            "",
            "47834433524",
            "000000000000474cb092b0dd880c07e1",
            "{00000000-0000-474c-b092-b0dd880c07e1}",
        ] {
            assert_eq!(raw.parse::<CustomerId>(), Err(InvalidId), "{raw}");
        }
    }

    #[test]
    fn a_customer_number_stays_exact_in_every_json_client() {
        assert!(CustomerNumber::try_from(CustomerNumber::MAX).is_ok());
        for out in [0, -1, CustomerNumber::MAX + 1] {
            assert_eq!(CustomerNumber::try_from(out), Err(NumberOutOfRange));
        }
    }
}
