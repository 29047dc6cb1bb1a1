//! Members of a JSON object, read one by one as they were written; what is wrong with them is collected.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use domain::customer::{MetadataKey, MetadataPatch, MetadataValue};
use domain::text::{InvalidText, Text};
use serde_json::value::RawValue;

use super::super::errors::{Error, Fault, Problem};

/// Characters of a text in the metadata, and digits of a number.
const LONGEST_VALUE: usize = 500;

/// Digits of a number's exponent.
const LONGEST_EXPONENT: usize = 3;

/// The problems found so far.
#[derive(Default)]
pub(super) struct Members {
    problems: Vec<Problem>,
}

impl Members {
    /// A text of so many characters. An integer counts as its digits; nothing else is a text (contract 2.1).
    pub(super) fn text<T: TryFrom<String, Error = InvalidText>>(
        &mut self,
        member: &'static str,
        raw: Option<&RawValue>,
        length: RangeInclusive<usize>,
    ) -> Option<T> {
        let read = |raw| {
            let text = text_of(raw).ok_or(Fault::Invalid)?;
            let count = text.chars().count();
            if count < *length.start() {
                return Err(Fault::TooShort(*length.start()));
            }
            if count > *length.end() {
                return Err(Fault::TooLong(*length.end()));
            }
            T::try_from(text).map_err(|_| Fault::Invalid)
        };
        raw.and_then(|raw| self.keep(member, read(raw)))
    }

    /// A text of any length that must be there.
    pub(super) fn required(
        &mut self,
        member: &'static str,
        raw: Option<&RawValue>,
    ) -> Option<String> {
        let read = raw.ok_or(Fault::Blank).and_then(|raw| text_of(raw).ok_or(Fault::Invalid));
        self.keep(member, read)
    }

    /// An array of texts; not given, an empty one.
    pub(super) fn texts(&mut self, member: &'static str, raw: Option<&RawValue>) -> Vec<String> {
        let read = |raw: &RawValue| serde_json::from_str(raw.get()).map_err(|_| Fault::Invalid);
        raw.and_then(|raw| self.keep(member, read(raw))).unwrap_or_default()
    }

    /// A flat object; of keys that repeat the last counts.
    pub(super) fn metadata(
        &mut self,
        member: &'static str,
        raw: Option<&RawValue>,
    ) -> MetadataPatch {
        let read = |raw| metadata_of(raw).map(MetadataPatch).ok_or(Fault::Invalid);
        raw.and_then(|raw| self.keep(member, read(raw))).unwrap_or_default()
    }

    /// Notes a problem.
    pub(super) fn refuse(&mut self, member: &'static str, fault: Fault) {
        self.problems.push(Problem { member, fault });
    }

    /// The value made of the members, if there was no problem with any.
    pub(super) fn finish<T>(self, value: T) -> Result<T, Error> {
        if self.problems.is_empty() { Ok(value) } else { Err(Error::Invalid(self.problems)) }
    }

    fn keep<T>(&mut self, member: &'static str, read: Result<T, Fault>) -> Option<T> {
        read.map_err(|fault| self.refuse(member, fault)).ok()
    }
}

fn text_of(raw: &RawValue) -> Option<String> {
    let raw = raw.get();
    match raw.as_bytes().first()? {
        b'"' => serde_json::from_str(raw).ok(),
        b'-' | b'0'..=b'9' if !raw.contains(['.', 'e', 'E']) => Some(raw.to_owned()),
        _ => None,
    }
}

fn metadata_of(raw: &RawValue) -> Option<BTreeMap<MetadataKey, Option<MetadataValue>>> {
    let entries: BTreeMap<String, Option<&RawValue>> = serde_json::from_str(raw.get()).ok()?;
    let entry = |(key, value): (String, Option<&RawValue>)| {
        let key = MetadataKey::try_from(key).ok().filter(|key| !key.is_empty())?;
        let value = match value {
            Some(value) => Some(metadata_value_of(value)?),
            None => None,
        };
        Some((key, value))
    };
    entries.into_iter().map(entry).collect()
}

fn metadata_value_of(raw: &RawValue) -> Option<MetadataValue> {
    let raw = raw.get();
    match raw.as_bytes().first()? {
        b'"' => {
            let text = serde_json::from_str::<String>(raw).ok()?;
            Text::<LONGEST_VALUE>::try_from(text).ok().map(MetadataValue::Text)
        }
        b't' => Some(MetadataValue::Bool(true)),
        b'f' => Some(MetadataValue::Bool(false)),
        b'-' | b'0'..=b'9' if is_storable(raw) => {
            Text::<LONGEST_VALUE>::try_from(raw).ok().map(MetadataValue::Number)
        }
        _ => None,
    }
}

/// Numbers that no reader could hold are not worth keeping, and a database would choke on the largest exponents.
fn is_storable(number: &str) -> bool {
    let exponent = number.split_once(['e', 'E']).map_or("", |(_, exponent)| exponent);
    exponent.trim_start_matches(['+', '-']).len() <= LONGEST_EXPONENT
        && number.parse::<f64>().is_ok_and(f64::is_finite)
}
