//! Text that is safe to store: bounded, and free of the one character `PostgreSQL` refuses.

use std::fmt;
use std::fmt::Write as _;

/// Text of at most `MAX` characters without U+0000. It may be empty; who needs content says so.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<const MAX: usize>(String);

/// Names, references, codes and other one-line values.
pub type Line = Text<255>;
/// Comments and descriptions.
pub type Note = Text<1000>;

impl<const MAX: usize> Text<MAX> {
    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Gives the text away.
    pub fn into_string(self) -> String {
        self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<const MAX: usize> Text<MAX> {
    /// A text that is known to fit.
    ///
    /// # Panics
    ///
    /// If it does not, which the first use in a test shows.
    pub(crate) fn constant(text: &'static str) -> Self {
        assert!(text.len() <= MAX && !text.contains('\0'), "a constant must fit");
        Self(text.to_owned())
    }
}

impl<const MAX: usize> TryFrom<String> for Text<MAX> {
    type Error = InvalidText;

    fn try_from(raw: String) -> Result<Self, Self::Error> {
        if raw.contains('\0') {
            return Err(InvalidText::NullCharacter);
        }
        // Bytes bound characters from above, so most texts are judged without counting.
        if raw.len() > MAX && raw.chars().count() > MAX {
            return Err(InvalidText::TooLong { max: MAX });
        }
        Ok(Self(raw))
    }
}

impl<const MAX: usize> TryFrom<&str> for Text<MAX> {
    type Error = InvalidText;

    fn try_from(raw: &str) -> Result<Self, Self::Error> {
        Self::try_from(raw.to_owned())
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<const MAX: usize> AsRef<str> for Text<MAX> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut digits, byte| {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// Why a text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// More characters than the field holds.
    #[error("longer than {max} characters")]
    TooLong {
        /// The most characters that the field holds.
        max: usize,
    },
    /// U+0000, which no database text can hold.
    #[error("contains the null character")]
    NullCharacter,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_counts_characters_not_bytes() {
        assert!(Text::<3>::try_from("żół").is_ok());
        assert_eq!(Text::<3>::try_from("żółć"), Err(InvalidText::TooLong { max: 3 }));
    }

    #[test]
    fn the_null_character_is_refused() {
        assert_eq!(Line::try_from("a\0b"), Err(InvalidText::NullCharacter));
    }
}
