//! The transaction and its columns, in one order for reading and writing; and as it stands in an event.

use std::borrow::Cow;

use diesel::deserialize;
use diesel::pg::Pg;
use diesel::row::Row;
use diesel::sql_types::{BigInt, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use domain::customer::{Email, Label, LoyaltyCard, PhoneNumber};
use domain::id::MerchantId;
use domain::money::Amount;
use domain::transaction::{
    Assignment, Buyer, DocumentNumber, Item, Posting, Totals, Transaction, TransactionKind,
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::document::{AddressDocument, Document, LabelDocument, optional_text, text};
use crate::statement::{Columns, FromRow, Statement};

/// The columns in the order of [`bind`] and of [`Transaction::from_row`], but for the keys, which are written only.
pub(super) const COLUMNS: &str = "merchant_id, id, kind, document, revises, purchased_at, place, items, gross, \
    gross_without_delivery, gross_excluded, buyer, pos_id, labels, customer_id, customer_version, assigned_at, \
    registered_at";

/// The keys, which [`bind`] binds last.
pub(super) const KEYS: &str = "buyer_email_key, buyer_phone_key, buyer_card_key";

/// The columns of [`Posting::from_row`].
pub(super) const POSTING: &str =
    "kind, document, revises, gross, gross_without_delivery, gross_excluded, purchased_at";

/// Binds a transaction.
pub(super) fn bind<'a>(statement: Statement<'a>, transaction: &'a Transaction) -> Statement<'a> {
    let totals = transaction.totals;
    let assignment = transaction.assignment;
    let buyer = transaction.buyer.as_ref();
    statement
        .bind::<SqlUuid, _>(Uuid::from(transaction.merchant))
        .bind::<SqlUuid, _>(Uuid::from(transaction.id))
        .bind::<Text, _>(transaction.kind.name())
        .bind::<Text, _>(transaction.document.as_str())
        .bind::<Nullable<Text>, _>(transaction.kind.revised().map(DocumentNumber::as_str))
        .bind::<Timestamptz, _>(transaction.purchased_at)
        .bind::<Nullable<Text>, _>(transaction.place.as_ref().map(domain::text::Text::as_str))
        .bind::<Jsonb, _>(Document(items(&transaction.items)))
        .bind::<BigInt, _>(totals.gross.ten_thousandths())
        .bind::<BigInt, _>(totals.without_delivery.ten_thousandths())
        .bind::<BigInt, _>(totals.excluded.ten_thousandths())
        .bind::<Nullable<Jsonb>, _>(buyer.map(BuyerDocument::from).map(Document))
        .bind::<Nullable<SqlUuid>, _>(transaction.pos.map(Uuid::from))
        .bind::<Jsonb, _>(Document(labels(&transaction.labels)))
        .bind::<Nullable<SqlUuid>, _>(transaction.customer().map(Uuid::from))
        .bind::<Nullable<BigInt>, _>(assignment.map(|it| it.version.cast_signed()))
        .bind::<Nullable<Timestamptz>, _>(assignment.map(|it| it.at))
        .bind::<Timestamptz, _>(transaction.registered_at)
        .bind::<Nullable<Text>, _>(buyer.and_then(|it| it.email.as_ref()).and_then(Email::key))
        .bind::<Nullable<Text>, _>(
            buyer.and_then(|it| it.phone.as_ref()).and_then(PhoneNumber::key),
        )
        .bind::<Nullable<Text>, _>(
            buyer.and_then(|it| it.loyalty_card.as_ref()).and_then(LoyaltyCard::key),
        )
}

impl FromRow for Transaction {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let c = columns;
        let merchant: MerchantId = c.next::<SqlUuid, Uuid>()?.into();
        let id = c.next::<SqlUuid, Uuid>()?.into();
        let kind = c.next::<Text, String>()?;
        let document = DocumentNumber::try_from(c.next::<Text, String>()?)?;
        let kind = kind_from(&kind, c.next::<Nullable<Text>, _>()?)?;
        Ok(Self {
            merchant,
            id,
            kind,
            document,
            purchased_at: c.next::<Timestamptz, _>()?,
            place: optional_text(c.next::<Nullable<Text>, _>()?)?,
            items: c
                .next::<Jsonb, Document<Vec<ItemDocument<'static>>>>()?
                .0
                .into_iter()
                .map(ItemDocument::into_item)
                .collect::<deserialize::Result<_>>()?,
            totals: totals(c)?,
            buyer: c
                .next::<Nullable<Jsonb>, Option<Document<BuyerDocument<'static>>>>()?
                .map(|buyer| buyer.0.into_buyer())
                .transpose()?,
            pos: c.next::<Nullable<SqlUuid>, Option<Uuid>>()?.map(Into::into),
            labels: all_labels(c.next::<Jsonb, Document<_>>()?.0)?,
            assignment: assignment(c)?,
            registered_at: c.next::<Timestamptz, _>()?,
        })
    }
}

impl FromRow for Posting {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let kind = columns.next::<Text, String>()?;
        let document = DocumentNumber::try_from(columns.next::<Text, String>()?)?;
        Ok(Self {
            kind: kind_from(&kind, columns.next::<Nullable<Text>, _>()?)?,
            document,
            totals: totals(columns)?,
            purchased_at: columns.next::<Timestamptz, _>()?,
        })
    }
}

fn totals<'a, R: Row<'a, Pg>>(columns: &mut Columns<'_, R>) -> deserialize::Result<Totals> {
    let amount = |columns: &mut Columns<'_, R>| {
        columns.next::<BigInt, i64>().map(Amount::from_ten_thousandths)
    };
    Ok(Totals {
        gross: amount(columns)?,
        without_delivery: amount(columns)?,
        excluded: amount(columns)?,
    })
}

fn assignment<'a, R: Row<'a, Pg>>(
    columns: &mut Columns<'_, R>,
) -> deserialize::Result<Option<Assignment>> {
    let customer = columns.next::<Nullable<SqlUuid>, Option<Uuid>>()?;
    let version = columns.next::<Nullable<BigInt>, Option<i64>>()?;
    let at = columns.next::<Nullable<Timestamptz>, Option<OffsetDateTime>>()?;
    let parts = customer.zip(version).zip(at);
    Ok(parts.map(|((customer, version), at)| Assignment {
        customer: customer.into(),
        version: version.cast_unsigned(),
        at,
    }))
}

fn kind_from(kind: &str, revises: Option<String>) -> deserialize::Result<TransactionKind> {
    match kind {
        "sale" => Ok(TransactionKind::Sale),
        "return" => {
            Ok(TransactionKind::Return { of: revises.map(DocumentNumber::try_from).transpose()? })
        }
        _ => Err("unknown kind of a transaction".into()),
    }
}

fn items(items: &[Item]) -> Vec<ItemDocument<'_>> {
    items.iter().map(ItemDocument::from).collect()
}

fn labels(labels: &[Label]) -> Vec<LabelDocument<'_>> {
    labels.iter().map(LabelDocument::from).collect()
}

fn all_labels(labels: Vec<LabelDocument<'_>>) -> deserialize::Result<Vec<Label>> {
    labels.into_iter().map(LabelDocument::into_label).collect()
}

/// A line of a document; what is empty is left out.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ItemDocument<'a> {
    sku: Cow<'a, str>,
    name: Cow<'a, str>,
    quantity: i32,
    gross: i64,
    category: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    maker: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    labels: Vec<LabelDocument<'a>>,
}

impl<'a> From<&'a Item> for ItemDocument<'a> {
    fn from(item: &'a Item) -> Self {
        Self {
            sku: item.sku.as_str().into(),
            name: item.name.as_str().into(),
            quantity: item.quantity,
            gross: item.gross.ten_thousandths(),
            category: item.category.as_str().into(),
            maker: item.maker.as_ref().map(|maker| maker.as_str().into()),
            labels: labels(&item.labels),
        }
    }
}

impl ItemDocument<'_> {
    fn into_item(self) -> deserialize::Result<Item> {
        Ok(Item {
            sku: text(self.sku.into_owned())?,
            name: text(self.name.into_owned())?,
            quantity: self.quantity,
            gross: Amount::from_ten_thousandths(self.gross),
            category: text(self.category.into_owned())?,
            maker: optional_text(self.maker.map(Cow::into_owned))?,
            labels: all_labels(self.labels)?,
        })
    }
}

/// What a till knew of the person; what is not known is left out.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct BuyerDocument<'a> {
    name: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    phone: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    loyalty_card: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tax_id: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<AddressDocument<'a>>,
}

impl<'a> From<&'a Buyer> for BuyerDocument<'a> {
    fn from(buyer: &'a Buyer) -> Self {
        Self {
            name: buyer.name.as_str().into(),
            email: buyer.email.as_ref().map(|email| email.as_str().into()),
            phone: buyer.phone.as_ref().map(|phone| phone.as_str().into()),
            loyalty_card: buyer.loyalty_card.as_ref().map(|card| card.as_str().into()),
            tax_id: buyer.tax_id.as_ref().map(|number| number.as_str().into()),
            address: buyer.address.as_ref().map(AddressDocument::from),
        }
    }
}

impl BuyerDocument<'_> {
    fn into_buyer(self) -> deserialize::Result<Buyer> {
        Ok(Buyer {
            name: text(self.name.into_owned())?,
            email: optional_text(self.email.map(Cow::into_owned))?.map(Email::from),
            phone: self.phone.map(|raw| PhoneNumber::try_from(raw.into_owned())).transpose()?,
            loyalty_card: self
                .loyalty_card
                .map(|raw| LoyaltyCard::try_from(raw.into_owned()))
                .transpose()?,
            tax_id: optional_text(self.tax_id.map(Cow::into_owned))?,
            address: self.address.map(AddressDocument::into_address).transpose()?,
        })
    }
}

/// A transaction in its event: as it was registered, with times as microseconds since 1970. Only the buyer is personal.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Snapshot<'a> {
    merchant: Uuid,
    id: Uuid,
    kind: Cow<'a, str>,
    document: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    revises: Option<Cow<'a, str>>,
    purchased_at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Option<Cow<'a, str>>,
    items: Vec<ItemDocument<'a>>,
    gross: i64,
    gross_without_delivery: i64,
    gross_excluded: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    buyer: Option<BuyerDocument<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pos: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    labels: Vec<LabelDocument<'a>>,
    registered_at: i64,
}

impl<'a> From<&'a Transaction> for Snapshot<'a> {
    fn from(transaction: &'a Transaction) -> Self {
        let totals = transaction.totals;
        Self {
            merchant: transaction.merchant.into(),
            id: transaction.id.into(),
            kind: transaction.kind.name().into(),
            document: transaction.document.as_str().into(),
            revises: transaction.kind.revised().map(|sale| sale.as_str().into()),
            purchased_at: micros(transaction.purchased_at),
            place: transaction.place.as_ref().map(|place| place.as_str().into()),
            items: items(&transaction.items),
            gross: totals.gross.ten_thousandths(),
            gross_without_delivery: totals.without_delivery.ten_thousandths(),
            gross_excluded: totals.excluded.ten_thousandths(),
            buyer: transaction.buyer.as_ref().map(BuyerDocument::from),
            pos: transaction.pos.map(Uuid::from),
            labels: labels(&transaction.labels),
            registered_at: micros(transaction.registered_at),
        }
    }
}

impl Snapshot<'_> {
    pub(super) fn into_record(self) -> deserialize::Result<Transaction> {
        let items = self.items.into_iter().map(ItemDocument::into_item);
        Ok(Transaction {
            merchant: self.merchant.into(),
            id: self.id.into(),
            kind: kind_from(&self.kind, self.revises.map(Cow::into_owned))?,
            document: DocumentNumber::try_from(self.document.into_owned())?,
            purchased_at: moment(self.purchased_at)?,
            place: optional_text(self.place.map(Cow::into_owned))?,
            items: items.collect::<deserialize::Result<_>>()?,
            totals: Totals {
                gross: Amount::from_ten_thousandths(self.gross),
                without_delivery: Amount::from_ten_thousandths(self.gross_without_delivery),
                excluded: Amount::from_ten_thousandths(self.gross_excluded),
            },
            buyer: self.buyer.map(BuyerDocument::into_buyer).transpose()?,
            pos: self.pos.map(Into::into),
            labels: all_labels(self.labels)?,
            assignment: None,
            registered_at: moment(self.registered_at)?,
        })
    }
}

/// Microseconds since 1970, the resolution of storage.
fn micros(moment: OffsetDateTime) -> i64 {
    i64::try_from(moment.unix_timestamp_nanos() / 1000).unwrap_or(i64::MAX)
}

fn moment(micros: i64) -> deserialize::Result<OffsetDateTime> {
    Ok(OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1000)?)
}
