//! What a customer can be told apart by: values that are claimed, or merely carried (`domain.md` §4).

use super::model::Customer;

/// A value that at most one live customer of a merchant holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Identifier {
    /// The e-mail address.
    Email,
    /// The loyalty card number.
    LoyaltyCard,
    /// The phone number.
    Phone,
    /// The mobile number.
    Mobile,
    /// The merchant's own id of the customer; always claimed, never carried.
    MerchantCustomerId,
}

/// The identifiers that a caller insists on. What it does not insist on it claims when free and otherwise only carries,
/// so that no client gets an error that its contract does not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four independent facts, one per identifier")]
pub struct Demands {
    /// A taken e-mail address fails the write.
    pub email: bool,
    /// A taken card number fails the write.
    pub loyalty_card: bool,
    /// A taken phone number fails the write.
    pub phone: bool,
    /// A taken mobile number fails the write.
    pub mobile: bool,
}

/// Which keys a customer holds; the others it has a value for are carried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four independent facts, one per identifier")]
pub struct Holdings {
    /// Holds its e-mail address.
    pub email: bool,
    /// Holds its card number.
    pub loyalty_card: bool,
    /// Holds its phone number.
    pub phone: bool,
    /// Holds its mobile number.
    pub mobile: bool,
}

impl Holdings {
    /// Whether the customer holds an identifier. A merchant's own id is always held.
    pub fn include(self, identifier: Identifier) -> bool {
        match identifier {
            Identifier::Email => self.email,
            Identifier::LoyaltyCard => self.loyalty_card,
            Identifier::Phone => self.phone,
            Identifier::Mobile => self.mobile,
            Identifier::MerchantCustomerId => true,
        }
    }
}

/// What a write does to one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyWrite {
    /// The value did not change: a holder stays holder, a carrier stays carrier.
    Keep,
    /// The value is gone; the key becomes free.
    Release,
    /// The key must be taken, or the write fails.
    Demand(String),
    /// The key is taken if nobody holds it.
    Offer(String),
}

impl KeyWrite {
    /// The write for a new value, by whether the caller insists on the identifier.
    pub fn for_new(key: Option<String>, demanded: bool) -> Self {
        match key {
            None => Self::Release,
            Some(key) if demanded => Self::Demand(key),
            Some(key) => Self::Offer(key),
        }
    }

    /// The write for a changed value: an equal key stays as it is.
    pub fn for_change(before: Option<&str>, after: Option<String>, demanded: bool) -> Self {
        if before == after.as_deref() { Self::Keep } else { Self::for_new(after, demanded) }
    }
}

/// What a write does to all keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyWrites {
    /// The e-mail key.
    pub email: KeyWrite,
    /// The card key.
    pub loyalty_card: KeyWrite,
    /// The phone key.
    pub phone: KeyWrite,
    /// The mobile key.
    pub mobile: KeyWrite,
}

impl KeyWrites {
    /// Gives up every key, as a deletion does.
    pub const RELEASE_ALL: Self = Self {
        email: KeyWrite::Release,
        loyalty_card: KeyWrite::Release,
        phone: KeyWrite::Release,
        mobile: KeyWrite::Release,
    };

    /// Leaves every key as it is.
    pub const KEEP_ALL: Self = Self {
        email: KeyWrite::Keep,
        loyalty_card: KeyWrite::Keep,
        phone: KeyWrite::Keep,
        mobile: KeyWrite::Keep,
    };

    /// What the creation of a record does, by what the caller insists on.
    pub fn for_new(record: &Customer, demands: Demands) -> Self {
        let write = |identifier, demanded| KeyWrite::for_new(record.key(identifier), demanded);
        Self::of(write, demands)
    }

    /// What a change from one state of a record to another does, by what the caller insists on.
    pub fn for_change(before: &Customer, after: &Customer, demands: Demands) -> Self {
        let write = |identifier, demanded| {
            KeyWrite::for_change(before.key(identifier).as_deref(), after.key(identifier), demanded)
        };
        Self::of(write, demands)
    }

    fn of(write: impl Fn(Identifier, bool) -> KeyWrite, demands: Demands) -> Self {
        Self {
            email: write(Identifier::Email, demands.email),
            loyalty_card: write(Identifier::LoyaltyCard, demands.loyalty_card),
            phone: write(Identifier::Phone, demands.phone),
            mobile: write(Identifier::Mobile, demands.mobile),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unchanged_value_neither_claims_nor_releases() {
        assert_eq!(
            KeyWrite::for_change(Some("a@b.c"), Some("a@b.c".to_owned()), true),
            KeyWrite::Keep
        );
        assert_eq!(KeyWrite::for_change(None, None, false), KeyWrite::Keep);
    }

    #[test]
    fn a_new_value_is_demanded_or_offered() {
        assert_eq!(
            KeyWrite::for_change(Some("a"), Some("b".to_owned()), true),
            KeyWrite::Demand("b".to_owned())
        );
        assert_eq!(
            KeyWrite::for_change(None, Some("b".to_owned()), false),
            KeyWrite::Offer("b".to_owned())
        );
        assert_eq!(KeyWrite::for_change(Some("a"), None, true), KeyWrite::Release);
    }
}
