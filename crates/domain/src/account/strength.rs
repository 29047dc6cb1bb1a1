//! How strong a chosen password must be (OL 2.5).

/// How much is asked of a password that a person chooses (OL `password_security_level`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PasswordStrength {
    /// Length alone.
    Simple,
    /// Length and a mix of characters.
    #[default]
    Advanced,
}

/// One rule for passwords that people choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordRule {
    /// At least [`PasswordRule::MIN_CHARACTERS`] characters.
    Length,
    /// At least one letter.
    Letter,
    /// Both upper and lower case letters.
    Case,
    /// At least one digit.
    Number,
    /// At least one character that is neither letter nor digit.
    Special,
}

impl PasswordRule {
    /// The fewest characters of a password.
    pub const MIN_CHARACTERS: usize = 8;

    /// Whether a password keeps the rule.
    fn is_kept(self, password: &str) -> bool {
        let any = |kind: fn(char) -> bool| password.chars().any(kind);
        match self {
            Self::Length => password.chars().count() >= Self::MIN_CHARACTERS,
            Self::Letter => any(char::is_alphabetic),
            Self::Case => any(char::is_uppercase) && any(char::is_lowercase),
            Self::Number => any(char::is_numeric),
            Self::Special => any(|character| !character.is_alphanumeric()),
        }
    }
}

impl PasswordStrength {
    /// The rules, in the order in which violations are reported.
    fn rules(self) -> &'static [PasswordRule] {
        use PasswordRule::{Case, Length, Letter, Number, Special};
        match self {
            Self::Simple => &[Length],
            Self::Advanced => &[Length, Letter, Case, Number, Special],
        }
    }

    /// Every rule that a password breaks, in the order of the rules; none for a password that may be taken.
    pub fn violations(self, password: &str) -> Vec<PasswordRule> {
        self.rules().iter().copied().filter(|rule| !rule.is_kept(password)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::PasswordRule::{Case, Length, Letter, Number, Special};
    use super::*;

    #[test]
    fn a_password_breaks_every_rule_that_it_does_not_keep() {
        for (password, broken) in [
            ("Loyalty1!", vec![]),
            ("Zażółć 1", vec![]),
            ("Loyal{1}", vec![]),
            ("", vec![Length, Letter, Case, Number, Special]),
            ("Loyal1!", vec![Length]),
            ("12345678!", vec![Letter, Case]),
            ("loyalty1!", vec![Case]),
            ("LOYALTY1!", vec![Case]),
            ("Loyaltyy!", vec![Number]),
            ("Loyalty12", vec![Special]),
            ("oloy", vec![Length, Case, Number, Special]),
        ] {
            assert_eq!(PasswordStrength::Advanced.violations(password), broken, "{password}");
        }
    }

    #[test]
    fn a_simple_password_is_only_long_enough() {
        assert_eq!(PasswordStrength::Simple.violations("password"), []);
        assert_eq!(PasswordStrength::Simple.violations("passwor"), [Length]);
    }

    #[test]
    fn length_counts_characters_and_not_bytes() {
        assert_eq!(PasswordStrength::Simple.violations("żółćżół"), [Length]);
    }
}
