//! The form of a change (contract E12). What is not sent stays; what is sent empty goes, where it can.

use domain::Change;
use domain::access::Actor;
use domain::customer::{
    Address, AddressChange, Company, Email, LevelChoice, LoyaltyCard, PhoneNumber, UpdateCustomer,
};
use domain::merchant::CommunicationMethod;
use time::OffsetDateTime;

use super::contact::{self, PHONE_FORMAT};
use super::form::{Errors, Field, Form, NOT_VALID};
use super::reader::{Given, Reader};
use super::target::Programme;
use super::{labels, moment, profile};
use crate::http::form::FormValue;

/// Why a form changes nothing.
#[derive(Debug)]
pub(super) enum EditError {
    /// Fields are wrong.
    Fields(Errors),
    /// Only one part of the company was sent, at which the vendor breaks (contract E12).
    HalfCompany,
}

/// What customers may not change themselves where profiles are closed (contract E12).
const PROTECTED: [Field; 10] = [
    Field::FirstName,
    Field::LastName,
    Field::Gender,
    Field::Email,
    Field::Phone,
    Field::BirthDate,
    Field::Address,
    Field::Company,
    Field::LoyaltyCard,
    Field::Labels,
];
const NO_PERMISSION: &str = "You don't have permission to edit this data.";

/// The change that a form asks for.
pub(super) fn command(
    form: &Form,
    root: &FormValue,
    programme: &Programme<'_>,
    caller: Actor,
) -> Result<UpdateCustomer, EditError> {
    let mut fields = Reader::new(form, root);
    if matches!(caller, Actor::Customer(_))
        && !programme.merchant.settings.customers_edit_profiles
        && refuse_protected(&mut fields)
    {
        return fields.finish().map(|()| UpdateCustomer::default()).map_err(EditError::Fields);
    }
    let reader = &mut fields;
    check_created_at(reader, programme);
    let company = company(reader);
    let mut command = UpdateCustomer {
        first_name: reader.line(Field::FirstName).value(),
        last_name: reader.line(Field::LastName).value(),
        gender: profile::gender(reader).value().map_or(Change::Keep, Change::Set),
        email: email(reader),
        phone: phone(reader, programme.merchant.settings.communication),
        birth_date: birth_date(reader, programme),
        primary_address: match profile::address(reader) {
            Given::Value(address) => AddressChange::Replace(address),
            Given::Empty => AddressChange::Replace(Address::default()),
            Given::Absent | Given::Wrong => AddressChange::Keep,
        },
        loyalty_card: loyalty_card(reader),
        labels: labels::labels(reader).change(),
        agrees_to_terms: reader.checkbox(Field::Agreement1),
        accepts_marketing: reader.checkbox(Field::Agreement2),
        agrees_to_third: reader.checkbox(Field::Agreement3),
        ..UpdateCustomer::default()
    };
    // A participant's client sends these three back with every save; for him they are not there.
    if !matches!(caller, Actor::Customer(_)) {
        command.level = programme.active_level(reader).value().map(|level| LevelChoice {
            level,
            period: programme.merchant.settings.tiers.period_after_move(),
        });
        command.pos = programme.pos(reader).value().and_then(|pos| programme.other_pos(pos));
        command.seller = programme
            .seller(form, reader)
            .value()
            .and_then(|seller| programme.other_seller(seller));
    }
    fields.finish().map_err(EditError::Fields)?;
    command.company = company.map_err(|HalfCompany| EditError::HalfCompany)?;
    Ok(command)
}

/// Notes each protected field that was sent; tells whether there is one.
fn refuse_protected(reader: &mut Reader<'_>) -> bool {
    let sent = PROTECTED.map(|field| (field, reader.raw(field).is_some()));
    let sent: Vec<_> = sent.into_iter().filter(|(_, is_sent)| *is_sent).collect();
    for (field, _) in &sent {
        reader.note(*field, NO_PERMISSION);
    }
    !sent.is_empty()
}

/// Accepted and not applied; but it has to be a moment.
fn check_created_at(reader: &mut Reader<'_>, programme: &Programme<'_>) {
    reader.parsed(Field::CreatedAt, |text| moment::moment(&text, &programme.zone).ok_or(NOT_VALID));
}

/// An empty address is erased, in every programme: the vendor's page says so.
fn email(reader: &mut Reader<'_>) -> Change<Email> {
    reader.parsed(Field::Email, contact::email).change()
}

/// An empty number is kept as an empty one, which the vendor shows; not where it is the way to the customer.
fn phone(reader: &mut Reader<'_>, communication: CommunicationMethod) -> Change<PhoneNumber> {
    match (reader.parsed(Field::Phone, contact::phone), communication) {
        (Given::Empty, CommunicationMethod::Sms) => {
            reader.note(Field::Phone, PHONE_FORMAT);
            Change::Keep
        }
        (Given::Empty, CommunicationMethod::Email) => {
            PhoneNumber::try_from("").map_or(Change::Keep, Change::Set)
        }
        (given, _) => given.change(),
    }
}

/// What is no birth date removes the date, as an empty one does.
fn birth_date(reader: &mut Reader<'_>, programme: &Programme<'_>) -> Change<OffsetDateTime> {
    match reader.text(Field::BirthDate) {
        Given::Value(text) => Change::to(moment::birth_date(&text, &programme.zone)),
        Given::Empty => Change::Clear,
        Given::Absent | Given::Wrong => Change::Keep,
    }
}

fn loyalty_card(reader: &mut Reader<'_>) -> Change<LoyaltyCard> {
    let read = |text: String| LoyaltyCard::try_from(text).map_err(|_| NOT_VALID);
    match reader.parsed(Field::LoyaltyCard, read) {
        Given::Empty => LoyaltyCard::try_from("").map_or(Change::Keep, Change::Set),
        given => given.change(),
    }
}

struct HalfCompany;

fn company(reader: &mut Reader<'_>) -> Result<Change<Company>, HalfCompany> {
    match profile::company(reader) {
        Given::Value(parts) => parts.whole().map(Change::Set).ok_or(HalfCompany),
        Given::Empty => Ok(Change::Clear),
        Given::Absent | Given::Wrong => Ok(Change::Keep),
    }
}
