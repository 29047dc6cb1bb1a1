//! What a till searches by.

use crate::customer::{Address, Criterion, Customer, Name, TextMatch};
use crate::id::CustomerId;
use crate::storage::Storage;
use crate::testing::contract::tenant::{Tenant, ids};
use crate::text::Line;

pub(super) async fn promises(storage: &Storage) {
    places_are_compared_without_letter_case(storage).await;
    people_are_ordered_by_last_name_first_name_and_id(storage).await;
}

fn line(raw: &str) -> Line {
    Line::try_from(raw).expect("a short text")
}

async fn living_in(tenant: Tenant<'_>, city: &str, postal_code: &str) -> CustomerId {
    let address =
        Address { city: line(city), postal_code: line(postal_code), ..Address::default() };
    tenant.given(Customer { primary_address: Some(address), ..tenant.customer() }).await.id
}

async fn places_are_compared_without_letter_case(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let lodz = living_in(tenant, "Łódź", "90-001").await;
    let gdynia = living_in(tenant, "Gdynia 100%", "81-0a1").await;
    tenant.given(tenant.customer()).await;
    let contains = |text: &str| TextMatch::Contains(text.to_owned());
    let equals = |text: &str| TextMatch::Equals(text.to_owned());
    for (criterion, expected) in [
        (Criterion::City(contains("łÓD")), vec![lodz]),
        (Criterion::City(contains("d")), vec![lodz, gdynia]),
        (Criterion::City(contains("%")), vec![gdynia]),
        (Criterion::City(contains("_")), vec![]),
        (Criterion::City(equals("gdynia 100%")), vec![gdynia]),
        (Criterion::City(equals("gdynia")), vec![]),
        (Criterion::PostalCode(contains("0A1")), vec![gdynia]),
        (Criterion::PostalCode(contains("-0")), vec![lodz, gdynia]),
        (Criterion::PostalCode(equals("90-001")), vec![lodz]),
    ] {
        assert_eq!(tenant.fitting(vec![criterion.clone()]).await, expected, "{criterion:?}");
    }
    let both = vec![Criterion::City(contains("d")), Criterion::PostalCode(contains("90"))];
    assert_eq!(tenant.fitting(both).await, [lodz]);
}

async fn people_are_ordered_by_last_name_first_name_and_id(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let mut people = Vec::new();
    for (first, last) in
        [("", ""), ("Zoe", ""), ("Ada", "Young"), ("Bob", "Byron"), ("", "Byron"), ("Ada", "Byron")]
    {
        let name = Name::Divided { first: line(first), last: line(last) };
        people.push(tenant.given(Customer { name, ..tenant.customer() }).await.id);
    }
    let name = Name::Divided { first: line("Ada"), last: line("Byron") };
    let twin = tenant.given(Customer { name, ..tenant.customer() }).await.id;
    let mut twins = [people[5], twin];
    twins.sort();
    let expected =
        [twins[0], twins[1], people[3], people[4], people[2], people[1], people[0]].to_vec();
    let mut session = tenant.session().await;
    let found = session.customers().search(tenant.merchant, &[], 7).await.expect("an answer");
    assert_eq!(ids(&found.expect("as many as may be")), expected);
    let more = session.customers().search(tenant.merchant, &[], 6).await.expect("an answer");
    assert_eq!(more, None);
}
