//! The form that gives a transaction to a customer (contract 4.6).

use domain::access::Actor;
use domain::customer::{CustomerError, Lookup, card_key, phone_key};
use domain::id::CustomerId;
use domain::transaction::{DocumentNumber, TransactionError};

use super::super::errors::Error;
use super::form::{BLANK, NOT_VALID};
use super::sheet::{Child, Sheet};
use super::transaction::{MISSING, WRONG_OWNER, WRONG_TYPE, document_number};
use crate::http::form::FormValue;

const DOCUMENT: &str = "transactionDocumentNumber";
const ID: &str = "customerId";
const CARD: &str = "customerLoyaltyCardNumber";
const PHONE: &str = "customerPhoneNumber";
const FORM: &[Child] =
    &[Child::Field(DOCUMENT), Child::Field(ID), Child::Field(CARD), Child::Field(PHONE)];
const ASSIGNED: &str = "Customer is already assigned to this transaction";

/// How a form names a customer.
pub(crate) enum NamedCustomer {
    /// By its id.
    Id(CustomerId),
    /// By its card or phone number.
    By(Lookup),
}

/// The form of an assignment, as it was sent.
pub(crate) struct AssignmentForm<'f> {
    sheet: Sheet<'f>,
    /// The field by which the customer is named.
    named_by: &'static str,
}

impl<'f> AssignmentForm<'f> {
    /// The transaction and the customer that the form names: by the first field that says anything. A customer can only
    /// mean itself, so what it says of customers is not read.
    pub(crate) fn read(
        root: Option<&'f FormValue>,
        caller: Actor,
    ) -> Result<(Self, DocumentNumber, NamedCustomer), Error> {
        let mut sheet = Sheet::new(FORM, root)?;
        let document = sheet.required(DOCUMENT, BLANK, document_number);
        let (named_by, customer) = match caller {
            Actor::Customer(id) => (ID, Some(NamedCustomer::Id(id))),
            _ => named(&mut sheet),
        };
        match document.zip(customer) {
            Some((document, customer)) if sheet.is_clean() => {
                Ok((Self { sheet, named_by }, document, customer))
            }
            _ => Err(sheet.refused()),
        }
    }

    /// The answer when nobody is called so.
    pub(crate) fn unknown(mut self, error: CustomerError) -> Error {
        match error {
            CustomerError::NotFound => {
                self.sheet.note(self.named_by, NOT_VALID);
                self.sheet.refused()
            }
            error => error.into(),
        }
    }

    /// The answer to an assignment that the domain refused.
    pub(crate) fn refused(mut self, error: TransactionError) -> Error {
        let (field, message) = match error {
            TransactionError::UnknownCustomer => (self.named_by, NOT_VALID),
            TransactionError::NotFound => (DOCUMENT, MISSING),
            TransactionError::WrongType => (DOCUMENT, WRONG_TYPE),
            TransactionError::WrongOwner => (DOCUMENT, WRONG_OWNER),
            TransactionError::Assigned => (DOCUMENT, ASSIGNED),
            // Nothing is registered here.
            TransactionError::DocumentTaken
            | TransactionError::ReturnsOff
            | TransactionError::UnknownPointOfSale => ("", NOT_VALID),
            TransactionError::Storage(error) => return Error::Storage(error),
        };
        self.sheet.note(field, message);
        self.sheet.refused()
    }
}

fn named(sheet: &mut Sheet<'_>) -> (&'static str, Option<NamedCustomer>) {
    let id = sheet.parsed(ID, |text| text.parse().map(NamedCustomer::Id).map_err(|_| NOT_VALID));
    let card = sheet.parsed(CARD, |text| {
        let known = card_key(&text).filter(|_| super::filter::is_needle(&text)).ok_or(NOT_VALID)?;
        Ok(NamedCustomer::By(Lookup::LoyaltyCard(known)))
    });
    let phone = sheet.parsed(PHONE, |text| {
        phone_key(&text).map(|key| NamedCustomer::By(Lookup::PhoneHolder(key))).ok_or(NOT_VALID)
    });
    for (field, given) in [(ID, id), (CARD, card), (PHONE, phone)] {
        if let Some(customer) = given.value() {
            return (field, Some(customer));
        }
    }
    if ![ID, CARD, PHONE].iter().any(|field| sheet.is_wrong(field)) {
        sheet.note(ID, BLANK);
    }
    (ID, None)
}
