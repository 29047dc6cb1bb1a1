//! The token.

use time::OffsetDateTime;

use crate::access::Actor;
use crate::id::MerchantId;
use crate::secret::Fingerprint;
use crate::text::Text;

/// A secret that was handed out: bound to one purpose and one holder (`domain.md` §8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The secret's fingerprint.
    pub fingerprint: Fingerprint,
    /// What it is good for.
    pub purpose: TokenPurpose,
    /// Whose data it opens.
    pub merchant: MerchantId,
    /// On whose behalf.
    pub actor: Actor,
    /// What it may reach; only purposes with scopes look at it.
    pub scopes: Scopes,
    /// Where an authorization was sent (KO 1.5).
    pub redirect_uri: Option<Text<2048>>,
    /// When it ceases to work; never, if not given.
    pub expires_at: Option<OffsetDateTime>,
}

/// A token that gives way to the next of its family: of all that followed one another since one login, the newest alone
/// works. A family is one stored [`Token`] under the fingerprint of its first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Succession {
    /// What the family is good for.
    pub purpose: TokenPurpose,
    /// The fingerprint of the family's first token.
    pub family: Fingerprint,
    /// The fingerprint of the token that is shown.
    pub shown: Fingerprint,
    /// The fingerprint of the one that works from now on.
    pub successor: Fingerprint,
    /// When it happens.
    pub at: OffsetDateTime,
    /// When the successor ceases to work; never, if not given.
    pub expires_at: Option<OffsetDateTime>,
}

/// What a token is good for. A token of one purpose is unknown to every other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenPurpose {
    /// Calling the API.
    Access,
    /// Winning new access tokens.
    Refresh,
    /// Being exchanged once for the first pair of tokens (KO 1.5).
    AuthorizationCode,
}

/// What a token may reach (MO 1.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scopes {
    /// Customers.
    pub customers: bool,
    /// Saved payment methods.
    pub payment_methods: bool,
}

/// The keys with which the service signs what it hands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SigningKeyName {
    /// Signs Open Loyalty's access tokens (RS256).
    OpenLoyalty,
    /// Signs `KunaCore`'s tokens (HS256).
    KunaCore,
}
