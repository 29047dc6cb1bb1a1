//! The record as it stands in an event.
//!
//! A snapshot outlives many versions of this code, so it has a shape of its own: times are microseconds since 1970,
//! what is empty is left out, and what a reader does not know it skips.

use std::borrow::Cow;
use std::collections::BTreeMap;

use diesel::deserialize;
use domain::customer::{
    Agreements, Customer, Email, Holdings, LevelAssignment, LoyaltyCard, Name, PhoneNumber,
    PurchaseFigures, References, Wallet,
};
use domain::id::{ApplicationId, CustomerNumber};
use domain::money::Amount;
use domain::points::PointTotals;
use domain::text::Text;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use super::row;
use crate::document::{
    AddressDocument, AvatarDocument, CompanyDocument, LabelDocument, VerificationDocument,
    metadata_from_json, metadata_to_json, optional_text, text,
};

/// The members that are left of a record when what makes its customer a person is removed: those that
/// [`Customer::stripped`] keeps.
pub(super) const IMPERSONAL: [&str; 28] = [
    "merchant",
    "id",
    "wallet_id",
    "version",
    "newsletter_announced",
    "wallet_status",
    "wallet_set_by",
    "status",
    "level",
    "level_is_manual",
    "level_recalculated_at",
    "level_warned_at",
    "pos",
    "purchase_count",
    "purchase_amount",
    "purchase_amount_without_delivery",
    "purchase_amount_excluded",
    "last_purchase_at",
    "points_available",
    "points_from_customers",
    "points_earned",
    "points_used",
    "points_expired",
    "points_locked",
    "points_earned_since_recalculation",
    "created_at",
    "updated_at",
    "deleted_at",
];

type MaybeText<'a> = Option<Cow<'a, str>>;

/// The members of a snapshot, each left out when it is empty.
macro_rules! members {
    ($($member:ident: $type:ty,)+) => {
        /// A record in an event. The number is kept beside it: at birth it is not known before the row is stored.
        #[derive(Debug, Serialize, Deserialize)]
        pub(super) struct Snapshot<'a> {
            $(#[serde(default, skip_serializing_if = "is_empty")] $member: $type,)+
        }
    };
}

fn is_empty<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

members! {
    merchant: Uuid,
    id: Uuid,
    wallet_id: Uuid,
    version: u64,
    first_name: Cow<'a, str>,
    last_name: Cow<'a, str>,
    undivided_name: MaybeText<'a>,
    email: MaybeText<'a>,
    phone: MaybeText<'a>,
    mobile: MaybeText<'a>,
    loyalty_card: MaybeText<'a>,
    merchant_customer_id: MaybeText<'a>,
    external_id: MaybeText<'a>,
    application_references: BTreeMap<Uuid, Cow<'a, str>>,
    referral_id: MaybeText<'a>,
    referral_email: MaybeText<'a>,
    primary_address: Option<AddressDocument<'a>>,
    shipping_address: Option<AddressDocument<'a>>,
    company: Option<CompanyDocument<'a>>,
    gender: MaybeText<'a>,
    birth_date: Option<i64>,
    labels: Vec<LabelDocument<'a>>,
    tags: Vec<Cow<'a, str>>,
    metadata: Value,
    description: MaybeText<'a>,
    comment: MaybeText<'a>,
    agrees_to_terms: bool,
    accepts_marketing: bool,
    agrees_to_third: bool,
    newsletter_announced: bool,
    verification: VerificationDocument<'a>,
    wallet_status: Cow<'a, str>,
    wallet_set_by: Cow<'a, str>,
    image_url: MaybeText<'a>,
    avatar: Option<AvatarDocument<'a>>,
    status: Cow<'a, str>,
    level: Option<Uuid>,
    level_is_manual: bool,
    level_recalculated_at: Option<i64>,
    level_warned_at: Option<i64>,
    pos: Option<Uuid>,
    seller: Option<Uuid>,
    push_tokens: Vec<Cow<'a, str>>,
    purchase_count: u64,
    purchase_amount: i64,
    purchase_amount_without_delivery: i64,
    purchase_amount_excluded: i64,
    last_purchase_at: Option<i64>,
    points_available: i64,
    points_from_customers: i64,
    points_earned: i64,
    points_used: i64,
    points_expired: i64,
    points_locked: i64,
    points_earned_since_recalculation: i64,
    created_at: i64,
    updated_at: i64,
    deleted_at: Option<i64>,
}

impl<'a> From<&'a Customer> for Snapshot<'a> {
    fn from(record: &'a Customer) -> Self {
        let references = &record.references;
        let applications = references.per_application.iter();
        let (purchases, points) = (&record.purchases, &record.points);
        Self {
            merchant: record.merchant.into(),
            id: record.id.into(),
            wallet_id: record.wallet_id.into(),
            version: record.version,
            first_name: record.name.first().into(),
            last_name: record.name.last().into(),
            undivided_name: match &record.name {
                Name::Undivided(full) => Some(full.as_str().into()),
                Name::Divided { .. } => None,
            },
            email: record.email.as_ref().map(|email| email.as_str().into()),
            phone: record.phone.as_ref().map(|phone| phone.as_str().into()),
            mobile: record.mobile.as_ref().map(|mobile| mobile.as_str().into()),
            loyalty_card: record.loyalty_card.as_ref().map(|card| card.as_str().into()),
            merchant_customer_id: borrowed(references.merchant_customer_id.as_ref()),
            external_id: borrowed(references.external_id.as_ref()),
            application_references: applications
                .map(|(id, value)| (Uuid::from(*id), value.as_str().into()))
                .collect(),
            referral_id: borrowed(references.referral_id.as_ref()),
            referral_email: borrowed(references.referral_email.as_ref()),
            primary_address: record.primary_address.as_ref().map(AddressDocument::from),
            shipping_address: record.shipping_address.as_ref().map(AddressDocument::from),
            company: record.company.as_ref().map(CompanyDocument::from),
            gender: record.gender.map(|gender| gender.name().into()),
            birth_date: record.birth_date.map(micros),
            labels: record.labels.iter().map(LabelDocument::from).collect(),
            tags: record.tags.iter().map(|tag| tag.as_str().into()).collect(),
            metadata: if record.metadata.is_empty() {
                Value::Null
            } else {
                metadata_to_json(&record.metadata)
            },
            description: borrowed(record.description.as_ref()),
            comment: borrowed(record.comment.as_ref()),
            agrees_to_terms: record.agreements.terms,
            accepts_marketing: record.agreements.marketing,
            agrees_to_third: record.agreements.third,
            newsletter_announced: record.newsletter_announced,
            verification: VerificationDocument::from(&record.verification),
            wallet_status: record.wallet.status.name().into(),
            wallet_set_by: record.wallet.set_by.name().into(),
            image_url: borrowed(record.image_url.as_ref()),
            avatar: record.avatar.as_ref().map(AvatarDocument::from),
            status: record.status.name().into(),
            level: record.level.map(|assignment| assignment.level.into()),
            level_is_manual: record.level.is_some_and(|assignment| assignment.manual),
            level_recalculated_at: record.level_recalculated_at.map(micros),
            level_warned_at: record.level_warned_at.map(micros),
            pos: record.pos.map(Uuid::from),
            seller: record.seller.map(Uuid::from),
            push_tokens: record.push_tokens.iter().map(|token| token.as_str().into()).collect(),
            purchase_count: purchases.count,
            purchase_amount: purchases.amount.ten_thousandths(),
            purchase_amount_without_delivery: purchases.amount_without_delivery.ten_thousandths(),
            purchase_amount_excluded: purchases.amount_excluded_from_level.ten_thousandths(),
            last_purchase_at: purchases.last_at.map(micros),
            points_available: points.available.ten_thousandths(),
            points_from_customers: points.from_customers.ten_thousandths(),
            points_earned: points.earned.ten_thousandths(),
            points_used: points.used.ten_thousandths(),
            points_expired: points.expired.ten_thousandths(),
            points_locked: points.locked.ten_thousandths(),
            points_earned_since_recalculation: points.earned_since_recalculation.ten_thousandths(),
            created_at: micros(record.created_at),
            updated_at: micros(record.updated_at),
            deleted_at: record.deleted_at.map(micros),
        }
    }
}

impl Snapshot<'_> {
    /// The record as it was. Which keys it held then is not part of the story.
    pub(super) fn into_record(self, number: CustomerNumber) -> deserialize::Result<Customer> {
        let divided = Name::Divided {
            first: text(self.first_name.into())?,
            last: text(self.last_name.into())?,
        };
        let applications = self.application_references.into_iter();
        Ok(Customer {
            merchant: self.merchant.into(),
            id: self.id.into(),
            number,
            wallet_id: self.wallet_id.into(),
            version: self.version,
            name: owned(self.undivided_name)?.map_or(divided, Name::Undivided),
            email: optional_text(self.email.map(Cow::into_owned))?.map(Email::from),
            phone: self.phone.map(|raw| PhoneNumber::try_from(raw.into_owned())).transpose()?,
            mobile: self.mobile.map(|raw| PhoneNumber::try_from(raw.into_owned())).transpose()?,
            loyalty_card: self
                .loyalty_card
                .map(|raw| LoyaltyCard::try_from(raw.into_owned()))
                .transpose()?,
            holdings: Holdings::default(),
            references: References {
                merchant_customer_id: owned(self.merchant_customer_id)?,
                external_id: owned(self.external_id)?,
                per_application: applications
                    .map(|(id, value)| Ok((ApplicationId::from(id), text(value.into())?)))
                    .collect::<deserialize::Result<_>>()?,
                referral_id: owned(self.referral_id)?,
                referral_email: owned(self.referral_email)?,
            },
            primary_address: self.primary_address.map(AddressDocument::into_address).transpose()?,
            shipping_address: self
                .shipping_address
                .map(AddressDocument::into_address)
                .transpose()?,
            company: self.company.map(CompanyDocument::into_company).transpose()?,
            gender: self.gender.map(|raw| row::gender(&raw)).transpose()?,
            birth_date: self.birth_date.map(moment).transpose()?,
            labels: self
                .labels
                .into_iter()
                .map(LabelDocument::into_label)
                .collect::<deserialize::Result<_>>()?,
            tags: all(self.tags)?,
            metadata: if self.metadata.is_null() {
                domain::customer::Metadata::default()
            } else {
                metadata_from_json(self.metadata)?
            },
            description: owned(self.description)?,
            comment: owned(self.comment)?,
            agreements: Agreements {
                terms: self.agrees_to_terms,
                marketing: self.accepts_marketing,
                third: self.agrees_to_third,
            },
            newsletter_announced: self.newsletter_announced,
            verification: self.verification.into_verification()?,
            wallet: Wallet {
                status: row::wallet_status(&self.wallet_status)?,
                set_by: row::wallet_authority(&self.wallet_set_by)?,
            },
            image_url: owned(self.image_url)?,
            avatar: self.avatar.map(AvatarDocument::into_avatar).transpose()?,
            status: row::status(&self.status)?,
            level: self
                .level
                .map(|level| LevelAssignment { level: level.into(), manual: self.level_is_manual }),
            level_recalculated_at: self.level_recalculated_at.map(moment).transpose()?,
            level_warned_at: self.level_warned_at.map(moment).transpose()?,
            pos: self.pos.map(Into::into),
            seller: self.seller.map(Into::into),
            push_tokens: all(self.push_tokens)?,
            purchases: PurchaseFigures {
                count: self.purchase_count,
                amount: Amount::from_ten_thousandths(self.purchase_amount),
                amount_without_delivery: Amount::from_ten_thousandths(
                    self.purchase_amount_without_delivery,
                ),
                amount_excluded_from_level: Amount::from_ten_thousandths(
                    self.purchase_amount_excluded,
                ),
                last_at: self.last_purchase_at.map(moment).transpose()?,
            },
            points: PointTotals {
                available: Amount::from_ten_thousandths(self.points_available),
                from_customers: Amount::from_ten_thousandths(self.points_from_customers),
                earned: Amount::from_ten_thousandths(self.points_earned),
                used: Amount::from_ten_thousandths(self.points_used),
                expired: Amount::from_ten_thousandths(self.points_expired),
                locked: Amount::from_ten_thousandths(self.points_locked),
                earned_since_recalculation: Amount::from_ten_thousandths(
                    self.points_earned_since_recalculation,
                ),
            },
            created_at: moment(self.created_at)?,
            updated_at: moment(self.updated_at)?,
            deleted_at: self.deleted_at.map(moment).transpose()?,
        })
    }
}

fn borrowed<const MAX: usize>(text: Option<&Text<MAX>>) -> MaybeText<'_> {
    text.map(|text| text.as_str().into())
}

fn owned<const MAX: usize>(raw: MaybeText<'_>) -> deserialize::Result<Option<Text<MAX>>> {
    optional_text(raw.map(Cow::into_owned))
}

fn all<const MAX: usize>(raw: Vec<Cow<'_, str>>) -> deserialize::Result<Vec<Text<MAX>>> {
    raw.into_iter().map(|raw| text(raw.into_owned())).collect()
}

/// Microseconds since 1970, the resolution of storage.
pub(super) fn micros(moment: OffsetDateTime) -> i64 {
    i64::try_from(moment.unix_timestamp_nanos() / 1000).unwrap_or(i64::MAX)
}

pub(super) fn moment(micros: i64) -> deserialize::Result<OffsetDateTime> {
    Ok(OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1000)?)
}
