//! How customers are looked up and listed.

use time::OffsetDateTime;

use super::profile::Status;
use crate::id::{ApplicationId, CustomerNumber, LevelId, WalletId};
use crate::money::Amount;
use crate::page::PageRequest;

/// How a text is compared; letter case never counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextMatch {
    /// The value contains the text.
    Contains(String),
    /// The value is the text.
    Equals(String),
}

/// An inclusive range; either side may be open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range<T> {
    /// The least value.
    pub from: Option<T>,
    /// The greatest value.
    pub to: Option<T>,
}

impl<T> Default for Range<T> {
    fn default() -> Self {
        Self { from: None, to: None }
    }
}

/// One condition on customers. Conditions of a query are joined by "and".
#[derive(Clone, Debug, PartialEq)]
pub enum Criterion {
    /// First name, as it reads.
    FirstName(TextMatch),
    /// Last name, as it reads.
    LastName(TextMatch),
    /// First and last name joined by a blank, runs of white space read as one blank.
    FullName(String),
    /// E-mail address.
    Email(TextMatch),
    /// Phone number as typed; the mobile number where there is no phone.
    Phone(TextMatch),
    /// E-mail address, or phone number as in `Phone`.
    EmailOrPhone(TextMatch),
    /// Loyalty card.
    LoyaltyCard(TextMatch),
    /// City of the primary address.
    City(TextMatch),
    /// Postal code of the primary address.
    PostalCode(TextMatch),
    /// Phone number exactly as typed, letter for letter.
    PhoneAsTyped(String),
    /// Comment.
    Comment(TextMatch),
    /// The institution's id, letter for letter.
    ExternalId(String),
    /// Who recommended the customer, letter for letter.
    ReferralId(String),
    /// The wallet.
    Wallet(WalletId),
    /// The value that one application gave, letter for letter.
    ApplicationReference(ApplicationId, String),
    /// Creation time.
    CreatedAt(Range<OffsetDateTime>),
    /// Changed at or after.
    UpdatedSince(OffsetDateTime),
    /// Bought at or after.
    PurchasedSince(OffsetDateTime),
    /// Number of purchases.
    PurchaseCount(Range<u64>),
    /// Sum of purchases.
    PurchaseAmount(Range<Amount>),
    /// Mean of purchases.
    PurchaseAverage(Range<Amount>),
    /// Has a level that somebody assigned by hand.
    ManualLevel,
    /// Is on a level, however that came.
    Level(LevelId),
    /// Has a label with this key and, if given, this value; letter case does not count.
    Label {
        /// The key.
        key: String,
        /// The value, or any.
        value: Option<String>,
    },
    /// Life-cycle status.
    Status(Status),
    /// Numbered above.
    NumberAfter(CustomerNumber),
}

/// What a list is ordered by. Texts are compared without letter case, sign by sign. Customers without the value come
/// last in either direction, an empty name being none. Ties are broken by creation and id in the list's direction, so
/// that one index serves both directions (OL 1.9 leaves that open).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortKey {
    /// Id.
    Id,
    /// Number.
    Number,
    /// First name.
    FirstName,
    /// Last name.
    LastName,
    /// E-mail address.
    Email,
    /// Phone number as typed; the mobile number where there is no phone.
    Phone,
    /// Loyalty card.
    LoyaltyCard,
    /// Gender.
    Gender,
    /// Birth date.
    BirthDate,
    /// Active or not.
    Active,
    /// Creation time.
    CreatedAt,
    /// Time of the last change.
    UpdatedAt,
    /// Name of the level in the programme's first language; levels of one name are told apart by their ids, and a
    /// level without a name comes before none.
    LevelName,
    /// Level.
    Level,
    /// Level assigned by hand.
    ManualLevel,
    /// Point of sale.
    PointOfSale,
    /// Seller.
    Seller,
    /// Number of purchases.
    PurchaseCount,
    /// Sum of purchases.
    PurchaseAmount,
    /// Mean of purchases.
    PurchaseAverage,
    /// Latest purchase.
    LastPurchase,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub key: SortKey,
    /// From the greatest to the least.
    pub descending: bool,
}

/// A list of live customers.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomerQuery {
    /// Which customers.
    pub criteria: Vec<Criterion>,
    /// In which order.
    pub sort: Sort,
    /// Which part.
    pub page: PageRequest,
}

/// A look-up that expects one live customer. The holder of the key comes first, then the lowest number. A value
/// without content finds nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// By number.
    Number(CustomerNumber),
    /// By loyalty card.
    LoyaltyCard(String),
    /// By e-mail address.
    Email(String),
    /// By phone number, exactly as typed.
    PhoneAsTyped(String),
    /// By the digits of the phone number, among those who hold theirs.
    PhoneHolder(String),
    /// By the digits of the mobile number.
    Mobile(String),
    /// By first name, last name and the digits of the phone number; the lowest number comes first (KO 2.6).
    NameAndPhone {
        /// First name; letter case and outer blanks do not count.
        first: String,
        /// Last name; likewise.
        last: String,
        /// Digits of the phone number.
        phone: String,
    },
    /// By the merchant's own id.
    MerchantCustomerId(String),
}

/// How many customers a search finds at most (OL E33).
pub const MOST_FOUND: u64 = 1_000;
