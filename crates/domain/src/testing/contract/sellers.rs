//! Promises about sellers.

use time::macros::datetime;

use crate::customer::PhoneNumber;
use crate::page::{Order, Page, PageRequest};
use crate::seller::{Seller, SellerError, SellerField, SellerFilter, SellerQuery, SellerSortKey};
use crate::storage::Storage;
use crate::testing::contract::tenant::Tenant;
use crate::testing::{a_point_of_sale, a_seller, an_id};
use crate::text::Line;

/// Sellers are stored whole and log in by an address that nobody else of the merchant has.
pub async fn sellers(storage: &Storage) {
    a_seller_survives_storage(storage).await;
    an_address_of_a_seller_is_taken_once_per_merchant(storage).await;
    a_seller_is_found_by_the_normal_form_of_the_address(storage).await;
    a_removed_seller_keeps_the_record_and_not_the_address(storage).await;
    another_merchants_sellers_are_invisible(storage).await;
    a_seller_changes_as_a_whole(storage).await;
    sellers_who_were_not_removed_are_listed_in_parts_and_in_order(storage).await;
    a_filter_finds_texts_within_fields(storage).await;
}

async fn insert(tenant: Tenant<'_>, seller: &Seller) -> Result<(), SellerError> {
    tenant.session().await.sellers().insert(seller).await
}

async fn by_email(tenant: Tenant<'_>, key: &str) -> Option<Seller> {
    tenant.session().await.sellers().find_by_email(tenant.merchant, key).await.expect("an answer")
}

async fn a_seller_survives_storage(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let pos = a_point_of_sale(tenant.merchant);
    tenant.session().await.points_of_sale().insert(&pos).await.expect("a new till");
    let full = Seller {
        phone: PhoneNumber::try_from("+48 1").ok(),
        pos: Some(pos.id),
        active: false,
        allow_point_transfer: true,
        deleted_at: Some(datetime!(2026-03-02 08:15:00.000_001 UTC)),
        ..a_seller(tenant.merchant, "Full@Example.test")
    };
    for seller in [full, a_seller(tenant.merchant, "bare@example.test")] {
        insert(tenant, &seller).await.expect("a new seller");
        let found = tenant.session().await.sellers().find(tenant.merchant, seller.id).await;
        assert_eq!(found, Ok(Some(seller)));
    }
}

async fn an_address_of_a_seller_is_taken_once_per_merchant(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    insert(here, &a_seller(here.merchant, "Tove@example.test")).await.expect("a new seller");
    let late = a_seller(here.merchant, "tOVE@example.test");
    assert_eq!(insert(here, &late).await, Err(SellerError::EmailTaken));
    let found = here.session().await.sellers().find(here.merchant, late.id).await;
    assert_eq!(found, Ok(None));
    insert(there, &a_seller(there.merchant, "tove@example.test")).await.expect("another merchant");
}

async fn a_seller_is_found_by_the_normal_form_of_the_address(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let idle = Seller { active: false, ..a_seller(tenant.merchant, "Idle@Example.test") };
    insert(tenant, &idle).await.expect("a new seller");
    assert_eq!(by_email(tenant, "idle@example.test").await, Some(idle));
    assert_eq!(by_email(tenant, "idle").await, None);
}

async fn a_removed_seller_keeps_the_record_and_not_the_address(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let removed = Seller {
        deleted_at: Some(datetime!(2026-03-02 08:15:00 UTC)),
        ..a_seller(tenant.merchant, "tove@example.test")
    };
    insert(tenant, &removed).await.expect("a new seller");
    assert_eq!(by_email(tenant, "tove@example.test").await, None);
    let heir = a_seller(tenant.merchant, "tove@example.test");
    insert(tenant, &heir).await.expect("a free address");
    assert_eq!(by_email(tenant, "tove@example.test").await, Some(heir));
    let found = tenant.session().await.sellers().find(tenant.merchant, removed.id).await;
    assert_eq!(found, Ok(Some(removed)));
}

async fn another_merchants_sellers_are_invisible(storage: &Storage) {
    let [owner, stranger] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let seller = a_seller(owner.merchant, "tove@example.test");
    insert(owner, &seller).await.expect("a new seller");
    let mut session = stranger.session().await;
    assert_eq!(session.sellers().find(stranger.merchant, seller.id).await, Ok(None));
    assert_eq!(session.sellers().find(owner.merchant, an_id()).await, Ok(None));
    drop(session);
    assert_eq!(by_email(stranger, "tove@example.test").await, None);
}

async fn update(tenant: Tenant<'_>, seller: &Seller) -> Result<(), SellerError> {
    tenant.session().await.sellers().update(seller).await
}

async fn a_seller_changes_as_a_whole(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let seller = a_seller(here.merchant, "tove@example.test");
    let other = a_seller(here.merchant, "other@example.test");
    for seller in [&seller, &other] {
        insert(here, seller).await.expect("a new seller");
    }
    let changed = Seller {
        phone: PhoneNumber::try_from("+48 1").ok(),
        pos: Some(an_id()),
        active: false,
        allow_point_transfer: true,
        ..Seller { id: seller.id, ..a_seller(here.merchant, "Tove.Kask@example.test") }
    };
    update(here, &changed).await.expect("a change");
    assert_eq!(by_email(here, "tove@example.test").await, None);
    let found = here
        .storage
        .atomically(async |unit| unit.sellers().find_to_change(here.merchant, seller.id).await);
    assert_eq!(found.await, Ok(Some(changed.clone())));
    let taken = Seller { email: other.email.clone(), ..changed.clone() };
    assert_eq!(update(here, &taken).await, Err(SellerError::EmailTaken));
    let foreign = Seller { merchant: there.merchant, ..changed.clone() };
    assert_eq!(update(there, &foreign).await, Err(SellerError::NotFound));
    let removed =
        Seller { deleted_at: Some(datetime!(2026-03-02 08:15:00 UTC)), ..changed.clone() };
    update(here, &removed).await.expect("a removal");
    assert_eq!(by_email(here, "tove.kask@example.test").await, None);
    let heir = a_seller(here.merchant, "tove.kask@example.test");
    insert(here, &heir).await.expect("a free address");
}

fn line(raw: &str) -> Line {
    Line::try_from(raw).expect("a short text")
}

/// Three sellers and somebody who was removed.
async fn a_team(tenant: Tenant<'_>) -> [Seller; 3] {
    let seller = |first: &str, last: &str, email: &str| Seller {
        first_name: line(first),
        last_name: line(last),
        ..a_seller(tenant.merchant, email)
    };
    let team = [
        Seller {
            phone: PhoneNumber::try_from("+48221112244").ok(),
            ..seller("bea", "Quill", "z@shop.example")
        },
        Seller { active: false, ..seller("Ada", "Quill", "Y@shop.example") },
        Seller {
            phone: PhoneNumber::try_from("+49 100").ok(),
            ..seller("Ada", "Byron_%", "x@other.example")
        },
    ];
    let removed_at = Some(datetime!(2026-03-02 08:15:00 UTC));
    let removed = Seller { deleted_at: removed_at, ..seller("Ada", "Quill", "gone@shop.example") };
    for seller in team.iter().chain([&removed]) {
        insert(tenant, seller).await.expect("a new seller");
    }
    team
}

async fn page(tenant: Tenant<'_>, query: &SellerQuery) -> Page<Seller> {
    tenant.session().await.sellers().page(tenant.merchant, query).await.expect("an answer")
}

async fn sellers_who_were_not_removed_are_listed_in_parts_and_in_order(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let team = a_team(here).await;
    a_team(there).await;
    let all = PageRequest { offset: 0, limit: None };
    let by = |key, descending| Some(Order { key, descending });
    for (order, expected) in [
        (None, [0, 1, 2]),
        (by(SellerSortKey::Id, true), [2, 1, 0]),
        (by(SellerSortKey::Name, false), [2, 1, 0]),
        (by(SellerSortKey::FirstName, false), [1, 2, 0]),
        (by(SellerSortKey::LastName, true), [0, 1, 2]),
        (by(SellerSortKey::Email, false), [2, 1, 0]),
        (by(SellerSortKey::Phone, true), [2, 0, 1]),
        (by(SellerSortKey::Phone, false), [0, 2, 1]),
        (by(SellerSortKey::Active, false), [1, 0, 2]),
    ] {
        let listed = page(here, &SellerQuery { filters: Vec::new(), order, page: all }).await;
        assert_eq!(listed.items, expected.map(|at| team[at].clone()), "{order:?}");
        assert_eq!(listed.total.value(), 3);
    }
    let second = PageRequest { offset: 1, limit: Some(1) };
    let query = SellerQuery { filters: Vec::new(), order: None, page: second };
    assert_eq!(
        page(here, &query).await,
        Page { items: vec![team[1].clone()], total: crate::page::Total::Exact(3) }
    );
}

async fn a_filter_finds_texts_within_fields(storage: &Storage) {
    use SellerField::{Email, FirstName, LastName, Phone};
    let tenant = Tenant::new(storage).await;
    let team = a_team(tenant).await;
    let all = PageRequest { offset: 0, limit: None };
    for (filters, expected) in [
        (vec![(FirstName, "AD")], vec![1, 2]),
        (vec![(FirstName, "ada"), (LastName, "uil")], vec![1]),
        (vec![(LastName, "_%")], vec![2]),
        (vec![(LastName, "%")], vec![2]),
        (vec![(LastName, "\\")], vec![]),
        (vec![(Email, "y@SHOP")], vec![1]),
        (vec![(Phone, "48")], vec![0]),
        (vec![(Phone, "+49 1")], vec![2]),
    ] {
        let told = format!("{filters:?}");
        let filter = |(field, text): (_, &str)| SellerFilter { field, text: text.to_owned() };
        let filters = filters.into_iter().map(filter).collect();
        let listed = page(tenant, &SellerQuery { filters, order: None, page: all }).await;
        let expected: Vec<Seller> =
            expected.into_iter().map(|at: usize| team[at].clone()).collect();
        assert_eq!(
            listed,
            Page { total: crate::page::Total::Exact(expected.len() as u64), items: expected },
            "{told}"
        );
    }
}
