//! Things with values that matter to no test in particular.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use time::macros::datetime;
use uuid::Uuid;

use crate::customer::{
    Agreements, CreateCustomer, Customer, Email, Holdings, Metadata, Name, PurchaseFigures,
    References, Status, Verification, Wallet,
};
use crate::id::{CompanyId, CustomerId, CustomerNumber, LevelId, MerchantId, WalletId};
use crate::level::{Level, LevelText, Reward};
use crate::merchant::{BusinessDetails, Currency, Language, Merchant, Settings};
use crate::money::{Amount, Fraction};
use crate::text::Line;

static COUNTER: AtomicU64 = AtomicU64::new(1);

fn counted() -> u64 {
    COUNTER.fetch_add(1, Ordering::Relaxed)
}

fn a_uuid() -> Uuid {
    Uuid::from_u64_pair(0x0191_0000_0000_7000, 0x8000_0000_0000_0000 | counted())
}

fn line(raw: &str) -> Line {
    Line::try_from(raw).unwrap_or_default()
}

/// The id of a merchant that nobody else uses.
pub fn a_merchant_id() -> MerchantId {
    MerchantId::from(a_uuid())
}

/// A merchant with names that nobody else uses.
///
/// # Panics
/// Never: its parts are legal by construction.
pub fn a_merchant() -> Merchant {
    let number = counted();
    let now = datetime!(2026-01-10 07:00:00 UTC);
    Merchant {
        id: a_merchant_id(),
        store_code: line(&format!("STORE{number}")),
        company_id: CompanyId::try_from(i64::try_from(number).unwrap_or(1))
            .expect("a counted number"),
        institution: line(&format!("inst-{number}")),
        name: line("Harbour Road Coffee"),
        currency: "eur".parse::<Currency>().expect("three letters"),
        time_zone: line("Europe/Warsaw"),
        languages: ["en", "pl"]
            .into_iter()
            .filter_map(|code| Language::try_from(code).ok())
            .collect(),
        settings: Settings::default(),
        business: BusinessDetails::default(),
        created_at: now,
        updated_at: now,
    }
}

/// An active level from an amount, with a reward in percent.
pub fn a_level(condition: i64, percent: i64) -> Level {
    let text = |name: &str| LevelText { name: line(name), description: None };
    let texts = [("en", "level"), ("pl", "poziom")];
    let texts = texts
        .into_iter()
        .filter_map(|(code, name)| Some((Language::try_from(code).ok()?, text(name))));
    Level {
        merchant: MerchantId::from(Uuid::nil()),
        id: LevelId::from(a_uuid()),
        condition: Amount::whole(condition),
        reward: Reward {
            name: line("discount"),
            value: Fraction::percent(percent),
            code: line("abc"),
        },
        active: true,
        texts: texts.collect::<BTreeMap<_, _>>(),
        created_at: datetime!(2026-01-10 07:00:00 UTC),
    }
}

/// The command that creates a customer with an e-mail address.
pub fn create_customer(email: &str) -> CreateCustomer {
    let name = Name::Divided { first: line("Ada"), last: line("Byron") };
    CreateCustomer { name, email: Email::try_from(email).ok(), ..CreateCustomer::default() }
}

/// A record as it is before storage numbers it.
pub fn a_customer(merchant: MerchantId) -> Customer {
    let now = datetime!(2026-03-02 08:15:00 UTC);
    Customer {
        merchant,
        id: CustomerId::from(a_uuid()),
        number: CustomerNumber::UNASSIGNED,
        wallet_id: WalletId::from(a_uuid()),
        version: 1,
        name: Name::Divided { first: line("Ada"), last: line("Byron") },
        email: None,
        phone: None,
        mobile: None,
        loyalty_card: None,
        holdings: Holdings::default(),
        references: References::default(),
        primary_address: None,
        shipping_address: None,
        company: None,
        gender: None,
        birth_date: None,
        labels: Vec::new(),
        tags: Vec::new(),
        metadata: Metadata::default(),
        description: None,
        comment: None,
        agreements: Agreements::default(),
        verification: Verification::default(),
        wallet: Wallet::default(),
        image_url: None,
        avatar: None,
        status: Status::Active,
        level: None,
        level_recalculated_at: None,
        pos: None,
        seller: None,
        push_tokens: Vec::new(),
        purchases: PurchaseFigures::default(),
        created_at: now,
        updated_at: now,
        deleted_at: None,
    }
}
