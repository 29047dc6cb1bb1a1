//! What callers ask for.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::address::Address;
use super::contact::{Email, LoyaltyCard, PhoneNumber};
use super::identifier::Demands;
use super::metadata::{Metadata, MetadataPatch};
use super::model::{Customer, References};
use super::name::Name;
use super::profile::{Agreements, Company, Gender, Label, Tag, Verification, WalletStatus};
use crate::access::Actor;
use crate::change::Change;
use crate::id::{ApplicationId, CustomerId, LevelId, MerchantId, PointOfSaleId, SellerId};
use crate::invitation::InvitationClaim;
use crate::merchant::Period;
use crate::message::MessageKind;
use crate::text::{Line, Note, Text};

/// On whose behalf a change is made, and what the caller's contract insists on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Whose customers.
    pub merchant: MerchantId,
    /// Who is calling.
    pub actor: Actor,
    /// Which identifiers must be free.
    pub demands: Demands,
}

/// Whether a new customer may use the programme at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Activation {
    /// Active from birth.
    #[default]
    Immediate,
    /// Somebody must activate it first.
    Pending,
}

/// Where a new customer's level comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StartLevel {
    /// The merchant's start level, or none if there is none.
    #[default]
    IfAny,
    /// The merchant's start level; its absence is an error (OL E10).
    Required,
    /// An active level by hand.
    Manual(LevelId),
    /// A level by hand, whether there is one with that id or not (OL 6.2).
    AsGiven(LevelId),
}

/// A new customer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CreateCustomer {
    /// The id that the customer had in the system it comes from; a new one, if not given.
    pub id: Option<CustomerId>,
    /// Name.
    pub name: Name,
    /// E-mail address.
    pub email: Option<Email>,
    /// Phone number.
    pub phone: Option<PhoneNumber>,
    /// Mobile number.
    pub mobile: Option<PhoneNumber>,
    /// Loyalty card.
    pub loyalty_card: Option<LoyaltyCard>,
    /// Names of other systems.
    pub references: References,
    /// Primary address.
    pub primary_address: Option<Address>,
    /// Shipping address.
    pub shipping_address: Option<Address>,
    /// Company.
    pub company: Option<Company>,
    /// Gender.
    pub gender: Option<Gender>,
    /// Birth date.
    pub birth_date: Option<OffsetDateTime>,
    /// Labels.
    pub labels: Vec<Label>,
    /// Tags.
    pub tags: Vec<Tag>,
    /// Metadata.
    pub metadata: Metadata,
    /// Description.
    pub description: Option<Note>,
    /// Comment.
    pub comment: Option<Note>,
    /// Agreements.
    pub agreements: Agreements,
    /// Verification data.
    pub verification: Verification,
    /// Picture by address.
    pub image_url: Option<Text<2048>>,
    /// Point of sale; must exist.
    pub pos: Option<PointOfSaleId>,
    /// Seller; must exist.
    pub seller: Option<SellerId>,
    /// Where the level comes from.
    pub start_level: StartLevel,
    /// Whether it is active at once.
    pub activation: Activation,
    /// What the customer is told of it; only kinds of messages without a content of their own.
    pub notices: Vec<MessageKind>,
    /// Whether an agreement to marketing is announced whoever adds the customer (OL 6.4).
    pub announces_newsletter: bool,
    /// When the record is said to have come to be; now, if not given.
    pub created_at: Option<OffsetDateTime>,
    /// The invitation that the customer follows; one that does not exist is no error. Not read when many are added.
    pub invitation: Option<InvitationClaim>,
}

/// A change of level by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelChoice {
    /// The level.
    pub level: LevelId,
    /// What a move does to the time after which the level is looked at again.
    pub period: Period,
}

/// What must hold after an update.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Requirement {
    /// Nothing beyond the types.
    #[default]
    None,
    /// A first name, and an e-mail address, phone or mobile number (KO 2.5).
    FirstNameAndContact,
}

/// A patch of a customer: what is not named stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UpdateCustomer {
    /// First name.
    pub first_name: Option<Line>,
    /// Last name.
    pub last_name: Option<Line>,
    /// Full name.
    pub full_name: Option<Line>,
    /// E-mail address.
    pub email: Change<Email>,
    /// Phone number.
    pub phone: Change<PhoneNumber>,
    /// Mobile number.
    pub mobile: Change<PhoneNumber>,
    /// Loyalty card.
    pub loyalty_card: Change<LoyaltyCard>,
    /// The merchant's own id.
    pub merchant_customer_id: Option<Text<100>>,
    /// The institution's id.
    pub external_id: Change<Line>,
    /// The value of one application.
    pub application_reference: Option<(ApplicationId, Change<Line>)>,
    /// Primary address.
    pub primary_address: AddressChange,
    /// Shipping address.
    pub shipping_address: AddressChange,
    /// Company.
    pub company: Change<Company>,
    /// Gender.
    pub gender: Change<Gender>,
    /// Birth date.
    pub birth_date: Change<OffsetDateTime>,
    /// Labels, as a whole.
    pub labels: Change<Vec<Label>>,
    /// Tags, as a whole.
    pub tags: Change<Vec<Tag>>,
    /// Metadata to set and remove.
    pub metadata: MetadataPatch,
    /// Description.
    pub description: Change<Note>,
    /// Comment.
    pub comment: Change<Note>,
    /// The terms.
    pub agrees_to_terms: Option<bool>,
    /// Marketing.
    pub accepts_marketing: Option<bool>,
    /// The third agreement.
    pub agrees_to_third: Option<bool>,
    /// Verified country.
    pub verified_country: Option<Line>,
    /// Verified document.
    pub verified_document: Option<Line>,
    /// Verified residence.
    pub verified_residence: Option<Note>,
    /// Tax number.
    pub verified_tax_number: Change<Line>,
    /// Wallet status, as an institution sets it.
    pub wallet_status: Option<WalletStatus>,
    /// Picture by address.
    pub image_url: Change<Text<2048>>,
    /// Level by hand; the current level again is no change.
    pub level: Option<LevelChoice>,
    /// Point of sale; must exist.
    pub pos: Option<PointOfSaleId>,
    /// Seller; must exist.
    pub seller: Option<SellerId>,
    /// What must hold afterwards.
    pub requirement: Requirement,
    /// Whether `updated_at` moves even when nothing else changes (MO 2.6).
    pub touch: bool,
}

/// What a patch does to an address. Dialects see addresses at different grain, and none may lose what another wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AddressChange {
    /// The caller did not name the address.
    #[default]
    Keep,
    /// The caller removes it.
    Clear,
    /// All seven parts are replaced (OL).
    Replace(Address),
    /// All parts are replaced by a caller that sees street, house and unit as one line, given in `street`: the line
    /// written back keeps the three apart (KO).
    ReplaceByLine(Address),
    /// Single parts are set by such a caller (MO).
    SetParts(AddressParts),
}

impl AddressChange {
    fn apply(self, field: &mut Option<Address>) {
        match self {
            Self::Keep => {}
            Self::Clear => *field = None,
            Self::Replace(address) => *field = Some(address),
            Self::ReplaceByLine(given) => {
                let kept = field.take().unwrap_or_default().with_street_line(given.street);
                *field = Some(Address {
                    street: kept.street,
                    house: kept.house,
                    unit: kept.unit,
                    ..given
                });
            }
            Self::SetParts(parts) => parts.apply(field),
        }
    }
}

/// Parts of an address that a caller may set one by one (MO 2.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressParts {
    /// Street, house and unit in one line.
    pub street_line: Option<Line>,
    /// City.
    pub city: Option<Line>,
    /// Postal code.
    pub postal_code: Option<Line>,
    /// Country.
    pub country: Option<Line>,
}

impl AddressParts {
    /// The address of a new customer; none when no part is given.
    pub fn into_address(self) -> Option<Address> {
        let mut address = None;
        self.apply(&mut address);
        address
    }

    fn apply(self, field: &mut Option<Address>) {
        if self == Self::default() {
            return;
        }
        let mut whole = field.take().unwrap_or_default();
        if let Some(line) = self.street_line {
            whole = whole.with_street_line(line);
        }
        let parts = [
            (self.city, &mut whole.city),
            (self.postal_code, &mut whole.postal_code),
            (self.country, &mut whole.country),
        ];
        for (given, part) in parts {
            if let Some(value) = given {
                *part = value;
            }
        }
        *field = Some(whole);
    }
}

impl UpdateCustomer {
    /// Applies everything that needs no look-up and no rule to the record.
    pub(super) fn apply_values(self, record: &mut Customer) -> Result<(), super::TooManyEntries> {
        record.name = record.name.with_parts(self.first_name, self.last_name);
        if let Some(full) = self.full_name {
            record.name = record.name.with_full(full);
        }
        self.email.apply(&mut record.email);
        self.phone.apply(&mut record.phone);
        self.mobile.apply(&mut record.mobile);
        self.loyalty_card.apply(&mut record.loyalty_card);
        self.external_id.apply(&mut record.references.external_id);
        if let Some((application, change)) = self.application_reference {
            apply_entry(&mut record.references.per_application, application, change);
        }
        self.primary_address.apply(&mut record.primary_address);
        self.shipping_address.apply(&mut record.shipping_address);
        self.company.apply(&mut record.company);
        self.gender.apply(&mut record.gender);
        self.birth_date.apply(&mut record.birth_date);
        self.labels.apply_or_default(&mut record.labels);
        self.tags.apply_or_default(&mut record.tags);
        record.metadata = record.metadata.merged(&self.metadata)?;
        self.description.apply(&mut record.description);
        self.comment.apply(&mut record.comment);
        self.verified_tax_number.apply(&mut record.verification.tax_number);
        self.image_url.apply(&mut record.image_url);
        replace(&mut record.references.merchant_customer_id, self.merchant_customer_id);
        replace(&mut record.verification.country, self.verified_country);
        replace(&mut record.verification.document_id, self.verified_document);
        replace(&mut record.verification.residence_address, self.verified_residence);
        replace(&mut record.pos, self.pos);
        replace(&mut record.seller, self.seller);
        let agreements = &mut record.agreements;
        agreements.terms = self.agrees_to_terms.unwrap_or(agreements.terms);
        agreements.marketing = self.accepts_marketing.unwrap_or(agreements.marketing);
        agreements.third = self.agrees_to_third.unwrap_or(agreements.third);
        Ok(())
    }
}

fn replace<T>(field: &mut Option<T>, given: Option<T>) {
    if given.is_some() {
        *field = given;
    }
}

fn apply_entry<K: Ord, V>(map: &mut BTreeMap<K, V>, key: K, change: Change<V>) {
    match change {
        Change::Keep => {}
        Change::Clear => drop(map.remove(&key)),
        Change::Set(value) => drop(map.insert(key, value)),
    }
}
