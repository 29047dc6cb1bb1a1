//! What becomes of a level's terms.

use std::collections::BTreeMap;
use std::sync::Arc;

use time::Duration;
use time::macros::datetime;

use super::{Level, LevelError, LevelTerms, LevelText, Levels, Reward, SpecialRewardTerms};
use crate::clock::Clock;
use crate::customer::{Customer, Demands, LevelAssignment};
use crate::id::{LevelId, MerchantId};
use crate::merchant::Language;
use crate::money::{Amount, Fraction};
use crate::storage::Storage;
use crate::testing::{
    FixedClock, MemoryBackend, SequentialEntropy, a_birth, a_customer, a_merchant, a_removal, an_id,
};
use crate::text::Line;

struct Programme {
    storage: Storage,
    clock: Arc<FixedClock>,
    levels: Levels,
    merchant: MerchantId,
}

impl Programme {
    async fn new() -> Self {
        let storage = Storage::new(MemoryBackend::default());
        let clock = Arc::new(FixedClock::default());
        let entropy = Arc::new(SequentialEntropy::default());
        let levels = Levels::new(storage.clone(), Arc::clone(&clock) as _, entropy);
        let merchant = a_merchant();
        storage.session().await.unwrap().merchants().insert(&merchant).await.unwrap();
        Self { storage, clock, levels, merchant: merchant.id }
    }

    async fn level(&self, id: LevelId) -> Option<Level> {
        self.levels.ladder(self.merchant).await.unwrap().level(id).cloned()
    }
}

fn line(raw: &str) -> Line {
    Line::try_from(raw).unwrap()
}

fn reward(name: &str) -> Reward {
    Reward { name: line(name), value: Fraction::percent(5), code: line("abc") }
}

fn special(place: Option<usize>, name: &str) -> SpecialRewardTerms {
    SpecialRewardTerms {
        place,
        reward: reward(name),
        active: true,
        starts_at: datetime!(2026-06-01 00:00 UTC),
        ends_at: datetime!(2026-06-30 00:00 UTC),
    }
}

fn terms(languages: &[&str]) -> LevelTerms {
    let text = |code: &&str| {
        let words = LevelText { name: line(code), description: None };
        (Language::try_from(*code).unwrap(), words)
    };
    LevelTerms {
        condition: Amount::whole(20),
        min_order: None,
        reward: reward("discount"),
        special_rewards: Vec::new(),
        active: true,
        texts: languages.iter().map(text).collect::<BTreeMap<_, _>>(),
    }
}

#[tokio::test]
async fn a_replacement_leaves_nothing_of_the_old_terms_but_the_least_order() {
    let programme = Programme::new().await;
    let first = LevelTerms { min_order: Some(Amount::whole(7)), ..terms(&["en", "pl"]) };
    let id = programme.levels.create(programme.merchant, first).await.unwrap();
    let made = programme.level(id).await.unwrap();
    programme.clock.advance(Duration::HOUR);
    let second = LevelTerms { condition: Amount::whole(30), active: false, ..terms(&["en"]) };
    programme.levels.replace(programme.merchant, id, second.clone()).await.unwrap();
    let expected = Level {
        condition: second.condition,
        active: false,
        texts: second.texts,
        min_order: Some(Amount::whole(7)),
        ..made
    };
    assert_eq!(programme.level(id).await, Some(expected));
}

#[tokio::test]
async fn a_special_reward_keeps_its_id_and_age_while_it_keeps_its_place() {
    let programme = Programme::new().await;
    let special_rewards = vec![special(None, "spring"), special(None, "summer")];
    let first = LevelTerms { special_rewards, ..terms(&["en"]) };
    let id = programme.levels.create(programme.merchant, first).await.unwrap();
    let before = programme.level(id).await.unwrap().special_rewards;
    let born = programme.clock.now();
    assert_ne!(before[0].id, before[1].id);
    programme.clock.advance(Duration::HOUR);
    let special_rewards = vec![special(Some(1), "autumn"), special(Some(2), "winter")];
    let second = LevelTerms { special_rewards, ..terms(&["en"]) };
    programme.levels.replace(programme.merchant, id, second).await.unwrap();
    let after = programme.level(id).await.unwrap().special_rewards;
    let [kept, new] = &after[..] else { panic!("two rewards: {after:?}") };
    assert_eq!((kept.id, kept.created_at), (before[1].id, born));
    assert_eq!(kept.reward.name, line("autumn"));
    assert!(before.iter().all(|old| old.id != new.id));
    assert_eq!(new.created_at, programme.clock.now());
    programme.levels.replace(programme.merchant, id, terms(&["en"])).await.unwrap();
    assert_eq!(programme.level(id).await.unwrap().special_rewards, []);
}

#[tokio::test]
async fn a_level_with_customers_on_it_stays() {
    let programme = Programme::new().await;
    let id = programme.levels.create(programme.merchant, terms(&["en"])).await.unwrap();
    let level = Some(LevelAssignment { level: id, manual: false });
    let customer = Customer { level, ..a_customer(programme.merchant) };
    let birth = a_birth(customer, Demands::default());
    let mut session = programme.storage.session().await.unwrap();
    session.customers().create(&birth).await.unwrap();
    drop(session);
    let deleted = programme.levels.delete(programme.merchant, id).await;
    assert_eq!(deleted, Err(LevelError::InUse));
    assert!(programme.level(id).await.is_some());
    let mut session = programme.storage.session().await.unwrap();
    session.customers().update(&a_removal(&birth.record)).await.unwrap();
    drop(session);
    assert_eq!(programme.levels.delete(programme.merchant, id).await, Ok(()));
    assert_eq!(programme.level(id).await, None);
}

#[tokio::test]
async fn another_merchants_level_is_no_level() {
    let programme = Programme::new().await;
    let id = programme.levels.create(programme.merchant, terms(&["en"])).await.unwrap();
    let stranger: MerchantId = an_id();
    let missing = Err(LevelError::NotFound);
    assert_eq!(programme.levels.replace(stranger, id, terms(&["en"])).await, missing);
    assert_eq!(programme.levels.set_active(stranger, id, false).await, missing);
    assert_eq!(programme.levels.delete(stranger, id).await, missing);
    assert!(programme.level(id).await.unwrap().active);
    programme.levels.set_active(programme.merchant, id, false).await.unwrap();
    assert!(!programme.level(id).await.unwrap().active);
}
