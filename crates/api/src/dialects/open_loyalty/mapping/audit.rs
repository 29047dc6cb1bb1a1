//! The audit log: its filters and its entries (contract 4.9).

use domain::audit::{AuditCriterion, AuditEntry, AuditKind, AuditQuery};
use domain::customer::{Attribute, Changes, Customer};
use domain::event::{EventKind, RecordedEvent};
use domain::merchant::Merchant;
use serde_json::{Map, Value, json};

use super::super::errors::Error;
use super::super::wire::audit::{AuditLogBody, AuditLogId};
use super::customer::{Showcase, list_item};
use super::{filter, moment, sort};
use crate::http::form::FormValue;

/// What all entries are about.
const ENTITY: &str = "customer";
/// Who did something without logging in.
const NOBODY: &str = "<notlogged>";

/// The vendor's names of what happened.
const NAMES: [(AuditKind, &str); 10] = [
    (AuditKind::Viewed, "ViewCustomer"),
    (AuditKind::Registered, "RegisterCustomer"),
    (AuditKind::Updated, "UpdateCustomerDetails"),
    (AuditKind::AgreementsUpdated, "AgreementsUpdated"),
    (AuditKind::PosAssigned, "AssignPosToCustomer"),
    (AuditKind::Activated, "ActivateCustomer"),
    (AuditKind::Deactivated, "DeactivateCustomer"),
    (AuditKind::LevelMoved, "MoveCustomerToLevel"),
    (AuditKind::Anonymized, "AnonymizeCustomer"),
    (AuditKind::Deleted, "DeleteCustomer"),
];

/// The fields of a customer, by what changes when they do.
const FIELDS: [(Attribute, &[&str]); 11] = [
    (Attribute::Name, &["firstName", "lastName"]),
    (Attribute::Email, &["email"]),
    (Attribute::Phone, &["phone"]),
    (Attribute::Gender, &["gender"]),
    (Attribute::BirthDate, &["birthDate"]),
    (Attribute::PrimaryAddress, &["address"]),
    (Attribute::Company, &["company"]),
    (Attribute::LoyaltyCard, &["loyaltyCardNumber"]),
    (Attribute::Labels, &["labels"]),
    (Attribute::Agreements, &["agreement1", "agreement3"]),
    (Attribute::AcceptsMarketing, &["agreement2"]),
];

/// The part of the log that the parameters describe; `None` where no entry can fit.
pub(crate) fn audit_query(
    parameters: &FormValue,
    merchant: &Merchant,
) -> Result<Option<AuditQuery>, Error> {
    let given = |name: &str| filter::given(parameters, name).map_err(|_| Error::BadRequest);
    let mut criteria = Vec::new();
    let mut possible = given("entityType")?.is_none_or(|kind| kind == ENTITY);
    let mut fits = |criterion: Option<AuditCriterion>| match criterion {
        Some(criterion) => criteria.push(criterion),
        None => possible = false,
    };
    if let Some(name) = given("eventType")? {
        let kind = NAMES.iter().find(|(_, known)| *known == name);
        fits(kind.map(|(kind, _)| AuditCriterion::Kind(*kind)));
    }
    if let Some(id) = given("entityId")? {
        fits(id.parse().ok().map(AuditCriterion::Customer));
    }
    if let Some(id) = given("auditLogId")? {
        fits(id.parse().ok().map(AuditCriterion::Entry));
    }
    match given("username")? {
        None => {}
        Some(NOBODY) => fits(Some(AuditCriterion::Nobody)),
        Some(name) => fits(Some(AuditCriterion::Username(name.to_owned()))),
    }
    let zone = super::zone(merchant);
    for (name, criterion) in [
        ("createdAtFrom", AuditCriterion::From as fn(_) -> AuditCriterion),
        ("createdAtTo", AuditCriterion::To),
    ] {
        if let Some(text) = given(name)? {
            let at = moment::moment(text.trim(), &zone).ok_or(Error::BadRequest)?;
            fits(Some(criterion(at)));
        }
    }
    Ok(possible.then(|| AuditQuery { criteria, page: sort::page(parameters) }))
}

/// An entry of the log.
pub(crate) fn audit_entry<'l>(entry: &'l AuditEntry, showcase: &Showcase<'_>) -> AuditLogBody<'l> {
    let name = NAMES.iter().find(|(kind, _)| *kind == entry.kind).map_or("", |(_, name)| name);
    AuditLogBody {
        audit_log_id: AuditLogId { audit_log_id: entry.id.into() },
        created_at: showcase.moment(entry.at),
        event_type: name,
        entity_type: ENTITY,
        entity_id: entry.customer.into(),
        username: entry.username.as_deref().unwrap_or(NOBODY),
        data: entry.change.as_ref().map_or_else(|| json!({}), |change| data(change, showcase)),
    }
}

fn data(change: &RecordedEvent, showcase: &Showcase<'_>) -> Value {
    let RecordedEvent { event, record } = change;
    match (&event.kind, AuditKind::of(&event.kind)) {
        (EventKind::CustomerCreated, _) => customer_data(
            record,
            FIELDS.iter().map(|(attribute, _)| *attribute).collect(),
            showcase,
        ),
        (EventKind::CustomerUpdated(_), Some(AuditKind::PosAssigned)) => {
            json!(record.pos.iter().map(ToString::to_string).collect::<Vec<_>>())
        }
        (EventKind::CustomerUpdated(changes), _) => customer_data(record, *changes, showcase),
        (EventKind::LevelChanged { to, .. }, _) => {
            json!(to.iter().map(ToString::to_string).collect::<Vec<_>>())
        }
        _ => json!({}),
    }
}

/// The fields that changed, as the record had them afterwards.
fn customer_data(record: &Customer, changes: Changes, showcase: &Showcase<'_>) -> Value {
    let Ok(Value::Object(mut all)) = serde_json::to_value(list_item(record, showcase)) else {
        return json!({});
    };
    let wanted = FIELDS.iter().filter(|(attribute, _)| changes.contains(*attribute));
    let fields = wanted.flat_map(|(_, fields)| *fields);
    let kept = fields.filter_map(|field| Some(((*field).to_owned(), all.remove(*field)?)));
    Value::Object(kept.collect::<Map<_, _>>())
}
