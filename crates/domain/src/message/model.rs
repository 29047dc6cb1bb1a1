//! The message.

use time::OffsetDateTime;

use crate::access::Actor;
use crate::id::{MerchantId, MessageId};
use crate::merchant::Language;
use crate::secret::{Sealed, Secret, SecretError, SecretKeeper};

/// A message that waits to be sent. What it says is made when it is sent, from what is known then; only what cannot be
/// made again is kept with it, sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Names the message for good: tries again carry the same id.
    pub id: MessageId,
    /// Whose programme speaks.
    pub merchant: MerchantId,
    /// Whose account it is about; without another address it goes to that account's owner.
    pub about: Actor,
    /// What it is for.
    pub kind: MessageKind,
    /// In which language; the programme's first, if not given or not known.
    pub language: Option<Language>,
    /// The [`MessageContent`] that is a secret.
    pub content: Option<Sealed>,
    /// When it was asked for.
    pub created_at: OffsetDateTime,
    /// When it is of no use any more.
    pub expires_at: Option<OffsetDateTime>,
}

/// A message that somebody took on to send; nobody else gets it before the lease ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The message.
    pub message: Message,
    /// How often sending was tried, this time included: from 1.
    pub attempt: u32,
}

/// What a message is for. Which way it goes follows from the kind, the programme and the owner's addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageKind {
    /// An account was made; the temporary password is made when the message is sent (OL E10).
    AccountCreated,
    /// A link that activates an account (OL 4.1).
    ActivationLink,
    /// A code that activates an account (OL 5.4).
    ActivationCode,
    /// A link that lets choose a new password (OL 2.5).
    PasswordResetLink,
    /// A code that lets choose a new password.
    PasswordResetCode,
    /// A code that proves a new phone number, sent to that number (OL E13).
    PhoneChangeCode,
    /// An invitation to the programme (OL 4.10).
    Invitation,
}

impl MessageKind {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::AccountCreated,
        Self::ActivationLink,
        Self::ActivationCode,
        Self::PasswordResetLink,
        Self::PasswordResetCode,
        Self::PhoneChangeCode,
        Self::Invitation,
    ];

    /// The kind's name in storage and in logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::AccountCreated => "account_created",
            Self::ActivationLink => "activation_link",
            Self::ActivationCode => "activation_code",
            Self::PasswordResetLink => "password_reset_link",
            Self::PasswordResetCode => "password_reset_code",
            Self::PhoneChangeCode => "phone_change_code",
            Self::Invitation => "invitation",
        }
    }

    /// The kind with a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

/// What a message carries that is known at no other place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageContent {
    /// The code or the token.
    pub secret: Secret<String>,
    /// How many codes the customer has had, this one included (OL 5.4); 0 where nobody counts.
    pub number: u32,
    /// An address other than the account's own: the new phone number, the invited friend.
    pub address: Option<Secret<String>>,
}

/// The bytes are no content of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the content of a message cannot be read")]
pub struct InvalidContent;

impl MessageContent {
    /// Seals the content for storage.
    pub fn seal(&self, keeper: &dyn SecretKeeper) -> Result<Sealed, SecretError> {
        let address = self.address.as_ref().map_or("", |address| address.expose().as_str());
        let text = format!("{}\n{}\n{address}", self.number, self.secret.expose());
        keeper.seal(&Secret::new(text.into_bytes()))
    }

    /// Reads a stored content.
    pub fn open(sealed: &Sealed, keeper: &dyn SecretKeeper) -> Result<Self, InvalidContent> {
        let bytes = keeper.open(sealed).map_err(|_| InvalidContent)?.into_inner();
        let text = String::from_utf8(bytes).map_err(|_| InvalidContent)?;
        let mut lines = text.splitn(3, '\n');
        let (Some(number), Some(secret), Some(address)) =
            (lines.next(), lines.next(), lines.next())
        else {
            return Err(InvalidContent);
        };
        Ok(Self {
            number: number.parse().map_err(|_| InvalidContent)?,
            secret: Secret::new(secret.to_owned()),
            address: (!address.is_empty()).then(|| Secret::new(address.to_owned())),
        })
    }
}
