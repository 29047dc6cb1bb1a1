//! Members of a JSON object, read one by one as they were written; what is wrong with them is collected.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use domain::customer::{MetadataKey, MetadataPatch, MetadataValue};
use domain::text::{InvalidText, Text};
use serde_json::Value;

use super::super::errors::{Error, Fault, Problem};

/// The problems found so far.
#[derive(Default)]
pub(super) struct Members {
    problems: Vec<Problem>,
}

impl Members {
    /// A text of so many characters. An integer counts as its digits; nothing else is a text (MO 2.1).
    pub(super) fn text<T: TryFrom<String, Error = InvalidText>>(
        &mut self,
        member: &'static str,
        given: Option<Value>,
        length: RangeInclusive<usize>,
    ) -> Option<T> {
        let read = |given| {
            let text = text_of(given).ok_or(Fault::Invalid)?;
            let count = text.chars().count();
            if count < *length.start() {
                return Err(Fault::TooShort(*length.start()));
            }
            if count > *length.end() {
                return Err(Fault::TooLong(*length.end()));
            }
            T::try_from(text).map_err(|_| Fault::Invalid)
        };
        given.and_then(|given| self.keep(member, read(given)))
    }

    /// A text of any length that must be there.
    pub(super) fn required(
        &mut self,
        member: &'static str,
        given: Option<Value>,
    ) -> Option<String> {
        let read = given.ok_or(Fault::Blank).and_then(|given| text_of(given).ok_or(Fault::Invalid));
        self.keep(member, read)
    }

    /// An array of texts; not given, an empty one.
    pub(super) fn texts(&mut self, member: &'static str, given: Option<Value>) -> Vec<String> {
        let read = |given| serde_json::from_value(given).map_err(|_| Fault::Invalid);
        given.and_then(|given| self.keep(member, read(given))).unwrap_or_default()
    }

    /// A flat object; of keys that repeat the last counts.
    pub(super) fn metadata(&mut self, member: &'static str, given: Option<Value>) -> MetadataPatch {
        let read = |given| metadata_of(given).map(MetadataPatch).ok_or(Fault::Invalid);
        given.and_then(|given| self.keep(member, read(given))).unwrap_or_default()
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

fn text_of(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => {
            Some(number.to_string()).filter(|digits| !digits.contains(['.', 'e']))
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn metadata_of(value: Value) -> Option<BTreeMap<MetadataKey, Option<MetadataValue>>> {
    let Value::Object(entries) = value else { return None };
    let entry = |(key, value)| {
        let key = MetadataKey::try_from(key).ok().filter(|key| !key.is_empty())?;
        let value = match value {
            Value::Null => None,
            Value::String(text) => Some(MetadataValue::Text(Text::try_from(text).ok()?)),
            Value::Bool(truth) => Some(MetadataValue::Bool(truth)),
            // A number that no reader could hold is not worth keeping.
            Value::Number(number) => {
                number.as_f64()?;
                Some(MetadataValue::Number(Text::try_from(number.to_string()).ok()?))
            }
            Value::Array(_) | Value::Object(_) => return None,
        };
        Some((key, value))
    };
    entries.into_iter().map(entry).collect()
}
