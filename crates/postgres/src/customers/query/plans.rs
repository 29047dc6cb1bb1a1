//! The plans that the texts lead to, on tables that PostgreSQL knows nothing about and on tables that it has analysed.

use diesel::pg::Pg;
use diesel::sql_types::Text;
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use domain::Storage;
use domain::customer::{Criterion, CustomerQuery, Range, Sort, SortKey, TextMatch};
use domain::id::MerchantId;
use domain::money::Amount;
use domain::page::PageRequest;
use domain::testing::a_merchant;
use time::macros::datetime;

use super::*;
use crate::connect;
use crate::statement::Statement;
use crate::testing::TestDatabase;

/// A connection as the service has it, to a merchant's customers.
async fn crowd(database: &TestDatabase) -> (AsyncPgConnection, MerchantId) {
    let merchant = a_merchant();
    let storage = Storage::new(database.backend());
    let mut session = storage.session().await.unwrap();
    session.merchants().insert(&merchant).await.unwrap();
    let rows =
        include_str!("../../../tests/rows.sql").replace("MERCHANT", &merchant.id.to_string());
    // The server would vacuum in the middle of the test, and know the size of a table but not what is in it until it
    // has analysed it a moment later.
    for table in [
        "customer_list",
        "customer_figures",
        "customer_updates",
        "customer_texts",
        "customer_texts_due",
    ] {
        let off = format!("ALTER TABLE {table} SET (autovacuum_enabled = false)");
        TestDatabase::execute(database, &off).await;
    }
    TestDatabase::execute(database, &rows).await;
    TestDatabase::execute(database, "SELECT sort_in_customer_texts(1000000)").await;
    (connect::for_requests(database.url()).await.unwrap(), merchant.id)
}

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    text: String,
}

/// The plan that a connection keeps for a statement, whatever its parameters.
async fn plan(connection: &mut AsyncPgConnection, statement: &Statement<'static>) -> String {
    let shown = diesel::debug_query::<Pg, _>(statement).to_string();
    let text = shown.split(" -- binds").next().unwrap();
    let count = (1..100).take_while(|number| text.contains(&format!("${number}"))).count();
    diesel::sql_query("DEALLOCATE ALL").execute(connection).await.unwrap();
    diesel::sql_query(format!("PREPARE planned AS {text}")).execute(connection).await.unwrap();
    let values = vec!["NULL"; count].join(", ");
    let explain = format!("EXPLAIN (COSTS OFF) EXECUTE planned ({values})");
    let lines: Vec<Line> = diesel::sql_query(explain).load(connection).await.unwrap();
    let plan: String = lines.into_iter().map(|line| line.text + "\n").collect();
    assert!(!plan.contains("Seq Scan on customer"), "{text}\n{plan}");
    plan
}

const ORDERS: [(SortKey, &str); 20] = [
    (SortKey::Id, "customer_list_pkey"),
    (SortKey::FirstName, "customer_list_first_name_idx"),
    (SortKey::LastName, "customer_list_last_name_idx"),
    (SortKey::Email, "customer_list_email_idx"),
    (SortKey::Phone, "customer_list_phone_idx"),
    (SortKey::LoyaltyCard, "customer_list_card_idx"),
    (SortKey::Gender, "customer_list_gender_idx"),
    (SortKey::BirthDate, "customer_list_birth_date_idx"),
    (SortKey::Active, "customer_list_active_idx"),
    (SortKey::CreatedAt, "customer_list_created_at_idx"),
    (SortKey::UpdatedAt, "customer_updates_pkey"),
    (SortKey::LevelName, "customer_list_level_idx"),
    (SortKey::Level, "customer_list_level_idx"),
    (SortKey::ManualLevel, "customer_list_manual_level_idx"),
    (SortKey::PointOfSale, "customer_list_pos_idx"),
    (SortKey::Seller, "customer_list_seller_idx"),
    (SortKey::PurchaseCount, "customer_figures_count_idx"),
    (SortKey::PurchaseAmount, "customer_figures_amount_idx"),
    (SortKey::PurchaseAverage, "customer_figures_average_idx"),
    (SortKey::LastPurchase, "customer_figures_last_purchase_idx"),
];

/// Each filter with the index that finds those who meet it.
fn filters_and_indexes() -> Vec<(Criterion, &'static str)> {
    let has = || TextMatch::Contains("kowal".to_owned());
    let is = || TextMatch::Equals("kowal".to_owned());
    let short = || TextMatch::Contains("zz".to_owned());
    let amounts = || Range { from: Some(Amount::ZERO), to: Some(Amount::ZERO) };
    let since = datetime!(2026-01-01 00:00 UTC);
    vec![
        (Criterion::FirstName(has()), "customer_texts_idx"),
        (Criterion::LastName(has()), "customer_texts_idx"),
        (Criterion::Email(has()), "customer_texts_idx"),
        (Criterion::Phone(has()), "customer_texts_idx"),
        (Criterion::EmailOrPhone(has()), "customer_texts_idx"),
        (Criterion::LoyaltyCard(has()), "customer_texts_idx"),
        (Criterion::City(has()), "customer_texts_idx"),
        (Criterion::PostalCode(has()), "customer_texts_idx"),
        (Criterion::LastName(short()), "customer_texts_pieces_idx"),
        (Criterion::EmailOrPhone(short()), "customer_texts_pieces_idx"),
        (Criterion::City(short()), "customer_texts_pieces_idx"),
        (Criterion::FirstName(is()), "customer_list_first_name_idx"),
        (Criterion::LastName(is()), "customer_list_last_name_idx"),
        (Criterion::Email(is()), "customer_list_email_idx"),
        (Criterion::Phone(is()), "customer_list_phone_idx"),
        (Criterion::EmailOrPhone(is()), "customer_list_email_idx"),
        (Criterion::LoyaltyCard(is()), "customer_list_card_idx"),
        (
            Criterion::CreatedAt(Range { from: Some(since), to: None }),
            "customer_list_created_at_idx",
        ),
        (Criterion::UpdatedSince(since), "customer_updates_pkey"),
        (Criterion::PurchasedSince(since), "customer_figures_last_purchase_idx"),
        (Criterion::PurchaseCount(Range { from: Some(3), to: None }), "customer_figures_count_idx"),
        (Criterion::PurchaseAmount(amounts()), "customer_figures_amount_idx"),
        (Criterion::PurchaseAverage(amounts()), "customer_figures_average_idx"),
        (Criterion::ManualLevel, "customer_list_manual_level_idx"),
        (Criterion::Label { key: "a".to_owned(), value: None }, "customer_list_labels_idx"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_list_is_read_from_the_index_meant_for_it() {
    let database = TestDatabase::new().await;
    let (mut connection, merchant) = crowd(&database).await;
    let part: Part = PageRequest::first(10).into();
    for state in ["unknown", "analysed"] {
        for (key, index) in ORDERS {
            for descending in [false, true] {
                let order = Order::of(Sort { key, descending }, &[]).unwrap();
                let everyone = plan(&mut connection, &list_everyone(merchant, order, part)).await;
                let scan = ["Index Only Scan using ", "Index Only Scan Backward using "];
                let is_meant = scan.iter().any(|scan| everyone.contains(&format!("{scan}{index}")));
                assert!(is_meant, "{state}, {key:?}: {everyone}");
                // Only levels are sorted: they are few.
                let sorts = everyone.contains("Sort Key") && key != SortKey::LevelName;
                assert!(!sorts, "{state}, {key:?}: {everyone}");
            }
        }
        for (criterion, index) in filters_and_indexes() {
            let criteria = [criterion];
            let found = filters(&criteria).unwrap();
            let sort = Sort { key: SortKey::Email, descending: true };
            let order = Order::of(sort, &found).unwrap();
            let ranked = Ranked::by(&found, Some(0));
            let selected = plan(&mut connection, &select(merchant, &ranked, order, part)).await;
            let walked = walk(merchant, &found, order, part, Some(20_000));
            let walked = plan(&mut connection, &walked).await;
            assert!(selected.contains(index), "{state}, {criteria:?}: {selected}");
            assert!(walked.contains("customer_list_email_idx"), "{state}, {criteria:?}: {walked}");
            assert!(!walked.contains("Sort Key"), "{state}, {criteria:?}: {walked}");
            let sampled = plan(&mut connection, &sample(merchant, 1_000_000, &found)).await;
            assert!(sampled.contains("_sample_idx"), "{state}, {criteria:?}: {sampled}");
            plan(&mut connection, &count_up_to(merchant, &ranked, 10)).await;
        }
        let criteria = [0, 18, 20].map(|at| filters_and_indexes().remove(at).0);
        let mixed = sample(merchant, 1_000_000, &filters(&criteria).unwrap());
        let mixed = plan(&mut connection, &mixed).await;
        for table in ["list", "figures", "updates"] {
            assert!(mixed.contains(&format!("customer_{table}_sample_idx")), "{state}: {mixed}");
        }
        TestDatabase::execute(&database, "ANALYZE").await;
    }
}

/// What lists cannot judge is looked up in the records, by an index of its own.
#[tokio::test(flavor = "multi_thread")]
async fn people_are_found_by_what_only_their_records_have() {
    let database = TestDatabase::new().await;
    let (mut connection, merchant) = crowd(&database).await;
    let sort = Sort { key: SortKey::CreatedAt, descending: true };
    for (criterion, index) in [
        (Criterion::FullName("ada kowal".to_owned()), "customers_full_name_idx"),
        (Criterion::ReferralId("friend".to_owned()), "customers_merchant_referral_id_idx"),
        (Criterion::ExternalId("crm-1".to_owned()), "customers_merchant_external_id_idx"),
    ] {
        let wanted =
            CustomerQuery { criteria: vec![criterion], sort, page: PageRequest::first(20) };
        let found = plan(&mut connection, &list(merchant, &wanted)).await;
        assert!(found.contains(index), "{found}");
    }
}
