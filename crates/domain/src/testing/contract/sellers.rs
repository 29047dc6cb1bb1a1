//! Promises about sellers.

use time::macros::datetime;

use crate::customer::PhoneNumber;
use crate::seller::{Seller, SellerError};
use crate::storage::Storage;
use crate::testing::contract::tenant::Tenant;
use crate::testing::{a_point_of_sale, a_seller, an_id};

/// Sellers are stored whole and log in by an address that nobody else of the merchant has.
pub async fn sellers(storage: &Storage) {
    a_seller_survives_storage(storage).await;
    an_address_of_a_seller_is_taken_once_per_merchant(storage).await;
    a_seller_is_found_by_the_normal_form_of_the_address(storage).await;
    a_removed_seller_keeps_the_record_and_not_the_address(storage).await;
    another_merchants_sellers_are_invisible(storage).await;
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
