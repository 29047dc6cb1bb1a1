//! Between the wire and the domain: forms become commands, records become bodies.

mod account;
mod admin;
mod audit;
mod calling_code;
mod choices;
mod contact;
mod customer;
mod delivery;
mod edit;
mod figure;
mod filter;
mod form;
mod import;
mod intervals;
mod invitation;
mod labels;
mod level;
mod list;
mod moment;
mod move_by_hand;
mod named;
pub(super) mod password;
mod periods;
mod picture;
mod points;
mod pos;
mod profile;
mod push_token;
mod reader;
mod refusal;
mod registration;
mod search;
mod seller;
mod settings;
mod sheet;
mod sort;
mod status;
mod target;
mod transaction;
mod transaction_assignment;

use domain::Secret;
use domain::access::Actor;
use domain::account::PasswordStrength;
use domain::customer::{CreateCustomer, Criterion, Demands, TextMatch, UpdateCustomer};
use domain::merchant::{Language, Merchant};

pub(super) use account::{actor_of, claims};
pub(super) use admin::{admin_body, admin_query, admin_terms, own_terms, refused_admin};
pub(super) use audit::{audit_entry, audit_query};
pub(super) use choices::{choices, statuses};
pub(super) use customer::{Showcase, details, list_item, shops_of};
pub(super) use delivery::Deliveries;
pub(super) use form::Form;
pub(super) use import::{import_form, import_item, import_report, refused_file, too_large};
pub(super) use intervals::intervals;
pub(super) use invitation::{InvitationForm, invitation, invitation_query};
pub(super) use level::{
    full_level, is_switched_on, level_customer, level_customer_query, level_query, level_terms,
    reachable_level,
};
pub(super) use list::list_query;
pub(super) use move_by_hand::{named_level, refused_level};
pub(super) use named::named_id;
pub(super) use periods::Periods;
pub(super) use picture::{PictureForm, avatar_upload, served_type, unreadable};
pub(super) use points::{PointsForm, named_customer, spent_points, transfer, transfer_query};
pub(super) use pos::{pos_body, pos_query, pos_terms, refused_pos};
pub(super) use push_token::PushTokenForm;
pub(super) use refusal::refused_code;
pub(super) use search::search;
pub(super) use seller::{
    named_pos, refused_seller, register_terms, seller_body, seller_query, seller_terms,
};
pub(super) use settings::{changed_settings, method, settings_body};
pub(super) use status::programme_status;
pub(super) use target::{Programme, Targets};
pub(super) use transaction::{TransactionForm, sales_figures, transaction, transaction_query};
pub(super) use transaction_assignment::{AssignmentForm, NamedCustomer};

use super::errors::Error;
use crate::http::form::FormValue;
use crate::http::zone::Zone;

/// What this contract insists on being unique (`domain.md` §4).
pub(super) const DEMANDS: Demands =
    Demands { email: true, loyalty_card: true, phone: true, mobile: false };

/// The customer that a registration form asks for.
pub(super) fn registration(
    form: &Form,
    root: Option<&FormValue>,
    programme: &Programme<'_>,
    caller: Actor,
) -> Result<CreateCustomer, Error> {
    // Without its root the form counts as not sent: refused, and no field is to blame (contract 1.2).
    let root = root.ok_or_else(|| Error::form(form.refusal(&Vec::new())))?;
    registration::command(form, root, programme, caller)
        .map_err(|errors| Error::form(form.refusal(&errors)))
}

/// The customer that somebody makes of himself, and the password that he chose, which must be of some strength (contract
/// 4.1).
pub(super) fn self_registration(
    form: &Form,
    root: Option<&FormValue>,
    programme: &Programme<'_>,
    strength: PasswordStrength,
) -> Result<(CreateCustomer, Secret<String>), Error> {
    let root = root.ok_or_else(|| Error::form(form.refusal(&Vec::new())))?;
    registration::command_by_oneself(form, root, programme, strength)
        .map_err(|errors| Error::form(form.refusal(&errors)))
}

/// What a registration form shows to be known as an invited one (contract 4.1); nothing, if it shows nothing.
pub(super) fn invitation_token(root: Option<&FormValue>) -> Option<&str> {
    match root?.get("invitationToken")? {
        FormValue::Text(text) => Some(text.trim()).filter(|token| !token.is_empty()),
        FormValue::Null | FormValue::Bool(_) | FormValue::Number(_) | FormValue::Map(_) => None,
    }
}

/// The change that an edit form asks for; nothing, when the form was not sent (contract E12).
pub(super) fn edit(
    form: &Form,
    root: Option<&FormValue>,
    programme: &Programme<'_>,
    caller: Actor,
) -> Result<UpdateCustomer, Error> {
    let Some(root) = root else { return Ok(UpdateCustomer::default()) };
    edit::command(form, root, programme, caller).map_err(|error| match error {
        edit::EditError::Fields(errors) => Error::form(form.refusal(&errors)),
        edit::EditError::HalfCompany => Error::HalfCompany,
    })
}

/// The customers whose e-mail address or phone number is exactly the given text; `None` for a text that nobody can have
/// (contract E09).
pub(super) fn reachable_by(parameters: &FormValue) -> Option<Criterion> {
    let FormValue::Text(value) = parameters.get("emailOrPhone")? else { return None };
    let plausible = !value.is_empty() && value != "null" && filter::is_needle(value);
    plausible.then(|| Criterion::EmailOrPhone(TextMatch::Equals(value.clone())))
}

/// The language that a request asks for (contract 1.12), whether the programme has it or not.
pub(super) fn locale(parameters: &FormValue) -> Option<Language> {
    match parameters.get("_locale") {
        Some(FormValue::Text(locale)) => Language::try_from(locale.as_str()).ok(),
        _ => None,
    }
}

/// The time zone of a programme; universal time, should its name mean nothing.
pub(super) fn zone(merchant: &Merchant) -> Zone {
    Zone::named(merchant.time_zone.as_str()).unwrap_or_else(|_| Zone::utc())
}
