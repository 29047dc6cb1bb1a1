//! New passwords.

use super::error::PasswordChangeError;
use super::model::Password;
use super::service::Accounts;
use super::throttle::{Spent, Throttle};
use crate::access::Actor;
use crate::budget::ClientAddress;
use crate::id::MerchantId;
use crate::secret::{Secret, SecretError};
use crate::storage::{Session, StorageError};
use crate::token::TokenPurpose;

impl Accounts {
    /// Gives an account the password that its owner chose, who knows the current one, and ends all its sessions
    /// (OL 2.5). A seller's password may be as weak as he likes.
    pub async fn change_password(
        &self,
        merchant: MerchantId,
        actor: Actor,
        (current, new): (Secret<String>, Secret<String>),
        address: ClientAddress,
    ) -> Result<(), PasswordChangeError> {
        let too_many = |Spent(retry_after)| PasswordChangeError::TooMany { retry_after };
        let throttle = Throttle::of_account(&*self.keeper, merchant, actor, address);
        throttle.check(&self.storage, &*self.clock).await?.map_err(too_many)?;
        let mut session = self.storage.session().await?;
        let stored = session.accounts().password(merchant, actor).await?;
        drop(session);
        let hash = stored.map(|password| password.hash);
        if !self.keeper.verify_password(current, hash).await? {
            throttle.count(&self.storage, &*self.clock).await?.map_err(too_many)?;
            return Err(PasswordChangeError::Wrong);
        }
        let broken = match actor {
            Actor::Seller(_) => Vec::new(),
            _ => self.strength.violations(new.expose()),
        };
        if !broken.is_empty() {
            return Err(PasswordChangeError::Weak(broken));
        }
        let password = self.chosen(new).await?;
        self.storage
            .atomically(async |unit| {
                self.replace_password(&mut **unit, merchant, actor, &password).await
            })
            .await?;
        Ok(())
    }

    /// Hashes a password of its owner's choice.
    pub(crate) async fn chosen(&self, password: Secret<String>) -> Result<Password, SecretError> {
        let hash = self.keeper.hash_password(password).await?;
        Ok(Password { hash, temporary: false, last_login_at: None })
    }

    /// Gives an account another password and ends its sessions. Belongs in a unit of work.
    pub(crate) async fn replace_password(
        &self,
        session: &mut dyn Session,
        merchant: MerchantId,
        actor: Actor,
        password: &Password,
    ) -> Result<(), StorageError> {
        session.accounts().set_password(merchant, actor, password).await?;
        session.accounts().end_sessions(merchant, actor, self.clock.now()).await?;
        session.tokens().revoke(merchant, actor, TokenPurpose::Refresh).await
    }
}
