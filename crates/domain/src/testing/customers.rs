//! Customers: one with hardly anything, one with everything, and what is written of them.

use std::collections::BTreeMap;

use time::macros::datetime;

use super::builders::{an_id, line};
use crate::access::Actor;
use crate::customer::{
    Address, Agreements, Avatar, Changes, Company, CreateCustomer, Customer, CustomerWrite,
    Demands, Email, Gender, Holdings, KeyWrites, Label, LevelAssignment, LoyaltyCard, Metadata,
    MetadataValue, Name, PhoneNumber, PurchaseFigures, References, Status, Verification, Wallet,
    WalletAuthority, WalletStatus,
};
use crate::event::{Event, EventKind};
use crate::id::MerchantId;
use crate::level::Level;
use crate::merchant::Application;
use crate::money::Amount;
use crate::points::PointTotals;
use crate::pos::PointOfSale;
use crate::seller::Seller;
use crate::text::Text;

/// The command that creates a customer with an e-mail address.
pub fn create_customer(email: &str) -> CreateCustomer {
    let name = Name::Divided { first: line("Ada"), last: line("Byron") };
    CreateCustomer { name, email: Email::try_from(email).ok(), ..CreateCustomer::default() }
}

/// A record as it is before storage numbers it.
pub fn a_customer(merchant: MerchantId) -> Customer {
    let name = Name::Divided { first: line("Ada"), last: line("Byron") };
    let at = datetime!(2026-03-02 08:15:00 UTC);
    Customer { status: Status::Active, ..Customer::bare(merchant, an_id(), an_id(), name, at) }
}

/// A record with a value in every field, of a customer who belongs to the given level, till, seller and program.
///
/// # Panics
/// Never: its parts are legal by construction.
pub fn a_full_customer(
    level: &Level,
    pos: &PointOfSale,
    seller: &Seller,
    application: &Application,
) -> Customer {
    let references = References {
        merchant_customer_id: Text::try_from("Klant/7 b").ok(),
        external_id: Some(line("ext-äöü")),
        per_application: BTreeMap::from([(application.id, line("student_7"))]),
        referral_id: Some(line("ref 99")),
        referral_email: Some(line("friend@example.test")),
    };
    Customer {
        email: Email::try_from("Zoë.Byron@Example.test").ok(),
        phone: PhoneNumber::try_from("+48 (22) 555-01-02").ok(),
        mobile: PhoneNumber::try_from("0048 600 700 800").ok(),
        loyalty_card: LoyaltyCard::try_from("CARD-000a").ok(),
        references,
        primary_address: Some(an_address("Bagno")),
        shipping_address: Some(an_address("Quay \"4\", \\ north")),
        company: Some(Company { name: line("Byron & Søn"), tax_id: line("PL 123-456") }),
        gender: Some(Gender::Female),
        birth_date: Some(datetime!(1990-09-10 22:00:00 UTC)),
        labels: [("tier", "gold"), ("tier", "blue"), ("empty", "")]
            .map(|(key, value)| Label { key: line(key), value: line(value) })
            .to_vec(),
        tags: ["vip", "früh", "a"].into_iter().filter_map(|tag| Text::try_from(tag).ok()).collect(),
        metadata: full_metadata(),
        description: Text::try_from("buys on Mondays;\nnever pays in cash").ok(),
        comment: Text::try_from("100 % of_them {\"checked\": null} '); --").ok(),
        agreements: Agreements { terms: true, marketing: true, third: true },
        newsletter_announced: true,
        verification: Verification {
            country: Some(line("PL")),
            document_id: Some(line("AB 1234567")),
            residence_address: Text::try_from("Long 7, Gdynia").ok(),
            tax_number: Some(line("7770001112")),
        },
        wallet: Wallet { status: WalletStatus::Suspicious, set_by: WalletAuthority::Operator },
        image_url: Text::try_from("https://example.test/z.png?a=b&c=%20").ok(),
        avatar: Some(Avatar {
            path: line("avatars/0001"),
            original_name: line("ich selbst.png"),
            media_type: line("image/png"),
        }),
        status: Status::Blocked,
        level: Some(LevelAssignment { level: level.id, manual: true }),
        level_recalculated_at: Some(datetime!(2026-02-28 23:59:59.999_999 UTC)),
        level_warned_at: Some(datetime!(2026-02-27 00:00:00.000_001 UTC)),
        pos: Some(pos.id),
        seller: Some(seller.id),
        push_tokens: ["second", "first"].map(line).to_vec(),
        purchases: PurchaseFigures {
            count: 3,
            amount: Amount::from_ten_thousandths(1_234_567_890_123),
            amount_without_delivery: Amount::from_ten_thousandths(1_234_567_890_001),
            amount_excluded_from_level: Amount::from_ten_thousandths(-5),
            last_at: Some(datetime!(2026-03-01 12:00:00.000_001 UTC)),
        },
        points: full_totals(),
        updated_at: datetime!(2026-03-02 08:15:00.123_456 UTC),
        ..a_customer(level.merchant)
    }
}

fn full_totals() -> PointTotals {
    let [available, from_customers, earned, used, expired, locked, earned_since_recalculation] =
        [1, 2, 3, 4, 5, 6, 1_234_567_890_123].map(Amount::from_ten_thousandths);
    PointTotals {
        available,
        from_customers,
        earned,
        used,
        expired,
        locked,
        earned_since_recalculation,
    }
}

fn an_address(street: &str) -> Address {
    Address {
        street: line(street),
        house: line("1"),
        unit: line("12"),
        city: line("Łódź"),
        province: line("łódzkie"),
        postal_code: line("00-800"),
        country: line("Poland"),
    }
}

fn full_metadata() -> Metadata {
    let text = |raw: &str| MetadataValue::Text(Text::try_from(raw).unwrap_or_default());
    let number = |raw: &str| MetadataValue::Number(Text::try_from(raw).unwrap_or_default());
    let entries = [
        ("plain", text("gold")),
        ("looks like a number", text("12")),
        ("looks like a truth value", text("true")),
        ("empty", text("")),
        ("trailing zero", number("1.10")),
        ("beyond a double", number("123456789012345678901234567890")),
        ("no", MetadataValue::Bool(false)),
        ("yes", MetadataValue::Bool(true)),
    ];
    let entries =
        entries.into_iter().filter_map(|(key, value)| Some((Text::try_from(key).ok()?, value)));
    Metadata::from_entries(entries).unwrap_or_default()
}

/// The write that creates a record, with its event.
pub fn a_birth(record: Customer, demands: Demands) -> CustomerWrite {
    let keys = KeyWrites::for_new(&record, demands);
    CustomerWrite {
        record,
        keys,
        events: vec![an_event(EventKind::CustomerCreated)],
        messages: Vec::new(),
    }
}

/// The write that changes a record from one state to another, with its event. The version moves by itself.
pub fn a_change(before: &Customer, after: Customer, demands: Demands) -> CustomerWrite {
    let keys = KeyWrites::for_change(before, &after, demands);
    let events = vec![an_event(EventKind::CustomerUpdated(Changes::between(before, &after)))];
    CustomerWrite {
        record: Customer { version: before.version + 1, ..after },
        keys,
        events,
        messages: Vec::new(),
    }
}

/// The write that deletes a record, softly or for good, with its event.
pub fn a_removal(before: &Customer) -> CustomerWrite {
    let moment = datetime!(2026-03-03 09:00:00 UTC);
    let record = Customer {
        version: before.version + 1,
        updated_at: moment,
        deleted_at: Some(moment),
        holdings: Holdings::default(),
        ..before.clone()
    };
    let events = vec![an_event(EventKind::CustomerDeleted)];
    CustomerWrite { record, keys: KeyWrites::RELEASE_ALL, events, messages: Vec::new() }
}

/// An event that the service itself caused.
pub fn an_event(kind: EventKind) -> Event {
    let at = datetime!(2026-03-02 08:15:00 UTC);
    Event { id: an_id(), kind, actor: Actor::System, at }
}
