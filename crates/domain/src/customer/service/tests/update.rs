use std::collections::BTreeMap;

use time::Duration;

use super::{Shop, card, email, line, phone};
use crate::change::Change;
use crate::clock::Clock;
use crate::customer::{
    Address, AddressChange, AddressParts, Attribute, Changes, CreateCustomer, Customer,
    CustomerError, Demands, Holdings, Identifier, KeyWrite, KeyWrites, LevelAssignment,
    LevelChoice, Metadata, MetadataPatch, MetadataValue, Name, Requirement, TooManyEntries,
    UpdateCustomer, Wallet, WalletAuthority, WalletStatus,
};
use crate::event::{EventKind, LevelCause};
use crate::id::LevelId;
use crate::level::{Ladder, Level};
use crate::merchant::Period;
use crate::testing::{a_change, an_id, create_customer};
use crate::text::Text;

fn chosen(level: LevelId) -> LevelChoice {
    LevelChoice { level, period: Period::GoesOn }
}

fn updated(attributes: impl IntoIterator<Item = Attribute>) -> EventKind {
    EventKind::CustomerUpdated(attributes.into_iter().collect())
}

#[tokio::test]
async fn a_change_is_announced_with_what_changed() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test").await;
    shop.clock.advance(Duration::HOUR);
    let command = UpdateCustomer {
        email: Change::Set(email("countess@example.test")),
        comment: Change::Set(Text::try_from("likes engines").unwrap()),
        first_name: Some(line("Ada")),
        accepts_marketing: Some(true),
        agrees_to_terms: Some(false),
        ..UpdateCustomer::default()
    };
    let after = shop.update(&ada, command).await.unwrap();
    assert_eq!((after.version, after.updated_at), (2, shop.clock.now()));
    assert_eq!((&after.name, after.created_at), (&ada.name, ada.created_at));
    assert!(after.holdings.email && after.agreements.marketing && !after.agreements.terms);
    assert_eq!(shop.find(&ada).await, Ok(after.clone()));
    let changed = [Attribute::Email, Attribute::Comment, Attribute::AcceptsMarketing];
    assert_eq!(shop.history(&ada).await.last(), Some(&updated(changed)));
    let told = shop.customers.events(shop.merchant, ada.id).await.unwrap();
    assert_eq!(told.last().unwrap().record.email, after.email);
}

#[tokio::test]
async fn equal_values_change_and_announce_nothing() {
    let shop = Shop::new().await;
    let command = CreateCustomer {
        phone: Some(phone("+48 1")),
        primary_address: Some(Address { street: line("Quay"), ..Address::default() }),
        ..create_customer("ada@example.test")
    };
    let ada = shop.create(command).await.unwrap();
    shop.clock.advance(Duration::HOUR);
    let echo = UpdateCustomer {
        first_name: Some(line("Ada")),
        last_name: Some(line("Byron")),
        full_name: Some(line("Ada Byron")),
        email: Change::Set(email("ada@example.test")),
        phone: Change::Set(phone("+48 1")),
        mobile: Change::Clear,
        primary_address: AddressChange::Replace(ada.primary_address.clone().unwrap()),
        labels: Change::Clear,
        accepts_marketing: Some(false),
        wallet_status: Some(WalletStatus::Active),
        level: ada.level.map(|assignment| chosen(assignment.level)),
        ..UpdateCustomer::default()
    };
    let events = shop.history(&ada).await;
    assert_eq!(shop.update(&ada, echo).await, Ok(ada.clone()));
    assert_eq!(shop.find(&ada).await, Ok(ada.clone()));
    assert_eq!(shop.history(&ada).await, events);
}

#[tokio::test]
async fn a_touch_moves_the_time_and_announces_nothing() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test").await;
    shop.clock.advance(Duration::HOUR);
    let touch = UpdateCustomer { touch: true, ..UpdateCustomer::default() };
    let events = shop.history(&ada).await;
    let after = shop.update(&ada, touch).await.unwrap();
    let expected = Customer { version: 2, updated_at: shop.clock.now(), ..ada.clone() };
    assert_eq!(after, expected);
    assert_eq!(shop.find(&ada).await, Ok(expected));
    assert_eq!(shop.history(&ada).await, events);
}

#[tokio::test]
async fn an_undivided_name_survives_readers_of_its_parts() {
    let shop = Shop::new().await;
    let name = Name::Undivided(line("Ana Marija Anić"));
    let ana = shop.create(CreateCustomer { name, ..CreateCustomer::default() }).await.unwrap();
    let echo = UpdateCustomer {
        first_name: Some(line(ana.name.first())),
        last_name: Some(line(ana.name.last())),
        ..UpdateCustomer::default()
    };
    assert_eq!(shop.update(&ana, echo).await, Ok(ana.clone()));
    let married = UpdateCustomer { last_name: Some(line("Horvat")), ..UpdateCustomer::default() };
    let after = shop.update(&ana, married).await.unwrap();
    let divided = Name::Divided { first: line("Ana Marija"), last: line("Horvat") };
    assert_eq!(after.name, divided);
    assert_eq!(shop.history(&ana).await.last(), Some(&updated([Attribute::Name])));
    let full = |raw| UpdateCustomer { full_name: Some(line(raw)), ..UpdateCustomer::default() };
    assert_eq!(shop.update(&ana, full("Ana Marija Horvat")).await.unwrap().name, divided);
    let renamed = shop.update(&ana, full("Ana Horvat")).await.unwrap();
    assert_eq!(renamed.name, Name::Undivided(line("Ana Horvat")));
}

fn parted() -> Address {
    Address {
        street: line("Bagno"),
        house: line("1"),
        unit: line("12"),
        city: line("Gdynia"),
        province: line("pomorskie"),
        ..Address::default()
    }
}

#[tokio::test]
async fn an_address_survives_readers_of_its_street_line() {
    let shop = Shop::new().await;
    let (primary_address, shipping_address) = (Some(parted()), Some(parted()));
    let command = CreateCustomer { primary_address, shipping_address, ..CreateCustomer::default() };
    let ada = shop.create(command).await.unwrap();
    let by_parts = |street: &str, city: &str| UpdateCustomer {
        primary_address: AddressChange::SetParts(AddressParts {
            street_line: Some(line(street)),
            city: Some(line(city)),
            ..AddressParts::default()
        }),
        ..UpdateCustomer::default()
    };
    assert_eq!(shop.update(&ada, by_parts("Bagno 1 12", "Gdynia")).await, Ok(ada.clone()));
    let moved = shop.update(&ada, by_parts("Bagno 1 12", "Sopot")).await.unwrap();
    let expected = Address { city: line("Sopot"), ..parted() };
    assert_eq!((moved.primary_address, moved.shipping_address), (Some(expected), Some(parted())));
    let far = shop.update(&ada, by_parts("Long 7", "Sopot")).await.unwrap();
    let empty = line("");
    let expected = Address {
        street: line("Long 7"),
        house: empty.clone(),
        unit: empty,
        city: line("Sopot"),
        ..parted()
    };
    assert_eq!(far.primary_address, Some(expected));
}

#[tokio::test]
async fn an_address_replaced_by_its_line_keeps_what_the_line_says() {
    let shop = Shop::new().await;
    let command = CreateCustomer { shipping_address: Some(parted()), ..CreateCustomer::default() };
    let ada = shop.create(command).await.unwrap();
    let given = Address { street: line("Bagno 1 12"), city: line("Sopot"), ..Address::default() };
    let replace = |given| UpdateCustomer {
        shipping_address: AddressChange::ReplaceByLine(given),
        ..UpdateCustomer::default()
    };
    let after = shop.update(&ada, replace(given.clone())).await.unwrap();
    let expected = Address { city: line("Sopot"), province: line(""), ..parted() };
    assert_eq!(after.shipping_address, Some(expected));
    let after =
        shop.update(&ada, replace(Address { street: line("Long 7"), ..given })).await.unwrap();
    let expected = Address { street: line("Long 7"), city: line("Sopot"), ..Address::default() };
    assert_eq!((after.shipping_address, after.primary_address), (Some(expected), None));
}

#[tokio::test]
async fn the_current_level_again_is_no_choice() {
    let mut shop = Shop::new().await;
    let ada = shop.customer("ada@example.test").await;
    let [start, silver] = [0, 1].map(|n| shop.ladder.iter().nth(n).unwrap().clone());
    let choose = |level| UpdateCustomer { level: Some(chosen(level)), ..UpdateCustomer::default() };
    // An admin's page sends the level back on every save, also one that was retired since.
    shop.ladder = Ladder::new(vec![Level { active: false, ..start.clone() }, silver.clone()]);
    assert_eq!(shop.update(&ada, choose(start.id)).await, Ok(ada.clone()));
    let promoted = shop.update(&ada, choose(silver.id)).await.unwrap();
    assert_eq!(promoted.level, Some(LevelAssignment { level: silver.id, manual: true }));
    let (from, to) = (Some(start.id), Some(silver.id));
    let moved = EventKind::LevelChanged { from, to, cause: LevelCause::Manual, direction: None };
    assert_eq!(shop.history(&ada).await[2..], [updated([Attribute::Level]), moved]);
    for unknown in [start.id, an_id()] {
        assert_eq!(shop.update(&ada, choose(unknown)).await, Err(CustomerError::UnknownLevel));
    }
}

#[tokio::test]
async fn an_institution_cannot_undo_what_the_operator_decided() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test").await;
    let set = |status| UpdateCustomer { wallet_status: Some(status), ..UpdateCustomer::default() };
    let own = |status| Wallet { status, set_by: WalletAuthority::Institution };
    for status in [WalletStatus::Blocked, WalletStatus::Suspicious, WalletStatus::Active] {
        let after = shop.update(&ada, set(status)).await.unwrap();
        assert_eq!(after.wallet, own(status));
        assert_eq!(shop.history(&ada).await.last(), Some(&updated([Attribute::Wallet])));
    }
    let decide = async |status| {
        let before = shop.find(&ada).await.unwrap();
        let wallet = Wallet { status, set_by: WalletAuthority::Operator };
        let decided = a_change(&before, Customer { wallet, ..before.clone() }, Demands::default());
        shop.storage.session().await.unwrap().customers().update(&decided).await.unwrap();
        wallet
    };
    decide(WalletStatus::Active).await;
    let after = shop.update(&ada, set(WalletStatus::Blocked)).await.unwrap();
    assert_eq!(after.wallet, own(WalletStatus::Blocked));
    let wallet = decide(WalletStatus::Blocked).await;
    assert_eq!(shop.update(&ada, set(WalletStatus::Blocked)).await.unwrap().wallet, wallet);
    for status in [WalletStatus::Active, WalletStatus::Suspicious] {
        assert_eq!(shop.update(&ada, set(status)).await, Err(CustomerError::WalletLocked));
    }
    assert_eq!(shop.find(&ada).await.unwrap().wallet, wallet);
}

#[tokio::test]
async fn where_it_is_required_a_first_name_and_a_contact_remain() {
    let shop = Shop::new().await;
    let command =
        CreateCustomer { mobile: Some(phone("0600")), ..create_customer("ada@example.test") };
    let ada = shop.create(command).await.unwrap();
    let requirement = Requirement::FirstNameAndContact;
    let nameless =
        UpdateCustomer { first_name: Some(line("")), requirement, ..UpdateCustomer::default() };
    assert_eq!(shop.update(&ada, nameless.clone()).await, Err(CustomerError::Incomplete));
    let without_email =
        UpdateCustomer { email: Change::Clear, requirement, ..UpdateCustomer::default() };
    assert!(shop.update(&ada, without_email).await.unwrap().email.is_none());
    let without_mobile =
        |mobile| UpdateCustomer { mobile, requirement, ..UpdateCustomer::default() };
    for mobile in [Change::Clear, Change::Set(phone(""))] {
        let refused = shop.update(&ada, without_mobile(mobile)).await;
        assert_eq!(refused, Err(CustomerError::Incomplete));
    }
    assert_eq!(shop.find(&ada).await.unwrap().mobile, Some(phone("0600")));
    let anyhow = UpdateCustomer { requirement: Requirement::None, ..nameless };
    assert_eq!(shop.update(&ada, anyhow).await.unwrap().name.first(), "");
}

fn all_of(email_address: &str, digits: &str) -> UpdateCustomer {
    UpdateCustomer {
        email: Change::Set(email(email_address)),
        loyalty_card: Change::Set(card(digits)),
        phone: Change::Set(phone(digits)),
        mobile: Change::Set(phone(digits)),
        ..UpdateCustomer::default()
    }
}

#[tokio::test]
async fn all_taken_identifiers_are_told_at_once() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test").await;
    shop.update(&ada, all_of("ada@example.test", "1")).await.unwrap();
    let eve = shop.customer("eve@example.test").await;
    let greedy =
        UpdateCustomer { phone: Change::Set(phone("2")), ..all_of("ADA@example.test", "1") };
    let taken = vec![Identifier::Email, Identifier::LoyaltyCard, Identifier::Mobile];
    assert_eq!(shop.update(&eve, greedy).await, Err(CustomerError::Taken(taken)));
    assert_eq!(shop.find(&eve).await, Ok(eve.clone()));
    assert_eq!(shop.history(&eve).await.len(), 2);
}

#[tokio::test]
async fn the_merchants_own_id_is_always_claimed() {
    let shop = Shop::new().await;
    let own = |id| UpdateCustomer {
        merchant_customer_id: Text::try_from(id).ok(),
        ..UpdateCustomer::default()
    };
    let ada = shop.customer("ada@example.test").await;
    let eve = shop.customer("eve@example.test").await;
    shop.update(&ada, own("own-1")).await.unwrap();
    let greedy = shop.customers.update(&shop.modest(), &shop.ladder, eve.id, own("own-1")).await;
    assert_eq!(greedy, Err(CustomerError::Taken(vec![Identifier::MerchantCustomerId])));
    shop.update(&eve, own("own-2")).await.unwrap();
}

#[tokio::test]
async fn whoever_does_not_insist_carries_a_taken_value() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test").await;
    let eve = shop.customer("eve@example.test").await;
    let command = all_of("ada@example.test", "1");
    let after = shop.customers.update(&shop.modest(), &shop.ladder, eve.id, command).await.unwrap();
    let expected = Holdings { email: false, loyalty_card: true, phone: true, mobile: true };
    assert_eq!((after.holdings, &after.email), (expected, &ada.email));
    assert_eq!(shop.find(&ada).await, Ok(ada.clone()));
    shop.customer("eve@example.test").await;
}

#[tokio::test]
async fn a_carrier_can_write_its_values_back_to_those_who_insist() {
    let shop = Shop::new().await;
    shop.customer("ada@example.test").await;
    let carrier = create_customer("ada@example.test");
    let carrier = shop.customers.create(&shop.modest(), &shop.ladder, carrier).await.unwrap();
    let respelt = UpdateCustomer {
        email: Change::Set(email("Ada@Example.test")),
        ..UpdateCustomer::default()
    };
    let after = shop.update(&carrier, respelt).await.unwrap();
    assert_eq!((after.email, after.holdings.email), (Some(email("Ada@Example.test")), false));
}

#[tokio::test]
async fn nobody_can_move_to_what_does_not_exist() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test").await;
    let to_till = UpdateCustomer { pos: Some(an_id()), ..UpdateCustomer::default() };
    assert_eq!(shop.update(&ada, to_till).await, Err(CustomerError::UnknownPointOfSale));
    let to_seller = UpdateCustomer { seller: Some(an_id()), ..UpdateCustomer::default() };
    assert_eq!(shop.update(&ada, to_seller).await, Err(CustomerError::UnknownSeller));
    assert_eq!(shop.find(&ada).await, Ok(ada));
}

#[tokio::test]
async fn metadata_is_merged_within_its_bound() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test").await;
    let key = |n: usize| Text::try_from(format!("k{n}")).unwrap();
    let patch = |keys: std::ops::Range<usize>, value: Option<bool>| UpdateCustomer {
        metadata: MetadataPatch(
            keys.map(|n| (key(n), value.map(MetadataValue::Bool))).collect::<BTreeMap<_, _>>(),
        ),
        ..UpdateCustomer::default()
    };
    shop.update(&ada, patch(0..Metadata::MOST, Some(true))).await.unwrap();
    let over = shop.update(&ada, patch(99..100, Some(true))).await;
    assert_eq!(over, Err(CustomerError::Metadata(TooManyEntries)));
    let after = shop.update(&ada, patch(1..Metadata::MOST, None)).await.unwrap();
    let expected = Metadata::from_entries([(key(0), MetadataValue::Bool(true))]).unwrap();
    assert_eq!(after.metadata, expected);
}

#[tokio::test]
async fn a_value_of_one_application_leaves_those_of_others() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test").await;
    let [first, second] = [an_id(), an_id()];
    let set = |application, change| UpdateCustomer {
        application_reference: Some((application, change)),
        ..UpdateCustomer::default()
    };
    shop.update(&ada, set(first, Change::Set(line("a")))).await.unwrap();
    let both = shop.update(&ada, set(second, Change::Set(line("b")))).await.unwrap();
    assert_eq!(both.references.per_application.len(), 2);
    let one = shop.update(&ada, set(first, Change::Clear)).await.unwrap();
    assert_eq!(one.references.per_application, BTreeMap::from([(second, line("b"))]));
    let changed: Changes = [Attribute::ApplicationReference].into_iter().collect();
    assert_eq!(shop.history(&ada).await.last(), Some(&EventKind::CustomerUpdated(changed)));
}

#[test]
fn only_changed_keys_are_written() {
    let merchant = an_id();
    let before = Customer {
        email: Some(email("a@example.test")),
        phone: Some(phone("1")),
        mobile: Some(phone("2")),
        ..crate::testing::a_customer(merchant)
    };
    let after = Customer {
        email: Some(email("A@example.test")),
        phone: Some(phone("3")),
        mobile: Some(phone("")),
        loyalty_card: Some(card("C1")),
        ..before.clone()
    };
    let demands = Demands { phone: true, ..Demands::default() };
    let expected = KeyWrites {
        email: KeyWrite::Keep,
        loyalty_card: KeyWrite::Offer("c1".to_owned()),
        phone: KeyWrite::Demand("3".to_owned()),
        mobile: KeyWrite::Release,
    };
    assert_eq!(KeyWrites::for_change(&before, &after, demands), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_changes_at_once_none_is_lost() {
    let shop = Shop::new().await;
    let ada = shop.customer("ada@example.test").await;
    let applications: Vec<_> = (0..32).map(|_| an_id()).collect();
    let changes: Vec<_> = applications
        .iter()
        .map(|application| {
            let (customers, ladder) = (shop.customers.clone(), shop.ladder.clone());
            let (origin, id) = (shop.modest(), ada.id);
            let reference = Some((*application, Change::Set(line("mine"))));
            let command =
                UpdateCustomer { application_reference: reference, ..UpdateCustomer::default() };
            tokio::spawn(async move { customers.update(&origin, &ladder, id, command).await })
        })
        .collect();
    for change in changes {
        change.await.unwrap().unwrap();
    }
    let after = shop.find(&ada).await.unwrap();
    assert_eq!((after.version, after.references.per_application.len()), (33, 32));
    let told = shop.customers.events(shop.merchant, ada.id).await.unwrap();
    let versions: Vec<_> = told.iter().skip(2).map(|recorded| recorded.record.version).collect();
    assert_eq!(versions, (2..=33).collect::<Vec<_>>());
}
