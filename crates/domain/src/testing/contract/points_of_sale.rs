//! Promises about points of sale.

use crate::page::{Order, PageRequest};
use crate::pos::{
    Coordinates, PointOfSale, PointOfSaleError, PointOfSaleQuery, PointOfSaleSortKey,
};
use crate::storage::Storage;
use crate::testing::contract::tenant::Tenant;
use crate::testing::{a_point_of_sale, an_id};
use crate::text::{Line, Text};

/// Points of sale are stored whole and found in numbers.
pub async fn points_of_sale(storage: &Storage) {
    points_of_sale_survive_storage(storage).await;
    only_those_points_of_sale_that_exist_are_found(storage).await;
    an_identifier_of_a_till_is_taken_once_per_merchant(storage).await;
    a_till_changes_as_a_whole(storage).await;
    a_till_is_found_by_its_identifier_letter_for_letter(storage).await;
    tills_come_in_parts_and_in_order(storage).await;
}

fn line(raw: &str) -> Line {
    Line::try_from(raw).expect("a short text")
}

async fn points_of_sale_survive_storage(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let mut full = a_point_of_sale(tenant.merchant);
    full.description = Text::try_from("the one with the blue door").ok();
    full.location.street = line("Bagno");
    full.location.country = line("Poland");
    full.coordinates = Coordinates { latitude: Some(line("52.1")), longitude: Some(line("21.0")) };
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
    let refused = session.points_of_sale().insert(&late).await;
    assert_eq!(refused, Err(PointOfSaleError::IdentifierTaken));
    session.points_of_sale().insert(&elsewhere).await.expect("another merchant's till");
    let found = session.points_of_sale().find_many(here.merchant, &[late.id]).await;
    assert_eq!(found, Ok(vec![]));
}

async fn a_till_changes_as_a_whole(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let [one, two] = [(); 2].map(|()| a_point_of_sale(here.merchant));
    let mut session = here.session().await;
    for pos in [&one, &two] {
        session.points_of_sale().insert(pos).await.expect("a new till");
    }
    let changed = PointOfSale {
        name: line("Moved"),
        description: Text::try_from("to the quay").ok(),
        coordinates: Coordinates { latitude: Some(line("1")), longitude: None },
        ..one.clone()
    };
    session.points_of_sale().update(&changed).await.expect("a change");
    let taken = PointOfSale { identifier: two.identifier.clone(), ..changed.clone() };
    let refused = session.points_of_sale().update(&taken).await;
    assert_eq!(refused, Err(PointOfSaleError::IdentifierTaken));
    for missing in [
        PointOfSale { merchant: there.merchant, ..changed.clone() },
        a_point_of_sale(here.merchant),
    ] {
        let refused = session.points_of_sale().update(&missing).await;
        assert_eq!(refused, Err(PointOfSaleError::NotFound));
    }
    let found = session.points_of_sale().find_many(here.merchant, &[one.id]).await;
    assert_eq!(found, Ok(vec![changed]));
}

async fn a_till_is_found_by_its_identifier_letter_for_letter(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let pos = PointOfSale { identifier: line("Till-7"), ..a_point_of_sale(here.merchant) };
    let mut session = here.session().await;
    session.points_of_sale().insert(&pos).await.expect("a new till");
    for (tenant, identifier, found) in
        [(here, "Till-7", true), (here, "till-7", false), (there, "Till-7", false)]
    {
        let answer = session.points_of_sale().find_by_identifier(tenant.merchant, identifier).await;
        assert_eq!(answer, Ok(found.then(|| pos.clone())), "{identifier}");
    }
}

async fn tills_come_in_parts_and_in_order(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let till = |name: &str, city: &str, description: Option<&str>| {
        let mut pos = PointOfSale { name: line(name), ..a_point_of_sale(here.merchant) };
        pos.location.city = line(city);
        pos.description = description.and_then(|text| Text::try_from(text).ok());
        pos
    };
    let tills = [till("beta", "a", None), till("Alpha", "b", Some("x")), till("gamma", "a", None)];
    let mut session = here.session().await;
    for pos in tills.iter().chain([&a_point_of_sale(there.merchant)]) {
        session.points_of_sale().insert(pos).await.expect("a new till");
    }
    let all = PageRequest { offset: 0, limit: None };
    let by = |key, descending| Some(Order { key, descending });
    for (order, expected) in [
        (None, [0, 1, 2]),
        (by(PointOfSaleSortKey::Id, true), [2, 1, 0]),
        (by(PointOfSaleSortKey::Name, false), [1, 0, 2]),
        (by(PointOfSaleSortKey::Name, true), [2, 0, 1]),
        (by(PointOfSaleSortKey::City, false), [0, 2, 1]),
        (by(PointOfSaleSortKey::Identifier, false), [0, 1, 2]),
        (by(PointOfSaleSortKey::Description, true), [1, 0, 2]),
    ] {
        let query = PointOfSaleQuery { order, page: all };
        let page = session.points_of_sale().page(here.merchant, &query).await.expect("an answer");
        assert_eq!(page.items, expected.map(|at| tills[at].clone()), "{order:?}");
        assert_eq!(page.total.value(), 3);
    }
    for (offset, limit, expected) in [(1, 1, &tills[1..2]), (3, 10, &[]), (u64::MAX, 1, &[])] {
        let query =
            PointOfSaleQuery { order: None, page: PageRequest { offset, limit: Some(limit) } };
        let page = session.points_of_sale().page(here.merchant, &query).await.expect("an answer");
        assert_eq!((&page.items[..], page.total.value()), (expected, 3));
    }
}
