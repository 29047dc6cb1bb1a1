//! Promises about levels and points of sale.

use std::collections::BTreeMap;

use crate::level::{Level, LevelText, Reward};
use crate::merchant::Language;
use crate::money::{Amount, Fraction};
use crate::pos::PointOfSale;
use crate::storage::Storage;
use crate::testing::contract::tenant::Tenant;
use crate::testing::{a_level, a_point_of_sale, an_id};
use crate::text::{Line, Text};

/// Levels are stored whole and listed by condition.
pub async fn levels(storage: &Storage) {
    levels_survive_storage_and_come_by_condition(storage).await;
    another_merchants_levels_are_invisible(storage).await;
}

/// Points of sale are stored whole and found in numbers.
pub async fn points_of_sale(storage: &Storage) {
    points_of_sale_survive_storage(storage).await;
    only_those_points_of_sale_that_exist_are_found(storage).await;
    an_identifier_of_a_till_is_taken_once_per_merchant(storage).await;
}

fn line(raw: &str) -> Line {
    Line::try_from(raw).expect("a short text")
}

async fn list(tenant: Tenant<'_>) -> Vec<Level> {
    tenant.session().await.levels().list(tenant.merchant).await.expect("an answer")
}

async fn levels_survive_storage_and_come_by_condition(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let of_tenant = |level| Level { merchant: tenant.merchant, ..level };
    let words = |name: &str, description: &str| LevelText {
        name: line(name),
        description: Text::try_from(description).ok(),
    };
    let language = |code| Language::try_from(code).expect("a language");
    let exact = Level {
        condition: Amount::from_ten_thousandths(200_001),
        reward: Reward {
            name: line("Rabatt \"5\""),
            value: Fraction::from_millionths(12_345),
            code: line(""),
        },
        active: false,
        texts: BTreeMap::from([
            (language("pl"), words("złoty", "opis")),
            (language("en"), words("gold", "")),
        ]),
        ..a_level(0, 0)
    };
    let wordless = Level { texts: BTreeMap::new(), ..a_level(300, 30) };
    let levels = [a_level(20, 200), wordless, a_level(-5, 1), exact, a_level(0, 10)].map(of_tenant);
    let mut session = tenant.session().await;
    for level in &levels {
        session.levels().insert(level).await.expect("a new level");
    }
    drop(session);
    let [second, highest, least, exact, zero] = levels;
    assert_eq!(list(tenant).await, [least, zero, second, exact, highest]);
}

async fn another_merchants_levels_are_invisible(storage: &Storage) {
    let [owner, stranger] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let level = Level { merchant: owner.merchant, ..a_level(0, 10) };
    owner.session().await.levels().insert(&level).await.expect("a new level");
    assert_eq!(list(owner).await, [level]);
    assert_eq!(list(stranger).await, []);
}

async fn points_of_sale_survive_storage(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let mut full = a_point_of_sale(tenant.merchant);
    full.description = Text::try_from("the one with the blue door").ok();
    full.location.street = line("Bagno");
    full.location.country = line("Poland");
    let mut session = tenant.session().await;
    for pos in [full, a_point_of_sale(tenant.merchant)] {
        session.points_of_sale().insert(&pos).await.expect("a new till");
        let found = session.points_of_sale().find_many(tenant.merchant, &[pos.id]).await;
        assert_eq!(found, Ok(vec![pos]));
    }
}

async fn only_those_points_of_sale_that_exist_are_found(storage: &Storage) {
    let [owner, stranger] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let tills = [a_point_of_sale(owner.merchant), a_point_of_sale(owner.merchant)];
    let mut session = owner.session().await;
    for pos in &tills {
        session.points_of_sale().insert(pos).await.expect("a new till");
    }
    let wanted = [tills[1].id, an_id(), tills[0].id, tills[1].id];
    let mut found =
        session.points_of_sale().find_many(owner.merchant, &wanted).await.expect("an answer");
    found.sort_by_key(|pos| pos.id);
    assert_eq!(found, tills);
    assert_eq!(session.points_of_sale().find_many(stranger.merchant, &wanted).await, Ok(vec![]));
    assert_eq!(session.points_of_sale().find_many(owner.merchant, &[]).await, Ok(vec![]));
}

async fn an_identifier_of_a_till_is_taken_once_per_merchant(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let first = a_point_of_sale(here.merchant);
    let late = PointOfSale { id: an_id(), ..first.clone() };
    let elsewhere = PointOfSale { id: an_id(), merchant: there.merchant, ..first.clone() };
    let mut session = here.session().await;
    session.points_of_sale().insert(&first).await.expect("a new till");
    assert!(session.points_of_sale().insert(&late).await.is_err());
    session.points_of_sale().insert(&elsewhere).await.expect("another merchant's till");
    let found = session.points_of_sale().find_many(here.merchant, &[late.id]).await;
    assert_eq!(found, Ok(vec![]));
}
