//! Single values of a body, judged one by one (contract 2.2, 2.7).

use std::collections::HashSet;

use actix_web::http::Uri;
use domain::Change;
use domain::customer::{Address, CountryCode, Email, PhoneNumber, Tag};
use domain::text::{InvalidText, Line, Text};
use serde::Deserialize as _;
use serde_json::Value;

use crate::dialects::kounta::errors::{Kind, Violation};
use crate::dialects::kounta::wire::WriteAddress;

const MOST_TAGS: usize = 100;
const TAG_LENGTH: usize = 100;
const PHONE_LENGTH: usize = 50;
const LINE_LENGTH: usize = 255;
const URL_LENGTH: usize = 2048;

/// Reads values and keeps the broken rule that the contract tells first.
#[derive(Debug, Default)]
pub(super) struct Fields {
    broken: Option<Violation>,
}

impl Fields {
    /// The rule to tell, if any is broken.
    pub(super) fn broken(&self) -> Option<Violation> {
        self.broken
    }

    /// Notes a broken rule.
    pub(super) fn refuse(&mut self, rule: Violation) {
        self.broken = Some(self.broken.map_or(rule, |known| known.min(rule)));
    }

    /// A first name; `None` if it was not sent. One without content is the caller's to refuse.
    pub(super) fn first_name(&mut self, value: Option<Value>) -> Option<Line> {
        let text = self.text("first_name", value?)?;
        self.bounded("first_name", LINE_LENGTH, text.trim().to_owned())
    }

    /// A last name; `None` if it was not sent.
    pub(super) fn last_name(&mut self, value: Option<Value>) -> Option<Line> {
        let text = self.text("last_name", value?)?;
        self.bounded("last_name", LINE_LENGTH, text)
    }

    /// An e-mail address: one `@` with text on both sides.
    pub(super) fn email(&mut self, value: Option<Value>) -> Change<Email> {
        let text = match self.optional_text("email", value) {
            Change::Set(text) => text.trim().to_owned(),
            Change::Clear => return Change::Clear,
            Change::Keep => return Change::Keep,
        };
        let sides: Vec<&str> = text.split('@').map(str::trim).collect();
        if sides.len() != 2 || sides.contains(&"") || text.contains('\0') {
            self.refuse(Violation::EmailForm);
            return Change::Keep;
        }
        self.bounded("email", LINE_LENGTH, text).map_or(Change::Keep, Change::Set)
    }

    /// A phone or mobile number: any text.
    pub(super) fn phone(&mut self, key: &'static str, value: Option<Value>) -> Change<PhoneNumber> {
        match self.optional_text(key, value) {
            Change::Set(text) => {
                self.bounded(key, PHONE_LENGTH, text).map_or(Change::Keep, Change::Set)
            }
            Change::Clear => Change::Clear,
            Change::Keep => Change::Keep,
        }
    }

    /// A reference; a number stands for its decimal text.
    pub(super) fn reference(&mut self, value: Option<Value>) -> Change<Line> {
        let key = "reference_id";
        let text = match value {
            None => return Change::Keep,
            Some(Value::Number(number)) => number.to_string(),
            Some(value) => match self.text(key, value) {
                None => return Change::Keep,
                Some(text) if text.is_empty() => return Change::Clear,
                Some(text) => text,
            },
        };
        self.bounded(key, LINE_LENGTH, text).map_or(Change::Keep, Change::Set)
    }

    /// A whole list of tags, trimmed and without repetitions.
    pub(super) fn tags(&mut self, value: Option<Value>) -> Change<Vec<Tag>> {
        let Some(value) = value else { return Change::Keep };
        let Ok(given) = Option::<Vec<String>>::deserialize(value) else {
            self.refuse(Violation::WrongType("tags", Kind::Strings));
            return Change::Keep;
        };
        let mut seen = HashSet::new();
        let mut tags = Vec::new();
        for tag in given.unwrap_or_default() {
            let tag = tag.trim().to_owned();
            if tag.is_empty() {
                self.refuse(Violation::BlankTag);
            } else if !seen.contains(&tag) {
                tags.extend(self.bounded("tags", TAG_LENGTH, tag.clone()));
                seen.insert(tag);
            }
        }
        if seen.len() > MOST_TAGS {
            self.refuse(Violation::TooManyTags(MOST_TAGS));
        }
        Change::Set(tags)
    }

    /// A picture by its address on the web, which is stored and never fetched.
    pub(super) fn image(&mut self, value: Option<Value>) -> Change<Text<URL_LENGTH>> {
        let text = match value {
            None => return Change::Keep,
            Some(Value::Null) => return Change::Clear,
            Some(value) => match self.text("image", value) {
                None => return Change::Keep,
                Some(text) => text,
            },
        };
        if !is_web_address(&text) {
            self.refuse(Violation::ImageForm);
            return Change::Keep;
        }
        self.bounded("image", URL_LENGTH, text).map_or(Change::Keep, Change::Set)
    }

    /// A truth value; null is false.
    pub(super) fn truth(&mut self, key: &'static str, value: Option<Value>) -> Option<bool> {
        match value? {
            Value::Null => Some(false),
            Value::Bool(value) => Some(value),
            _ => {
                self.refuse(Violation::WrongType(key, Kind::Boolean));
                None
            }
        }
    }

    /// A whole address; one without content clears. A country that is stored already may be written back whatever it is:
    /// another dialect may have stored free text.
    pub(super) fn address(
        &mut self,
        keys: &AddressKeys,
        value: Option<Value>,
        before: Option<&Address>,
    ) -> Change<Address> {
        let parts = match value {
            None => return Change::Keep,
            Some(Value::Null) => return Change::Clear,
            Some(value) if value.is_object() => WriteAddress::deserialize(value),
            Some(_) => {
                self.refuse(Violation::WrongType(keys.whole, Kind::Object));
                return Change::Keep;
            }
        };
        let parts = parts.unwrap_or_default();
        let street = match (parts.address, parts.lines) {
            (None, Some(lines)) => self.lines(keys.lines, lines),
            (address, _) => self.part(keys.address, address),
        };
        let address = Address {
            street,
            city: self.part(keys.city, parts.city),
            province: match (parts.state, parts.zone) {
                (None, zone) => self.part(keys.zone, zone),
                (state, _) => self.part(keys.state, state),
            },
            postal_code: self.part(keys.postal_code, parts.postal_code),
            country: {
                let country = self.part(keys.country, parts.country);
                self.country(country, before)
            },
            ..Address::default()
        };
        if address.is_empty() { Change::Clear } else { Change::Set(address) }
    }

    fn country(&mut self, given: Line, before: Option<&Address>) -> Line {
        if given.is_empty() || before.is_some_and(|before| before.country == given) {
            return given;
        }
        given.as_str().parse::<CountryCode>().map_or_else(
            |_| {
                self.refuse(Violation::CountryForm);
                Line::default()
            },
            Line::from,
        )
    }

    fn lines(&mut self, key: &'static str, value: Value) -> Line {
        let Ok(lines) = Vec::<String>::deserialize(value) else {
            self.refuse(Violation::WrongType(key, Kind::Strings));
            return Line::default();
        };
        self.bounded(key, LINE_LENGTH, lines.join("\n")).unwrap_or_default()
    }

    fn part(&mut self, key: &'static str, value: Option<Value>) -> Line {
        let text = value.and_then(|value| self.text(key, value));
        text.and_then(|text| self.bounded(key, LINE_LENGTH, text)).unwrap_or_default()
    }

    /// A text where null, nothing and blanks mean that there is no value.
    fn optional_text(&mut self, key: &'static str, value: Option<Value>) -> Change<String> {
        match value.map(|value| self.text(key, value)) {
            None | Some(None) => Change::Keep,
            Some(Some(text)) if text.trim().is_empty() => Change::Clear,
            Some(Some(text)) => Change::Set(text),
        }
    }

    /// A text; null is an empty one.
    pub(super) fn text(&mut self, key: &'static str, value: Value) -> Option<String> {
        match value {
            Value::Null => Some(String::new()),
            Value::String(text) => Some(text),
            _ => {
                self.refuse(Violation::WrongType(key, Kind::String));
                None
            }
        }
    }

    fn bounded<T: TryFrom<String, Error = InvalidText>>(
        &mut self,
        key: &'static str,
        most: usize,
        text: String,
    ) -> Option<T> {
        let refused = match T::try_from(text) {
            Ok(value) => return Some(value),
            Err(InvalidText::TooLong { .. }) => Violation::TooLong(key, most),
            Err(InvalidText::NullCharacter) => Violation::NullCharacter(key),
        };
        self.refuse(refused);
        None
    }
}

/// How messages name the parts of one of the two addresses.
#[derive(Debug)]
pub(super) struct AddressKeys {
    whole: &'static str,
    address: &'static str,
    lines: &'static str,
    city: &'static str,
    state: &'static str,
    zone: &'static str,
    postal_code: &'static str,
    country: &'static str,
}

macro_rules! address_keys {
    ($whole:literal) => {
        AddressKeys {
            whole: $whole,
            address: concat!($whole, ".address"),
            lines: concat!($whole, ".lines"),
            city: concat!($whole, ".city"),
            state: concat!($whole, ".state"),
            zone: concat!($whole, ".zone"),
            postal_code: concat!($whole, ".postal_code"),
            country: concat!($whole, ".country"),
        }
    };
}

/// The keys of the primary address.
pub(super) const PRIMARY: AddressKeys = address_keys!("primary_address");
/// The keys of the shipping address.
pub(super) const SHIPPING: AddressKeys = address_keys!("shipping_address");

fn is_web_address(text: &str) -> bool {
    text.parse::<Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|host| !host.is_empty())
    })
}
