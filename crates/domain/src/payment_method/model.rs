//! The saved payment method.

use time::OffsetDateTime;

use super::card::{CardToken, Expiry, MaskedNumber};
use crate::id::{CustomerId, MerchantId, PaymentMethodId};
use crate::secret::{Fingerprint, Sealed};

/// A card that a customer lets the merchant charge again (MO 2.9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentMethod {
    /// Whose customer.
    pub merchant: MerchantId,
    /// Its id.
    pub id: PaymentMethodId,
    /// Whose card.
    pub customer: CustomerId,
    /// What may be shown of its number.
    pub number: MaskedNumber,
    /// When it expires.
    pub expiry: Expiry,
    /// How long the token is kept, if the gateway said so.
    pub keep_until: Option<OffsetDateTime>,
    /// What stands for it in payments; names one method of a merchant.
    pub token: KeptToken,
    /// When it was attached first.
    pub created_at: OffsetDateTime,
    /// When anything of it last changed.
    pub updated_at: OffsetDateTime,
}

/// A [`CardToken`] at rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptToken {
    /// By which it is recognized.
    pub fingerprint: Fingerprint,
    /// From which it is read again.
    pub sealed: Sealed,
}

/// What a gateway tells of a card that it made a token for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPaymentMethod {
    /// What may be shown of its number.
    pub number: MaskedNumber,
    /// When it expires.
    pub expiry: Expiry,
    /// How long the token is kept, if the gateway said so.
    pub keep_until: Option<OffsetDateTime>,
    /// What stands for it in payments.
    pub token: CardToken,
}
