//! What the merchant's webhook is told of events (contract, section 8).

use std::collections::BTreeMap;

use domain::Secret;
use domain::customer::{Customer, Email, Gender, LoyaltyCard, PhoneNumber};
use domain::delivery::{Fact, Order, RenderError, Rendered, Renderer, Target};
use domain::event::{EventKind, RecordedEvent};
use domain::id::{DeliveryId, LevelId};
use domain::merchant::Merchant;
use domain::money::Amount;
use domain::secret::SecretError;
use domain::text::Text;
use domain::transaction::{Buyer, Transaction};
use serde::Serialize;
use time::OffsetDateTime;

use super::super::wire::customer::CompanyBody;
use super::super::wire::delivery::{
    AssignmentTold, BuyerData, CustomerTold, Delivery, ExpiringLevel, ExpiringPoints, LevelTold,
    PointsTold, RegistrationData, RegistrationTold, Reminded, TransactionData, TransactionTold,
};
use super::customer::{address_body, gender, label_bodies};
use super::transaction::{document_type, item_body};
use super::{figure, zone};

/// Writes deliveries of programmes.
pub(crate) struct Deliveries;

impl Renderer for Deliveries {
    fn body(&self, order: Order<'_>) -> Result<Vec<u8>, RenderError> {
        let Target::Settings { levels, .. } = order.target else { return Err(RenderError) };
        match order.fact {
            Fact::Customer(recorded) => about_customer(recorded, order.merchant, levels),
            Fact::Transaction(recorded) => {
                told("transaction.registered", transaction(&recorded.record, order.merchant))
            }
            Fact::Endpoint(_) => Err(RenderError),
        }
    }

    fn headers(
        &self,
        order: Order<'_>,
        _: DeliveryId,
        _: &[u8],
    ) -> Result<Vec<Rendered>, SecretError> {
        let Target::Settings { header, .. } = order.target else { return Ok(Vec::new()) };
        let ours = [("Content-Type", "application/json"), ("User-Agent", "OpenLoyalty")];
        let ours = ours.map(|(name, value)| Rendered {
            name: name.into(),
            value: Secret::new(value.to_owned()),
        });
        let chosen = header.iter().map(|(name, value)| Rendered {
            name: name.clone().into(),
            value: Secret::new(value.clone()),
        });
        Ok(ours.into_iter().chain(chosen).collect())
    }
}

fn about_customer(
    recorded: &RecordedEvent,
    merchant: &Merchant,
    levels: &BTreeMap<LevelId, String>,
) -> Result<Vec<u8>, RenderError> {
    let customer = &recorded.record;
    let customer_id = customer.id.into();
    let name = |level: LevelId| levels.get(&level).map(String::as_str);
    match &recorded.event.kind {
        EventKind::CustomerCreated => told(
            "customer.registered",
            RegistrationTold { customer_id, data: registration(customer) },
        ),
        EventKind::CustomerUpdated(_) | EventKind::CustomerAnonymized => {
            told("customer.updated", CustomerTold { customer_id })
        }
        EventKind::CustomerDeactivated => {
            told("customer.deactivated", CustomerTold { customer_id })
        }
        EventKind::LevelChanged { to, .. } => {
            told("customer.level_changed", level_told(customer, *to, levels, None))
        }
        EventKind::LevelMoved { to, direction } => {
            let told_level = level_told(customer, *to, levels, Some(direction.name()));
            told("customer.level_changed_automatically", told_level)
        }
        EventKind::PointsChanged { amount, change, .. } => {
            let more = *change >= Amount::ZERO;
            let points = PointsTold {
                customer_id,
                amount: figure::amount(*amount),
                amount_change: figure::amount(change.magnitude()),
                amount_change_type: if more { "add" } else { "subtract" },
            };
            told("account.available_points_amount_changed", points)
        }
        EventKind::PointsExpiring { amount, at } => {
            let points_will_expire = zone(merchant).format_extended(*at);
            let what = ExpiringPoints { points: figure::amount(*amount), points_will_expire };
            told("account.expiring_points_notification", [reminded(customer, what)])
        }
        EventKind::LevelExpiring { level, future, .. } => {
            let what = ExpiringLevel {
                level_id: (*level).into(),
                level_name: name(*level),
                future_level_id: (*future).into(),
                future_level_name: name(*future),
            };
            told("account.expiring_level_notification", [reminded(customer, what)])
        }
        EventKind::TransactionAssigned { transaction } => {
            let transaction_id = (*transaction).into();
            let assignment = AssignmentTold { transaction_id, customer_id };
            told("transaction.assigned_to_customer", assignment)
        }
        EventKind::CustomerDeleted
        | EventKind::CustomerActivated
        | EventKind::NewsletterAnnounced
        | EventKind::ManualLevelRemoved
        | EventKind::EndpointFailing { .. }
        | EventKind::TransactionRegistered => Err(RenderError),
    }
}

fn level_told<'l>(
    customer: &Customer,
    to: Option<LevelId>,
    levels: &'l BTreeMap<LevelId, String>,
    level_move: Option<&'static str>,
) -> LevelTold<'l> {
    LevelTold {
        customer_id: customer.id.into(),
        level_id: to.map(|level| level.to_string()).unwrap_or_default(),
        level_name: to.and_then(|level| levels.get(&level)).map(String::as_str),
        level_move,
    }
}

fn told(kind: &'static str, data: impl Serialize) -> Result<Vec<u8>, RenderError> {
    serde_json::to_vec(&Delivery { kind, data }).map_err(|_| RenderError)
}

/// The form that the record would have come from. A level is part of it when somebody chose it.
fn registration(customer: &Customer) -> RegistrationData<'_> {
    let chosen = customer.level.filter(|assigned| assigned.manual);
    let company = customer.company.as_ref();
    RegistrationData {
        first_name: customer.name.first(),
        last_name: customer.name.last(),
        gender: gender(customer.gender.unwrap_or(Gender::NotDisclosed)),
        email: customer.email.as_ref().map(Email::as_str),
        phone: phone(customer),
        birth_date: customer.birth_date.map(OffsetDateTime::unix_timestamp),
        created_at: customer.created_at.unix_timestamp(),
        address: customer.primary_address.as_ref().map(address_body),
        company: company.map(|company| CompanyBody {
            name: company.name.as_str(),
            nip: company.tax_id.as_str(),
        }),
        loyalty_card_number: customer.loyalty_card.as_ref().map(LoyaltyCard::as_str),
        labels: label_bodies(&customer.labels),
        agreement1: customer.agreements.terms,
        agreement2: customer.agreements.marketing,
        agreement3: customer.agreements.third,
        referral_customer_email: customer.references.referral_email.as_ref().map(Text::as_str),
        level_id: chosen.map(|assigned| assigned.level.into()),
        pos_id: customer.pos.map(Into::into),
        seller_id: customer.seller.map(Into::into),
    }
}

fn reminded<W>(customer: &Customer, what: W) -> Reminded<'_, W> {
    Reminded {
        customer_id: customer.id.into(),
        customer_email: customer.email.as_ref().map(Email::as_str),
        customer_phone: phone(customer),
        customer_loyalty_card_number: customer.loyalty_card.as_ref().map(LoyaltyCard::as_str),
        customer_first_name: customer.name.first(),
        customer_last_name: customer.name.last(),
        what,
    }
}

/// Who has no phone is shown with the mobile number (`domain.md` §3).
fn phone(customer: &Customer) -> Option<&str> {
    customer.phone.as_ref().or(customer.mobile.as_ref()).map(PhoneNumber::as_str)
}

fn transaction<'t>(transaction: &'t Transaction, merchant: &Merchant) -> TransactionTold<'t> {
    TransactionTold {
        transaction_id: transaction.id.into(),
        transaction_data: TransactionData {
            document_type: document_type(&transaction.kind),
            document_number: transaction.document.as_str(),
            purchase_place: transaction.place.as_ref().map(Text::as_str),
            purchase_date: zone(merchant).format_extended(transaction.purchased_at),
        },
        customer_data: transaction.buyer.as_ref().map(buyer).unwrap_or_default(),
        items: transaction.items.iter().map(item_body).collect(),
        post_id: transaction.pos.map(Into::into),
    }
}

fn buyer(buyer: &Buyer) -> BuyerData<'_> {
    BuyerData {
        name: Some(buyer.name.as_str()),
        email: buyer.email.as_ref().map(Email::as_str),
        phone: buyer.phone.as_ref().map(PhoneNumber::as_str),
        loyalty_card_number: buyer.loyalty_card.as_ref().map(LoyaltyCard::as_str),
        nip: buyer.tax_id.as_ref().map(Text::as_str),
        address: buyer.address.as_ref().map(address_body),
    }
}

#[cfg(test)]
mod tests;
