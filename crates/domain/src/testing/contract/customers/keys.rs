//! Keys are claimed or merely carried (`domain.md` §4).

use crate::customer::{
    Customer, Demands, Email, Holdings, Identifier, Lookup, LoyaltyCard, PhoneNumber, References,
    WriteError,
};
use crate::storage::Storage;
use crate::testing::contract::tenant::{DEMANDING, MODEST, Tenant};
use crate::text::Text;

pub(super) async fn promises(storage: &Storage) {
    a_demanded_identifier_is_taken_once(storage).await;
    another_merchant_is_free_to_use_the_same_identifiers(storage).await;
    values_without_content_never_clash(storage).await;
    a_phone_and_a_mobile_number_never_clash(storage).await;
    a_merchants_own_id_is_taken_once_letter_for_letter(storage).await;
    of_several_taken_identifiers_the_first_is_told(storage).await;
    a_free_identifier_is_taken_even_when_merely_offered(storage).await;
    a_carrier_never_disturbs_the_holder(storage).await;
    a_carried_identifier_can_be_demanded_by_another(storage).await;
    a_carrier_does_not_inherit(storage).await;
    an_identifier_given_up_is_free(storage).await;
    an_identifier_of_a_deleted_customer_is_free(storage).await;
    an_identifier_of_an_erased_customer_is_free(storage).await;
    a_change_to_a_taken_identifier_is_refused_as_a_whole(storage).await;
    a_change_may_carry_a_taken_identifier(storage).await;
    two_customers_can_swap_through_a_third_value(storage).await;
}

/// How a record with one identifier is made.
type With<'a> = fn(&Tenant<'a>, &str) -> Customer;

fn holding_all() -> Holdings {
    Holdings { email: true, loyalty_card: true, phone: true, mobile: true }
}

fn with_own_id(record: Customer, id: &str) -> Customer {
    let references =
        References { merchant_customer_id: Text::try_from(id).ok(), ..record.references };
    Customer { references, ..record }
}

fn with_all(record: Customer) -> Customer {
    Customer {
        email: Email::try_from("ada@example.test").ok(),
        loyalty_card: LoyaltyCard::try_from("card-1").ok(),
        phone: PhoneNumber::try_from("123").ok(),
        mobile: PhoneNumber::try_from("456").ok(),
        ..record
    }
}

async fn a_demanded_identifier_is_taken_once(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let clashes: [(_, With<'_>, _, _); 4] = [
        (Identifier::Email, Tenant::mailed, "Ada@Example.test", "aDA@example.TEST"),
        (Identifier::LoyaltyCard, Tenant::carded, "Card-7a", "cARD-7A"),
        (Identifier::Phone, Tenant::phoned, "48123456789", "+48 123-456 789"),
        (Identifier::Mobile, Tenant::mobile, "(0)600", "06 00"),
    ];
    for (identifier, with, first, second) in clashes {
        let holder = tenant.created(with(&tenant, first), DEMANDING).await;
        assert!(holder.holdings.include(identifier), "{identifier:?}");
        let late = with(&tenant, second);
        let id = late.id;
        assert_eq!(tenant.create(late, DEMANDING).await, Err(WriteError::Taken(identifier)));
        assert_eq!(tenant.find(id).await, None, "{identifier:?}");
    }
}

async fn another_merchant_is_free_to_use_the_same_identifiers(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    for tenant in [here, there] {
        let record = with_own_id(with_all(tenant.customer()), "own-1");
        let stored = tenant.created(record, DEMANDING).await;
        assert_eq!(stored.holdings, holding_all());
    }
}

async fn values_without_content_never_clash(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    for _ in 0..2 {
        let hollow = Customer {
            email: Email::try_from(" ").ok(),
            loyalty_card: LoyaltyCard::try_from("").ok(),
            phone: PhoneNumber::try_from("").ok(),
            mobile: PhoneNumber::try_from("none").ok(),
            ..tenant.customer()
        };
        assert_eq!(tenant.created(hollow, DEMANDING).await.holdings, Holdings::default());
    }
}

async fn a_phone_and_a_mobile_number_never_clash(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    tenant.created(tenant.mobile("600700800"), DEMANDING).await;
    assert!(tenant.created(tenant.phoned("600700800"), DEMANDING).await.holdings.phone);
}

async fn a_merchants_own_id_is_taken_once_letter_for_letter(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let holder = tenant.given(with_own_id(tenant.customer(), "Klant-7")).await;
    let taken = WriteError::Taken(Identifier::MerchantCustomerId);
    let late = tenant.create(with_own_id(tenant.customer(), "Klant-7"), MODEST).await;
    assert_eq!(late, Err(taken.clone()));
    let other = tenant.given(with_own_id(tenant.customer(), "klant-7")).await;
    let greedy = tenant.update(&other, with_own_id(other.clone(), "Klant-7"), MODEST).await;
    assert_eq!(greedy, Err(taken));
    let kept = tenant.update(&holder, holder.clone(), MODEST).await.expect("its own id again");
    let deleted = tenant.delete(&kept).await;
    tenant.given(with_own_id(tenant.customer(), "Klant-7")).await;
    let kept = tenant.update(&deleted, deleted.clone(), MODEST).await;
    assert_eq!(kept.map(|record| record.references), Ok(deleted.references));
}

async fn of_several_taken_identifiers_the_first_is_told(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    tenant.created(with_own_id(with_all(tenant.customer()), "own-1"), DEMANDING).await;
    let steps = [
        (DEMANDING, Identifier::Email),
        (Demands { email: false, ..DEMANDING }, Identifier::LoyaltyCard),
        (Demands { phone: true, mobile: true, ..MODEST }, Identifier::Phone),
        (Demands { mobile: true, ..MODEST }, Identifier::Mobile),
        (MODEST, Identifier::MerchantCustomerId),
    ];
    for (demands, first) in steps {
        let late = with_own_id(with_all(tenant.customer()), "own-1");
        assert_eq!(tenant.create(late, demands).await, Err(WriteError::Taken(first)));
    }
}

async fn a_free_identifier_is_taken_even_when_merely_offered(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let first = tenant.given(with_all(tenant.customer())).await;
    assert_eq!(first.holdings, holding_all());
    let late = tenant.create(tenant.mailed("ada@example.test"), DEMANDING).await;
    assert_eq!(late, Err(WriteError::Taken(Identifier::Email)));
}

async fn a_carrier_never_disturbs_the_holder(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let holder = tenant.created(with_all(tenant.customer()), DEMANDING).await;
    let carrier = tenant.given(with_all(tenant.customer())).await;
    assert_eq!(carrier.holdings, Holdings::default());
    assert_eq!(carrier.email, holder.email);
    assert_eq!(tenant.find(carrier.id).await, Some(carrier));
    assert_eq!(tenant.find(holder.id).await, Some(holder));
}

async fn a_carried_identifier_can_be_demanded_by_another(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let holder = tenant.given(with_all(tenant.customer())).await;
    tenant.given(with_all(tenant.customer())).await;
    tenant.delete(&holder).await;
    let third = tenant.created(with_all(tenant.customer()), DEMANDING).await;
    assert_eq!(third.holdings, holding_all());
}

async fn a_carrier_does_not_inherit(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let holder = tenant.given(with_all(tenant.customer())).await;
    let carrier = tenant.given(with_all(tenant.customer())).await;
    tenant.delete(&holder).await;
    let again = tenant.update(&carrier, carrier.clone(), DEMANDING).await;
    let again = again.expect("an unchanged value claims nothing");
    assert_eq!(again.holdings, Holdings::default());
    assert_eq!(tenant.find(carrier.id).await, Some(again));
}

async fn an_identifier_given_up_is_free(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let changed = tenant.created(tenant.mailed("a@example.test"), DEMANDING).await;
    let other = Customer { email: Email::try_from("b@example.test").ok(), ..changed.clone() };
    let changed = tenant.update(&changed, other, DEMANDING).await.expect("a free address");
    assert!(changed.holdings.email);
    let heir = tenant.created(tenant.mailed("a@example.test"), DEMANDING).await;
    let cleared = Customer { email: None, ..heir.clone() };
    let cleared = tenant.update(&heir, cleared, DEMANDING).await.expect("nothing to claim");
    assert!(!cleared.holdings.email);
    tenant.created(tenant.mailed("a@example.test"), DEMANDING).await;
    let late = tenant.create(tenant.mailed("b@example.test"), DEMANDING).await;
    assert_eq!(late, Err(WriteError::Taken(Identifier::Email)));
}

async fn an_identifier_of_a_deleted_customer_is_free(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let before = tenant.created(with_all(tenant.customer()), DEMANDING).await;
    let deleted = tenant.delete(&before).await;
    assert_eq!(deleted.holdings, Holdings::default());
    let heir = tenant.created(with_all(tenant.customer()), DEMANDING).await;
    assert_eq!(heir.holdings, holding_all());
    assert_eq!(tenant.look_up(Lookup::Email("ada@example.test".to_owned())).await, Some(heir.id));
}

async fn an_identifier_of_an_erased_customer_is_free(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let record = with_own_id(with_all(tenant.customer()), "own-1");
    let before = tenant.created(record, DEMANDING).await;
    tenant.erase(&before).await.expect("the current version");
    let heir = with_own_id(with_all(tenant.customer()), "own-1");
    assert_eq!(tenant.created(heir, DEMANDING).await.holdings, holding_all());
}

async fn a_change_to_a_taken_identifier_is_refused_as_a_whole(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    tenant.created(tenant.mailed("ada@example.test"), DEMANDING).await;
    let before = tenant.created(tenant.mailed("eve@example.test"), DEMANDING).await;
    let greedy = Customer {
        email: Email::try_from("ADA@example.test").ok(),
        phone: PhoneNumber::try_from("123").ok(),
        ..before.clone()
    };
    let refused = tenant.update(&before, greedy, DEMANDING).await;
    assert_eq!(refused, Err(WriteError::Taken(Identifier::Email)));
    assert_eq!(tenant.find(before.id).await, Some(before));
    tenant.created(tenant.phoned("123"), DEMANDING).await;
    let late = tenant.create(tenant.mailed("eve@example.test"), DEMANDING).await;
    assert_eq!(late, Err(WriteError::Taken(Identifier::Email)));
}

async fn a_change_may_carry_a_taken_identifier(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let holder = tenant.created(tenant.mailed("ada@example.test"), DEMANDING).await;
    let before = tenant.created(tenant.mailed("eve@example.test"), DEMANDING).await;
    let modest = Customer { email: holder.email.clone(), ..before.clone() };
    let carrier = tenant.update(&before, modest, MODEST).await.expect("a carried address");
    assert!(!carrier.holdings.email);
    assert_eq!(tenant.find(carrier.id).await, Some(carrier));
    assert_eq!(tenant.find(holder.id).await, Some(holder));
    tenant.created(tenant.mailed("eve@example.test"), DEMANDING).await;
}

async fn two_customers_can_swap_through_a_third_value(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let moved = |record: &Customer, email: &str| Customer {
        email: Email::try_from(email).ok(),
        ..record.clone()
    };
    let ada = tenant.created(tenant.mailed("a@example.test"), DEMANDING).await;
    let eve = tenant.created(tenant.mailed("e@example.test"), DEMANDING).await;
    let away = moved(&ada, "away@example.test");
    let ada = tenant.update(&ada, away, DEMANDING).await.expect("a free address");
    let eve = tenant.update(&eve, moved(&eve, "a@example.test"), DEMANDING).await;
    assert!(eve.expect("a freed address").holdings.email);
    let ada = tenant.update(&ada, moved(&ada, "e@example.test"), DEMANDING).await;
    assert!(ada.expect("a freed address").holdings.email);
}
