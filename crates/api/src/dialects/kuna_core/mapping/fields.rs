//! Reading the members of one body, and collecting what is wrong with them.

use std::ops::RangeInclusive;

use domain::Change;
use domain::text::{InvalidText, Text};

use crate::dialects::kuna_core::errors::{Error, Problem};
use crate::dialects::kuna_core::wire::Member;

/// What is wrong with a text that no database takes.
pub(super) const NULL_CHARACTER: &str = "must not contain the null character";

/// Collects problems in the order in which members are read, which is the order of the contract's field tables.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<Problem>);

impl Fields {
    /// A member that must be there. `None` means that a problem was noted.
    pub(super) fn required<T>(
        &mut self,
        field: &'static str,
        member: Member,
        rule: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        match member {
            Member::Absent | Member::Null => self.refuse(field, "is required".to_owned()),
            member => self.text(field, member, rule),
        }
    }

    /// A member that may be absent or null, which mean the same.
    pub(super) fn optional<T>(
        &mut self,
        field: &'static str,
        member: Member,
        rule: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        match member {
            Member::Absent | Member::Null => None,
            member => self.text(field, member, rule),
        }
    }

    /// A member that changes a value if it is there, and cannot remove it.
    pub(super) fn replacement<T>(
        &mut self,
        field: &'static str,
        member: Member,
        rule: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        match member {
            Member::Absent => None,
            member => self.text(field, member, rule),
        }
    }

    /// A member that changes a value if it is there, and removes it by null.
    pub(super) fn change<T>(
        &mut self,
        field: &'static str,
        member: Member,
        rule: impl FnOnce(&str) -> Result<T, String>,
    ) -> Change<T> {
        match member {
            Member::Absent => Change::Keep,
            Member::Null => Change::Clear,
            member => self.text(field, member, rule).map_or(Change::Keep, Change::Set),
        }
    }

    /// A filter; null and an empty text filter nothing.
    pub(super) fn filter<T>(
        &mut self,
        field: &'static str,
        member: Member,
        rule: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        match member {
            Member::Text(text) if text.is_empty() => None,
            member => self.optional(field, member, rule),
        }
    }

    /// A whole number within a range, from the body or else from the query string.
    pub(super) fn integer(
        &mut self,
        field: &'static str,
        member: &Member,
        query: Option<&String>,
        (range, expected): (RangeInclusive<i64>, &str),
    ) -> Option<i64> {
        let given = match (member, query) {
            (Member::Absent | Member::Null, None) => return None,
            (Member::Absent | Member::Null, Some(text)) => text.parse().ok(),
            (Member::Integer(number), _) => Some(*number),
            (Member::Text(_) | Member::Other, _) => None,
        };
        let given = given.filter(|number| range.contains(number));
        given.or_else(|| self.refuse(field, expected.to_owned()))
    }

    /// Fails if anything was wrong.
    pub(super) fn finish(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }

    fn text<T>(
        &mut self,
        field: &'static str,
        member: Member,
        rule: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let outcome = match member {
            Member::Text(text) => rule(&text),
            _ => Err("must be a string".to_owned()),
        };
        outcome.map_or_else(|message| self.refuse(field, message), Some)
    }

    fn refuse<T>(&mut self, field: &'static str, message: String) -> Option<T> {
        self.0.push(Problem { field, message });
        None
    }
}

/// The rule for a text of `least` to `most` characters.
pub(super) fn sized<const MAX: usize>(
    least: usize,
    most: usize,
) -> impl FnOnce(&str) -> Result<Text<MAX>, String> {
    move |raw| {
        let expected = || match least {
            0 => format!("must be at most {most} characters long"),
            _ => format!("must be between {least} and {most} characters long"),
        };
        match Text::try_from(raw) {
            Ok(text) if (least..=most).contains(&text.as_str().chars().count()) => Ok(text),
            Ok(_) | Err(InvalidText::TooLong { .. }) => Err(expected()),
            Err(InvalidText::NullCharacter) => Err(NULL_CHARACTER.to_owned()),
        }
    }
}
