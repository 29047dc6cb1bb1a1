//! The shapes that e-mail addresses and phone numbers must have (contract 1.8 and 3.1).

use domain::customer::{Email, PhoneNumber};

use super::calling_code::national_part;

const NO_EMAIL: &str = "This value is not a valid email address.";
/// Not numeric; also: taken away while it is the login (contract 1.8).
pub(super) const PHONE_FORMAT: &str = "Incorrect phone number format, use 00000000000.";
/// The same for people of the programme; the vendor leaves out the final dot.
const STAFF_PHONE_FORMAT: &str = "Incorrect phone number format, use +00000000000";
const NO_PHONE: &str = "This value is not a valid phone number.";

/// The most digits that a plain number may have.
const PHONE_DIGITS: usize = 25;

/// An e-mail address by the vendor's loose test: something, `@`, something, `.`, something, and no blank after the `@`.
pub(super) fn email(text: String) -> Result<Email, &'static str> {
    let fits = text.match_indices('@').any(|(at, _)| {
        let (name, host) = (&text[..at], &text[at + 1..]);
        let dotted = host
            .char_indices()
            .any(|(dot, character)| character == '.' && dot > 0 && dot + 1 < host.len());
        !name.is_empty() && dotted && !host.contains(char::is_whitespace)
    });
    if !fits || text.contains(char::is_control) {
        return Err(NO_EMAIL);
    }
    Email::try_from(text).map_err(|_| NO_EMAIL)
}

/// A phone number as it was meant, trimmed: a plus sign that a form does not encode arrives as a blank, and the vendor's
/// own example does not encode it (contract E12).
pub(super) fn with_plus(text: &str) -> String {
    let number = text.trim();
    let blank =
        text.strip_prefix(' ').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if blank { format!("+{number}") } else { number.to_owned() }
}

/// A phone number: digits, or digits after a `+` that can be an international number.
pub(super) fn phone(text: String) -> Result<PhoneNumber, &'static str> {
    if !is_numeric(&text) {
        return Err(PHONE_FORMAT);
    }
    if text.strip_prefix('+').is_some_and(|digits| !is_international(digits)) {
        return Err(NO_PHONE);
    }
    PhoneNumber::try_from(text).map_err(|_| PHONE_FORMAT)
}

/// The phone number of a seller or an admin: digits, perhaps behind a `+` (contract 1.8).
pub(super) fn staff_phone(text: String) -> Result<PhoneNumber, &'static str> {
    if !is_numeric(&text) {
        return Err(STAFF_PHONE_FORMAT);
    }
    PhoneNumber::try_from(text).map_err(|_| STAFF_PHONE_FORMAT)
}

/// Whether a text is digits, or digits after a `+`.
pub(super) fn is_numeric(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    (1..=PHONE_DIGITS).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_international(digits: &str) -> bool {
    (8..=15).contains(&digits.len())
        && national_part(digits).is_some_and(|national| national.bytes().any(|digit| digit != b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendors_own_numbers_are_accepted_as_they_are() {
        for number in [
            "000000005000",
            "0665998332",
            "899000333",
            "+443340000000",
            "123123123",
            "48234234000",
            "12312323123123123760",
            "+48221112233",
        ] {
            assert_eq!(phone(number.to_owned()).unwrap().as_str(), number);
        }
    }

    #[test]
    fn an_international_number_must_be_possible() {
        for number in ["+440000000", "+4822111", "+1234567890123456", "+99955501000", "+0665998332"]
        {
            assert_eq!(phone(number.to_owned()), Err(NO_PHONE), "{number}");
        }
    }

    #[test]
    fn a_plus_sign_that_arrives_as_a_blank_is_a_plus_sign() {
        for (text, expected) in [
            (" 440000000", "+440000000"),
            (" 48221112233 ", "+48221112233"),
            ("48221112233 ", "48221112233"),
            ("  48221112233", "48221112233"),
            (" +48221112233", "+48221112233"),
            (" ", ""),
        ] {
            assert_eq!(with_plus(text), expected);
        }
    }

    #[test]
    fn what_is_not_digits_is_refused() {
        let long = "1".repeat(26);
        for number in ["+", "-5", "1.5", "1e5", "12 34", "abc", "٤٤٥", "++4822111", &long] {
            assert_eq!(phone(number.to_owned()), Err(PHONE_FORMAT), "{number}");
        }
    }

    #[test]
    fn people_of_the_programme_have_numeric_phones() {
        for good in ["+48221112244", "48221112244", "1"] {
            assert_eq!(staff_phone(good.to_owned()).unwrap().as_str(), good);
        }
        for bad in ["", "+", "12 34", "++1", "abc", &"1".repeat(26)] {
            assert_eq!(staff_phone(bad.to_owned()), Err(STAFF_PHONE_FORMAT), "{bad}");
        }
    }

    #[test]
    fn an_email_needs_an_at_and_a_dot_behind_it() {
        for good in ["a@b.c", "John@X.example", "a b@c.pl", "\"a\"@c.pl", "a@b@c.d", "ż@ż.pl"] {
            assert_eq!(email(good.to_owned()).unwrap().as_str(), good);
        }
        let long = format!("{}@b.cd", "a".repeat(251));
        for bad in
            ["", "a", "@b.c", "a@b", "a@.c", "a@b.", "a@b c.d", "a@b.c\r\nBcc: x", "a\0@b.c", &long]
        {
            assert_eq!(email(bad.to_owned()), Err(NO_EMAIL), "{bad}");
        }
    }
}
