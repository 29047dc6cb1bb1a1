//! Between the vendor's bodies and the domain's commands and records.

mod fields;
mod find;
mod moment;

use domain::customer::{
    CountryCode, CreateCustomer, Email, Name, PhoneNumber, References, UpdateCustomer,
    Verification, WalletStatus,
};
use domain::id::CustomerId;
use domain::text::{Line, Text};
use domain::{Change, Secret};

use self::fields::{Fields, NULL_CHARACTER, sized};
use super::errors::Error;
use super::wire::{
    CreateRequest, Customer, DetailsRequest, LoginRequest, RefreshRequest, UpdateRequest,
};
use crate::http::zone::format_utc_milliseconds;

pub(super) use self::find::query;

/// The e-mail address and password of a login (contract 1.3).
pub(super) fn credentials(request: LoginRequest) -> Result<(String, Secret<String>), Error> {
    let mut fields = Fields::default();
    let email = fields.required("email", request.email, sized::<254>(1, 254));
    let password = fields.required("password", request.password, sized::<1000>(1, 1000));
    fields.finish()?;
    let text = |given: Option<String>| given.unwrap_or_default();
    Ok((text(email.map(Text::into_string)), Secret::new(text(password.map(Text::into_string)))))
}

/// The token of a renewal (contract 1.3).
pub(super) fn refresh_token(request: RefreshRequest) -> Result<String, Error> {
    let mut fields = Fields::default();
    let token = fields.required("refreshToken", request.refresh_token, sized::<4096>(1, 4096));
    fields.finish()?;
    Ok(token.map(Text::into_string).unwrap_or_default())
}

/// The customer that a creation describes (contract 2.2).
pub(super) fn creation(request: CreateRequest) -> Result<CreateCustomer, Error> {
    let mut fields = Fields::default();
    let email = fields.required("email", request.email, email);
    let phone = fields.optional("phoneNumber", request.phone_number, phone);
    let first = fields.required("firstName", request.first_name, sized(1, 255));
    let last = fields.required("lastName", request.last_name, sized(1, 255));
    let comment = fields.optional("comment", request.comment, sized(0, 1000));
    let external_id = fields.optional("externalId", request.external_id, sized(1, 255));
    let referral_id = fields.optional("referralId", request.referral_id, sized(1, 255));
    let verification = Verification {
        country: fields.required("country", request.country, country),
        document_id: fields.required(
            "verificationDocumentId",
            request.verification_document_id,
            sized(1, 255),
        ),
        residence_address: fields.required(
            "residenceAddress",
            request.residence_address,
            sized(1, 1000),
        ),
        tax_number: fields.optional("itn", request.itn, sized(1, 64)),
    };
    fields.finish()?;
    Ok(CreateCustomer {
        name: Name::Divided { first: first.unwrap_or_default(), last: last.unwrap_or_default() },
        email,
        phone,
        comment,
        references: References { external_id, referral_id, ..References::default() },
        verification,
        ..CreateCustomer::default()
    })
}

/// The customer that a request is about (contract 2.3).
pub(super) fn target(request: DetailsRequest) -> Result<CustomerId, Error> {
    let mut fields = Fields::default();
    let id = fields.required("id", request.id, id);
    fields.finish()?;
    id.flatten().ok_or(Error::NotFound)
}

/// The customer that an update is about, and what it changes (contract 2.4).
pub(super) fn change(request: UpdateRequest) -> Result<(CustomerId, UpdateCustomer), Error> {
    let mut fields = Fields::default();
    let id = fields.required("id", request.id, id);
    let command = UpdateCustomer {
        email: fields.replacement("email", request.email, email).map_or(Change::Keep, Change::Set),
        phone: fields.change("phoneNumber", request.phone_number, phone),
        first_name: fields.replacement("firstName", request.first_name, sized(1, 255)),
        last_name: fields.replacement("lastName", request.last_name, sized(1, 255)),
        comment: fields.change("comment", request.comment, sized(0, 1000)),
        external_id: fields.change("externalId", request.external_id, sized(1, 255)),
        verified_country: fields.replacement("country", request.country, country),
        verified_document: fields.replacement(
            "verificationDocumentId",
            request.verification_document_id,
            sized(1, 255),
        ),
        verified_residence: fields.replacement(
            "residenceAddress",
            request.residence_address,
            sized(1, 1000),
        ),
        verified_tax_number: fields.change("itn", request.itn, sized(1, 64)),
        wallet_status: fields.replacement("status", request.status, wallet_status),
        ..UpdateCustomer::default()
    };
    fields.finish()?;
    Ok((id.flatten().ok_or(Error::NotFound)?, command))
}

impl From<domain::customer::Customer> for Customer {
    fn from(customer: domain::customer::Customer) -> Self {
        let text = |line: Option<Line>| line.map(Text::into_string);
        // An emptied number, which other dialects show, is no number here.
        let phone = customer.phone.filter(|phone| !phone.is_empty());
        Self {
            id: customer.id.to_string(),
            comment: customer.comment.map(Text::into_string),
            created_at: format_utc_milliseconds(customer.created_at),
            // Customers of other dialects may have none; this contract has no null here.
            email: customer.email.as_ref().map_or("", Email::as_str).to_owned(),
            first_name: customer.name.first().to_owned(),
            last_name: customer.name.last().to_owned(),
            phone_number: phone.map(|phone| phone.as_str().to_owned()),
            external_id: text(customer.references.external_id),
            wallet_id: customer.wallet_id.to_string(),
            referral_id: text(customer.references.referral_id),
        }
    }
}

/// Any text may name a customer; one that is no UUID names nobody.
fn id(raw: &str) -> Result<Option<CustomerId>, String> {
    match raw {
        "" => Err("is required".to_owned()),
        _ if raw.contains('\0') => Err(NULL_CHARACTER.to_owned()),
        _ => Ok(raw.parse().ok()),
    }
}

fn email(raw: &str) -> Result<Email, String> {
    let trimmed = raw.trim();
    let shaped = trimmed
        .split_once('@')
        .is_some_and(|(local, host)| !local.is_empty() && !host.is_empty() && !host.contains('@'))
        && !trimmed.contains(char::is_whitespace);
    let sized = (3..=254).contains(&trimmed.chars().count());
    let email = Email::try_from(trimmed).ok().filter(|_| shaped && sized);
    email.ok_or_else(|| "must be a valid email".to_owned())
}

fn phone(raw: &str) -> Result<PhoneNumber, String> {
    let text = sized::<32>(1, 32)(raw)?;
    PhoneNumber::try_from(text.into_string()).map_err(|error| error.to_string())
}

fn country(raw: &str) -> Result<Line, String> {
    raw.parse::<CountryCode>()
        .map(Line::from)
        .map_err(|_| "must be an ISO 3166-1 alpha-2 country code".to_owned())
}

fn wallet_status(raw: &str) -> Result<WalletStatus, String> {
    match raw {
        "Active" => Ok(WalletStatus::Active),
        "Blocked" => Ok(WalletStatus::Blocked),
        "Suspicious" => Ok(WalletStatus::Suspicious),
        _ => Err("must be one of Active, Blocked, Suspicious".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use domain::customer::Customer as Record;
    use domain::testing::{a_customer, a_merchant_id};

    use super::*;

    fn line(raw: &str) -> Line {
        Line::try_from(raw).unwrap()
    }

    #[test]
    fn what_another_dialect_left_out_reads_as_the_contract_allows() {
        let record = Record {
            name: Name::Undivided(line("Ana Marija Anić")),
            email: None,
            phone: PhoneNumber::try_from("").ok(),
            ..a_customer(a_merchant_id())
        };
        let shown = Customer::from(record);
        assert_eq!((shown.first_name.as_str(), shown.last_name.as_str()), ("Ana Marija", "Anić"));
        assert_eq!((shown.email.as_str(), shown.phone_number), ("", None));
    }

    #[test]
    fn an_address_has_one_at_sign_and_no_white_space() {
        for (raw, expected) in [
            ("Alex@Example.com", Some("Alex@Example.com")),
            (" a@b\n", Some("a@b")),
            ("ż@ół", Some("ż@ół")),
            ("", None),
            ("ab", None),
            ("@bc", None),
            ("ab@", None),
            ("abc", None),
            ("a@b@c", None),
            ("a @b", None),
            ("a\u{a0}b@c", None),
            ("a\0@b", None),
        ] {
            assert_eq!(email(raw).ok().as_ref().map(Email::as_str), expected, "{raw:?}");
        }
        let long = |length: usize| format!("{}@b", "a".repeat(length - 2));
        assert!(email(&long(254)).is_ok());
        assert!(email(&long(255)).is_err());
    }
}
