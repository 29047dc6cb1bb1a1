//! What codes need from storage.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::model::{CodePurpose, NewCode, Redeemed};
use crate::access::Actor;
use crate::id::MerchantId;
use crate::secret::Fingerprint;
use crate::storage::StorageError;

/// What became of a new code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It took the place of the account's older one; how many of its purpose the account has had, this one included.
    Numbered(u32),
    /// The account's older one is too young and unused.
    TooSoon,
    /// Another account of the merchant holds a code that reads the same.
    Occupied,
}

/// Storage of codes.
#[async_trait]
pub trait CodeRepository: Send {
    /// Puts a code in the place of the account's older one of the same purpose: that one works no more. With
    /// `unless_after`, an unused older one that was issued after that moment stays instead.
    async fn put(
        &mut self,
        code: &NewCode,
        unless_after: Option<OffsetDateTime>,
    ) -> Result<Put, StorageError>;

    /// Uses up the code that reads so, whosever it is: of two at once, one gets it.
    async fn redeem(
        &mut self,
        merchant: MerchantId,
        purpose: CodePurpose,
        fingerprint: Fingerprint,
        now: OffsetDateTime,
    ) -> Result<Option<Redeemed>, StorageError>;

    /// Holds a guess against the code of one account: the right one uses the code up, and so do
    /// [`CodePurpose::TRIES`] wrong ones. Guesses at the same time are counted one by one.
    async fn redeem_of(
        &mut self,
        merchant: MerchantId,
        holder: Actor,
        purpose: CodePurpose,
        guess: Fingerprint,
        now: OffsetDateTime,
    ) -> Result<Option<Redeemed>, StorageError>;

    /// Whose code reads so, whether it was used before, if it has not expired. Uses nothing up.
    async fn holder(
        &mut self,
        merchant: MerchantId,
        purpose: CodePurpose,
        fingerprint: Fingerprint,
        now: OffsetDateTime,
    ) -> Result<Option<Actor>, StorageError>;

    /// Makes every code of an account stop working.
    async fn revoke(&mut self, merchant: MerchantId, holder: Actor) -> Result<(), StorageError>;

    /// Takes away, over all merchants, the codes that expired before a moment; returns how many. An account's count of
    /// codes begins anew with that.
    async fn purge(&mut self, expired_before: OffsetDateTime) -> Result<u64, StorageError>;
}
