//! Customers as bodies (contract 9.1 and 9.2).

use std::collections::{BTreeMap, BTreeSet};

use domain::customer::{Address, Customer, Email, Gender, Label, LoyaltyCard, PhoneNumber, Status};
use domain::id::PointOfSaleId;
use domain::level::{Ladder, Level};
use domain::merchant::{Language, Merchant};
use domain::pos::PointOfSale;
use time::OffsetDateTime;

use super::super::wire::customer::{
    AddressBody, CompanyBody, CustomerBody, LabelBody, LevelBody, LevelIdBody, ManualLevel,
    StatusBody, TranslationBody,
};
use super::figure;
use crate::http::form::FormValue;
use crate::http::zone::Zone;

/// Everything that is shown with a customer and is not part of it.
pub(crate) struct Showcase<'s> {
    merchant: &'s Merchant,
    ladder: &'s Ladder,
    zone: Zone,
    locale: Option<Language>,
    shops: BTreeMap<PointOfSaleId, &'s PointOfSale>,
}

impl<'s> Showcase<'s> {
    /// The surroundings of customers of a merchant; `_locale` chooses the language (contract 1.12).
    pub(crate) fn new(
        merchant: &'s Merchant,
        ladder: &'s Ladder,
        shops: &'s [PointOfSale],
        parameters: &FormValue,
    ) -> Self {
        let locale = super::locale(parameters);
        let shops = shops.iter().map(|pos| (pos.id, pos)).collect();
        Self { zone: super::zone(merchant), merchant, ladder, locale, shops }
    }

    /// A moment in the programme's zone.
    pub(super) fn moment(&self, at: OffsetDateTime) -> String {
        self.zone.format_basic(at)
    }
}

/// The points of sale that customers belong to, each once.
pub(crate) fn shops_of(customers: &[Customer]) -> Vec<PointOfSaleId> {
    let shops: BTreeSet<_> = customers.iter().filter_map(|customer| customer.pos).collect();
    shops.into_iter().collect()
}

/// A customer in a list.
pub(crate) fn list_item<'c>(
    customer: &'c Customer,
    showcase: &'c Showcase<'_>,
) -> CustomerBody<'c> {
    let date = |moment| showcase.zone.format_basic(moment);
    let level = customer.level.and_then(|assigned| showcase.ladder.level(assigned.level));
    let avatar = customer.avatar.as_ref();
    let purchases = &customer.purchases;
    CustomerBody {
        customer_id: customer.id.into(),
        active: customer.status == Status::Active,
        pos_id: customer.pos.map(Into::into),
        seller_id: customer.seller.map(Into::into),
        first_name: customer.name.first(),
        last_name: customer.name.last(),
        gender: customer.gender.map(gender),
        email: customer.email.as_ref().map(Email::as_str),
        // Who has no phone is shown with the mobile number (`domain.md` §3).
        phone: customer.phone.as_ref().or(customer.mobile.as_ref()).map(PhoneNumber::as_str),
        birth_date: customer.birth_date.map(date),
        last_level_recalculation: customer.level_recalculated_at.map(date),
        address: customer.primary_address.as_ref().map(address_body),
        loyalty_card_number: customer.loyalty_card.as_ref().map(LoyaltyCard::as_str),
        created_at: date(customer.created_at),
        id: None,
        level_id: customer.level.map(|assigned| assigned.level.into()),
        manually_assigned_level_id: customer
            .level
            .filter(|assigned| assigned.manual)
            .map(|assigned| ManualLevel { level_id: assigned.level.into() }),
        agreement1: customer.agreements.terms,
        agreement2: customer.agreements.marketing,
        agreement3: customer.agreements.third,
        company: customer.company.as_ref().map(|company| CompanyBody {
            name: company.name.as_str(),
            nip: company.tax_id.as_str(),
        }),
        status: status(customer.status),
        updated_at: date(customer.updated_at),
        campaign_purchases: [],
        transactions_count: purchases.count,
        transactions_amount: figure::amount(purchases.amount),
        transactions_amount_without_delivery_costs: figure::amount(
            purchases.amount_without_delivery,
        ),
        amount_excluded_for_level: figure::amount(purchases.amount_excluded_from_level),
        average_transaction_amount: figure::number(purchases.average()),
        last_transaction_date: purchases.last_at.map(date),
        labels: label_bodies(&customer.labels),
        level: level.map(|level| level_body(level, showcase)),
        version: None,
        avatar_path: avatar.map(|avatar| avatar.path.as_str()),
        avatar_original_name: avatar.map(|avatar| avatar.original_name.as_str()),
        avatar_mime: avatar.map(|avatar| avatar.media_type.as_str()),
        currency: showcase.merchant.currency.lower(),
        segments: None,
        level_percent: level.map(|level| figure::percent(level.reward.value)),
        pos_identifier: customer
            .pos
            .and_then(|pos| showcase.shops.get(&pos))
            .map(|pos| pos.identifier.as_str()),
    }
}

/// A customer by itself: a list item and four things more.
pub(crate) fn details<'c>(customer: &'c Customer, showcase: &'c Showcase<'_>) -> CustomerBody<'c> {
    let item = list_item(customer, showcase);
    let level = item.level.map(|level| LevelBody {
        level_id: LevelIdBody { level_id: Some(level.level_id.id), ..level.level_id },
        ..level
    });
    CustomerBody {
        id: item.level_id,
        version: Some(customer.version),
        segments: Some([]),
        level,
        ..item
    }
}

pub(super) fn gender(gender: Gender) -> &'static str {
    match gender {
        Gender::Male => "male",
        Gender::Female => "female",
        Gender::NotDisclosed => "not_disclosed",
    }
}

/// Labels in their order.
pub(super) fn label_bodies(labels: &[Label]) -> Vec<LabelBody<'_>> {
    labels
        .iter()
        .map(|label| LabelBody { key: label.key.as_str(), value: label.value.as_str() })
        .collect()
}

/// An address.
pub(super) fn address_body(address: &Address) -> AddressBody<'_> {
    AddressBody {
        street: address.street.as_str(),
        address1: address.house.as_str(),
        address2: address.unit.as_str(),
        province: address.province.as_str(),
        city: address.city.as_str(),
        postal: address.postal_code.as_str(),
        country: address.country.as_str(),
    }
}

fn status(status: Status) -> StatusBody {
    let (kind, state) = match status {
        Status::New => ("new", None),
        Status::Active => ("active", Some("no-card")),
        Status::Blocked => ("blocked", None),
        Status::Anonymized => ("deleted", None),
    };
    StatusBody {
        available_types: ["new", "active", "blocked", "deleted"],
        available_states: ["no-card", "card-sent", "with-card"],
        kind,
        state,
    }
}

fn level_body<'c>(level: &'c Level, showcase: &'c Showcase<'_>) -> LevelBody<'c> {
    let default = showcase.merchant.languages.first();
    let translation = |(language, text): (&'c Language, &'c domain::level::LevelText)| {
        (language.as_str(), TranslationBody { name: text.name.as_str() })
    };
    LevelBody {
        level_id: LevelIdBody { id: level.id.into(), level_id: None },
        name: level.name(showcase.locale.as_ref(), default),
        translations: level.texts.iter().map(translation).collect(),
    }
}
