//! The invitation, and what is asked about it.

use time::OffsetDateTime;

use crate::customer::{Customer, Email, PhoneNumber};
use crate::id::{CustomerId, InvitationId, MerchantId};
use crate::page::PageRequest;
use crate::secret::Fingerprint;

/// A customer's invitation of somebody to the programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Whose programme.
    pub merchant: MerchantId,
    /// Its id.
    pub id: InvitationId,
    /// Who invites.
    pub referrer: CustomerId,
    /// Where the invitation went; nowhere, once that is forgotten.
    pub recipient: Option<Recipient>,
    /// What the invited one shows; nothing, where no invitation was sent or its address is forgotten.
    pub token: Option<Fingerprint>,
    /// Who came.
    pub customer: Option<CustomerId>,
    /// How far it came.
    pub status: InvitationStatus,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

/// The address of somebody who is invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// By e-mail.
    Email(Email),
    /// By SMS.
    Phone(PhoneNumber),
}

impl Recipient {
    /// The address as typed.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Email(email) => email.as_str(),
            Self::Phone(phone) => phone.as_str(),
        }
    }

    /// The normal form of an e-mail address, by which invitations are compared.
    pub fn email_key(&self) -> Option<String> {
        match self {
            Self::Email(email) => email.key(),
            Self::Phone(_) => None,
        }
    }

    /// The normal form of a phone number, likewise.
    pub fn phone_key(&self) -> Option<String> {
        match self {
            Self::Email(_) => None,
            Self::Phone(phone) => phone.key(),
        }
    }

    /// The address of a customer: the phone number, or else the e-mail address.
    pub(super) fn of(customer: &Customer) -> Option<Self> {
        let phone = customer.phone.clone().filter(|phone| phone.key().is_some());
        phone.map(Self::Phone).or_else(|| customer.email.clone().map(Self::Email))
    }
}

/// How far an invitation came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationStatus {
    /// It was sent.
    Invited,
    /// The invited one is a customer.
    Registered,
    /// The customer bought something.
    MadePurchase,
}

impl InvitationStatus {
    /// Every status.
    pub const ALL: &[Self] = &[Self::Invited, Self::Registered, Self::MadePurchase];

    /// The status's name in storage and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Registered => "registered",
            Self::MadePurchase => "made_purchase",
        }
    }

    /// The status with a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|status| status.name() == name)
    }
}

/// What a new customer shows to be known as an invited one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationClaim {
    /// The token of an invitation.
    pub(crate) token: Fingerprint,
    /// The phone number of whoever invited, in programmes that write to phones (OL 4.1).
    pub(crate) referrer: Option<PhoneNumber>,
}

/// An invitation and the people it is about, as they are now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedInvitation {
    /// The invitation.
    pub invitation: Invitation,
    /// The e-mail address of who invited.
    pub referrer_email: Option<String>,
    /// The name of who invited.
    pub referrer_name: Option<String>,
    /// The name of who came.
    pub customer_name: Option<String>,
}

/// A condition on invitations. Texts are parts of the value; letter case does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvitationCriterion {
    /// Who invites.
    Referrer(CustomerId),
    /// That one's e-mail address.
    ReferrerEmail(String),
    /// That one's name.
    ReferrerName(String),
    /// Who came.
    Customer(CustomerId),
    /// That one's name.
    CustomerName(String),
    /// The e-mail address it went to.
    RecipientEmail(String),
    /// The phone number it went to.
    RecipientPhone(String),
    /// How far it came.
    Status(InvitationStatus),
}

/// A list of invitations, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationQuery {
    /// Which, joined by "and".
    pub criteria: Vec<InvitationCriterion>,
    /// Which part.
    pub page: PageRequest,
}

/// How many invitations of a merchant there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InvitationTotals {
    /// All of them.
    pub all: u64,
    /// Those whose recipient registered and bought nothing yet.
    pub registered: u64,
    /// Those whose recipient bought something.
    pub completed: u64,
}
