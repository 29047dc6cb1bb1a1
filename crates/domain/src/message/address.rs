//! Where a message goes: addresses that are safe to hand to a gateway, whatever a customer typed.

use std::fmt;

/// An e-mail address that can stand in a header and in an SMTP command: one `@` with something on both sides, no blank,
/// no control character, nothing that would make it a list or a comment. Prints itself as `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct MailAddress(String);

/// A phone number as gateways take it: digits, after a `+` if it was given one. Prints itself as `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct TextNumber(String);

/// The text is no address that a message could go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an address that a message can go to")]
pub struct NotAnAddress;

/// The most characters of an e-mail address (RFC 5321, section 4.5.3.1.3, less the brackets).
const LONGEST_MAIL: usize = 254;
/// The digits that a number may have (OL 3.1 takes up to 25).
const DIGITS: std::ops::RangeInclusive<usize> = 3..=25;

impl MailAddress {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for MailAddress {
    type Error = NotAnAddress;

    fn try_from(raw: &str) -> Result<Self, Self::Error> {
        let address = raw.trim();
        let (local, host) = address.split_once('@').ok_or(NotAnAddress)?;
        let plain =
            |c: char| !c.is_control() && !c.is_whitespace() && !"<>()[],;:\\\"@".contains(c);
        let whole = !local.is_empty() && !host.is_empty() && address.len() <= LONGEST_MAIL;
        if whole && local.chars().all(plain) && host.chars().all(plain) {
            Ok(Self(address.to_owned()))
        } else {
            Err(NotAnAddress)
        }
    }
}

impl TextNumber {
    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for TextNumber {
    type Error = NotAnAddress;

    fn try_from(raw: &str) -> Result<Self, Self::Error> {
        let trimmed = raw.trim();
        let (plus, rest) =
            trimmed.strip_prefix('+').map_or(("", trimmed), |national| ("+", national));
        if !rest.chars().all(|c| c.is_ascii_digit() || " -./()".contains(c)) {
            return Err(NotAnAddress);
        }
        let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
        if DIGITS.contains(&digits.len()) {
            Ok(Self([plus, &digits].concat()))
        } else {
            Err(NotAnAddress)
        }
    }
}

impl fmt::Debug for MailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Debug for TextNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_as_typed_without_the_blanks_around_it() {
        let address = MailAddress::try_from(" Ada.Byron+x@shop.example ").unwrap();
        assert_eq!(address.as_str(), "Ada.Byron+x@shop.example");
    }

    #[test]
    fn what_could_end_a_header_or_begin_another_recipient_is_no_address() {
        for raw in [
            "",
            "ada",
            "@shop.example",
            "ada@",
            "ada@shop.example\r\nBcc: all@shop.example",
            "ada@shop.example\nDATA",
            "ada@shop.example,all@shop.example",
            "ada@shop.example;all@shop.example",
            "<ada@shop.example>",
            "ada @shop.example",
            "a@b@c",
            "\"a b\"@c.example",
        ] {
            assert_eq!(MailAddress::try_from(raw), Err(NotAnAddress), "{raw:?}");
        }
    }

    #[test]
    fn a_number_loses_what_people_put_between_its_digits() {
        for (raw, number) in
            [("+48 600-500-400", "+48600500400"), ("(022) 111.22", "02211122"), ("112", "112")]
        {
            assert_eq!(TextNumber::try_from(raw).unwrap().as_str(), number);
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for raw in ["", "+", "12", "48600500400x", "48600\r\n500400", "++48600500400", "none"] {
            assert_eq!(TextNumber::try_from(raw), Err(NotAnAddress), "{raw:?}");
        }
        assert_eq!(TextNumber::try_from("1".repeat(26).as_str()), Err(NotAnAddress));
    }

    #[test]
    fn addresses_do_not_print_themselves() {
        let (mail, number) = (MailAddress::try_from("a@b.c"), TextNumber::try_from("600500400"));
        assert_eq!(format!("{mail:?} {number:?}"), "Ok(***) Ok(***)");
    }
}
