//! Tokens and signing keys.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::session::MemorySession;
use super::state::State;
use crate::access::Actor;
use crate::id::MerchantId;
use crate::secret::{Fingerprint, Sealed};
use crate::storage::StorageError;
use crate::token::{SigningKeyName, Succession, Token, TokenPurpose, TokenRepository};

#[async_trait]
impl TokenRepository for MemorySession {
    async fn insert(&mut self, token: &Token) -> Result<(), StorageError> {
        let insert = |state: &mut State| {
            let key = (token.purpose, token.fingerprint);
            if state.tokens.contains_key(&key) {
                return Err(StorageError::Failed("the token's secret is in use".to_owned()));
            }
            state.tokens.insert(key, token.clone());
            Ok(())
        };
        self.write(insert).await
    }

    async fn find(
        &mut self,
        purpose: TokenPurpose,
        fingerprint: Fingerprint,
    ) -> Result<Option<Token>, StorageError> {
        Ok(self.read(|state| state.tokens.get(&(purpose, fingerprint)).cloned()).await)
    }

    async fn consume(
        &mut self,
        purpose: TokenPurpose,
        fingerprint: Fingerprint,
    ) -> Result<Option<Token>, StorageError> {
        Ok(self.write(|state| state.tokens.remove(&(purpose, fingerprint))).await)
    }

    async fn renew(&mut self, succession: &Succession) -> Result<Option<Token>, StorageError> {
        Ok(self.write(|state| state.renew(succession)).await)
    }

    async fn extend(
        &mut self,
        purpose: TokenPurpose,
        fingerprint: Fingerprint,
        expires_at: OffsetDateTime,
    ) -> Result<(), StorageError> {
        let extend = |state: &mut State| {
            if let Some(token) = state.tokens.get_mut(&(purpose, fingerprint)) {
                token.expires_at = Some(expires_at);
            }
        };
        self.write(extend).await;
        Ok(())
    }

    async fn revoke(
        &mut self,
        merchant: MerchantId,
        actor: Actor,
        purpose: TokenPurpose,
    ) -> Result<(), StorageError> {
        let revoked = (merchant, actor, purpose);
        let is_kept = |token: &Token| (token.merchant, token.actor, token.purpose) != revoked;
        self.write(|state| state.tokens.retain(|_, token| is_kept(token))).await;
        Ok(())
    }

    async fn purge(&mut self, expired_before: OffsetDateTime) -> Result<u64, StorageError> {
        let is_kept = |token: &Token| token.expires_at.is_none_or(|at| at >= expired_before);
        let purge = |state: &mut State| {
            let before = state.tokens.len();
            state.tokens.retain(|_, token| is_kept(token));
            before - state.tokens.len()
        };
        let gone = self.write(purge).await;
        u64::try_from(gone).map_err(|error| StorageError::Failed(error.to_string()))
    }

    async fn keep_signing_key(
        &mut self,
        name: SigningKeyName,
        fresh: &Sealed,
    ) -> Result<Sealed, StorageError> {
        let keep = |state: &mut State| {
            state.signing_keys.entry(name).or_insert_with(|| fresh.clone()).clone()
        };
        Ok(self.write(keep).await)
    }

    async fn find_signing_key(
        &mut self,
        name: SigningKeyName,
    ) -> Result<Option<Sealed>, StorageError> {
        Ok(self.read(|state| state.signing_keys.get(&name).cloned()).await)
    }
}

impl State {
    fn renew(&mut self, succession: &Succession) -> Option<Token> {
        let key = (succession.purpose, succession.family);
        let newest = self.renewals.get(&key).copied().unwrap_or(succession.family);
        let works = |token: &&mut Token| {
            newest == succession.shown && token.expires_at.is_none_or(|at| at > succession.at)
        };
        let Some(token) = self.tokens.get_mut(&key).filter(works) else {
            self.tokens.remove(&key);
            self.renewals.remove(&key);
            return None;
        };
        token.expires_at = succession.expires_at;
        self.renewals.insert(key, succession.successor);
        Some(token.clone())
    }
}
