//! Things with values that matter to no test in particular.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use time::macros::datetime;
use uuid::Uuid;

use crate::account::{Admin, Operator, Role};
use crate::customer::{Address, Email};
use crate::id::{CompanyId, MerchantId};
use crate::level::{Level, LevelText, Reward};
use crate::merchant::{
    Application, BusinessDetails, Credentials, Currency, Language, Merchant, Settings,
};
use crate::money::{Amount, Fraction};
use crate::pos::{Coordinates, PointOfSale};
use crate::secret::Fingerprint;
use crate::seller::Seller;
use crate::subscription::{Filter, Format, Terms, Topic};
use crate::text::Line;

static COUNTER: AtomicU64 = AtomicU64::new(1);

fn counted() -> u64 {
    COUNTER.fetch_add(1, Ordering::Relaxed)
}

/// An id that nobody else has.
pub fn an_id<T: From<Uuid>>() -> T {
    T::from(Uuid::from_u64_pair(0x0191_0000_0000_7000, 0x8000_0000_0000_0000 | counted()))
}

pub(super) fn line(raw: &str) -> Line {
    Line::try_from(raw).unwrap_or_default()
}

/// The id of a merchant that nobody else uses.
pub fn a_merchant_id() -> MerchantId {
    an_id()
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
        id: an_id(),
        condition: Amount::whole(condition),
        reward: Reward {
            name: line("discount"),
            value: Fraction::percent(percent),
            code: line("abc"),
        },
        special_rewards: Vec::new(),
        photo: None,
        min_order: None,
        active: true,
        texts: texts.collect::<BTreeMap<_, _>>(),
        created_at: datetime!(2026-01-10 07:00:00 UTC),
    }
}

/// A fingerprint that nobody else uses.
pub fn a_fingerprint() -> Fingerprint {
    let mut bytes = [0x5a; 32];
    bytes[..8].copy_from_slice(&counted().to_be_bytes());
    Fingerprint::from(bytes)
}

/// A program that shows a key.
pub fn an_application(merchant: MerchantId) -> Application {
    Application {
        merchant,
        id: an_id(),
        name: line("till software"),
        credentials: Credentials::ApiKey { key: a_fingerprint(), addresses: None },
        created_at: datetime!(2026-01-10 07:00:00 UTC),
    }
}

/// A till with an identifier that nobody else uses.
pub fn a_point_of_sale(merchant: MerchantId) -> PointOfSale {
    PointOfSale {
        merchant,
        id: an_id(),
        name: line("Corner shop"),
        identifier: line(&format!("pos-{}", counted())),
        description: None,
        location: Address { city: line("Gdynia"), ..Address::default() },
        coordinates: Coordinates::default(),
    }
}

/// An active seller with an e-mail address.
///
/// # Panics
/// If the address is longer than 255 characters.
pub fn a_seller(merchant: MerchantId, email: &str) -> Seller {
    Seller {
        merchant,
        id: an_id(),
        first_name: line("Tove"),
        last_name: line("Kask"),
        email: Email::try_from(email).expect("an address of legal length"),
        phone: None,
        pos: None,
        active: true,
        allow_point_transfer: false,
        deleted_at: None,
    }
}

/// An active admin with names that nobody else uses.
pub fn an_admin(merchant: MerchantId) -> Admin {
    let number = counted();
    Admin {
        merchant,
        id: an_id(),
        username: line(&format!("admin-{number}")),
        email: line(&format!("admin-{number}@example.test")),
        first_name: None,
        last_name: None,
        phone: None,
        role: Role::Full,
        active: true,
        api_key: None,
        created_at: datetime!(2026-01-10 07:00:00 UTC),
    }
}

/// An operator with an e-mail address.
pub fn an_operator(merchant: MerchantId, email: &str) -> Operator {
    Operator { merchant, id: an_id(), email: line(email) }
}

/// A wish to be told of changed customers, without headers and filter.
///
/// # Panics
/// Never: its parts are legal by construction.
pub fn a_subscription() -> Terms {
    let address = "https://hooks.example.test/kounta".to_owned();
    Terms {
        topic: Topic::CustomersUpdated,
        address: address.try_into().expect("an absolute address"),
        format: Format::Json,
        headers: None,
        filter: Filter::default(),
    }
}
