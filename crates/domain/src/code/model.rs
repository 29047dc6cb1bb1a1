//! The code.

use time::OffsetDateTime;

use crate::access::Actor;
use crate::customer::PhoneNumber;
use crate::id::MerchantId;
use crate::secret::Fingerprint;

/// What a code is good for. A code of one purpose is unknown to every other, and an account has one of each at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CodePurpose {
    /// Activating an account by the link of an e-mail (OL E07). It is remembered after its use.
    ActivationLink,
    /// Activating an account by what an SMS said (OL E06).
    ActivationCode,
    /// Choosing a new password, by link or by code (OL 2.5).
    PasswordReset,
    /// Proving a new phone number (OL E13).
    PhoneChange,
}

impl CodePurpose {
    /// Every purpose.
    pub const ALL: &[Self] =
        &[Self::ActivationLink, Self::ActivationCode, Self::PasswordReset, Self::PhoneChange];

    /// How many wrong guesses a code of an account survives, the last of them excluded.
    pub const TRIES: u32 = 5;

    /// The purpose's name in storage.
    pub fn name(self) -> &'static str {
        match self {
            Self::ActivationLink => "activation_link",
            Self::ActivationCode => "activation_code",
            Self::PasswordReset => "password_reset",
            Self::PhoneChange => "phone_change",
        }
    }

    /// Whether a used code is still told apart from an unknown one.
    pub fn is_remembered(self) -> bool {
        self == Self::ActivationLink
    }
}

/// A code that is about to be handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCode {
    /// Whose data it is about.
    pub merchant: MerchantId,
    /// Whose account.
    pub holder: Actor,
    /// What it is good for.
    pub purpose: CodePurpose,
    /// The keyed fingerprint of what the holder is told.
    pub fingerprint: Fingerprint,
    /// The phone number that it proves.
    pub phone: Option<PhoneNumber>,
    /// When it was made.
    pub issued_at: OffsetDateTime,
    /// When it ceases to work.
    pub expires_at: OffsetDateTime,
}

/// A code that was shown and works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redeemed {
    /// Whose account.
    pub holder: Actor,
    /// The phone number that it proves.
    pub phone: Option<PhoneNumber>,
}
