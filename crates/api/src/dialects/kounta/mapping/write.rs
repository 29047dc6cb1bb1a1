//! What a client wants a customer to be (contract 2.4, 2.5).

use std::collections::BTreeMap;

use domain::Change;
use domain::customer::{
    Address, AddressChange, Agreements, CreateCustomer, Customer, Email, Name, PhoneNumber,
    References, Requirement, Tag, UpdateCustomer,
};
use domain::id::ApplicationId;
use domain::text::{Line, Text};

use super::fields::{Fields, PRIMARY, SHIPPING};
use crate::dialects::kounta::errors::Violation;
use crate::dialects::kounta::wire::WriteCustomer;

/// A body whose every value keeps the contract.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Draft {
    first_name: Option<Line>,
    last_name: Option<Line>,
    email: Change<Email>,
    phone: Change<PhoneNumber>,
    mobile: Change<PhoneNumber>,
    reference: Change<Line>,
    tags: Change<Vec<Tag>>,
    image: Change<Text<2048>>,
    primary_address: Change<Address>,
    shipping_address: Change<Address>,
    accepts_marketing: Option<bool>,
}

/// A body that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The first broken rule of those that the body alone can break.
    pub(crate) violation: Violation,
    /// The digits of the mobile number that the body asks for: that it is taken may have to be told before.
    pub(crate) mobile: Option<String>,
}

/// Reads a body for a new customer, or for one that is as `before`.
pub(crate) fn draft(body: WriteCustomer, before: Option<&Customer>) -> Result<Draft, Refusal> {
    let mut fields = Fields::default();
    let contacts_sent = [&body.email, &body.phone, &body.mobile].map(Option::is_some);
    let first_name_sent = body.first_name.is_some();
    let draft = Draft {
        first_name: fields.first_name(body.first_name),
        last_name: fields.last_name(body.last_name),
        email: fields.email(body.email),
        phone: fields.phone("phone", body.phone),
        mobile: fields.phone("mobile", body.mobile),
        reference: fields.reference(body.reference_id),
        tags: fields.tags(body.tags),
        image: fields.image(body.image),
        primary_address: fields.address(
            &PRIMARY,
            body.primary_address,
            before.and_then(|before| before.primary_address.as_ref()),
        ),
        shipping_address: fields.address(
            &SHIPPING,
            body.shipping_address,
            before.and_then(|before| before.shipping_address.as_ref()),
        ),
        accepts_marketing: fields.truth("accepts_marketing", body.accepts_marketing),
    };
    let named = match &draft.first_name {
        Some(name) => !name.is_empty(),
        // Sent and unusable: its own rule tells more.
        None if first_name_sent => true,
        None => before.is_some_and(|before| !before.name.first().is_empty()),
    };
    // A call that says nothing changes nothing, whatever other dialects made of the customer.
    let judged = before.is_none() || fields.broken().is_some() || draft != Draft::default();
    if judged && !named {
        fields.refuse(Violation::FirstNameRequired);
    }
    if judged && !draft.reachable(contacts_sent, before) {
        fields.refuse(Violation::ContactRequired);
    }
    match fields.broken() {
        None => Ok(draft),
        Some(violation) => Err(Refusal { violation, mobile: draft.mobile_key() }),
    }
}

impl Draft {
    /// The command for a new customer of an application's company.
    pub(crate) fn into_create(self, application: ApplicationId) -> CreateCustomer {
        let reference = value(self.reference);
        CreateCustomer {
            name: Name::Divided {
                first: self.first_name.unwrap_or_default(),
                last: self.last_name.unwrap_or_default(),
            },
            email: value(self.email),
            phone: value(self.phone),
            mobile: value(self.mobile),
            references: References {
                per_application: reference
                    .map(|reference| BTreeMap::from([(application, reference)]))
                    .unwrap_or_default(),
                ..References::default()
            },
            primary_address: value(self.primary_address),
            shipping_address: value(self.shipping_address),
            tags: value(self.tags).unwrap_or_default(),
            agreements: Agreements {
                marketing: self.accepts_marketing.unwrap_or_default(),
                ..Agreements::default()
            },
            image_url: value(self.image),
            ..CreateCustomer::default()
        }
    }

    /// The patch of a customer by an application.
    pub(crate) fn into_update(self, application: ApplicationId) -> UpdateCustomer {
        let requirement = if self == Self::default() {
            Requirement::None
        } else {
            Requirement::FirstNameAndContact
        };
        let reference = (!self.reference.is_keep()).then_some((application, self.reference));
        UpdateCustomer {
            first_name: self.first_name,
            last_name: self.last_name,
            email: self.email,
            phone: self.phone,
            mobile: self.mobile,
            application_reference: reference,
            primary_address: address_change(self.primary_address),
            shipping_address: address_change(self.shipping_address),
            tags: self.tags,
            accepts_marketing: self.accepts_marketing,
            image_url: self.image,
            requirement,
            ..UpdateCustomer::default()
        }
    }

    /// Whether a way of contact remains. One that was sent and is unusable counts: its own rule tells more.
    fn reachable(&self, sent: [bool; 3], before: Option<&Customer>) -> bool {
        let states = [state(&self.email), state(&self.phone), state(&self.mobile)];
        let stored = before.map_or([false; 3], |before| {
            [
                before.email.as_ref().is_some_and(|email| !email.as_str().is_empty()),
                before.phone.as_ref().is_some_and(|phone| !phone.is_empty()),
                before.mobile.as_ref().is_some_and(|mobile| !mobile.is_empty()),
            ]
        });
        states
            .iter()
            .zip(sent)
            .zip(stored)
            .any(|((state, sent), stored)| state.unwrap_or(sent || stored))
    }

    fn mobile_key(&self) -> Option<String> {
        match &self.mobile {
            Change::Set(mobile) => mobile.key(),
            Change::Keep | Change::Clear => None,
        }
    }
}

/// Whether a patch leaves a value behind; `None` if it leaves the field alone.
fn state<T>(change: &Change<T>) -> Option<bool> {
    match change {
        Change::Keep => None,
        Change::Clear => Some(false),
        Change::Set(_) => Some(true),
    }
}

fn value<T>(change: Change<T>) -> Option<T> {
    match change {
        Change::Keep | Change::Clear => None,
        Change::Set(value) => Some(value),
    }
}

fn address_change(change: Change<Address>) -> AddressChange {
    match change {
        Change::Keep => AddressChange::Keep,
        Change::Clear => AddressChange::Clear,
        Change::Set(address) => AddressChange::ReplaceByLine(address),
    }
}

#[cfg(test)]
mod tests;
