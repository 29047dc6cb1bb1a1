//! How a customer is reached: e-mail address and telephone numbers, kept as typed and compared by a normal form.

use std::fmt;

use crate::text::{InvalidText, Text};

/// An e-mail address as the customer typed it. Its shape is the writing dialect's business; comparison is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(Text<255>);

impl Email {
    /// The address as typed.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The form by which addresses are compared and claimed; `None` for an empty address, which claims nothing.
    pub fn key(&self) -> Option<String> {
        email_key(self.as_str())
    }
}

impl From<Text<255>> for Email {
    /// Keeps the blanks around the address too (MO 2.1); [`TryFrom`] leaves them out.
    fn from(text: Text<255>) -> Self {
        Self(text)
    }
}

impl TryFrom<String> for Email {
    type Error = InvalidText;

    fn try_from(raw: String) -> Result<Self, Self::Error> {
        let trimmed = raw.trim();
        let text =
            if trimmed.len() == raw.len() { Text::try_from(raw) } else { Text::try_from(trimmed) };
        text.map(Self)
    }
}

impl TryFrom<&str> for Email {
    type Error = InvalidText;

    fn try_from(raw: &str) -> Result<Self, Self::Error> {
        Self::try_from(raw.to_owned())
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The normal form of an e-mail address: trimmed, lower case (`domain.md` §4); `None` when nothing is left.
pub fn email_key(raw: &str) -> Option<String> {
    let key = raw.trim().to_lowercase();
    (!key.is_empty()).then_some(key)
}

/// A telephone number as the customer typed it, of at most 50 characters. An empty one says that the number was
/// emptied on purpose, which Open Loyalty shows (OL E12); it claims nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneNumber(Text<50>);

impl PhoneNumber {
    /// The number as typed.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether it was emptied.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The form by which numbers are compared and claimed: digits only. `None` when there are none.
    pub fn key(&self) -> Option<String> {
        phone_key(self.as_str())
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = InvalidText;

    fn try_from(raw: String) -> Result<Self, Self::Error> {
        Text::try_from(raw).map(Self)
    }
}

impl TryFrom<&str> for PhoneNumber {
    type Error = InvalidText;

    fn try_from(raw: &str) -> Result<Self, Self::Error> {
        Text::try_from(raw).map(Self)
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The normal form of a telephone number: its digits (`domain.md` §4, KO 2.6); `None` when there are none.
pub fn phone_key(raw: &str) -> Option<String> {
    let digits: String = raw.chars().filter(char::is_ascii_digit).collect();
    (!digits.is_empty()).then_some(digits)
}

/// A loyalty card number as printed. An empty one says that it was emptied on purpose (OL E12); it claims nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoyaltyCard(Text<255>);

impl LoyaltyCard {
    /// The number as printed.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The form by which cards are compared and claimed: lower case. `None` for an empty one.
    pub fn key(&self) -> Option<String> {
        card_key(self.as_str())
    }
}

impl TryFrom<String> for LoyaltyCard {
    type Error = InvalidText;

    fn try_from(raw: String) -> Result<Self, Self::Error> {
        Text::try_from(raw).map(Self)
    }
}

impl TryFrom<&str> for LoyaltyCard {
    type Error = InvalidText;

    fn try_from(raw: &str) -> Result<Self, Self::Error> {
        Text::try_from(raw).map(Self)
    }
}

impl fmt::Display for LoyaltyCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The normal form of a card number: lower case (`domain.md` §4); `None` when it is empty.
pub fn card_key(raw: &str) -> Option<String> {
    (!raw.is_empty()).then(|| raw.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails_are_kept_as_typed_and_compared_without_case_and_blanks() {
        let email = Email::try_from(" John@X.example ").unwrap();
        assert_eq!(email.as_str(), "John@X.example");
        assert_eq!(email.key().as_deref(), Some("john@x.example"));
    }

    #[test]
    fn blanks_around_an_email_may_be_kept_and_never_count() {
        let email = Email::from(Text::try_from(" a@b.example ").unwrap());
        assert_eq!(email.as_str(), " a@b.example ");
        assert_eq!(email.key().as_deref(), Some("a@b.example"));
    }

    #[test]
    fn numbers_are_compared_by_their_digits() {
        assert_eq!(
            PhoneNumber::try_from("+48 123-456").unwrap().key().as_deref(),
            Some("48123456")
        );
        assert_eq!(PhoneNumber::try_from("none").unwrap().key(), None);
    }

    #[test]
    fn emptied_values_claim_nothing() {
        assert_eq!(PhoneNumber::try_from("").unwrap().key(), None);
        assert_eq!(LoyaltyCard::try_from("").unwrap().key(), None);
        assert_eq!(Email::try_from("  ").unwrap().key(), None);
    }
}
