//! A record survives storage, and only the version that was read can be changed.

use crate::customer::{
    Address, Avatar, Company, Customer, CustomerQuery, Email, Label, LoyaltyCard, Name,
    PhoneNumber, References, Sort, SortKey, Verification, WriteError,
};
use crate::page::PageRequest;
use crate::storage::Storage;
use crate::testing::an_id;
use crate::testing::contract::tenant::{DEMANDING, MODEST, Tenant};
use crate::text::{Line, Text};

pub(super) async fn promises(storage: &Storage) {
    a_full_record_survives_creation(storage).await;
    a_full_record_survives_a_change(storage).await;
    a_record_can_be_emptied_again(storage).await;
    an_empty_value_is_not_a_missing_one(storage).await;
    a_name_keeps_its_division(storage).await;
    numbers_differ_over_all_merchants(storage).await;
    only_the_version_that_was_read_can_be_changed(storage).await;
    only_the_version_that_was_read_can_be_erased(storage).await;
    who_does_not_exist_cannot_be_changed(storage).await;
    a_softly_deleted_record_is_found_by_id_alone(storage).await;
    an_erased_record_is_gone(storage).await;
}

async fn a_full_record_survives_creation(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let stored = tenant.created(tenant.full().await, DEMANDING).await;
    assert!(i64::from(stored.number) > 0);
    assert_eq!(tenant.find(stored.id).await, Some(stored));
}

async fn a_full_record_survives_a_change(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let bare = tenant.given(tenant.customer()).await;
    let full = tenant.full().await;
    let after = Customer {
        id: bare.id,
        number: bare.number,
        wallet_id: bare.wallet_id,
        created_at: bare.created_at,
        ..full
    };
    let stored = tenant.update(&bare, after, MODEST).await.expect("the current version");
    assert_eq!((stored.number, stored.version), (bare.number, 2));
    assert_eq!(tenant.find(bare.id).await, Some(stored));
}

async fn a_record_can_be_emptied_again(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let full = tenant.created(tenant.full().await, DEMANDING).await;
    let bare = Customer {
        id: full.id,
        number: full.number,
        wallet_id: full.wallet_id,
        created_at: full.created_at,
        ..tenant.customer()
    };
    let stored = tenant.update(&full, bare, DEMANDING).await.expect("the current version");
    assert_eq!(stored.holdings, crate::customer::Holdings::default());
    assert_eq!(tenant.find(full.id).await, Some(stored));
}

async fn an_empty_value_is_not_a_missing_one(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let nothing = || Some(Line::default());
    let hollow = Customer {
        email: Email::try_from("").ok(),
        phone: PhoneNumber::try_from("").ok(),
        mobile: PhoneNumber::try_from("").ok(),
        loyalty_card: LoyaltyCard::try_from("").ok(),
        references: References {
            external_id: nothing(),
            referral_id: nothing(),
            referral_email: nothing(),
            ..References::default()
        },
        primary_address: Some(Address::default()),
        shipping_address: Some(Address::default()),
        company: Some(Company { name: Line::default(), tax_id: Line::default() }),
        labels: vec![Label { key: Line::default(), value: Line::default() }],
        tags: vec![Text::default()],
        description: Some(Text::default()),
        comment: Some(Text::default()),
        verification: Verification {
            country: nothing(),
            document_id: nothing(),
            residence_address: Some(Text::default()),
            tax_number: nothing(),
        },
        image_url: Some(Text::default()),
        avatar: Some(Avatar {
            path: Line::default(),
            original_name: Line::default(),
            media_type: Line::default(),
        }),
        ..tenant.customer()
    };
    let stored = tenant.created(hollow, DEMANDING).await;
    assert_eq!(stored.holdings, crate::customer::Holdings::default());
    assert_eq!(tenant.find(stored.id).await, Some(stored));
}

async fn a_name_keeps_its_division(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let line = |raw: &str| Line::try_from(raw).expect("a short name");
    let names = [
        Name::default(),
        Name::Divided { first: line("Ana Marija"), last: line("Anić") },
        Name::Divided { first: line("Ana"), last: line("") },
        Name::Divided { first: line(""), last: line("Anić") },
        Name::Undivided(line("Ana Marija Anić")),
        Name::Undivided(line("Cher")),
        Name::Undivided(line(" Cher ")),
        Name::Undivided(line("")),
    ];
    for name in names {
        let stored = tenant.given(Customer { name: name.clone(), ..tenant.customer() }).await;
        let found = tenant.find(stored.id).await.expect("the stored record");
        assert_eq!(found.name, name);
    }
}

async fn numbers_differ_over_all_merchants(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let mut numbers = Vec::new();
    for tenant in [here, there, here, there] {
        numbers.push(tenant.given(tenant.customer()).await.number);
    }
    let given = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), given);
}

async fn only_the_version_that_was_read_can_be_changed(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let first = tenant.given(tenant.mailed("ada@example.test")).await;
    let commented = Customer { comment: Text::try_from("first").ok(), ..first.clone() };
    let second = tenant.update(&first, commented, MODEST).await.expect("the current version");
    let late = Customer { comment: Text::try_from("late").ok(), ..first.clone() };
    assert_eq!(tenant.update(&first, late, MODEST).await, Err(WriteError::Stale));
    let hasty = Customer { version: 7, ..second.clone() };
    assert_eq!(tenant.update(&hasty, hasty.clone(), MODEST).await, Err(WriteError::Stale));
    assert_eq!(tenant.find(first.id).await, Some(second));
}

async fn only_the_version_that_was_read_can_be_erased(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let first = tenant.given(tenant.customer()).await;
    let second = tenant.update(&first, first.clone(), MODEST).await.expect("the current version");
    assert_eq!(tenant.erase(&first).await, Err(WriteError::Stale));
    assert_eq!(tenant.find(first.id).await, Some(second));
}

async fn who_does_not_exist_cannot_be_changed(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let nobody = tenant.customer();
    assert_eq!(tenant.find(nobody.id).await, None);
    assert_eq!(tenant.update(&nobody, nobody.clone(), MODEST).await, Err(WriteError::Stale));
    assert_eq!(tenant.erase(&nobody).await, Err(WriteError::Stale));
    assert_eq!(tenant.find(nobody.id).await, None);
    assert_eq!(tenant.events(nobody.id).await, []);
    assert_eq!(tenant.events(an_id()).await, []);
}

async fn a_softly_deleted_record_is_found_by_id_alone(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let kept = tenant.given(tenant.mailed("kept@example.test")).await;
    let before = tenant.created(tenant.mailed("ada@example.test"), DEMANDING).await;
    let deleted = tenant.delete(&before).await;
    assert!(!deleted.is_live());
    assert_eq!(deleted.email, before.email);
    assert_eq!(tenant.find(before.id).await, Some(deleted));
    let number = crate::customer::Lookup::Number(before.number);
    assert_eq!(tenant.look_up(number).await, None);
    assert_eq!(tenant.fitting(Vec::new()).await, [kept.id]);
    assert_eq!(tenant.count(&[]).await, 1);
}

async fn an_erased_record_is_gone(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let before = tenant.given(tenant.full().await).await;
    tenant.erase(&before).await.expect("the current version");
    assert_eq!(tenant.find(before.id).await, None);
    assert_eq!(tenant.count(&[]).await, 0);
    let sort = Sort { key: SortKey::Id, descending: false };
    let page = PageRequest { offset: 0, limit: None };
    assert_eq!(tenant.list(&CustomerQuery { criteria: Vec::new(), sort, page }).await, []);
    assert_eq!(tenant.erase(&before).await, Err(WriteError::Stale));
}
