//! The registration form (contract E10, E32 and E35).

use domain::Secret;
use domain::access::Actor;
use domain::account::PasswordStrength;
use domain::customer::{
    Activation, Agreements, Company, CreateCustomer, Gender, LoyaltyCard, Name, References,
    StartLevel,
};
use domain::merchant::CommunicationMethod;
use domain::message::MessageKind;
use domain::text::Line;
use time::OffsetDateTime;

use super::form::{BLANK, Errors, Field, Form, NOT_VALID};
use super::reader::{Given, Reader};
use super::target::Programme;
use super::{contact, labels, moment, password, profile};
use crate::http::form::FormValue;

/// The customer that a form asks for, who is told of it.
pub(super) fn command(
    form: &Form,
    root: &FormValue,
    programme: &Programme<'_>,
    caller: Actor,
) -> Result<CreateCustomer, Errors> {
    let mut fields = Reader::new(form, root);
    let command = CreateCustomer {
        pos: programme.pos(&mut fields).value(),
        seller: programme.seller(form, &mut fields).value(),
        activation: activation(programme, caller),
        notices: vec![MessageKind::AccountCreated],
        ..customer(&mut fields, programme)
    };
    fields.finish().map(|()| command)
}

/// The customer that somebody makes of himself, and his password.
pub(super) fn command_by_oneself(
    form: &Form,
    root: &FormValue,
    programme: &Programme<'_>,
    strength: PasswordStrength,
) -> Result<(CreateCustomer, Secret<String>), Errors> {
    let mut fields = Reader::new(form, root);
    let command = customer(&mut fields, programme);
    let password = password(&mut fields, strength);
    fields.finish().map(|()| (command, password))
}

/// What every registration says.
fn customer(reader: &mut Reader<'_>, programme: &Programme<'_>) -> CreateCustomer {
    // What the token means is not the form's business; only a value of no kind is wrong.
    let _ = reader.text(Field::InvitationToken);
    let (needs_email, needs_phone) = match programme.merchant.settings.communication {
        CommunicationMethod::Email => (true, false),
        CommunicationMethod::Sms => (false, true),
    };
    CreateCustomer {
        name: Name::Divided {
            first: required_line(reader, Field::FirstName),
            last: required_line(reader, Field::LastName),
        },
        gender: Some(profile::gender(reader).value().unwrap_or(Gender::NotDisclosed)),
        email: demanded(reader, Field::Email, needs_email, contact::email),
        phone: demanded(reader, Field::Phone, needs_phone, contact::phone),
        birth_date: birth_date(reader, programme),
        created_at: created_at(reader, programme),
        // A customer made here always has an address, be it an empty one (contract 9.1).
        primary_address: Some(profile::address(reader).value().unwrap_or_default()),
        company: company(reader),
        loyalty_card: loyalty_card(reader),
        labels: labels::labels(reader).value().unwrap_or_default(),
        agreements: agreements(reader),
        references: References {
            referral_email: reader.line(Field::ReferralEmail).value(),
            ..References::default()
        },
        start_level: start_level(reader, programme),
        ..CreateCustomer::default()
    }
}

fn password(reader: &mut Reader<'_>, strength: PasswordStrength) -> Secret<String> {
    let given = password::text(reader.raw(Field::PlainPassword));
    match &given {
        Ok(given) => {
            for message in password::violations(given.expose(), strength) {
                reader.note(Field::PlainPassword, message);
            }
        }
        Err(message) => reader.note(Field::PlainPassword, message),
    }
    given.unwrap_or_else(|_| Secret::new(String::new()))
}

fn required_line(reader: &mut Reader<'_>, field: Field) -> Line {
    demanded(reader, field, true, |text| Line::try_from(text).map_err(|_| NOT_VALID))
        .unwrap_or_default()
}

fn demanded<T>(
    reader: &mut Reader<'_>,
    field: Field,
    needed: bool,
    parse: impl FnOnce(String) -> Result<T, &'static str>,
) -> Option<T> {
    let given = reader.parsed(field, parse);
    if needed && matches!(given, Given::Absent | Given::Empty) {
        reader.note(field, BLANK);
    }
    given.value()
}

/// What is no birth date is no error either: it is not set (contract 1.4).
fn birth_date(reader: &mut Reader<'_>, programme: &Programme<'_>) -> Option<OffsetDateTime> {
    let text = reader.text(Field::BirthDate).value()?;
    moment::birth_date(&text, &programme.zone)
}

fn created_at(reader: &mut Reader<'_>, programme: &Programme<'_>) -> Option<OffsetDateTime> {
    let read = |text: String| moment::moment(&text, &programme.zone).ok_or(NOT_VALID);
    reader.parsed(Field::CreatedAt, read).value()
}

/// Half a company is dropped without a word here; on a change it is an error.
fn company(reader: &mut Reader<'_>) -> Option<Company> {
    profile::company(reader).value()?.whole()
}

fn loyalty_card(reader: &mut Reader<'_>) -> Option<LoyaltyCard> {
    let read = |text: String| LoyaltyCard::try_from(text).map_err(|_| NOT_VALID);
    reader.parsed(Field::LoyaltyCard, read).value()
}

fn agreements(reader: &mut Reader<'_>) -> Agreements {
    let agreements = Agreements {
        terms: reader.checkbox(Field::Agreement1).unwrap_or(false),
        marketing: reader.checkbox(Field::Agreement2).unwrap_or(false),
        third: reader.checkbox(Field::Agreement3).unwrap_or(false),
    };
    if !agreements.terms {
        reader.note(Field::Agreement1, BLANK);
    }
    agreements
}

fn start_level(reader: &mut Reader<'_>, programme: &Programme<'_>) -> StartLevel {
    programme.active_level(reader).value().map_or(StartLevel::Required, StartLevel::Manual)
}

/// An admin's customers are active at once; a seller's are too, unless a code is sent to the phone first (contract E32).
fn activation(programme: &Programme<'_>, caller: Actor) -> Activation {
    match (caller, programme.merchant.settings.communication) {
        (Actor::Seller(_), CommunicationMethod::Sms) => Activation::Pending,
        _ => Activation::Immediate,
    }
}
