//! Handing out tokens and taking them back.

use std::fmt;
use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use super::model::{Scopes, SigningKeyName, Succession, Token, TokenPurpose};
use crate::access::Actor;
use crate::clock::{Clock, Entropy};
use crate::id::MerchantId;
use crate::secret::{Sealed, Secret, SecretKeeper};
use crate::storage::{Storage, StorageError};
use crate::text::{Text, hex};

/// What a new token is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    /// What it is good for.
    pub purpose: TokenPurpose,
    /// Whose data it opens.
    pub merchant: MerchantId,
    /// On whose behalf.
    pub actor: Actor,
    /// What it may reach.
    pub scopes: Scopes,
    /// Where an authorization was sent.
    pub redirect_uri: Option<Text<2048>>,
    /// How long it works; for ever, if not given.
    pub lifetime: Option<Duration>,
    /// How many random bytes it has; it is written in twice as many hex digits.
    pub bytes: usize,
}

/// A token that is traded for the next of its family.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Renewal<'a> {
    /// What the family is good for.
    pub purpose: TokenPurpose,
    /// The family's first token.
    pub family: &'a str,
    /// The token that is shown.
    pub shown: &'a str,
    /// The token that is to work in its place.
    pub successor: &'a str,
    /// How long that one works; for ever, if not given.
    pub lifetime: Option<Duration>,
}

impl fmt::Debug for Renewal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Renewal").field("purpose", &self.purpose).finish_non_exhaustive()
    }
}

/// What became of a presented token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenState {
    /// It works.
    Valid(Token),
    /// It did work once.
    Expired,
    /// Nobody was ever given it, or it was taken back.
    Unknown,
}

/// Tokens of all purposes.
#[derive(Clone)]
pub struct Tokens {
    storage: Storage,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    keeper: Arc<dyn SecretKeeper>,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens")
    }
}

impl Tokens {
    /// How long an expired token is still told apart from an unknown one.
    const REMEMBERED: Duration = Duration::days(1);

    /// The service on its ports.
    pub fn new(
        storage: Storage,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        keeper: Arc<dyn SecretKeeper>,
    ) -> Self {
        Self { storage, clock, entropy, keeper }
    }

    /// Hands out a token. Only its fingerprint is kept.
    pub async fn issue(&self, new: NewToken) -> Result<Secret<String>, StorageError> {
        let mut random = vec![0; new.bytes];
        self.entropy.fill(&mut random);
        let secret = hex(&random);
        self.remember(new, &secret).await?;
        Ok(Secret::new(secret))
    }

    /// Keeps a secret that was made elsewhere (the id of a signed token, say) as a token.
    pub async fn remember(&self, new: NewToken, secret: &str) -> Result<(), StorageError> {
        let token = Token {
            fingerprint: self.keeper.fingerprint(secret),
            purpose: new.purpose,
            merchant: new.merchant,
            actor: new.actor,
            scopes: new.scopes,
            redirect_uri: new.redirect_uri,
            expires_at: new.lifetime.map(|lifetime| self.clock.now() + lifetime),
        };
        self.storage.session().await?.tokens().insert(&token).await
    }

    /// Looks at a presented token.
    pub async fn check(
        &self,
        purpose: TokenPurpose,
        secret: &str,
    ) -> Result<TokenState, StorageError> {
        let fingerprint = self.keeper.fingerprint(secret);
        let found = self.storage.session().await?.tokens().find(purpose, fingerprint).await?;
        Ok(self.state(found))
    }

    /// Uses a single-use token up.
    pub async fn consume(
        &self,
        purpose: TokenPurpose,
        secret: &str,
    ) -> Result<TokenState, StorageError> {
        let fingerprint = self.keeper.fingerprint(secret);
        let found = self.storage.session().await?.tokens().consume(purpose, fingerprint).await?;
        Ok(self.state(found))
    }

    /// Trades a token for the next of its family, and returns what is known of the family. A token that was traded before
    /// ends the family, the newest token included: whoever has it may be a thief. Nothing comes back then.
    pub async fn renew(&self, renewal: Renewal<'_>) -> Result<Option<Token>, StorageError> {
        let at = self.clock.now();
        let succession = Succession {
            purpose: renewal.purpose,
            family: self.keeper.fingerprint(renewal.family),
            shown: self.keeper.fingerprint(renewal.shown),
            successor: self.keeper.fingerprint(renewal.successor),
            at,
            expires_at: renewal.lifetime.map(|lifetime| at + lifetime),
        };
        self.storage.session().await?.tokens().renew(&succession).await
    }

    /// Lets a token work for `lifetime` from now.
    pub async fn extend(&self, token: &Token, lifetime: Duration) -> Result<(), StorageError> {
        let expires_at = self.clock.now() + lifetime;
        self.storage
            .session()
            .await?
            .tokens()
            .extend(token.purpose, token.fingerprint, expires_at)
            .await
    }

    /// Takes back all tokens of a purpose that one actor holds.
    pub async fn revoke(
        &self,
        merchant: MerchantId,
        actor: Actor,
        purpose: TokenPurpose,
    ) -> Result<(), StorageError> {
        self.storage.session().await?.tokens().revoke(merchant, actor, purpose).await
    }

    /// Forgets tokens that expired long ago; returns how many.
    pub async fn purge(&self) -> Result<u64, StorageError> {
        let before = self.clock.now() - Self::REMEMBERED;
        self.storage.session().await?.tokens().purge(before).await
    }

    /// The signing key of a name, if one was ever kept.
    pub async fn signing_key(&self, name: SigningKeyName) -> Result<Option<Sealed>, StorageError> {
        self.storage.session().await?.tokens().find_signing_key(name).await
    }

    /// Keeps the first signing key of a name and returns the one that is kept: of two starters, both get the same.
    pub async fn keep_signing_key(
        &self,
        name: SigningKeyName,
        fresh: &Sealed,
    ) -> Result<Sealed, StorageError> {
        self.storage.session().await?.tokens().keep_signing_key(name, fresh).await
    }

    fn state(&self, found: Option<Token>) -> TokenState {
        match found {
            None => TokenState::Unknown,
            Some(token)
                if token.expires_at.is_some_and(|at: OffsetDateTime| at <= self.clock.now()) =>
            {
                TokenState::Expired
            }
            Some(token) => TokenState::Valid(token),
        }
    }
}
