//! The record itself.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::address::Address;
use super::contact::{Email, LoyaltyCard, PhoneNumber};
use super::identifier::{Holdings, Identifier};
use super::metadata::Metadata;
use super::name::Name;
use super::profile::{
    Agreements, Avatar, Company, Gender, Label, Status, Tag, Verification, Wallet,
};
use crate::id::{
    ApplicationId, CustomerId, CustomerNumber, LevelId, MerchantId, PointOfSaleId, SellerId,
    WalletId,
};
use crate::money::Amount;
use crate::points::PointTotals;
use crate::text::{Line, Note, Text};

/// A person or firm that buys from a merchant: one record for all dialects (`domain.md` §3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// Whose customer this is.
    pub merchant: MerchantId,
    /// The id on most wires.
    pub id: CustomerId,
    /// The id on wires that want integers.
    pub number: CustomerNumber,
    /// The wallet given at birth.
    pub wallet_id: WalletId,
    /// Grows by one with every committed change, from 1.
    pub version: u64,
    /// First and last name, or one undivided name.
    pub name: Name,
    /// E-mail address.
    pub email: Option<Email>,
    /// Phone number.
    pub phone: Option<PhoneNumber>,
    /// Mobile number.
    pub mobile: Option<PhoneNumber>,
    /// Loyalty card.
    pub loyalty_card: Option<LoyaltyCard>,
    /// Which of these the customer holds for itself.
    pub holdings: Holdings,
    /// Names that other systems gave the customer.
    pub references: References,
    /// Where the customer lives or trades.
    pub primary_address: Option<Address>,
    /// Where goods go.
    pub shipping_address: Option<Address>,
    /// The firm behind the customer.
    pub company: Option<Company>,
    /// Gender.
    pub gender: Option<Gender>,
    /// The moment at which the birth date began, in the programme's time zone (OL 1.4).
    pub birth_date: Option<OffsetDateTime>,
    /// Ordered labels.
    pub labels: Vec<Label>,
    /// Ordered tags without repetition.
    pub tags: Vec<Tag>,
    /// Free key-value data.
    pub metadata: Metadata,
    /// The merchant's description.
    pub description: Option<Note>,
    /// The institution's comment.
    pub comment: Option<Note>,
    /// What the customer agreed to.
    pub agreements: Agreements,
    /// Whether it was ever told that the customer agreed to marketing (OL 5.9).
    pub newsletter_announced: bool,
    /// Verification data; never read back.
    pub verification: Verification,
    /// The wallet's status.
    pub wallet: Wallet,
    /// Picture by address (KO `image`), stored as text and never fetched.
    pub image_url: Option<Text<2048>>,
    /// Picture by file.
    pub avatar: Option<Avatar>,
    /// Where the record stands in its life.
    pub status: Status,
    /// The loyalty level and how it came about.
    pub level: Option<LevelAssignment>,
    /// When the level was last recalculated by the daily job.
    pub level_recalculated_at: Option<OffsetDateTime>,
    /// When the customer was last told that it will fall when the level is looked at again.
    pub level_warned_at: Option<OffsetDateTime>,
    /// The point of sale the customer belongs to. It need not exist (OL E19).
    pub pos: Option<PointOfSaleId>,
    /// The seller who looks after the customer.
    pub seller: Option<SellerId>,
    /// Addresses of the customer's devices, in the order they came.
    pub push_tokens: Vec<Line>,
    /// Running totals of purchases.
    pub purchases: PurchaseFigures,
    /// Running totals of points.
    pub points: PointTotals,
    /// When the record came to be, or is said to have (OL `createdAt`).
    pub created_at: OffsetDateTime,
    /// When the record last changed.
    pub updated_at: OffsetDateTime,
    /// When the record was softly deleted.
    pub deleted_at: Option<OffsetDateTime>,
}

impl Customer {
    /// Whether the customer exists for everyone: not deleted.
    pub fn is_live(&self) -> bool {
        self.deleted_at.is_none()
    }

    /// Whether the customer can still change: neither deleted nor anonymized (OL E08).
    pub fn is_changeable(&self) -> bool {
        self.is_live() && self.status != Status::Anonymized
    }

    /// A record of somebody of whom only the name is known, not stored yet.
    pub fn bare(
        merchant: MerchantId,
        id: CustomerId,
        wallet_id: WalletId,
        name: Name,
        at: OffsetDateTime,
    ) -> Self {
        Self {
            merchant,
            id,
            number: CustomerNumber::UNASSIGNED,
            wallet_id,
            version: 1,
            name,
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
            newsletter_announced: false,
            verification: Verification::default(),
            wallet: Wallet::default(),
            image_url: None,
            avatar: None,
            status: Status::New,
            level: None,
            level_recalculated_at: None,
            level_warned_at: None,
            pos: None,
            seller: None,
            push_tokens: Vec::new(),
            purchases: PurchaseFigures::default(),
            points: PointTotals::default(),
            created_at: at,
            updated_at: at,
            deleted_at: None,
        }
    }

    /// The record without anything that makes the customer a person: ids, figures, times and where it stands are left.
    #[must_use]
    pub fn stripped(&self) -> Self {
        Self {
            number: self.number,
            version: self.version,
            newsletter_announced: self.newsletter_announced,
            wallet: self.wallet,
            status: self.status,
            level: self.level,
            level_recalculated_at: self.level_recalculated_at,
            level_warned_at: self.level_warned_at,
            pos: self.pos,
            purchases: self.purchases,
            points: self.points,
            created_at: self.created_at,
            deleted_at: self.deleted_at,
            ..Self::bare(self.merchant, self.id, self.wallet_id, Name::default(), self.updated_at)
        }
    }

    /// The normal form of one of its identifiers, by which it is claimed and looked up (`domain.md` §4); none where
    /// there is nothing to claim.
    pub fn key(&self, identifier: Identifier) -> Option<String> {
        match identifier {
            Identifier::Email => self.email.as_ref().and_then(Email::key),
            Identifier::LoyaltyCard => self.loyalty_card.as_ref().and_then(LoyaltyCard::key),
            Identifier::Phone => self.phone.as_ref().and_then(PhoneNumber::key),
            Identifier::Mobile => self.mobile.as_ref().and_then(PhoneNumber::key),
            Identifier::MerchantCustomerId => {
                self.references.merchant_customer_id.as_ref().map(|id| id.as_str().to_owned())
            }
        }
    }
}

/// Names that other systems gave a customer (`external_refs` of `domain.md` §3), and who recommended it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// The merchant's own id, unique among live customers (MO).
    pub merchant_customer_id: Option<Text<100>>,
    /// An institution's id, not unique (KC).
    pub external_id: Option<Line>,
    /// One value per application, seen by that application alone (KO).
    pub per_application: BTreeMap<ApplicationId, Line>,
    /// Who recommended the customer, as an opaque id (KC).
    pub referral_id: Option<Line>,
    /// Who recommended the customer, by e-mail address (OL).
    pub referral_email: Option<Line>,
}

/// A level and whether somebody assigned it by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelAssignment {
    /// The level.
    pub level: LevelId,
    /// Assigned by hand rather than by the rules (OL 5.2).
    pub manual: bool,
}

/// Running totals of a customer's purchases (OL 5.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PurchaseFigures {
    /// Sales that were not fully returned.
    pub count: u64,
    /// Their sum.
    pub amount: Amount,
    /// Their sum without delivery costs.
    pub amount_without_delivery: Amount,
    /// The part that does not count towards a level.
    pub amount_excluded_from_level: Amount,
    /// The latest purchase.
    pub last_at: Option<OffsetDateTime>,
}

impl PurchaseFigures {
    /// The mean amount of a purchase, not rounded; 0 without purchases (OL 1.5).
    #[expect(clippy::cast_precision_loss, reason = "counts of purchases are far below 2^53")]
    pub fn average(&self) -> f64 {
        if self.count == 0 { 0.0 } else { self.amount.as_f64() / self.count as f64 }
    }
}
