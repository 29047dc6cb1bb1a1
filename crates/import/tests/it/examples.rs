//! The examples of the contract and of the vendor's page.

use domain::customer::{Gender, Label, LevelAssignment, Status};
use domain::text::Line;
use serde_json::Value;
use time::macros::datetime;

use crate::shop::{Shop, report};

/// A printed report without the ids, which are nobody's.
fn printed(report: &str) -> Value {
    let mut report: Value = serde_json::from_str(report).unwrap();
    for item in report["items"].as_array_mut().unwrap() {
        item.as_object_mut().unwrap().remove("processImportResult");
    }
    report
}

#[tokio::test]
async fn the_vendors_example_of_eleven_rows_is_answered_as_printed() {
    let shop = Shop::new().await;
    let outcomes = shop.outcomes(include_str!("../files/seed.xml")).await;
    assert_eq!(report(&outcomes), printed(include_str!("../files/seed.json")));
    let stored: Vec<_> = shop.customers().await.into_iter().map(|customer| customer.id).collect();
    let told: Vec<_> = outcomes.into_iter().filter_map(|outcome| outcome.result.ok()).collect();
    assert_eq!(told, stored);
}

#[tokio::test]
async fn the_contracts_example_is_answered_as_printed() {
    let shop = Shop::new().await;
    let outcomes = shop.outcomes(include_str!("../files/contract.xml")).await;
    assert_eq!(report(&outcomes), printed(include_str!("../files/contract.json")));
    let rows: Vec<_> = outcomes.iter().map(|outcome| outcome.row).collect();
    assert_eq!(rows, [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn everything_that_a_row_says_is_stored() {
    let shop = Shop::new().await;
    shop.outcomes(include_str!("../files/contract.xml")).await;
    let ada = shop.customers().await.remove(0);
    let line = |text: &str| Line::try_from(text).unwrap();
    assert_eq!((ada.name.first(), ada.name.last()), ("Ada", "Byron"));
    assert_eq!(ada.status, Status::Active);
    assert_eq!(ada.gender, Some(Gender::Female));
    // In Warsaw.
    assert_eq!(ada.birth_date, Some(datetime!(1990-12-09 23:00 UTC)));
    assert_eq!(
        (ada.agreements.terms, ada.agreements.marketing, ada.agreements.third),
        (true, true, false)
    );
    assert!(ada.newsletter_announced);
    assert_eq!(ada.loyalty_card.unwrap().as_str(), "700001");
    assert_eq!(ada.phone.unwrap().as_str(), "+48221112233");
    let address = ada.primary_address.unwrap();
    let parts = [address.street, address.house, address.postal_code, address.city, address.country];
    assert_eq!(parts.map(Line::into_string), ["Long", "7", "00-001", "Warszawa", "PL"]);
    assert!(address.unit.is_empty() && address.province.is_empty());
    let company = ada.company.unwrap();
    assert_eq!((company.name, company.tax_id), (line("Engine Ltd"), line("111-222")));
    assert_eq!(ada.labels, [Label { key: line("src"), value: line("import") }]);
    assert_eq!(ada.level.map(|level| level.manual), Some(false));
    let start = shop.ladder.start().unwrap().id;
    assert_eq!(ada.level, Some(LevelAssignment { level: start, manual: false }));
}
