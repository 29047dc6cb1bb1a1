//! What invitations need from storage.

use async_trait::async_trait;

use super::model::{Invitation, InvitationCriterion, InvitationQuery, ListedInvitation};
use crate::customer::Customer;
use crate::id::{CustomerId, MerchantId};
use crate::secret::Fingerprint;
use crate::storage::StorageError;

/// Storage of invitations. An address is invited at most once within a merchant.
#[async_trait]
pub trait InvitationRepository: Send {
    /// Stores a new invitation; `false`, and nothing, if its address was invited already.
    async fn insert(&mut self, invitation: &Invitation) -> Result<bool, StorageError>;

    /// Ties the open invitation with a token to the customer who came; `false` if there is none.
    async fn accept(
        &mut self,
        merchant: MerchantId,
        token: Fingerprint,
        customer: CustomerId,
    ) -> Result<bool, StorageError>;

    /// Ties the oldest open invitation that a referrer sent to one of the customer's addresses; `false` if there is
    /// none.
    async fn accept_from(
        &mut self,
        referrer: CustomerId,
        customer: &Customer,
    ) -> Result<bool, StorageError>;

    /// Notes that an invited customer bought something.
    async fn purchased(
        &mut self,
        merchant: MerchantId,
        customer: CustomerId,
    ) -> Result<(), StorageError>;

    /// Removes the addresses from every invitation that a customer sent, followed or was sent, open ones losing their
    /// token with it; the ids stay. `customer` is the record from before it was stripped or removed.
    async fn forget(&mut self, customer: &Customer) -> Result<(), StorageError>;

    /// One part of a list.
    async fn list(
        &mut self,
        merchant: MerchantId,
        query: &InvitationQuery,
    ) -> Result<Vec<ListedInvitation>, StorageError>;

    /// How many fit.
    async fn count(
        &mut self,
        merchant: MerchantId,
        criteria: &[InvitationCriterion],
    ) -> Result<u64, StorageError>;
}
