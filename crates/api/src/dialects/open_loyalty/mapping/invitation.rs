//! Invitations: their form, their filters and their bodies (contract 4.10).

use domain::invitation::{
    InvitationCriterion, InvitationError, InvitationQuery, InvitationStatus, ListedInvitation,
    Recipient,
};

use super::super::errors::Error;
use super::super::wire::invitation::InvitationBody;
use super::form::{BLANK, NOT_VALID};
use super::reader::Given;
use super::sheet::{Child, Sheet};
use super::{contact, filter, sort};
use crate::http::form::FormValue;

const EMAIL: &str = "recipientEmail";
const PHONE: &str = "recipientPhone";
const FORM: &[Child] = &[Child::Field("type"), Child::Field(EMAIL), Child::Field(PHONE)];
const EXISTS: &str = "Invitation exists";

/// Which way an invitation goes.
#[derive(Clone, Copy)]
enum Way {
    Email,
    Mobile,
}

/// The form of an invitation, as it was sent.
pub(crate) struct InvitationForm<'f>(Sheet<'f>);

impl<'f> InvitationForm<'f> {
    /// The address that the form names. Without a type it goes the way of the address that is there.
    pub(crate) fn read(root: Option<&'f FormValue>) -> Result<(Self, Recipient), Error> {
        let mut sheet = Sheet::new(FORM, root)?;
        let way = sheet.parsed("type", |word| match word.as_str() {
            "email" => Ok(Way::Email),
            "mobile" => Ok(Way::Mobile),
            _ => Err(NOT_VALID),
        });
        let is_given = |given: &Given<String>| matches!(given, Given::Value(_) | Given::Wrong);
        let way = way.value().unwrap_or_else(|| {
            let (email, phone) = (sheet.text(EMAIL), sheet.text(PHONE));
            if !is_given(&email) && is_given(&phone) { Way::Mobile } else { Way::Email }
        });
        let recipient = match way {
            Way::Email => sheet.required(EMAIL, BLANK, contact::email).map(Recipient::Email),
            Way::Mobile => sheet.required(PHONE, BLANK, contact::phone).map(Recipient::Phone),
        };
        match recipient {
            Some(recipient) if sheet.is_clean() => Ok((Self(sheet), recipient)),
            _ => Err(sheet.refused()),
        }
    }

    /// The answer to an invitation that the domain refused.
    pub(crate) fn refused(mut self, error: InvitationError) -> Error {
        match error {
            InvitationError::Exists => {
                self.0.note("", EXISTS);
                self.0.refused()
            }
            InvitationError::Secret(error) => Error::Secret(error),
            InvitationError::Storage(error) => Error::Storage(error),
        }
    }
}

/// The list that the parameters describe. Names that mean nothing are ignored.
pub(crate) fn invitation_query(parameters: &FormValue) -> Result<InvitationQuery, Error> {
    let texts = [
        ("referrerEmail", InvitationCriterion::ReferrerEmail as fn(String) -> InvitationCriterion),
        ("referrerName", InvitationCriterion::ReferrerName),
        ("recipientEmail", InvitationCriterion::RecipientEmail),
        ("recipientPhone", InvitationCriterion::RecipientPhone),
        ("recipientName", InvitationCriterion::CustomerName),
    ];
    let given = |name: &str| filter::given(parameters, name).map_err(|_| Error::BadRequest);
    let mut criteria = Vec::new();
    for (name, criterion) in texts {
        criteria.extend(given(name)?.map(|text| criterion(text.to_owned())));
    }
    for (name, criterion) in [
        ("referrerId", InvitationCriterion::Referrer as fn(_) -> InvitationCriterion),
        ("recipientId", InvitationCriterion::Customer),
    ] {
        if let Some(id) = given(name)? {
            criteria.push(criterion(id.parse().map_err(|_| Error::BadRequest)?));
        }
    }
    if let Some(status) = given("status")? {
        let status = InvitationStatus::named(status).ok_or(Error::BadRequest)?;
        criteria.push(InvitationCriterion::Status(status));
    }
    Ok(InvitationQuery { criteria, page: sort::page(parameters) })
}

/// An invitation in a list.
pub(crate) fn invitation(listed: &ListedInvitation) -> InvitationBody<'_> {
    let invitation = &listed.invitation;
    let (email, phone) = match &invitation.recipient {
        Some(Recipient::Email(email)) => (Some(email.as_str()), None),
        Some(Recipient::Phone(phone)) => (None, Some(phone.as_str())),
        None => (None, None),
    };
    InvitationBody {
        invitation_id: invitation.id.into(),
        referrer_id: invitation.referrer.into(),
        referrer_email: listed.referrer_email.as_deref(),
        referrer_name: listed.referrer_name.as_deref(),
        recipient_email: email,
        recipient_phone: phone,
        recipient_id: invitation.customer.map(Into::into),
        recipient_name: listed.customer_name.as_deref(),
        status: invitation.status.name(),
    }
}
