//! What accounts need from storage.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::model::{Admin, Operator, Password};
use crate::access::Actor;
use crate::id::{AdminId, CustomerId, MerchantId, OperatorId};
use crate::secret::{Fingerprint, PasswordHash};
use crate::storage::StorageError;

/// Why an account could not be added.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameTaken {
    /// Somebody has the login name.
    #[error("the login name is taken")]
    Taken,
    /// Somebody shows the same lasting key.
    #[error("the key is taken")]
    KeyTaken,
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Storage of accounts.
#[async_trait]
pub trait AccountRepository: Send {
    /// Stores a new admin under both login names and the key, in a unit of work, so that a refusal leaves nothing.
    async fn insert_admin(&mut self, admin: &Admin) -> Result<(), NameTaken>;

    /// Stores what became of an admin, names and key included, in a unit of work.
    async fn update_admin(&mut self, admin: &Admin) -> Result<(), NameTaken>;

    /// All admins of a merchant, in the order in which they came.
    async fn admins(&mut self, merchant: MerchantId) -> Result<Vec<Admin>, StorageError>;

    /// The same, kept from other changes until the unit of work ends.
    async fn admins_to_change(&mut self, merchant: MerchantId) -> Result<Vec<Admin>, StorageError>;

    /// The admin, of any merchant, who shows a lasting key.
    async fn find_admin_by_api_key(
        &mut self,
        key: &Fingerprint,
    ) -> Result<Option<Admin>, StorageError>;

    /// The admin with an id.
    async fn find_admin(
        &mut self,
        merchant: MerchantId,
        id: AdminId,
    ) -> Result<Option<Admin>, StorageError>;

    /// The admin, of any merchant, who logs in by a user name or an e-mail address in lower case.
    async fn find_admin_by_name(&mut self, name: &str) -> Result<Option<Admin>, StorageError>;

    /// Stores a new operator.
    async fn insert_operator(&mut self, operator: &Operator) -> Result<(), NameTaken>;

    /// The operator with an id.
    async fn find_operator(
        &mut self,
        merchant: MerchantId,
        id: OperatorId,
    ) -> Result<Option<Operator>, StorageError>;

    /// The operator who logs in by an e-mail address in lower case.
    async fn find_operator_by_email(
        &mut self,
        merchant: MerchantId,
        email: &str,
    ) -> Result<Option<Operator>, StorageError>;

    /// Sets the password of an account; the last login stays as it is.
    async fn set_password(
        &mut self,
        merchant: MerchantId,
        actor: Actor,
        password: &Password,
    ) -> Result<(), StorageError>;

    /// Gives a live customer a temporary password in place of none or of another temporary one; tells whether it did.
    /// A password of the customer's own choice stays.
    async fn set_temporary_password(
        &mut self,
        merchant: MerchantId,
        customer: CustomerId,
        hash: &PasswordHash,
    ) -> Result<bool, StorageError>;

    /// The password of an account.
    async fn password(
        &mut self,
        merchant: MerchantId,
        actor: Actor,
    ) -> Result<Option<Password>, StorageError>;

    /// Notes that the password opened the account.
    async fn note_login(
        &mut self,
        merchant: MerchantId,
        actor: Actor,
        at: OffsetDateTime,
    ) -> Result<(), StorageError>;

    /// Notes that tokens of an account from before a moment work no more.
    async fn end_sessions(
        &mut self,
        merchant: MerchantId,
        actor: Actor,
        at: OffsetDateTime,
    ) -> Result<(), StorageError>;

    /// The moment before which an account's tokens work no more.
    async fn sessions_since(
        &mut self,
        merchant: MerchantId,
        actor: Actor,
    ) -> Result<Option<OffsetDateTime>, StorageError>;
}
