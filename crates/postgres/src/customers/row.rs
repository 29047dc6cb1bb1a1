//! The record and its columns, in one order for reading and writing.

use std::collections::BTreeMap;

use diesel::deserialize;
use diesel::pg::Pg;
use diesel::row::Row;
use diesel::sql_types::{
    Array, BigInt, Bool, Json, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use domain::customer::{
    Agreements, Customer, Email, Gender, Holdings, LevelAssignment, LoyaltyCard, Name, PhoneNumber,
    PurchaseFigures, References, Status, Wallet, WalletAuthority, WalletStatus,
};
use domain::id::{ApplicationId, CustomerNumber};
use domain::money::Amount;
use domain::points::PointTotals;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::document::{
    AddressDocument, AvatarDocument, CompanyDocument, Document, LabelDocument,
    VerificationDocument, metadata_from_json, metadata_to_json, optional_text, text,
};
use crate::statement::{Columns, FromRow, Statement};

/// What is stored as it is given, in the order of [`bind_values`]. The keys are decided by the statement itself.
pub(super) const VALUES: &str = "merchant_id, id, wallet_id, version, first_name, last_name, undivided_name, email, \
    phone, mobile, loyalty_card, merchant_customer_id, external_id, application_references, referral_id, \
    referral_email, primary_address, shipping_address, company, gender, birth_date, labels, tags, metadata, \
    description, comment, agrees_to_terms, accepts_marketing, agrees_to_third, verification, wallet_status, \
    wallet_set_by, image_url, avatar, status, level_id, level_is_manual, level_recalculated_at, pos_id, seller_id, \
    push_tokens, purchase_count, purchase_amount, purchase_amount_without_delivery, purchase_amount_excluded, \
    last_purchase_at, created_at, updated_at, deleted_at, newsletter_announced, level_warned_at, points_available, points_from_customers, \
    points_earned, points_used, points_expired, points_locked, points_earned_since_recalculation";

/// How many values [`bind_values`] binds.
pub(super) const VALUE_COUNT: usize = 58;

/// What is read, in the order of [`Customer::from_row`]: the values, the number and which keys are held.
pub(super) fn columns() -> String {
    format!(
        "{VALUES}, number, email_key IS NOT NULL AS email_held, card_key IS NOT NULL AS card_held, \
         phone_key IS NOT NULL AS phone_held, mobile_key IS NOT NULL AS mobile_held"
    )
}

/// Binds the values of a record as parameters 1 to [`VALUE_COUNT`].
pub(super) fn bind_values<'a>(statement: Statement<'a>, record: &'a Customer) -> Statement<'a> {
    let references = &record.references;
    let undivided = match &record.name {
        Name::Undivided(full) => Some(full.as_str()),
        Name::Divided { .. } => None,
    };
    let statement = statement
        .bind::<SqlUuid, _>(Uuid::from(record.merchant))
        .bind::<SqlUuid, _>(Uuid::from(record.id))
        .bind::<SqlUuid, _>(Uuid::from(record.wallet_id))
        .bind::<BigInt, _>(record.version.cast_signed())
        .bind::<Text, _>(record.name.first())
        .bind::<Text, _>(record.name.last())
        .bind::<Nullable<Text>, _>(undivided)
        .bind::<Nullable<Text>, _>(record.email.as_ref().map(Email::as_str))
        .bind::<Nullable<Text>, _>(record.phone.as_ref().map(PhoneNumber::as_str))
        .bind::<Nullable<Text>, _>(record.mobile.as_ref().map(PhoneNumber::as_str))
        .bind::<Nullable<Text>, _>(record.loyalty_card.as_ref().map(LoyaltyCard::as_str))
        .bind::<Nullable<Text>, _>(
            references.merchant_customer_id.as_ref().map(domain::text::Text::as_str),
        )
        .bind::<Nullable<Text>, _>(references.external_id.as_ref().map(domain::text::Text::as_str))
        .bind::<Jsonb, _>(Document(application_references(record)))
        .bind::<Nullable<Text>, _>(references.referral_id.as_ref().map(domain::text::Text::as_str))
        .bind::<Nullable<Text>, _>(
            references.referral_email.as_ref().map(domain::text::Text::as_str),
        )
        .bind::<Nullable<Jsonb>, _>(
            record.primary_address.as_ref().map(AddressDocument::from).map(Document),
        )
        .bind::<Nullable<Jsonb>, _>(
            record.shipping_address.as_ref().map(AddressDocument::from).map(Document),
        )
        .bind::<Nullable<Jsonb>, _>(
            record.company.as_ref().map(CompanyDocument::from).map(Document),
        )
        .bind::<Nullable<Text>, _>(record.gender.map(Gender::name))
        .bind::<Nullable<Timestamptz>, _>(record.birth_date)
        .bind::<Jsonb, _>(Document(
            record.labels.iter().map(LabelDocument::from).collect::<Vec<_>>(),
        ))
        .bind::<Array<Text>, _>(
            record.tags.iter().map(domain::text::Text::as_str).collect::<Vec<_>>(),
        )
        .bind::<Json, _>(Document(metadata_to_json(&record.metadata)))
        .bind::<Nullable<Text>, _>(record.description.as_ref().map(domain::text::Text::as_str))
        .bind::<Nullable<Text>, _>(record.comment.as_ref().map(domain::text::Text::as_str));
    bind_standing(statement, record)
}

fn bind_standing<'a>(statement: Statement<'a>, record: &'a Customer) -> Statement<'a> {
    let verification = (record.verification != domain::customer::Verification::default())
        .then(|| Document(VerificationDocument::from(&record.verification)));
    let purchases = &record.purchases;
    statement
        .bind::<Bool, _>(record.agreements.terms)
        .bind::<Bool, _>(record.agreements.marketing)
        .bind::<Bool, _>(record.agreements.third)
        .bind::<Nullable<Jsonb>, _>(verification)
        .bind::<Text, _>(record.wallet.status.name())
        .bind::<Text, _>(record.wallet.set_by.name())
        .bind::<Nullable<Text>, _>(record.image_url.as_ref().map(domain::text::Text::as_str))
        .bind::<Nullable<Jsonb>, _>(record.avatar.as_ref().map(AvatarDocument::from).map(Document))
        .bind::<Text, _>(record.status.name())
        .bind::<Nullable<SqlUuid>, _>(record.level.map(|assignment| Uuid::from(assignment.level)))
        .bind::<Bool, _>(record.level.is_some_and(|assignment| assignment.manual))
        .bind::<Nullable<Timestamptz>, _>(record.level_recalculated_at)
        .bind::<Nullable<SqlUuid>, _>(record.pos.map(Uuid::from))
        .bind::<Nullable<SqlUuid>, _>(record.seller.map(Uuid::from))
        .bind::<Array<Text>, _>(
            record.push_tokens.iter().map(domain::text::Text::as_str).collect::<Vec<_>>(),
        )
        .bind::<BigInt, _>(purchases.count.cast_signed())
        .bind::<BigInt, _>(purchases.amount.ten_thousandths())
        .bind::<BigInt, _>(purchases.amount_without_delivery.ten_thousandths())
        .bind::<BigInt, _>(purchases.amount_excluded_from_level.ten_thousandths())
        .bind::<Nullable<Timestamptz>, _>(purchases.last_at)
        .bind::<Timestamptz, _>(record.created_at)
        .bind::<Timestamptz, _>(record.updated_at)
        .bind::<Nullable<Timestamptz>, _>(record.deleted_at)
        .bind::<Bool, _>(record.newsletter_announced)
        .bind::<Nullable<Timestamptz>, _>(record.level_warned_at)
        .bind::<BigInt, _>(record.points.available.ten_thousandths())
        .bind::<BigInt, _>(record.points.from_customers.ten_thousandths())
        .bind::<BigInt, _>(record.points.earned.ten_thousandths())
        .bind::<BigInt, _>(record.points.used.ten_thousandths())
        .bind::<BigInt, _>(record.points.expired.ten_thousandths())
        .bind::<BigInt, _>(record.points.locked.ten_thousandths())
        .bind::<BigInt, _>(record.points.earned_since_recalculation.ten_thousandths())
}

fn application_references(record: &Customer) -> BTreeMap<Uuid, &str> {
    let references = record.references.per_application.iter();
    references.map(|(application, value)| (Uuid::from(*application), value.as_str())).collect()
}

impl FromRow for Customer {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let c = columns;
        Ok(Self {
            merchant: c.next::<SqlUuid, Uuid>()?.into(),
            id: c.next::<SqlUuid, Uuid>()?.into(),
            wallet_id: c.next::<SqlUuid, Uuid>()?.into(),
            version: c.next::<BigInt, i64>()?.cast_unsigned(),
            name: name(c)?,
            email: optional_text(optional(c)?)?.map(Email::from),
            phone: contact::<_, PhoneNumber>(c)?,
            mobile: contact::<_, PhoneNumber>(c)?,
            loyalty_card: contact::<_, LoyaltyCard>(c)?,
            references: references(c)?,
            primary_address: address(c)?,
            shipping_address: address(c)?,
            company: document::<_, CompanyDocument<'static>>(c)?
                .map(CompanyDocument::into_company)
                .transpose()?,
            gender: optional(c)?.map(|raw| gender(&raw)).transpose()?,
            birth_date: time(c)?,
            labels: labels(c)?,
            tags: texts(c)?,
            metadata: metadata_from_json(c.next::<Json, Document<serde_json::Value>>()?.0)?,
            description: optional_text(optional(c)?)?,
            comment: optional_text(optional(c)?)?,
            agreements: Agreements {
                terms: c.next::<Bool, _>()?,
                marketing: c.next::<Bool, _>()?,
                third: c.next::<Bool, _>()?,
            },
            verification: document::<_, VerificationDocument<'static>>(c)?
                .map(VerificationDocument::into_verification)
                .transpose()?
                .unwrap_or_default(),
            wallet: Wallet {
                status: wallet_status(&c.next::<Text, String>()?)?,
                set_by: wallet_authority(&c.next::<Text, String>()?)?,
            },
            image_url: optional_text(optional(c)?)?,
            avatar: document::<_, AvatarDocument<'static>>(c)?
                .map(AvatarDocument::into_avatar)
                .transpose()?,
            status: status(&c.next::<Text, String>()?)?,
            level: level(c)?,
            level_recalculated_at: time(c)?,
            pos: c.next::<Nullable<SqlUuid>, Option<Uuid>>()?.map(Into::into),
            seller: c.next::<Nullable<SqlUuid>, Option<Uuid>>()?.map(Into::into),
            push_tokens: texts(c)?,
            purchases: PurchaseFigures {
                count: c.next::<BigInt, i64>()?.cast_unsigned(),
                amount: Amount::from_ten_thousandths(c.next::<BigInt, _>()?),
                amount_without_delivery: Amount::from_ten_thousandths(c.next::<BigInt, _>()?),
                amount_excluded_from_level: Amount::from_ten_thousandths(c.next::<BigInt, _>()?),
                last_at: time(c)?,
            },
            created_at: c.next::<Timestamptz, _>()?,
            updated_at: c.next::<Timestamptz, _>()?,
            deleted_at: time(c)?,
            newsletter_announced: c.next::<Bool, _>()?,
            level_warned_at: time(c)?,
            points: point_totals(c)?,
            number: CustomerNumber::try_from(c.next::<BigInt, i64>()?)?,
            holdings: Holdings::from_row(c)?,
        })
    }
}

/// Seven running totals, in the order of their columns.
pub(crate) fn point_totals<'a, R: Row<'a, Pg>>(
    columns: &mut Columns<'_, R>,
) -> deserialize::Result<PointTotals> {
    let mut amount = || columns.next::<BigInt, i64>().map(Amount::from_ten_thousandths);
    Ok(PointTotals {
        available: amount()?,
        from_customers: amount()?,
        earned: amount()?,
        used: amount()?,
        expired: amount()?,
        locked: amount()?,
        earned_since_recalculation: amount()?,
    })
}

impl FromRow for Holdings {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        Ok(Self {
            email: columns.next::<Bool, _>()?,
            loyalty_card: columns.next::<Bool, _>()?,
            phone: columns.next::<Bool, _>()?,
            mobile: columns.next::<Bool, _>()?,
        })
    }
}

fn optional<'a, R: Row<'a, Pg>>(c: &mut Columns<'_, R>) -> deserialize::Result<Option<String>> {
    c.next::<Nullable<Text>, _>()
}

fn time<'a, R: Row<'a, Pg>>(c: &mut Columns<'_, R>) -> deserialize::Result<Option<OffsetDateTime>> {
    c.next::<Nullable<Timestamptz>, _>()
}

fn document<'a, R: Row<'a, Pg>, T: serde::de::DeserializeOwned>(
    c: &mut Columns<'_, R>,
) -> deserialize::Result<Option<T>> {
    Ok(c.next::<Nullable<Jsonb>, Option<Document<T>>>()?.map(|document| document.0))
}

fn address<'a, R: Row<'a, Pg>>(
    c: &mut Columns<'_, R>,
) -> deserialize::Result<Option<domain::customer::Address>> {
    document::<_, AddressDocument<'static>>(c)?.map(AddressDocument::into_address).transpose()
}

fn contact<'a, R: Row<'a, Pg>, T>(c: &mut Columns<'_, R>) -> deserialize::Result<Option<T>>
where
    T: TryFrom<String, Error = domain::text::InvalidText>,
{
    Ok(optional(c)?.map(T::try_from).transpose()?)
}

fn texts<'a, R: Row<'a, Pg>, const MAX: usize>(
    c: &mut Columns<'_, R>,
) -> deserialize::Result<Vec<domain::text::Text<MAX>>> {
    c.next::<Array<Text>, Vec<String>>()?.into_iter().map(text).collect()
}

fn name<'a, R: Row<'a, Pg>>(c: &mut Columns<'_, R>) -> deserialize::Result<Name> {
    let (first, last) = (text(c.next::<Text, _>()?)?, text(c.next::<Text, _>()?)?);
    let undivided = optional_text(optional(c)?)?;
    Ok(undivided.map_or(Name::Divided { first, last }, Name::Undivided))
}

fn references<'a, R: Row<'a, Pg>>(c: &mut Columns<'_, R>) -> deserialize::Result<References> {
    let merchant_customer_id = optional_text(optional(c)?)?;
    let external_id = optional_text(optional(c)?)?;
    let per_application = c.next::<Jsonb, Document<BTreeMap<Uuid, String>>>()?.0;
    let per_application =
        per_application.into_iter().map(|(id, value)| Ok((ApplicationId::from(id), text(value)?)));
    Ok(References {
        merchant_customer_id,
        external_id,
        per_application: per_application.collect::<deserialize::Result<_>>()?,
        referral_id: optional_text(optional(c)?)?,
        referral_email: optional_text(optional(c)?)?,
    })
}

fn labels<'a, R: Row<'a, Pg>>(
    c: &mut Columns<'_, R>,
) -> deserialize::Result<Vec<domain::customer::Label>> {
    let labels = c.next::<Jsonb, Document<Vec<LabelDocument<'static>>>>()?.0;
    labels.into_iter().map(LabelDocument::into_label).collect()
}

fn level<'a, R: Row<'a, Pg>>(
    c: &mut Columns<'_, R>,
) -> deserialize::Result<Option<LevelAssignment>> {
    let level = c.next::<Nullable<SqlUuid>, Option<Uuid>>()?;
    let manual = c.next::<Bool, _>()?;
    Ok(level.map(|level| LevelAssignment { level: level.into(), manual }))
}

pub(super) fn gender(name: &str) -> deserialize::Result<Gender> {
    Gender::named(name).ok_or_else(|| "unknown gender".into())
}

pub(super) fn status(name: &str) -> deserialize::Result<Status> {
    Status::named(name).ok_or_else(|| "unknown status".into())
}

pub(super) fn wallet_status(name: &str) -> deserialize::Result<WalletStatus> {
    WalletStatus::named(name).ok_or_else(|| "unknown wallet status".into())
}

pub(super) fn wallet_authority(name: &str) -> deserialize::Result<WalletAuthority> {
    WalletAuthority::named(name).ok_or_else(|| "unknown wallet authority".into())
}
