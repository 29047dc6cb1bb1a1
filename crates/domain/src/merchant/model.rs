//! The merchant itself.

use std::fmt;
use std::str::FromStr;

use time::OffsetDateTime;

use super::settings::Settings;
use crate::customer::Address;
use crate::id::{CompanyId, MerchantId};
use crate::text::{Line, Text};

/// A business whose customers these are. Everything else belongs to exactly one merchant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merchant {
    /// The merchant's id.
    pub id: MerchantId,
    /// The code in Open Loyalty's paths, compared letter for letter.
    pub store_code: Line,
    /// The integer in Kounta's paths.
    pub company_id: CompanyId,
    /// The id that an institution sends when its people log in (KC 1.3).
    pub institution: Line,
    /// Trading name.
    pub name: Line,
    /// The currency of all amounts.
    pub currency: Currency,
    /// IANA name of the time zone in which dates are shown and days begin.
    pub time_zone: Line,
    /// The programme's languages; the first is the default.
    pub languages: Vec<Language>,
    /// How the programme works.
    pub settings: Settings,
    /// What a company page shows.
    pub business: BusinessDetails,
    /// When the merchant joined.
    pub created_at: OffsetDateTime,
    /// When its data last changed.
    pub updated_at: OffsetDateTime,
}

/// How a dialect names a merchant before the merchant is known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum MerchantName {
    /// Open Loyalty's store code.
    StoreCode(String),
    /// Kounta's company id.
    Company(CompanyId),
    /// `KunaCore`'s merchant id.
    Institution(String),
}

/// What a company page shows (KO §4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BusinessDetails {
    /// Postal address.
    pub postal_address: Option<Address>,
    /// Registration number.
    pub business_number: Option<Line>,
    /// Website.
    pub website: Option<Text<2048>>,
    /// First name of the person to talk to.
    pub contact_first_name: Option<Line>,
    /// Last name of the person to talk to.
    pub contact_last_name: Option<Line>,
    /// E-mail address of the person to talk to.
    pub contact_email: Option<Line>,
}

/// An ISO 4217 code, kept in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The code in lower case.
    pub fn lower(self) -> String {
        self.0.iter().map(|byte| char::from(*byte)).collect()
    }

    /// The code in upper case.
    pub fn upper(self) -> String {
        self.lower().to_uppercase()
    }
}

impl FromStr for Currency {
    type Err = InvalidCurrency;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let bytes: [u8; 3] = raw.as_bytes().try_into().map_err(|_| InvalidCurrency)?;
        if bytes.iter().all(u8::is_ascii_alphabetic) {
            Ok(Self(bytes.map(|byte| byte.to_ascii_lowercase())))
        } else {
            Err(InvalidCurrency)
        }
    }
}

/// The text is not three letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a currency code has three letters")]
pub struct InvalidCurrency;

/// A language of a programme, by its ISO 639-1 code (`en`, `pl`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(Text<8>);

impl Language {
    /// The code.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl TryFrom<&str> for Language {
    type Error = crate::text::InvalidText;

    fn try_from(raw: &str) -> Result<Self, Self::Error> {
        Text::try_from(raw).map(Self)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
