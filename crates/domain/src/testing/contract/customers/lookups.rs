//! Look-ups that expect one customer prefer the holder, then the lowest number (`domain.md` §4).

use crate::customer::{Customer, Email, Lookup, LoyaltyCard, Name, PhoneNumber, References};
use crate::storage::Storage;
use crate::testing::contract::tenant::{MODEST, Tenant};
use crate::text::{Line, Text};

pub(super) async fn promises(storage: &Storage) {
    every_look_up_finds_whom_it_means(storage).await;
    nobody_is_found_by_something_else(storage).await;
    nobody_is_found_by_nothing(storage).await;
    an_undivided_name_is_found_as_it_reads(storage).await;
    the_holder_comes_before_lower_numbers(storage).await;
    of_carriers_the_lowest_number_is_found(storage).await;
    a_holder_is_told_apart_from_carriers(storage).await;
    deleted_customers_are_not_looked_up(storage).await;
}

fn ada(tenant: Tenant<'_>) -> Customer {
    let line = |raw: &str| Line::try_from(raw).expect("a short name");
    Customer {
        name: Name::Divided { first: line("Ada"), last: line("Łukasik") },
        email: Email::try_from("Ada@Example.test").ok(),
        loyalty_card: LoyaltyCard::try_from("Card-7a").ok(),
        phone: PhoneNumber::try_from("+48 123-456").ok(),
        mobile: PhoneNumber::try_from("(0)600 700").ok(),
        references: References {
            merchant_customer_id: Text::try_from("Own-1").ok(),
            ..References::default()
        },
        ..tenant.customer()
    }
}

fn name_and_phone(first: &str, last: &str, phone: &str) -> Lookup {
    let [first, last, phone] = [first, last, phone].map(str::to_owned);
    Lookup::NameAndPhone { first, last, phone }
}

/// Every look-up by a key that customers may share.
fn shared() -> [Lookup; 5] {
    [
        Lookup::Email("ada@example.test".to_owned()),
        Lookup::LoyaltyCard("card-7a".to_owned()),
        Lookup::PhoneAsTyped("+48 123-456".to_owned()),
        Lookup::Mobile("0600700".to_owned()),
        Lookup::PhoneHolder("48123456".to_owned()),
    ]
}

async fn every_look_up_finds_whom_it_means(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    tenant.given(tenant.mailed("somebody.else@example.test")).await;
    let stored = tenant.given(ada(tenant)).await;
    let others = [
        Lookup::Number(stored.number),
        Lookup::MerchantCustomerId("Own-1".to_owned()),
        name_and_phone(" ada ", "łUKASIK", "48123456"),
        Lookup::Email(" ADA@example.TEST ".to_owned()),
        Lookup::LoyaltyCard("CARD-7A".to_owned()),
    ];
    for lookup in shared().into_iter().chain(others) {
        assert_eq!(tenant.look_up(lookup.clone()).await, Some(stored.id), "{lookup:?}");
    }
    let mut session = tenant.session().await;
    let found = session.customers().look_up(tenant.merchant, &Lookup::Number(stored.number)).await;
    assert_eq!(found, Ok(Some(stored)));
}

async fn nobody_is_found_by_something_else(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    tenant.given(ada(tenant)).await;
    for lookup in [
        Lookup::MerchantCustomerId("own-1".to_owned()),
        Lookup::Email("ada@example".to_owned()),
        Lookup::Email("a%@example.test".to_owned()),
        Lookup::LoyaltyCard("card-7".to_owned()),
        Lookup::PhoneAsTyped("48123456".to_owned()),
        Lookup::PhoneHolder("0600700".to_owned()),
        Lookup::Mobile("48123456".to_owned()),
        Lookup::Mobile("600700".to_owned()),
        name_and_phone("Ada", "Byron", "48123456"),
        name_and_phone("Łukasik", "Ada", "48123456"),
        name_and_phone("Ada", "Łukasik", "48123457"),
    ] {
        assert_eq!(tenant.look_up(lookup.clone()).await, None, "{lookup:?}");
    }
}

async fn nobody_is_found_by_nothing(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let nothing = String::new;
    tenant
        .given(Customer {
            email: Email::try_from("").ok(),
            loyalty_card: LoyaltyCard::try_from("").ok(),
            phone: PhoneNumber::try_from("").ok(),
            mobile: PhoneNumber::try_from("").ok(),
            name: Name::default(),
            ..tenant.customer()
        })
        .await;
    tenant.given(tenant.customer()).await;
    for lookup in [
        Lookup::Email(nothing()),
        Lookup::LoyaltyCard(nothing()),
        Lookup::PhoneAsTyped(nothing()),
        Lookup::PhoneHolder(nothing()),
        Lookup::Mobile(nothing()),
        name_and_phone("", "", ""),
    ] {
        assert_eq!(tenant.look_up(lookup.clone()).await, None, "{lookup:?}");
    }
}

async fn an_undivided_name_is_found_as_it_reads(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let name = Name::Undivided(Line::try_from("Ana Marija Anić").expect("a short name"));
    let stored = tenant.given(Customer { name, ..ada(tenant) }).await;
    let lookup = name_and_phone("ana marija", "anić", "48123456");
    assert_eq!(tenant.look_up(lookup).await, Some(stored.id));
}

/// Three customers with equal values of whom the second holds all keys.
async fn three_namesakes(tenant: Tenant<'_>) -> [Customer; 3] {
    let unnamed = |record: Customer| Customer { references: References::default(), ..record };
    let interim = tenant.given(ada(tenant)).await;
    let first = tenant.given(unnamed(ada(tenant))).await;
    tenant.delete(&interim).await;
    let second = tenant.given(unnamed(ada(tenant))).await;
    let third = tenant.given(unnamed(ada(tenant))).await;
    let held = [&first, &second, &third].map(|record| record.holdings.email);
    assert_eq!(held, [false, true, false]);
    [first, second, third]
}

async fn the_holder_comes_before_lower_numbers(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let [first, holder, _] = three_namesakes(tenant).await;
    for lookup in shared() {
        assert_eq!(tenant.look_up(lookup.clone()).await, Some(holder.id), "{lookup:?}");
    }
    // Several people of one name and number are told apart by nothing but their own numbers.
    let by_name = tenant.look_up(name_and_phone("Ada", "Łukasik", "48123456")).await;
    assert_eq!(by_name, Some(first.id));
}

async fn of_carriers_the_lowest_number_is_found(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let [first, holder, third] = three_namesakes(tenant).await;
    let touched = tenant.update(&first, first.clone(), MODEST).await.expect("the current version");
    tenant.delete(&holder).await;
    let by_holder_alone = |lookup: &Lookup| matches!(lookup, Lookup::PhoneHolder(_));
    for lookup in shared().into_iter().filter(|lookup| !by_holder_alone(lookup)) {
        assert_eq!(tenant.look_up(lookup.clone()).await, Some(first.id), "{lookup:?}");
    }
    tenant.delete(&touched).await;
    let left = tenant.look_up(Lookup::Email("ada@example.test".to_owned())).await;
    assert_eq!(left, Some(third.id));
}

async fn a_holder_is_told_apart_from_carriers(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let [_, holder, _] = three_namesakes(tenant).await;
    let lookup = || Lookup::PhoneHolder("48123456".to_owned());
    assert_eq!(tenant.look_up(lookup()).await, Some(holder.id));
    tenant.delete(&holder).await;
    assert_eq!(tenant.look_up(lookup()).await, None);
}

async fn deleted_customers_are_not_looked_up(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let before = tenant.given(ada(tenant)).await;
    tenant.delete(&before).await;
    let others = [
        Lookup::Number(before.number),
        Lookup::MerchantCustomerId("Own-1".to_owned()),
        name_and_phone("Ada", "Łukasik", "48123456"),
    ];
    for lookup in shared().into_iter().chain(others) {
        assert_eq!(tenant.look_up(lookup.clone()).await, None, "{lookup:?}");
    }
}
