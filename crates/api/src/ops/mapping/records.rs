//! Records, to the wire.

use std::fmt::Display;

use domain::customer::{
    Address, Agreements, Company, Customer, Gender, Label, MetadataValue, Name, PurchaseFigures,
    References, Wallet,
};
use domain::delivery::Fact;
use domain::points::PointTotals;
use domain::transaction::{Buyer, Item, Transaction};
use serde_json::Value;

use super::{figure, moment};
use crate::ops::wire::records::{
    AddressBody, AgreementsBody, BuyerBody, CompanyBody, CustomerBody, ItemBody, LabelBody,
    LevelBody, NameBody, PointsBody, PurchasesBody, RecordBody, ReferencesBody, TransactionBody,
    WalletBody,
};

/// The record of a fact. An endpoint has none: it can be read.
pub(super) fn record(fact: &Fact) -> Option<RecordBody> {
    match fact {
        Fact::Customer(told) => Some(RecordBody::Customer(Box::new(customer(&told.record)))),
        Fact::Transaction(told) => {
            Some(RecordBody::Transaction(Box::new(transaction(&told.record))))
        }
        Fact::Endpoint(_) => None,
    }
}

fn customer(record: &Customer) -> CustomerBody {
    CustomerBody {
        id: record.id.to_string(),
        number: record.number.into(),
        wallet_id: record.wallet_id.to_string(),
        version: record.version,
        status: record.status.name(),
        name: name(&record.name),
        email: optional(record.email.as_ref()),
        phone: optional(record.phone.as_ref()),
        mobile: optional(record.mobile.as_ref()),
        loyalty_card: optional(record.loyalty_card.as_ref()),
        references: references(&record.references),
        primary_address: record.primary_address.as_ref().map(address),
        shipping_address: record.shipping_address.as_ref().map(address),
        company: record.company.as_ref().map(company),
        gender: record.gender.map(Gender::name),
        birth_date: record.birth_date.map(moment),
        labels: labels(&record.labels),
        tags: record.tags.iter().map(text).collect(),
        metadata: record.metadata.iter().map(|(key, held)| (text(key), value(held))).collect(),
        description: optional(record.description.as_ref()),
        comment: optional(record.comment.as_ref()),
        agreements: agreements(record.agreements),
        wallet: wallet(record.wallet),
        image_url: optional(record.image_url.as_ref()),
        level: record
            .level
            .map(|level| LevelBody { id: level.level.to_string(), manual: level.manual }),
        pos: optional(record.pos.as_ref()),
        seller: optional(record.seller.as_ref()),
        purchases: purchases(&record.purchases),
        points: points(&record.points),
        created_at: moment(record.created_at),
        updated_at: moment(record.updated_at),
        deleted_at: record.deleted_at.map(moment),
    }
}

fn text(value: &impl Display) -> String {
    value.to_string()
}

fn optional(value: Option<&impl Display>) -> Option<String> {
    value.map(text)
}

fn name(name: &Name) -> NameBody {
    NameBody { first: name.first().to_owned(), last: name.last().to_owned(), full: name.full() }
}

fn references(references: &References) -> ReferencesBody {
    let own = references.per_application.iter();
    ReferencesBody {
        merchant_customer_id: optional(references.merchant_customer_id.as_ref()),
        external_id: optional(references.external_id.as_ref()),
        applications: own.map(|(whose, name)| (whose.to_string(), text(name))).collect(),
        referral_id: optional(references.referral_id.as_ref()),
        referral_email: optional(references.referral_email.as_ref()),
    }
}

fn address(address: &Address) -> AddressBody {
    AddressBody {
        street: text(&address.street),
        house: text(&address.house),
        unit: text(&address.unit),
        city: text(&address.city),
        province: text(&address.province),
        postal_code: text(&address.postal_code),
        country: text(&address.country),
    }
}

fn company(company: &Company) -> CompanyBody {
    CompanyBody { name: text(&company.name), tax_id: text(&company.tax_id) }
}

fn labels(labels: &[Label]) -> Vec<LabelBody> {
    let body = |label: &Label| LabelBody { key: text(&label.key), value: text(&label.value) };
    labels.iter().map(body).collect()
}

fn value(value: &MetadataValue) -> Value {
    match value {
        MetadataValue::Text(text) => Value::String(text.to_string()),
        MetadataValue::Number(number) => number
            .as_str()
            .parse()
            .map_or_else(|_| Value::String(number.to_string()), Value::Number),
        MetadataValue::Bool(truth) => Value::Bool(*truth),
    }
}

fn agreements(agreements: Agreements) -> AgreementsBody {
    let Agreements { terms, marketing, third } = agreements;
    AgreementsBody { terms, marketing, third }
}

fn wallet(wallet: Wallet) -> WalletBody {
    WalletBody { status: wallet.status.name(), set_by: wallet.set_by.name() }
}

fn purchases(figures: &PurchaseFigures) -> PurchasesBody {
    PurchasesBody {
        count: figures.count,
        amount: figure(figures.amount),
        amount_without_delivery: figure(figures.amount_without_delivery),
        amount_excluded_from_level: figure(figures.amount_excluded_from_level),
        last_at: figures.last_at.map(moment),
    }
}

fn points(totals: &PointTotals) -> PointsBody {
    PointsBody {
        available: figure(totals.available),
        earned: figure(totals.earned),
        used: figure(totals.used),
        expired: figure(totals.expired),
        locked: figure(totals.locked),
    }
}

fn transaction(record: &Transaction) -> TransactionBody {
    TransactionBody {
        id: record.id.to_string(),
        kind: record.kind.name(),
        document: record.document.to_string(),
        revised_document: optional(record.kind.revised()),
        purchased_at: moment(record.purchased_at),
        place: optional(record.place.as_ref()),
        items: record.items.iter().map(item).collect(),
        gross: figure(record.totals.gross),
        pos: optional(record.pos.as_ref()),
        labels: labels(&record.labels),
        buyer: record.buyer.as_ref().map(buyer),
        customer: optional(record.customer().as_ref()),
        registered_at: moment(record.registered_at),
    }
}

fn item(item: &Item) -> ItemBody {
    ItemBody {
        sku: text(&item.sku),
        name: text(&item.name),
        quantity: item.quantity,
        gross: figure(item.gross),
        category: text(&item.category),
        maker: optional(item.maker.as_ref()),
        labels: labels(&item.labels),
    }
}

fn buyer(buyer: &Buyer) -> BuyerBody {
    BuyerBody {
        name: text(&buyer.name),
        email: optional(buyer.email.as_ref()),
        phone: optional(buyer.phone.as_ref()),
        loyalty_card: optional(buyer.loyalty_card.as_ref()),
        tax_id: optional(buyer.tax_id.as_ref()),
        address: buyer.address.as_ref().map(address),
    }
}
