//! Every list has a total order, so that pages neither repeat nor skip.

use std::collections::BTreeMap;

use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::customer::{
    Criterion, Customer, CustomerQuery, Email, Gender, LevelAssignment, LoyaltyCard, Name,
    PhoneNumber, PurchaseFigures, Range, Sort, SortKey, Status,
};
use crate::id::CustomerId;
use crate::level::{Level, LevelText};
use crate::merchant::Language;
use crate::money::Amount;
use crate::page::{PageRequest, Total};
use crate::storage::Storage;
use crate::testing::contract::tenant::{Tenant, ids};
use crate::testing::{a_level, a_point_of_sale, a_seller};
use crate::text::Line;

pub(super) async fn promises(storage: &Storage) {
    every_key_orders_and_missing_values_come_last(storage).await;
    equal_values_are_ordered_by_creation_and_id(storage).await;
    levels_of_one_name_stay_together(storage).await;
    letter_case_does_not_count(storage).await;
    pages_neither_repeat_nor_skip(storage).await;
}

const ALL: PageRequest = PageRequest { offset: 0, limit: None };
const NOON: OffsetDateTime = datetime!(2026-01-01 12:00:00 UTC);

/// With and without the size of the whole, with and without a filter that everyone meets, the order is the same.
async fn listed(tenant: Tenant<'_>, sort: Sort, page: PageRequest) -> Vec<CustomerId> {
    let everyone = CustomerQuery { criteria: Vec::new(), sort, page };
    let listed = ids(&tenant.list(&everyone).await);
    let whole = Total::Exact(tenant.count(&[]).await);
    for criterion in [None, Some(Criterion::PurchaseCount(Range::default()))] {
        let criteria = criterion.into_iter().collect();
        let page = tenant.page(&CustomerQuery { criteria, ..everyone.clone() }).await;
        assert_eq!((ids(&page.items), page.total), (listed.clone(), whole), "{everyone:?}");
    }
    listed
}

fn line(raw: &str) -> Line {
    Line::try_from(raw).expect("a short text")
}

/// Two levels whose names run against their ids in the programme's first language, and along with them in the second.
async fn two_levels(tenant: Tenant<'_>) -> [Level; 2] {
    let level = |condition, english: &str, polish: &str| {
        let texts = [("en", english), ("pl", polish)].map(|(code, name)| {
            let language = Language::try_from(code).expect("a language");
            (language, LevelText { name: line(name), description: None })
        });
        let texts = BTreeMap::from(texts);
        Level { merchant: tenant.merchant, texts, ..a_level(condition, 5) }
    };
    let levels = [level(0, "zinc", "cynk"), level(20, "amber", "ruda")];
    for level in &levels {
        tenant.session().await.levels().insert(level).await.expect("a new level");
    }
    levels
}

/// A customer with low values, one with high values, and one without.
async fn three(tenant: Tenant<'_>) -> [Customer; 3] {
    let levels = two_levels(tenant).await;
    let tills = [a_point_of_sale(tenant.merchant), a_point_of_sale(tenant.merchant)];
    let sellers = ["a@till.test", "b@till.test"].map(|email| a_seller(tenant.merchant, email));
    for (pos, seller) in tills.iter().zip(&sellers) {
        let mut session = tenant.session().await;
        session.points_of_sale().insert(pos).await.expect("a new till");
        session.sellers().insert(seller).await.expect("a new seller");
    }
    let assigned = |n: usize| Some(LevelAssignment { level: levels[n].id, manual: true });
    let low = Customer {
        name: Name::Divided { first: line("Ada"), last: line("Byron") },
        email: Email::try_from("ada@example.test").ok(),
        phone: PhoneNumber::try_from("100").ok(),
        loyalty_card: LoyaltyCard::try_from("a1").ok(),
        gender: Some(Gender::Female),
        birth_date: Some(datetime!(1980-01-01 00:00:00 UTC)),
        status: Status::New,
        level: assigned(0),
        pos: Some(tills[0].id),
        seller: Some(sellers[0].id),
        purchases: bought(1, 10, NOON),
        created_at: NOON + Duration::days(2),
        updated_at: NOON + Duration::days(11),
        ..tenant.customer()
    };
    let high = Customer {
        name: Name::Undivided(line("Eve Mary Young")),
        email: Email::try_from("eve@example.test").ok(),
        phone: PhoneNumber::try_from("200").ok(),
        loyalty_card: LoyaltyCard::try_from("b1").ok(),
        gender: Some(Gender::Male),
        birth_date: Some(datetime!(1990-01-01 00:00:00 UTC)),
        status: Status::Active,
        level: assigned(1),
        pos: Some(tills[1].id),
        seller: Some(sellers[1].id),
        purchases: bought(2, 40, NOON + Duration::DAY),
        created_at: NOON,
        updated_at: NOON + Duration::days(12),
        ..tenant.customer()
    };
    let none = Customer {
        name: Name::default(),
        status: Status::Blocked,
        created_at: NOON + Duration::days(1),
        updated_at: NOON + Duration::days(10),
        ..tenant.customer()
    };
    [tenant.given(low).await, tenant.given(high).await, tenant.given(none).await]
}

fn bought(count: u64, amount: i64, last_at: OffsetDateTime) -> PurchaseFigures {
    let (amount, last_at) = (Amount::whole(amount), Some(last_at));
    PurchaseFigures { count, amount, last_at, ..PurchaseFigures::default() }
}

async fn every_key_orders_and_missing_values_come_last(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let [low, high, none] = three(tenant).await.map(|customer| customer.id);
    let missing_last = ([low, high, none], [high, low, none]);
    let none_is_zero = ([none, low, high], [high, low, none]);
    let by_birth = ([low, high, none], [none, high, low]);
    for (key, (ascending, descending)) in [
        (SortKey::Id, by_birth),
        (SortKey::Number, by_birth),
        (SortKey::FirstName, missing_last),
        (SortKey::LastName, missing_last),
        (SortKey::Email, missing_last),
        (SortKey::Phone, missing_last),
        (SortKey::LoyaltyCard, missing_last),
        (SortKey::Gender, missing_last),
        (SortKey::BirthDate, missing_last),
        (SortKey::Active, ([none, low, high], [high, low, none])),
        (SortKey::CreatedAt, ([high, none, low], [low, none, high])),
        (SortKey::UpdatedAt, none_is_zero),
        (SortKey::LevelName, ([high, low, none], [low, high, none])),
        (SortKey::Level, missing_last),
        (SortKey::ManualLevel, missing_last),
        (SortKey::PointOfSale, missing_last),
        (SortKey::Seller, missing_last),
        (SortKey::PurchaseCount, none_is_zero),
        (SortKey::PurchaseAmount, none_is_zero),
        (SortKey::PurchaseAverage, none_is_zero),
        (SortKey::LastPurchase, missing_last),
    ] {
        for (descending, expected) in [(false, ascending), (true, descending)] {
            let sort = Sort { key, descending };
            assert_eq!(listed(tenant, sort, ALL).await, expected, "{sort:?}");
        }
    }
}

/// Customers without any value, created in pairs at the same moment, the later pairs first.
async fn pairs(tenant: Tenant<'_>) -> Vec<CustomerId> {
    let mut by_creation = Vec::new();
    for day in [3, 2, 1] {
        let mut pair = Vec::new();
        for _ in 0..2 {
            let created_at = NOON + Duration::days(day);
            pair.push(tenant.given(Customer { created_at, ..tenant.customer() }).await.id);
        }
        by_creation.splice(0..0, pair);
    }
    by_creation
}

async fn equal_values_are_ordered_by_creation_and_id(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let by_creation = pairs(tenant).await;
    let reversed: Vec<_> = by_creation.iter().rev().copied().collect();
    for key in [
        SortKey::FirstName,
        SortKey::Email,
        SortKey::Gender,
        SortKey::Active,
        SortKey::LevelName,
        SortKey::PurchaseCount,
        SortKey::LastPurchase,
        SortKey::CreatedAt,
    ] {
        for (descending, expected) in [(false, &by_creation), (true, &reversed)] {
            let sort = Sort { key, descending };
            assert_eq!(&listed(tenant, sort, ALL).await, expected, "{sort:?}");
        }
    }
}

async fn levels_of_one_name_stay_together(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let english = Language::try_from("en").expect("a language");
    let mut levels = Vec::new();
    for (condition, name) in [(0, Some("same")), (10, Some("Same")), (20, None), (30, Some("best"))]
    {
        let text =
            name.map(|name| (english.clone(), LevelText { name: line(name), description: None }));
        let level = Level {
            merchant: tenant.merchant,
            texts: text.into_iter().collect(),
            ..a_level(condition, 5)
        };
        tenant.session().await.levels().insert(&level).await.expect("a new level");
        levels.push(level.id);
    }
    // One of each level and one of none, twice; the ids of levels grow.
    let mut of = Vec::new();
    for level in levels.iter().copied().map(Some).chain([None]).cycle().take(10) {
        let level = level.map(|level| LevelAssignment { level, manual: false });
        of.push(tenant.given(Customer { level, ..tenant.customer() }).await.id);
    }
    for (descending, expected) in
        [(false, [3, 8, 0, 5, 1, 6, 2, 7, 4, 9]), (true, [6, 1, 5, 0, 8, 3, 7, 2, 9, 4])]
    {
        let sort = Sort { key: SortKey::LevelName, descending };
        assert_eq!(listed(tenant, sort, ALL).await, expected.map(|at| of[at]), "{sort:?}");
    }
}

async fn letter_case_does_not_count(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let mut ids = Vec::new();
    for last in ["Łoś", "adams", "Zola", "Byron"] {
        let name = Name::Divided { first: Line::default(), last: line(last) };
        ids.push(tenant.given(Customer { name, ..tenant.customer() }).await.id);
    }
    let sort = Sort { key: SortKey::LastName, descending: false };
    assert_eq!(listed(tenant, sort, ALL).await, [1, 3, 2, 0].map(|at| ids[at]));
}

async fn pages_neither_repeat_nor_skip(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let by_creation = pairs(tenant).await;
    let sort = Sort { key: SortKey::LastName, descending: false };
    let page = |offset, limit| listed(tenant, sort, PageRequest { offset, limit });
    assert_eq!(page(0, Some(4)).await, by_creation[..4]);
    assert_eq!(page(4, Some(4)).await, by_creation[4..]);
    assert_eq!(page(5, None).await, by_creation[5..]);
    assert_eq!(page(0, Some(u64::MAX)).await, by_creation);
    assert_eq!(page(0, Some(0)).await, []);
    assert_eq!(page(6, Some(4)).await, []);
    assert_eq!(page(u64::MAX, Some(4)).await, []);
}
