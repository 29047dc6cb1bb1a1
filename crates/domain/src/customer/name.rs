//! What a customer is called: a first and a last name, or one undivided name.

use crate::text::Line;

/// A customer's name. Both forms read as either form, so that no dialect sees a hole (`domain.md` §3, rule 2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// A first and a last name; either may be empty.
    Divided {
        /// The given name.
        first: Line,
        /// The family name.
        last: Line,
    },
    /// One text that nobody divided.
    Undivided(Line),
}

impl Default for Name {
    fn default() -> Self {
        Self::Divided { first: Line::default(), last: Line::default() }
    }
}

impl Name {
    /// The first name; of an undivided name everything before the last blank.
    pub fn first(&self) -> &str {
        match self {
            Self::Divided { first, .. } => first.as_str(),
            Self::Undivided(full) => {
                full.as_str().rsplit_once(' ').map_or(full.as_str(), |(first, _)| first)
            }
        }
    }

    /// The last name; of an undivided name the word behind the last blank, or nothing.
    pub fn last(&self) -> &str {
        match self {
            Self::Divided { last, .. } => last.as_str(),
            Self::Undivided(full) => full.as_str().rsplit_once(' ').map_or("", |(_, last)| last),
        }
    }

    /// The whole name in one text; empty when there is none.
    pub fn full(&self) -> String {
        match self {
            Self::Divided { first, last } if last.is_empty() => first.as_str().to_owned(),
            Self::Divided { first, last } if first.is_empty() => last.as_str().to_owned(),
            Self::Divided { first, last } => format!("{first} {last}"),
            Self::Undivided(full) => full.as_str().to_owned(),
        }
    }

    /// The name after a first or last name was written: divided from then on.
    #[must_use]
    pub fn with_parts(&self, first: Option<Line>, last: Option<Line>) -> Self {
        if first.is_none() && last.is_none() {
            return self.clone();
        }
        let part = |given: Option<Line>, read: &str| {
            given.unwrap_or_else(|| Line::try_from(read).unwrap_or_default())
        };
        let divided =
            Self::Divided { first: part(first, self.first()), last: part(last, self.last()) };
        // Echoing what was read divides nothing, so that a client that writes back unchanged values changes nothing.
        if divided.first() == self.first() && divided.last() == self.last() {
            self.clone()
        } else {
            divided
        }
    }

    /// The name after a full name was written: writing back what was read keeps the division.
    #[must_use]
    pub fn with_full(&self, full: Line) -> Self {
        if self.full() == full.as_str() { self.clone() } else { Self::Undivided(full) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(raw: &str) -> Line {
        Line::try_from(raw).unwrap()
    }

    #[test]
    fn an_undivided_name_splits_at_its_last_blank() {
        let name = Name::Undivided(line("Ana Marija Anić"));
        assert_eq!((name.first(), name.last()), ("Ana Marija", "Anić"));
        let single = Name::Undivided(line("Cher"));
        assert_eq!((single.first(), single.last()), ("Cher", ""));
    }

    #[test]
    fn writing_back_the_full_name_keeps_the_division() {
        let name = Name::Divided { first: line("Ana"), last: line("Marija Anić") };
        assert_eq!(name.with_full(line("Ana Marija Anić")), name);
        assert_eq!(name.with_full(line("Ana Anić")), Name::Undivided(line("Ana Anić")));
    }

    #[test]
    fn writing_a_part_divides_an_undivided_name() {
        let name = Name::Undivided(line("Ana Marija Anić")).with_parts(None, Some(line("Horvat")));
        assert_eq!(name, Name::Divided { first: line("Ana Marija"), last: line("Horvat") });
    }

    proptest! {
        #[test]
        fn echoing_what_was_read_changes_nothing(full in "[a-zA-Zż ]{0,40}", divided in any::<bool>()) {
            let name = if divided {
                let (first, last) = full.split_once(' ').unwrap_or((&full, ""));
                Name::Divided { first: line(first), last: line(last) }
            } else {
                Name::Undivided(line(&full))
            };
            prop_assert_eq!(&name.with_full(line(&name.full())), &name);
            prop_assert_eq!(&name.with_parts(Some(line(name.first())), Some(line(name.last()))), &name);
        }
    }
}
