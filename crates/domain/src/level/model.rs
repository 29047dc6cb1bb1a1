//! The level itself.

use std::collections::BTreeMap;

use time::OffsetDateTime;
use uuid::Uuid;

use crate::id::{LevelId, MerchantId, SpecialRewardId};
use crate::merchant::Language;
use crate::money::{Amount, Fraction};
use crate::picture::PicturePath;
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
    /// Rewards for a time, in their order. They count in no rule (OL 4.2).
    pub special_rewards: Vec<SpecialReward>,
    /// The least order, in money; shown, and of no effect (OL 4.2).
    pub min_order: Option<Amount>,
    /// Whether the rules may choose it.
    pub active: bool,
    /// Its name and description by language.
    pub texts: BTreeMap<Language, LevelText>,
    /// Where its picture lies.
    pub photo: Option<PicturePath>,
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
        let in_language = |language: Option<&Language>| {
            let text = language.and_then(|language| self.texts.get(language));
            text.filter(|text| !text.name.is_empty())
        };
        in_language(language).or_else(|| in_language(default)).map_or("", |text| text.name.as_str())
    }

    /// The description in a language; in the default language where the level has no words in that one.
    pub fn description(
        &self,
        language: Option<&Language>,
        default: Option<&Language>,
    ) -> Option<&Note> {
        let in_language =
            |language: Option<&Language>| language.and_then(|language| self.texts.get(language));
        in_language(language).or_else(|| in_language(default))?.description.as_ref()
    }

    /// The number of a translation (OL 9.6), positive and of 31 bits. It follows from the level and the language, so
    /// that it stays the same for ever, also when the translation goes and comes back.
    pub fn translation_number(&self, language: &Language) -> u32 {
        let level = Uuid::from(self.id);
        let bytes = level.as_bytes().iter().chain(language.as_str().as_bytes());
        // FNV-1a, folded: spread well enough that no two translations of a programme meet.
        let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let folded = (hash ^ (hash >> 32)) & u64::from(u32::MAX >> 1);
        u32::try_from(folded).unwrap_or(1).max(1)
    }
}

/// A level's words in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelText {
    /// Name; empty where only the description was translated.
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

/// A reward for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecialReward {
    /// Its id; it stays while its place among the level's rewards does.
    pub id: SpecialRewardId,
    /// What it is.
    pub reward: Reward,
    /// Whether it is given.
    pub active: bool,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// From when.
    pub starts_at: OffsetDateTime,
    /// Until when.
    pub ends_at: OffsetDateTime,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::a_level;

    #[test]
    fn a_translations_number_depends_on_level_and_language_alone() {
        let [english, polish] = ["en", "pl"].map(|code| Language::try_from(code).unwrap());
        let level = a_level(0, 10);
        let number = level.translation_number(&polish);
        assert!((1..=i32::MAX.unsigned_abs()).contains(&number));
        assert_eq!(
            Level { texts: BTreeMap::new(), ..level.clone() }.translation_number(&polish),
            number
        );
        assert_ne!(level.translation_number(&english), number);
        assert_ne!(a_level(0, 10).translation_number(&polish), number);
    }

    #[test]
    fn words_come_in_the_language_asked_for_and_else_in_the_default_one() {
        let [english, polish] = ["en", "pl"].map(|code| Language::try_from(code).unwrap());
        let words = |name: &str, description: Option<&str>| LevelText {
            name: Line::try_from(name).unwrap(),
            description: description.map(|text| Note::try_from(text).unwrap()),
        };
        let both = [
            (english.clone(), words("gold", Some("shiny"))),
            (polish.clone(), words("złoto", None)),
        ];
        let level = Level { texts: both.into(), ..a_level(0, 10) };
        let default = Some(&english);
        let shown = |language| {
            (level.name(language, default), level.description(language, default).map(Note::as_str))
        };
        assert_eq!(shown(Some(&polish)), ("złoto", None));
        assert_eq!(shown(None), ("gold", Some("shiny")));
    }
}
