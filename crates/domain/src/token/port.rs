//! What tokens need from storage.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::model::{SigningKeyName, Succession, Token, TokenPurpose};
use crate::access::Actor;
use crate::id::MerchantId;
use crate::secret::{Fingerprint, Sealed};
use crate::storage::StorageError;

/// Storage of tokens. A token is found before its merchant is known, so these are the only look-ups without one.
#[async_trait]
pub trait TokenRepository: Send {
    /// Stores a new token.
    async fn insert(&mut self, token: &Token) -> Result<(), StorageError>;

    /// The token with a fingerprint, expired ones included.
    async fn find(
        &mut self,
        purpose: TokenPurpose,
        fingerprint: Fingerprint,
    ) -> Result<Option<Token>, StorageError>;

    /// Takes a token away and returns it: of two at once, one gets it.
    async fn consume(
        &mut self,
        purpose: TokenPurpose,
        fingerprint: Fingerprint,
    ) -> Result<Option<Token>, StorageError>;

    /// Lets a token's successor take its place and returns the family's token, if the shown one is the family's newest and
    /// works at that moment. Any other one ends the family, because somebody must have shown it before. Of two who show one
    /// token at once, one is followed, and the other ends the family with what the first was given.
    async fn renew(&mut self, succession: &Succession) -> Result<Option<Token>, StorageError>;

    /// Moves a token's expiry.
    async fn extend(
        &mut self,
        purpose: TokenPurpose,
        fingerprint: Fingerprint,
        expires_at: OffsetDateTime,
    ) -> Result<(), StorageError>;

    /// Takes away all tokens of a purpose that one actor holds.
    async fn revoke(
        &mut self,
        merchant: MerchantId,
        actor: Actor,
        purpose: TokenPurpose,
    ) -> Result<(), StorageError>;

    /// Takes away all tokens that expired before a moment; returns how many.
    async fn purge(&mut self, expired_before: OffsetDateTime) -> Result<u64, StorageError>;

    /// The stored signing key of a name; if there is none, the given one is stored and returned. Of two at once, both
    /// get the same.
    async fn keep_signing_key(
        &mut self,
        name: SigningKeyName,
        fresh: &Sealed,
    ) -> Result<Sealed, StorageError>;

    /// The stored signing key of a name.
    async fn find_signing_key(
        &mut self,
        name: SigningKeyName,
    ) -> Result<Option<Sealed>, StorageError>;
}
