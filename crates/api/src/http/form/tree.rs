//! The tree itself.

use serde_json::{Number, Value};

/// A value of a form, or of JSON read as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormValue {
    /// JSON's null; a form cannot say it.
    Null,
    /// JSON's true and false; a form says them as text.
    Bool(bool),
    /// A number of JSON; a form says it as text.
    Number(Number),
    /// Any text.
    Text(String),
    /// Fields in the order of their first mention, each key once. A list has the keys `0`, `1`, and so on.
    Map(Vec<(String, FormValue)>),
}

impl FormValue {
    /// The field of that name, if this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The fields of a map; nothing of anything else.
    pub fn entries(&self) -> &[(String, Self)] {
        match self {
            Self::Map(entries) => entries,
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) => &[],
        }
    }

    /// The place of that name, empty if it is new. What is no map becomes one.
    pub(super) fn entry(&mut self, key: &str) -> &mut Self {
        let entries = self.make_map();
        let at = entries.iter().position(|(name, _)| name == key).unwrap_or_else(|| {
            entries.push((key.to_owned(), Self::Null));
            entries.len() - 1
        });
        &mut entries[at].1
    }

    /// A new place under the number after the highest one.
    pub(super) fn append(&mut self) -> &mut Self {
        let entries = self.make_map();
        let next = entries
            .iter()
            .filter_map(|(name, _)| index(name))
            .max()
            .map_or(0, |highest| u64::from(highest) + 1);
        entries.push((next.to_string(), Self::Null));
        let last = entries.len() - 1;
        &mut entries[last].1
    }

    fn make_map(&mut self) -> &mut Vec<(String, Self)> {
        match self {
            Self::Map(entries) => entries,
            other => {
                *other = Self::Map(Vec::new());
                other.make_map()
            }
        }
    }
}

/// A key that PHP would count as a number: decimal digits without a leading zero.
fn index(key: &str) -> Option<u32> {
    let digits = key.bytes().all(|byte| byte.is_ascii_digit());
    if digits && (key == "0" || !key.starts_with('0')) { key.parse().ok() } else { None }
}

impl From<Value> for FormValue {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(value),
            Value::Number(value) => Self::Number(value),
            Value::String(value) => Self::Text(value),
            Value::Array(items) => Self::Map(
                items
                    .into_iter()
                    .enumerate()
                    .map(|(at, item)| (at.to_string(), item.into()))
                    .collect(),
            ),
            Value::Object(fields) => {
                Self::Map(fields.into_iter().map(|(name, field)| (name, field.into())).collect())
            }
        }
    }
}
