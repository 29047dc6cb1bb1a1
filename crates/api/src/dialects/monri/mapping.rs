//! From the wire to commands, and from records to the wire (MO 2).

mod members;
mod payment_method;

use std::borrow::Cow;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use actix_web::web::Query;
use domain::customer::{
    Address, AddressChange, AddressParts, CreateCustomer, Customer, CustomerError, CustomerQuery,
    Email, Metadata, MetadataPatch, MetadataValue, Name, PhoneNumber, References, Sort, SortKey,
    UpdateCustomer,
};
use domain::id::CustomerId;
use domain::text::{Line, Note, Text};
use domain::token::Scopes;
use domain::{Change, PageRequest, Secret};
use serde::Serialize;

use self::members::Members;
pub(super) use self::payment_method::{payment_method, payment_methods};
use super::errors::{Error, Fault, Problem};
use super::wire::{
    CustomerBody, CustomerRequest, CustomersBody, DeletedBody, MetadataScalar, Status, TokenBody,
    TokenRequest,
};
use crate::http::zone::format_utc_milliseconds;

/// Entries of a list unless the caller says otherwise.
const DEFAULT_LIMIT: u64 = 50;

/// The largest list. A larger wish is refused and not cut: cut pages would make a caller skip entries.
const LARGEST_LIMIT: u64 = 1_000;

/// An answer in the vendor's media type.
pub(super) fn response<T: Serialize>(status: StatusCode, body: &T) -> HttpResponse {
    const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");
    let mut response = HttpResponse::build(status).json(body);
    response.headers_mut().insert(CONTENT_TYPE, JSON);
    response
}

/// The answer to a request that was fulfilled.
pub(super) fn approved<T: Serialize>(body: &T) -> HttpResponse {
    response(StatusCode::OK, body)
}

/// The customer that a path means; what is no UUID means none.
pub(super) fn customer_id(segment: &str) -> Result<CustomerId, Error> {
    segment.parse().map_err(|_| Error::CustomerNotFound)
}

/// The merchant's own id in a path; what can be none means no customer.
pub(super) fn merchant_customer_id(segment: String) -> Result<String, Error> {
    let text = Text::<100>::try_from(segment).map_err(|_| Error::CustomerNotFound)?;
    Ok(text.into_string())
}

/// A new customer.
pub(super) fn create(request: CustomerRequest) -> Result<CreateCustomer, Error> {
    let Fields { merchant_customer_id, description, email, name, phone, metadata, address } =
        fields(request)?;
    Ok(CreateCustomer {
        name: name.map_or_else(Name::default, Name::Undivided),
        email,
        phone,
        references: References { merchant_customer_id, ..References::default() },
        primary_address: address.into_address(),
        metadata: Metadata::default().merged(&metadata).map_err(CustomerError::from)?,
        description,
        ..CreateCustomer::default()
    })
}

/// A change of a customer. What is not given stays, and nothing but metadata keys can be taken away.
pub(super) fn update(request: CustomerRequest) -> Result<UpdateCustomer, Error> {
    let Fields { merchant_customer_id, description, email, name, phone, metadata, address } =
        fields(request)?;
    Ok(UpdateCustomer {
        full_name: name,
        email: given(email),
        phone: given(phone),
        merchant_customer_id,
        primary_address: AddressChange::SetParts(address),
        metadata,
        description: given(description),
        touch: true,
        ..UpdateCustomer::default()
    })
}

fn given<T>(value: Option<T>) -> Change<T> {
    value.map_or(Change::Keep, Change::Set)
}

/// The members of a request, each held to its limits.
struct Fields {
    merchant_customer_id: Option<Text<100>>,
    description: Option<Note>,
    email: Option<Email>,
    name: Option<Line>,
    phone: Option<PhoneNumber>,
    metadata: MetadataPatch,
    address: AddressParts,
}

/// Lengths and order are the contract's (MO 2.1); all problems are told at once.
fn fields(request: CustomerRequest) -> Result<Fields, Error> {
    let mut members = Members::default();
    let merchant_customer_id =
        members.text("merchant_customer_id", request.merchant_customer_id, 1..=100);
    let description = members.text("description", request.description, 1..=200);
    let email = members.text::<Text<255>>("email", request.email, 1..=200);
    let name = members.text("name", request.name, 1..=50);
    let phone = members.text("phone", request.phone, 1..=30);
    let metadata = members.metadata("metadata", request.metadata);
    let postal_code = members.text("zip_code", request.zip_code, 1..=9);
    let city = members.text("city", request.city, 3..=30);
    let street_line = members.text("address", request.address, 3..=100);
    let country = members.text("country", request.country, 1..=30);
    members.finish(Fields {
        merchant_customer_id,
        description,
        email: email.map(Email::from),
        name,
        phone,
        metadata,
        address: AddressParts { street_line, city, postal_code, country },
    })
}

/// The part of a list that a query string asks for.
pub(super) fn page(query: &str) -> Result<PageRequest, Error> {
    // Such a list takes any query string there is.
    let pairs = Query::<Vec<(String, String)>>::from_query(query)
        .map_or_else(|_| Vec::new(), Query::into_inner);
    let limit = match count(&pairs, "limit") {
        Ok(Some(limit)) if limit > LARGEST_LIMIT => {
            Err(Problem { member: "limit", fault: Fault::Above(LARGEST_LIMIT) })
        }
        other => other,
    };
    match (limit, count(&pairs, "offset")) {
        (Ok(limit), Ok(offset)) => Ok(PageRequest {
            offset: offset.unwrap_or(0),
            limit: Some(limit.unwrap_or(DEFAULT_LIMIT)),
        }),
        (limit, offset) => {
            Err(Error::Invalid([limit.err(), offset.err()].into_iter().flatten().collect()))
        }
    }
}

/// A non-negative integer in decimal digits; of a repeated parameter the first counts. Larger ones than storage can count
/// to are beyond the end of every list and as good as the largest.
fn count(pairs: &[(String, String)], member: &'static str) -> Result<Option<u64>, Problem> {
    const MOST: u64 = i64::MAX.unsigned_abs();
    let Some((_, value)) = pairs.iter().find(|(name, _)| name == member) else { return Ok(None) };
    if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Problem { member, fault: Fault::NotANumber });
    }
    Ok(Some(value.parse().map_or(MOST, |count: u64| count.min(MOST))))
}

/// The merchant's customers, the youngest first (MO 2.8).
pub(super) fn youngest_first(page: PageRequest) -> CustomerQuery {
    let sort = Sort { key: SortKey::CreatedAt, descending: true };
    CustomerQuery { criteria: Vec::new(), sort, page }
}

/// What a program that wants a token has to say.
pub(super) struct Grant {
    /// The authenticity token.
    pub(super) client_id: String,
    /// The merchant key.
    pub(super) client_secret: Secret<String>,
    /// What the token is for.
    pub(super) scopes: Scopes,
}

/// A request for a token.
pub(super) fn grant(request: TokenRequest) -> Result<Grant, Error> {
    let mut members = Members::default();
    let client_id = members.required("client_id", request.client_id);
    let client_secret = members.required("client_secret", request.client_secret);
    let grant_type = members.required("grant_type", request.grant_type);
    if grant_type.is_some_and(|grant_type| grant_type != "client_credentials") {
        members.refuse("grant_type", Fault::Invalid);
    }
    let names = members.texts("scopes", request.scopes);
    let asked = |scope| names.iter().any(|name| name == scope);
    let scopes =
        Scopes { customers: asked("customers"), payment_methods: asked("payment-methods") };
    members.finish(Grant {
        client_id: client_id.unwrap_or_default(),
        client_secret: Secret::new(client_secret.unwrap_or_default()),
        scopes,
    })
}

/// A customer as the contract shows it.
pub(super) fn customer(customer: &Customer) -> CustomerBody<'_> {
    let address = customer.primary_address.as_ref();
    let part =
        |part: fn(&Address) -> &Line| address.and_then(|address| shown(part(address).as_str()));
    CustomerBody {
        status: Status::Approved,
        uuid: customer.id.to_string(),
        merchant_customer_id: customer.references.merchant_customer_id.as_ref().map(Text::as_str),
        description: customer.description.as_ref().and_then(|text| shown(text.as_str())),
        email: customer.email.as_ref().and_then(|email| shown(email.as_str())),
        name: shown_whole(name(&customer.name)),
        phone: customer.phone.as_ref().and_then(|phone| shown(phone.as_str())),
        metadata: customer
            .metadata
            .iter()
            .map(|(key, value)| (key.as_str(), scalar(value)))
            .collect(),
        zip_code: part(|address| &address.postal_code),
        city: part(|address| &address.city),
        address: address.and_then(|address| shown_whole(Cow::Owned(address.street_line()))),
        country: part(|address| &address.country),
        deleted: !customer.is_live(),
        created_at: format_utc_milliseconds(customer.created_at),
        updated_at: format_utc_milliseconds(customer.updated_at),
        deleted_at: customer.deleted_at.map(format_utc_milliseconds),
    }
}

/// A list of customers.
pub(super) fn customers(customers: &[Customer]) -> CustomersBody<'_> {
    CustomersBody { status: Status::Approved, data: customers.iter().map(customer).collect() }
}

/// A customer that is no more.
pub(super) fn deleted(id: CustomerId) -> DeletedBody {
    DeletedBody {
        status: Status::Approved,
        uuid: id.to_string(),
        id: id.to_string(),
        deleted: true,
    }
}

/// An access token.
pub(super) fn token(token: &Secret<String>, lifetime: Duration) -> TokenBody<'_> {
    TokenBody {
        access_token: token.expose(),
        token_type: "Bearer",
        expires_in: lifetime.as_secs(),
        status: Status::Approved,
    }
}

fn name(name: &Name) -> Cow<'_, str> {
    match name {
        Name::Undivided(full) => Cow::Borrowed(full.as_str()),
        Name::Divided { .. } => Cow::Owned(name.full()),
    }
}

/// What another dialect emptied on purpose is unset here.
fn shown(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn shown_whole(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    (!text.is_empty()).then_some(text)
}

fn scalar(value: &MetadataValue) -> MetadataScalar<'_> {
    match value {
        MetadataValue::Text(text) => MetadataScalar::Text(text.as_str()),
        MetadataValue::Number(number) => number
            .as_str()
            .parse()
            .map_or(MetadataScalar::Text(number.as_str()), MetadataScalar::Number),
        MetadataValue::Bool(truth) => MetadataScalar::Bool(*truth),
    }
}

#[cfg(test)]
mod tests;
