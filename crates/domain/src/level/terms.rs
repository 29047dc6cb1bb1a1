//! What a level is to be.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::model::{Level, LevelText, Reward, SpecialReward};
use crate::clock::Entropy;
use crate::id::SpecialRewardId;
use crate::merchant::Language;
use crate::money::Amount;

/// What a level is to be, whole: a replacement leaves nothing of the old terms but what is said here (OL 4.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelTerms {
    /// The points or money from which it fits.
    pub condition: Amount,
    /// The least order; a replacement without one keeps the old one.
    pub min_order: Option<Amount>,
    /// What customers on it get.
    pub reward: Reward,
    /// Rewards for a time; those of a replaced level that are not taken up here go.
    pub special_rewards: Vec<SpecialRewardTerms>,
    /// Whether the rules may choose it.
    pub active: bool,
    /// Its words; a language that is left out goes.
    pub texts: BTreeMap<Language, LevelText>,
}

/// What a special reward is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecialRewardTerms {
    /// The place of the reward that it replaces, from 0; a place that the level does not have makes a new one.
    pub place: Option<usize>,
    /// What it is.
    pub reward: Reward,
    /// Whether it is given.
    pub active: bool,
    /// From when.
    pub starts_at: OffsetDateTime,
    /// Until when.
    pub ends_at: OffsetDateTime,
}

impl LevelTerms {
    /// The level after its terms were replaced.
    pub(super) fn replace(
        self,
        level: &Level,
        now: OffsetDateTime,
        entropy: &dyn Entropy,
    ) -> Level {
        let old = &level.special_rewards;
        let special_rewards = self.special_rewards.into_iter().map(|terms| {
            let replaced = terms.place.and_then(|place| old.get(place));
            SpecialReward {
                id: replaced.map_or_else(|| SpecialRewardId::from(entropy.uuid()), |old| old.id),
                created_at: replaced.map_or(now, |old| old.created_at),
                reward: terms.reward,
                active: terms.active,
                starts_at: terms.starts_at,
                ends_at: terms.ends_at,
            }
        });
        Level {
            condition: self.condition,
            reward: self.reward,
            special_rewards: special_rewards.collect(),
            min_order: self.min_order.or(level.min_order),
            active: self.active,
            texts: self.texts,
            ..level.clone()
        }
    }
}
