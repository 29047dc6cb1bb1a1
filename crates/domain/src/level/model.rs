//! The level itself.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use crate::id::{LevelId, MerchantId};
use crate::merchant::Language;
use crate::money::{Amount, Fraction};
use crate::text::{Line, Note};

/// A loyalty level of a merchant's programme (OL 4.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// Whose level.
    pub merchant: MerchantId,
    /// Its id.
    pub id: LevelId,
    /// The points or money from which it fits.
    pub condition: Amount,
    /// What customers on it get.
    pub reward: Reward,
    /// Whether the rules may choose it.
    pub active: bool,
    /// Its name and description by language.
    pub texts: BTreeMap<Language, LevelText>,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

impl Level {
    /// Whether its reward is higher than another's: a higher condition makes no level better (OL 5.1).
    pub fn is_better_than(&self, other: &Self) -> bool {
        self.reward.value > other.reward.value
    }

    /// The name in a language, else in the default language, else nothing.
    pub fn name(&self, language: Option<&Language>, default: Option<&Language>) -> &str {
        let in_language =
            |language: Option<&Language>| language.and_then(|language| self.texts.get(language));
        in_language(language).or_else(|| in_language(default)).map_or("", |text| text.name.as_str())
    }
}

/// A level's words in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelText {
    /// Name.
    pub name: Line,
    /// Description.
    pub description: Option<Note>,
}

/// What customers on a level get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reward {
    /// What it is called.
    pub name: Line,
    /// The share off every purchase; also what makes one level better than another (OL 5.1).
    pub value: Fraction,
    /// Its code at the till.
    pub code: Line,
}
