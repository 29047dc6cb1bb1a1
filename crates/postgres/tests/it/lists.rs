//! Lists take short cuts when customers are many; whoever looks at each record sees the same.

use domain::customer::{Criterion, Customer, CustomerQuery, Range, Sort, SortKey, TextMatch};
use domain::id::{CustomerId, MerchantId};
use domain::money::Amount;
use domain::page::{COUNTED, PageRequest, Total};
use domain::testing::a_merchant;
use domain::{Page, Storage};
use postgres::testing::TestDatabase;
use time::macros::datetime;

const SORTS: [SortKey; 20] = [
    SortKey::Id,
    SortKey::FirstName,
    SortKey::LastName,
    SortKey::Email,
    SortKey::Phone,
    SortKey::LoyaltyCard,
    SortKey::Gender,
    SortKey::BirthDate,
    SortKey::Active,
    SortKey::CreatedAt,
    SortKey::UpdatedAt,
    SortKey::LevelName,
    SortKey::Level,
    SortKey::ManualLevel,
    SortKey::PointOfSale,
    SortKey::Seller,
    SortKey::PurchaseCount,
    SortKey::PurchaseAmount,
    SortKey::PurchaseAverage,
    SortKey::LastPurchase,
];

/// A merchant with more customers than are looked at one by one.
struct Crowd {
    storage: Storage,
    merchant: MerchantId,
}

impl Crowd {
    async fn new(database: &TestDatabase) -> Self {
        let storage = Storage::new(database.backend());
        let merchant = a_merchant();
        let mut session = storage.session().await.expect("a session");
        session.merchants().insert(&merchant).await.expect("a new merchant");
        drop(session);
        let rows = include_str!("../rows.sql").replace("MERCHANT", &merchant.id.to_string());
        database.execute(&rows).await;
        database.backend().sort_in_texts().await.expect("a search index");
        Self { storage, merchant: merchant.id }
    }

    async fn page(&self, query: &CustomerQuery) -> Page<Customer> {
        let mut session = self.storage.session().await.expect("a session");
        session.customers().page(self.merchant, query).await.expect("an answer")
    }

    /// The whole list, from the records alone.
    async fn records(&self, criteria: &[Criterion], sort: Sort) -> Vec<CustomerId> {
        let mut criteria = criteria.to_vec();
        // Whatever it is that is filtered, the records are asked.
        criteria.push(Criterion::PurchaseCount(Range::default()));
        let page = PageRequest { offset: 0, limit: None };
        let query = CustomerQuery { criteria, sort, page };
        let mut session = self.storage.session().await.expect("a session");
        ids(&session.customers().list(self.merchant, &query).await.expect("an answer"))
    }

    async fn check(&self, criteria: &[Criterion], sort: Sort) {
        let whole = self.records(criteria, sort).await;
        let size = whole.len() as u64;
        for offset in [0, 25, size / 2, size.saturating_sub(5), size + 5] {
            let page = PageRequest { offset, limit: Some(10) };
            let query = CustomerQuery { criteria: criteria.to_vec(), sort, page };
            let found = self.page(&query).await;
            let from = whole.len().min(usize::try_from(offset).unwrap_or(usize::MAX));
            let expected = &whole[from..whole.len().min(from + 10)];
            assert_eq!(ids(&found.items), expected, "{query:?}");
            match found.total {
                Total::Exact(total) => assert_eq!(total, size, "{query:?}"),
                Total::Estimate(total) => {
                    let shown = offset + found.items.len() as u64;
                    assert!(
                        size > COUNTED && total > COUNTED.max(shown),
                        "{total} of {size}: {query:?}"
                    );
                    assert!(total.abs_diff(size) < size, "{total} of {size}: {query:?}");
                }
            }
        }
    }
}

fn ids(customers: &[Customer]) -> Vec<CustomerId> {
    customers.iter().map(|customer| customer.id).collect()
}

fn has(text: &str) -> TextMatch {
    TextMatch::Contains(text.to_owned())
}

fn is(text: &str) -> TextMatch {
    TextMatch::Equals(text.to_owned())
}

fn amounts(from: i64, to: Option<i64>) -> Range<Amount> {
    Range { from: Some(Amount::whole(from)), to: to.map(Amount::whole) }
}

fn label(key: &str, value: Option<&str>) -> Criterion {
    Criterion::Label { key: key.to_owned(), value: value.map(ToOwned::to_owned) }
}

/// Met by nobody, by few, by many and by all.
fn filters() -> Vec<Vec<Criterion>> {
    use Criterion::{Email, EmailOrPhone, FirstName, LastName, Phone};
    fn at_least<T>(from: T) -> Range<T> {
        Range { from: Some(from), to: None }
    }
    vec![
        vec![FirstName(has("ada"))],
        vec![FirstName(has("n"))],
        vec![FirstName(is("ŻANETA"))],
        vec![LastName(has("kowal"))],
        vec![LastName(has("fama1"))],
        vec![LastName(has("zz"))],
        vec![LastName(has("9")), FirstName(has("q"))],
        vec![Phone(has("+9"))],
        vec![EmailOrPhone(has("9@"))],
        vec![Criterion::City(has("ź"))],
        vec![Criterion::PostalCode(is("00123"))],
        vec![LastName(is("Kowalski"))],
        vec![LastName(is(""))],
        vec![Email(has("GMAIL"))],
        vec![Email(has("l.123"))],
        vec![Email(is("mail.77@Firma.test"))],
        vec![Phone(has("+48"))],
        vec![Phone(has("5077"))],
        vec![EmailOrPhone(has("1234"))],
        vec![Criterion::LoyaltyCard(has("card"))],
        vec![Criterion::LoyaltyCard(is("card99"))],
        vec![Criterion::City(has("łódź"))],
        vec![Criterion::PostalCode(has("0012"))],
        vec![Criterion::CreatedAt(at_least(datetime!(2025-01-06 00:00 UTC)))],
        vec![Criterion::UpdatedSince(datetime!(2025-07-10 00:00 UTC))],
        vec![Criterion::UpdatedSince(datetime!(2025-08-02 11:00 UTC))],
        vec![Criterion::PurchasedSince(datetime!(2025-12-30 00:00 UTC))],
        vec![Criterion::PurchaseCount(at_least(3))],
        vec![Criterion::PurchaseCount(Range { from: Some(7), to: Some(7) })],
        vec![Criterion::PurchaseAmount(amounts(1, None))],
        vec![Criterion::PurchaseAmount(amounts(1000, Some(1010)))],
        vec![Criterion::PurchaseAverage(amounts(150, None))],
        vec![Criterion::ManualLevel],
        vec![label("source", None)],
        vec![label("SOURCE", Some("Import7"))],
        vec![label("x", Some("")), label("source", Some("import30"))],
        vec![LastName(has("kowal")), Criterion::PurchaseCount(at_least(10))],
        vec![
            FirstName(has("ada")),
            LastName(has("fam")),
            Criterion::PurchaseAmount(amounts(9, None)),
        ],
        vec![Email(has("gmail")), Criterion::UpdatedSince(datetime!(2025-07-10 00:00 UTC))],
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_order_is_that_of_the_records() {
    let database = TestDatabase::new().await;
    let crowd = Crowd::new(&database).await;
    for key in SORTS {
        for descending in [false, true] {
            crowd.check(&[], Sort { key, descending }).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_filter_finds_what_the_records_say_in_every_kind_of_order() {
    let database = TestDatabase::new().await;
    let crowd = Crowd::new(&database).await;
    // Each filter meets the usual order and one more.
    for (criteria, key) in filters().iter().zip(SORTS.iter().cycle()) {
        crowd.check(criteria, Sort { key: SortKey::CreatedAt, descending: true }).await;
        crowd.check(criteria, Sort { key: *key, descending: criteria.len() == 1 }).await;
    }
}

/// Some changes are looked at one by one; when they are thousands, everyone is.
#[tokio::test(flavor = "multi_thread")]
async fn texts_are_found_whether_or_not_the_search_index_knows_them_yet() {
    let database = TestDatabase::new().await;
    let crowd = Crowd::new(&database).await;
    let sort = Sort { key: SortKey::Email, descending: false };
    for (change, some) in [("Zuzanna", 100), ("Zuzia", 3)] {
        let changed = format!(
            "UPDATE customers SET first_name = '{change}' \
             WHERE merchant_id = '{}' AND number % {some} = 0",
            crowd.merchant
        );
        database.execute(&changed).await;
        let old_and_new = ["zuza", "zuz", "zu", "zuzia", "ada"];
        for name in old_and_new {
            crowd.check(&[Criterion::FirstName(has(name))], sort).await;
        }
        assert!(database.backend().sort_in_texts().await.unwrap() > 0);
        for name in old_and_new {
            crowd.check(&[Criterion::FirstName(has(name))], sort).await;
        }
        assert_eq!(database.backend().sort_in_texts().await.unwrap(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn searches_find_all_or_tell_that_they_are_too_many() {
    let database = TestDatabase::new().await;
    let crowd = Crowd::new(&database).await;
    let name = Sort { key: SortKey::LastName, descending: false };
    for (criteria, most) in [
        (vec![Criterion::LastName(has("kowal"))], 1_000),
        (vec![Criterion::LastName(has("kowal"))], 1_600),
        (vec![Criterion::City(has("cork")), Criterion::PostalCode(has("00123"))], 1_000),
        (vec![Criterion::Phone(has("77")), Criterion::Email(has("gmail"))], 2_000),
        (vec![Criterion::FirstName(has("nobody"))], 1_000),
    ] {
        let mut whole = crowd.records(&criteria, name).await;
        let mut session = crowd.storage.session().await.unwrap();
        let found = session.customers().search(crowd.merchant, &criteria, most).await.unwrap();
        assert_eq!(found.is_some(), whole.len() as u64 <= most, "{criteria:?}: {}", whole.len());
        if let Some(found) = found {
            let mut found = ids(&found);
            whole.sort();
            found.sort();
            assert_eq!(found, whole, "{criteria:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lists_follow_every_change_of_the_records() {
    let database = TestDatabase::new().await;
    let crowd = Crowd::new(&database).await;
    let merchant = crowd.merchant;
    for change in [
        "last_name = 'Changed', level_id = NULL, level_is_manual = FALSE",
        "purchase_count = purchase_count + 1, last_purchase_at = '2026-02-02'",
        "created_at = created_at - interval '1 year', updated_at = '2026-03-03', labels = '[]', email = NULL",
        "deleted_at = now()",
        "deleted_at = NULL",
    ] {
        let some = format!("merchant_id = '{merchant}' AND number % 3 = 0");
        database.execute(&format!("UPDATE customers SET {change} WHERE {some}")).await;
        in_step(&database).await;
    }
    database
        .execute(&format!(
            "DELETE FROM customers WHERE merchant_id = '{merchant}' AND number % 2 = 0"
        ))
        .await;
    in_step(&database).await;
    database.backend().sort_in_texts().await.unwrap();
    in_step(&database).await;
    let texts =
        "customer_id, created_at, first_name, last_name, email, phone, card, city, postal_code";
    let missing =
        format!("SELECT {texts} FROM customer_list EXCEPT SELECT {texts} FROM customer_texts");
    database.execute(&format!("SELECT 1 / (CASE WHEN EXISTS ({missing}) THEN 0 ELSE 1 END)")).await;
}

/// Fails when a list table differs from what the records say.
async fn in_step(database: &TestDatabase) {
    let tables = ["customer_list", "customer_figures", "customer_updates"].map(|table| {
        format!(
            "(SELECT count(*) FROM ((TABLE {table} EXCEPT TABLE {table}_source) \
                 UNION ALL (TABLE {table}_source EXCEPT TABLE {table})) AS different)"
        )
    });
    let told = "SELECT merchant_id, nullif(level_id, '00000000-0000-0000-0000-000000000000'), sum(live)::bigint \
        FROM customer_counts GROUP BY 1, 2 HAVING sum(live) <> 0";
    let counted = "SELECT merchant_id, level_id, count(*) FROM customers WHERE deleted_at IS NULL GROUP BY 1, 2";
    let counts = format!(
        "(SELECT count(*) FROM (({told} EXCEPT {counted}) UNION ALL ({counted} EXCEPT {told})) AS different)"
    );
    // What the search index has is what the list has; the rest waits for it.
    let texts =
        "customer_id, created_at, first_name, last_name, email, phone, card, city, postal_code";
    let old = format!(
        "(SELECT count(*) FROM (SELECT {texts} FROM customer_texts EXCEPT SELECT {texts} FROM customer_list) AS old)"
    );
    let unknown = "(SELECT count(*) FROM customer_list WHERE customer_id NOT IN ( \
        SELECT customer_id FROM customer_texts UNION ALL SELECT customer_id FROM customer_texts_due))";
    let sum = format!("{} + {old} + {unknown}", tables.join(" + "));
    database
        .execute(&format!("SELECT 1 / (CASE WHEN {sum} + {counts} = 0 THEN 1 ELSE 0 END)"))
        .await;
}
