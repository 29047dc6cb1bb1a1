//! Free key-value data that a merchant keeps with a customer (MO `metadata`).

use std::collections::BTreeMap;

use crate::text::Text;

/// A key of 1 to 40 characters (MO 2.1).
pub type MetadataKey = Text<40>;

/// One value: a text of at most 500 characters, a number as it was written, or a truth value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetadataValue {
    /// A text.
    Text(Text<500>),
    /// A JSON number in its JSON spelling, kept as text so that no digit is lost.
    Number(Text<500>),
    /// A truth value.
    Bool(bool),
}

/// All metadata of a customer, ordered by key, at most [`Metadata::MOST`] entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata(BTreeMap<MetadataKey, MetadataValue>);

impl Metadata {
    /// How many entries a customer may have (MO 2.1).
    pub const MOST: usize = 50;

    /// Collects entries; the last of equal keys counts.
    pub fn from_entries(
        entries: impl IntoIterator<Item = (MetadataKey, MetadataValue)>,
    ) -> Result<Self, TooManyEntries> {
        Self::bounded(entries.into_iter().collect())
    }

    /// The metadata after a patch: keys with a value are set, keys without one removed, the others stay.
    pub fn merged(&self, patch: &MetadataPatch) -> Result<Self, TooManyEntries> {
        let mut entries = self.0.clone();
        for (key, value) in &patch.0 {
            match value {
                Some(value) => entries.insert(key.clone(), value.clone()),
                None => entries.remove(key),
            };
        }
        Self::bounded(entries)
    }

    /// The entries in key order.
    pub fn iter(&self) -> impl Iterator<Item = (&MetadataKey, &MetadataValue)> {
        self.0.iter()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn bounded(entries: BTreeMap<MetadataKey, MetadataValue>) -> Result<Self, TooManyEntries> {
        if entries.len() > Self::MOST { Err(TooManyEntries) } else { Ok(Self(entries)) }
    }
}

/// Entries to set and keys to remove.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MetadataPatch(pub BTreeMap<MetadataKey, Option<MetadataValue>>);

/// The metadata would have more than [`Metadata::MOST`] entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more than {} metadata entries", Metadata::MOST)]
pub struct TooManyEntries;

#[cfg(test)]
mod tests {
    use super::*;

    fn key(raw: &str) -> MetadataKey {
        MetadataKey::try_from(raw).unwrap()
    }

    fn text(raw: &str) -> MetadataValue {
        MetadataValue::Text(Text::try_from(raw).unwrap())
    }

    #[test]
    fn a_patch_sets_removes_and_keeps() {
        let before =
            Metadata::from_entries([(key("old"), text("1")), (key("keep"), text("x"))]).unwrap();
        let patch = MetadataPatch(BTreeMap::from([
            (key("tier"), Some(text("gold"))),
            (key("old"), None),
            (key("none"), None),
        ]));
        let after = Metadata::from_entries([(key("keep"), text("x")), (key("tier"), text("gold"))])
            .unwrap();
        assert_eq!(before.merged(&patch), Ok(after));
    }

    #[test]
    fn the_fifty_first_entry_is_refused() {
        let entries = |count: usize| (0..count).map(|n| (key(&format!("k{n}")), text("v")));
        assert!(Metadata::from_entries(entries(50)).is_ok());
        assert_eq!(Metadata::from_entries(entries(51)), Err(TooManyEntries));
    }
}
