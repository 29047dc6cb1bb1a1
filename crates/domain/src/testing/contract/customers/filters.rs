//! Lists show those live customers who meet all criteria.

use std::collections::BTreeMap;

use time::OffsetDateTime;
use time::macros::datetime;

use crate::customer::{
    Address, Criterion, Customer, CustomerQuery, Email, Label, LevelAssignment, LoyaltyCard, Name,
    PhoneNumber, PurchaseFigures, Range, References, Sort, SortKey, Status, TextMatch,
};
use crate::id::{ApplicationId, CustomerId, LevelId};
use crate::level::Level;
use crate::money::Amount;
use crate::page::{PageRequest, Total};
use crate::storage::Storage;
use crate::testing::contract::tenant::{Tenant, ids};
use crate::testing::{a_level, an_application, an_id};
use crate::text::{Line, Text};

pub(super) async fn promises(storage: &Storage) {
    let crowd = Crowd::new(storage).await;
    texts_are_compared_without_letter_case(&crowd).await;
    wildcards_are_plain_characters(&crowd).await;
    addresses_are_compared(&crowd).await;
    searches_are_ordered_by_name_and_have_an_end(storage).await;
    foreign_names_are_compared_letter_for_letter(&crowd).await;
    times_are_compared_inclusively(&crowd).await;
    purchases_are_compared_exactly(&crowd).await;
    labels_are_compared_as_a_whole(&crowd).await;
    marks_are_compared(&crowd).await;
    criteria_are_joined_by_and(&crowd).await;
}

const JANUARY_2: OffsetDateTime = datetime!(2026-01-02 12:00:00 UTC);
const FEBRUARY_1: OffsetDateTime = datetime!(2026-02-01 12:00:00 UTC);

/// Three customers who differ in everything that lists look at.
struct Crowd<'a> {
    tenant: Tenant<'a>,
    application: ApplicationId,
    customers: Vec<Customer>,
}

/// Letters stand for customers: `a` for the first, and so on.
type Case = (Criterion, &'static str);

impl<'a> Crowd<'a> {
    async fn new(storage: &'a Storage) -> Self {
        let tenant = Tenant::new(storage).await;
        let level = Level { merchant: tenant.merchant, ..a_level(0, 5) };
        let application = an_application(tenant.merchant);
        let mut session = tenant.session().await;
        session.levels().insert(&level).await.expect("a new level");
        session.merchants().insert_application(&application).await.expect("a new program");
        drop(session);
        let elsewhere = Tenant::new(storage).await;
        elsewhere.given(cyd(elsewhere)).await;
        let customers = vec![
            tenant.given(ada(tenant, level.id, application.id)).await,
            tenant.given(bob(tenant, level.id)).await,
            tenant.given(cyd(tenant)).await,
        ];
        let removed = tenant.given(ada_again(tenant, level.id)).await;
        tenant.delete(&removed).await;
        Self { tenant, application: application.id, customers }
    }

    async fn check(&self, cases: impl IntoIterator<Item = Case>) {
        for (criterion, expected) in cases {
            self.check_all(vec![criterion], expected).await;
        }
    }

    async fn check_all(&self, criteria: Vec<Criterion>, expected: &str) {
        let expected: Vec<CustomerId> =
            expected.bytes().map(|letter| self.customers[usize::from(letter - b'a')].id).collect();
        assert_eq!(self.tenant.count(&criteria).await, expected.len() as u64, "{criteria:?}");
        assert_eq!(self.tenant.fitting(criteria.clone()).await, expected, "{criteria:?}");
        // The customers were created in the order of their numbers.
        for key in [SortKey::CreatedAt, SortKey::UpdatedAt, SortKey::Number] {
            let sort = Sort { key, descending: false };
            let query =
                CustomerQuery { criteria: criteria.clone(), sort, page: PageRequest::first(10) };
            let page = self.tenant.page(&query).await;
            let total = Total::Exact(expected.len() as u64);
            assert_eq!((ids(&page.items), page.total), (expected.clone(), total), "{query:?}");
        }
    }
}

fn line(raw: &str) -> Line {
    Line::try_from(raw).expect("a short text")
}

fn address(city: &str, postal_code: &str) -> Address {
    Address { city: line(city), postal_code: line(postal_code), ..Address::default() }
}

fn labels(pairs: &[(&str, &str)]) -> Vec<Label> {
    pairs.iter().map(|(key, value)| Label { key: line(key), value: line(value) }).collect()
}

fn purchases(count: u64, amount: i64, last_at: OffsetDateTime) -> PurchaseFigures {
    let (amount, last_at) = (Amount::whole(amount), Some(last_at));
    PurchaseFigures { count, amount, last_at, ..PurchaseFigures::default() }
}

fn ada(tenant: Tenant<'_>, level: LevelId, application: ApplicationId) -> Customer {
    let references = References {
        external_id: Some(line("Ext-1")),
        referral_id: Some(line("Ref-1")),
        per_application: BTreeMap::from([(application, line("App-1"))]),
        ..References::default()
    };
    Customer { references, ..ada_again(tenant, level) }
}

fn ada_again(tenant: Tenant<'_>, level: LevelId) -> Customer {
    Customer {
        name: Name::Divided { first: line("Ada"), last: line("Łukasik") },
        email: Email::try_from("Ada@example.test").ok(),
        phone: PhoneNumber::try_from("+48 123").ok(),
        loyalty_card: LoyaltyCard::try_from("Card-1").ok(),
        primary_address: Some(address("Łódź", "90-100")),
        comment: Text::try_from("100% sure").ok(),
        labels: labels(&[("tier", "Gold"), ("town", "Łódź")]),
        level: Some(LevelAssignment { level, manual: true }),
        purchases: purchases(2, 100, FEBRUARY_1),
        created_at: datetime!(2026-01-01 12:00:00 UTC),
        updated_at: datetime!(2026-01-11 12:00:00 UTC),
        ..tenant.customer()
    }
}

fn bob(tenant: Tenant<'_>, level: LevelId) -> Customer {
    Customer {
        name: Name::Undivided(line("Bob van Gogh")),
        mobile: PhoneNumber::try_from("0600 700").ok(),
        primary_address: Some(address("Geelong", "3220")),
        comment: Text::try_from("1000 sure_").ok(),
        labels: labels(&[("Gold", "tier"), ("tier", "silver")]),
        level: Some(LevelAssignment { level, manual: false }),
        purchases: purchases(3, 100, datetime!(2026-01-31 12:00:00 UTC)),
        status: Status::Blocked,
        created_at: JANUARY_2,
        updated_at: datetime!(2026-01-12 12:00:00 UTC),
        ..tenant.customer()
    }
}

fn cyd(tenant: Tenant<'_>) -> Customer {
    Customer {
        name: Name::default(),
        email: Email::try_from("cyd_x@example.test").ok(),
        phone: PhoneNumber::try_from("+48 1234").ok(),
        mobile: PhoneNumber::try_from("0600 999").ok(),
        comment: Text::try_from("back\\slash").ok(),
        status: Status::New,
        created_at: datetime!(2026-01-03 12:00:00 UTC),
        updated_at: datetime!(2026-01-13 12:00:00 UTC),
        ..tenant.customer()
    }
}

fn has(text: &str) -> TextMatch {
    TextMatch::Contains(text.to_owned())
}

fn is(text: &str) -> TextMatch {
    TextMatch::Equals(text.to_owned())
}

async fn texts_are_compared_without_letter_case(crowd: &Crowd<'_>) {
    use Criterion::{Comment, EmailOrPhone, FirstName, FullName, LastName, LoyaltyCard, Phone};
    crowd
        .check([
            (FirstName(has("A")), "ab"),
            (FirstName(is("aDA")), "a"),
            (FirstName(is("bob van")), "b"),
            (FirstName(is("bob")), ""),
            (LastName(has("GO")), "b"),
            (LastName(is("łUKASIK")), "a"),
            (FullName("ADA łukasik".to_owned()), "a"),
            (FullName("bob van gogh".to_owned()), "b"),
            (FullName("Ada".to_owned()), ""),
            (Criterion::Email(has("EXAMPLE")), "ac"),
            (Criterion::Email(is("aDA@EXAMPLE.TEST")), "a"),
            (Phone(has("48")), "ac"),
            (Phone(has("0600")), "b"),
            (Phone(is("+48 123")), "a"),
            (Phone(is("48 123")), ""),
            (EmailOrPhone(has("ADA")), "a"),
            (EmailOrPhone(has("0600")), "b"),
            (EmailOrPhone(has("4")), "ac"),
            (EmailOrPhone(is("cyd_X@example.test")), "c"),
            (EmailOrPhone(is("0600 700")), "b"),
            (LoyaltyCard(has("card")), "a"),
            (LoyaltyCard(is("cARD-1")), "a"),
            (LoyaltyCard(is("card")), ""),
            (Comment(has("SURE")), "ab"),
            (Comment(is("100% Sure")), "a"),
        ])
        .await;
}

async fn wildcards_are_plain_characters(crowd: &Crowd<'_>) {
    use Criterion::{Comment, Email, FirstName, FullName};
    crowd
        .check([
            (Comment(has("100%")), "a"),
            (Comment(has("sure_")), "b"),
            (Comment(has("back\\s")), "c"),
            (Comment(has("\\")), "c"),
            (Comment(is("100% s%")), ""),
            (Email(has("d_x")), "c"),
            (Email(has("%")), ""),
            (Email(is("ada@example_test")), ""),
            (FirstName(has("*")), ""),
            (FullName("ada%".to_owned()), ""),
        ])
        .await;
}

async fn addresses_are_compared(crowd: &Crowd<'_>) {
    use Criterion::{City, PostalCode};
    crowd
        .check([
            (City(has("łÓDŹ")), "a"),
            (City(is("łódź")), "a"),
            (City(is("łód")), ""),
            (City(has("e")), "b"),
            (PostalCode(has("0-1")), "a"),
            (PostalCode(has("3220")), "b"),
            (PostalCode(is("322")), ""),
        ])
        .await;
}

async fn foreign_names_are_compared_letter_for_letter(crowd: &Crowd<'_>) {
    use Criterion::{ApplicationReference, ExternalId, PhoneAsTyped, ReferralId, Wallet};
    let (application, text) = (crowd.application, str::to_owned);
    crowd
        .check([
            (PhoneAsTyped(text("+48 123")), "a"),
            (PhoneAsTyped(text("+48123")), ""),
            (ExternalId(text("Ext-1")), "a"),
            (ExternalId(text("ext-1")), ""),
            (ReferralId(text("Ref-1")), "a"),
            (ReferralId(text("ref-1")), ""),
            (ApplicationReference(application, text("App-1")), "a"),
            (ApplicationReference(application, text("app-1")), ""),
            (ApplicationReference(an_id(), text("App-1")), ""),
            (Wallet(crowd.customers[1].wallet_id), "b"),
            (Wallet(an_id()), ""),
        ])
        .await;
}

async fn times_are_compared_inclusively(crowd: &Crowd<'_>) {
    use Criterion::{CreatedAt, PurchasedSince, UpdatedSince};
    let moment = time::Duration::MICROSECOND;
    let (day, from) = (JANUARY_2, |from| Range { from: Some(from), to: None });
    crowd
        .check([
            (CreatedAt(Range::default()), "abc"),
            (CreatedAt(from(day)), "bc"),
            (CreatedAt(from(day + moment)), "c"),
            (CreatedAt(Range { from: None, to: Some(day) }), "ab"),
            (CreatedAt(Range { from: None, to: Some(day - moment) }), "a"),
            (CreatedAt(Range { from: Some(day), to: Some(day) }), "b"),
            (CreatedAt(Range { from: Some(day), to: Some(day - moment) }), ""),
            (UpdatedSince(datetime!(2026-01-12 12:00:00 UTC)), "bc"),
            (UpdatedSince(datetime!(2026-01-12 12:00:00.000_001 UTC)), "c"),
            (PurchasedSince(FEBRUARY_1), "a"),
            (PurchasedSince(FEBRUARY_1 + moment), ""),
        ])
        .await;
}

async fn purchases_are_compared_exactly(crowd: &Crowd<'_>) {
    use Criterion::{PurchaseAmount, PurchaseAverage, PurchaseCount};
    let (whole, fine) = (Amount::whole, Amount::from_ten_thousandths);
    let between = |from, to| Range { from: Some(from), to: Some(to) };
    // The mean of the second customer is 33.333…, which no amount equals.
    crowd
        .check([
            (PurchaseCount(Range { from: Some(3), to: None }), "b"),
            (PurchaseCount(Range { from: None, to: Some(2) }), "ac"),
            (PurchaseCount(Range { from: Some(0), to: Some(0) }), "c"),
            (PurchaseCount(Range { from: None, to: Some(u64::MAX) }), "abc"),
            (PurchaseAmount(between(whole(100), whole(100))), "ab"),
            (PurchaseAmount(Range { from: None, to: Some(fine(999_999)) }), "c"),
            (PurchaseAmount(Range { from: Some(fine(1_000_001)), to: None }), ""),
            (PurchaseAverage(between(whole(50), whole(50))), "a"),
            (PurchaseAverage(Range { from: Some(fine(333_333)), to: None }), "ab"),
            (PurchaseAverage(Range { from: Some(fine(333_334)), to: None }), "a"),
            (PurchaseAverage(Range { from: None, to: Some(fine(333_333)) }), "c"),
            (PurchaseAverage(between(fine(333_333), fine(333_334))), "b"),
            (PurchaseAverage(between(whole(0), whole(0))), "c"),
        ])
        .await;
}

async fn labels_are_compared_as_a_whole(crowd: &Crowd<'_>) {
    let label = |key: &str, value: Option<&str>| Criterion::Label {
        key: key.to_owned(),
        value: value.map(str::to_owned),
    };
    crowd
        .check([
            (label("tier", None), "ab"),
            (label("TIER", Some("gOLD")), "a"),
            (label("gold", None), "b"),
            (label("town", Some("łóDŹ")), "a"),
            (label("ti", None), ""),
            (label("tier", Some("go")), ""),
            (label("tier", Some("")), ""),
            (label("", None), ""),
            (label("ti%", None), ""),
            (label("\"}]'", Some("\\")), ""),
        ])
        .await;
}

async fn marks_are_compared(crowd: &Crowd<'_>) {
    use Criterion::{ManualLevel, NumberAfter, Status as InStatus};
    let [first, last] = [0, 2].map(|at| crowd.customers[at].number);
    crowd
        .check([
            (ManualLevel, "a"),
            (InStatus(Status::Active), "a"),
            (InStatus(Status::Blocked), "b"),
            (InStatus(Status::New), "c"),
            (InStatus(Status::Anonymized), ""),
            (NumberAfter(first), "bc"),
            (NumberAfter(last), ""),
        ])
        .await;
}

async fn criteria_are_joined_by_and(crowd: &Crowd<'_>) {
    let label = |key: &str, value: &str| Criterion::Label {
        key: key.to_owned(),
        value: Some(value.to_owned()),
    };
    let cases = [
        (vec![], "abc"),
        (vec![Criterion::FirstName(has("a")), Criterion::ManualLevel], "a"),
        (vec![Criterion::Email(has("example")), Criterion::Status(Status::Blocked)], ""),
        (vec![label("gold", "tier"), label("tier", "silver")], "b"),
        (vec![label("gold", "silver")], ""),
        (vec![label("tier", "gold"), label("tier", "silver")], ""),
    ];
    for (criteria, expected) in cases {
        crowd.check_all(criteria, expected).await;
    }
}

async fn searches_are_ordered_by_name_and_have_an_end(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let mut found = Vec::new();
    for (first, last) in
        [("Eve", "Zola"), ("eve", ""), ("Eve", "byron"), ("Adeve", "Byron"), ("Bob", "x")]
    {
        let name = Name::Divided { first: line(first), last: line(last) };
        found.push(tenant.given(Customer { name, ..tenant.customer() }).await.id);
    }
    let criteria = [Criterion::FirstName(has("EVE"))];
    let search = async |most| {
        let mut session = tenant.session().await;
        let found = session.customers().search(tenant.merchant, &criteria, most).await;
        found.expect("an answer").map(|customers| ids(&customers))
    };
    assert_eq!(search(4).await, Some([3, 2, 0, 1].map(|at| found[at]).to_vec()));
    assert_eq!(search(3).await, None);
}
