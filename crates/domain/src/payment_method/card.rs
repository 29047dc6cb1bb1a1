//! What is known of a card.

use std::fmt;
use std::str::FromStr;

use time::{Date, Month};

use crate::secret::Secret;

/// A card number without its middle: `411111******1111` (MO 2.9). The six digits of the issuer and the last four are all
/// that it holds, so that no value of this type is a card's full number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaskedNumber {
    issuer: [u8; 6],
    hidden: usize,
    last: [u8; 4],
}

impl MaskedNumber {
    /// Digits of the shortest and the longest card number (ISO/IEC 7812).
    const DIGITS: std::ops::RangeInclusive<usize> = 12..=19;
}

impl FromStr for MaskedNumber {
    type Err = InvalidMaskedNumber;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let bytes = raw.as_bytes();
        let (issuer, rest) = bytes.split_first_chunk::<6>().ok_or(InvalidMaskedNumber)?;
        let (middle, last) = rest.split_last_chunk::<4>().ok_or(InvalidMaskedNumber)?;
        let shown = issuer.iter().chain(last).all(u8::is_ascii_digit);
        let hidden = middle.iter().all(|byte| *byte == b'*');
        if shown && hidden && Self::DIGITS.contains(&bytes.len()) {
            Ok(Self { issuer: *issuer, hidden: middle.len(), last: *last })
        } else {
            Err(InvalidMaskedNumber)
        }
    }
}

impl fmt::Display for MaskedNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = |digits: &[u8]| digits.iter().map(|digit| char::from(*digit)).collect();
        let [issuer, last]: [String; 2] = [digits(&self.issuer), digits(&self.last)];
        write!(f, "{issuer}{:*<1$}{last}", "", self.hidden)
    }
}

/// The text is no masked card number. It may well be a full one, so it is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a masked card number has six digits, asterisks and four digits, 12 to 19 in all")]
pub struct InvalidMaskedNumber;

/// The month with which a card expires, known by its last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expiry(Date);

impl Expiry {
    /// Years as cards print them, with two digits.
    const YEARS: std::ops::RangeInclusive<i32> = 2000..=2099;

    /// The end of a month of the years 2000 to 2099.
    pub fn of_month(year: i32, month: Month) -> Result<Self, InvalidExpiry> {
        let last = Date::from_calendar_date(year, month, month.length(year));
        last.map_err(|_| InvalidExpiry)?.try_into()
    }

    /// The last day on which the card works (MO `expiration_date`).
    pub fn last_day(self) -> Date {
        self.0
    }

    /// Whether the card works no more on a day (MO `expired`).
    pub fn is_over_on(self, today: Date) -> bool {
        self.0 < today
    }
}

impl TryFrom<Date> for Expiry {
    type Error = InvalidExpiry;

    /// Takes the last day of a month and no other.
    fn try_from(day: Date) -> Result<Self, Self::Error> {
        let is_last = day.day() == day.month().length(day.year());
        if is_last && Self::YEARS.contains(&day.year()) {
            Ok(Self(day))
        } else {
            Err(InvalidExpiry)
        }
    }
}

/// The day is not the last one of a month of the years 2000 to 2099.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a card expires with a month of the years 2000 to 2099")]
pub struct InvalidExpiry;

/// What stands for a card in payments (MO `pan_token`): 64 lower-case hexadecimal digits. Who has it and the merchant's
/// key can charge the card, so it is sealed at rest and never printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardToken(Secret<String>);

impl CardToken {
    /// The digits, for the one answer that shows them.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl TryFrom<String> for CardToken {
    type Error = InvalidCardToken;

    fn try_from(raw: String) -> Result<Self, Self::Error> {
        let is_digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if raw.len() == 64 && raw.bytes().all(is_digit) {
            Ok(Self(Secret::new(raw)))
        } else {
            Err(InvalidCardToken)
        }
    }
}

/// The text is no token of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the token of a card has 64 lower-case hexadecimal digits")]
pub struct InvalidCardToken;

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_masked_number_reads_as_it_was_written() {
        for raw in ["411111******1111", "675412**0015", "378282*****0005", "630490*********4321"] {
            assert_eq!(raw.parse::<MaskedNumber>().unwrap().to_string(), raw);
        }
    }

    #[test]
    fn a_full_card_number_is_refused_and_so_is_one_that_shows_too_much() {
        for raw in [
            "4111111111111111",
            "4111 1111 1111 1111",
            "41111111****1111",
            "411111*****11111",
            "411111*1****1111",
            "4111111****11111",
            "411111XXXXXX1111",
            "************1111",
            "411111******111",
            "411111*1111",
            "411111**********1111",
            " 411111******1111",
            "４11111****1111",
            "4111",
            "",
        ] {
            assert_eq!(raw.parse::<MaskedNumber>(), Err(InvalidMaskedNumber), "{raw}");
        }
        assert!(!InvalidMaskedNumber.to_string().contains("4111"));
    }

    #[test]
    fn a_card_works_through_the_last_day_of_its_month() {
        for (year, month, last_day) in [
            (2034, Month::December, date!(2034 - 12 - 31)),
            (2028, Month::February, date!(2028 - 02 - 29)),
            (2027, Month::February, date!(2027 - 02 - 28)),
        ] {
            let expiry = Expiry::of_month(year, month).unwrap();
            assert_eq!(expiry.last_day(), last_day);
            assert!(!expiry.is_over_on(last_day));
            assert!(expiry.is_over_on(last_day.next_day().unwrap()));
            assert_eq!(Expiry::try_from(last_day), Ok(expiry));
        }
    }

    #[test]
    fn a_card_expires_with_no_other_day_and_in_no_other_century() {
        for day in [date!(2034 - 12 - 30), date!(2028 - 02 - 28), date!(1999 - 12 - 31)] {
            assert_eq!(Expiry::try_from(day), Err(InvalidExpiry), "{day}");
        }
        for year in [i32::MIN, 34, 1999, 2100, i32::MAX] {
            assert_eq!(Expiry::of_month(year, Month::May), Err(InvalidExpiry), "{year}");
        }
    }

    #[test]
    fn a_token_has_sixty_four_lower_case_digits_and_does_not_print_itself() {
        let digits = "5b0c7d1e9f2a43868c1d2e3f405162738495a6b7c8d9eafb0c1d2e3f40516273";
        let token = CardToken::try_from(digits.to_owned()).unwrap();
        assert_eq!(token.expose(), digits);
        assert!(!format!("{token:?}").contains("5b0c"));
        for raw in ["", "4111111111111111", &digits[1..], &digits.to_uppercase()] {
            assert_eq!(CardToken::try_from(raw.to_owned()), Err(InvalidCardToken), "{raw}");
        }
    }
}
