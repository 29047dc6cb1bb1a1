//! Accounts and their passwords.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::session::MemorySession;
use super::state::State;
use crate::access::Actor;
use crate::account::{AccountRepository, Admin, NameTaken, Operator, Password};
use crate::customer::Customer;
use crate::id::{AdminId, CustomerId, MerchantId, OperatorId};
use crate::secret::{Fingerprint, PasswordHash};
use crate::storage::StorageError;

#[async_trait]
impl AccountRepository for MemorySession {
    async fn insert_admin(&mut self, admin: &Admin) -> Result<(), NameTaken> {
        let insert = |state: &mut State| {
            state.check_names(admin)?;
            state.admins.insert((admin.merchant, admin.id), admin.clone());
            Ok(())
        };
        self.write(insert).await
    }

    async fn update_admin(&mut self, admin: &Admin) -> Result<(), NameTaken> {
        let update = |state: &mut State| {
            state.check_names(admin)?;
            if let Some(old) = state.admins.get_mut(&(admin.merchant, admin.id)) {
                *old = admin.clone();
            }
            Ok(())
        };
        self.write(update).await
    }

    async fn admins(&mut self, merchant: MerchantId) -> Result<Vec<Admin>, StorageError> {
        let list = |state: &State| {
            let own = state.admins.values().filter(|admin| admin.merchant == merchant);
            let mut own: Vec<_> = own.cloned().collect();
            own.sort_by_key(|admin| (admin.created_at, admin.id));
            own
        };
        Ok(self.read(list).await)
    }

    async fn admins_to_change(&mut self, merchant: MerchantId) -> Result<Vec<Admin>, StorageError> {
        self.admins(merchant).await
    }

    async fn find_admin_by_api_key(
        &mut self,
        key: &Fingerprint,
    ) -> Result<Option<Admin>, StorageError> {
        Ok(self.read(|state| state.admin_by_key(key).cloned()).await)
    }

    async fn find_admin(
        &mut self,
        merchant: MerchantId,
        id: AdminId,
    ) -> Result<Option<Admin>, StorageError> {
        Ok(self.read(|state| state.admins.get(&(merchant, id)).cloned()).await)
    }

    async fn find_admin_by_name(&mut self, name: &str) -> Result<Option<Admin>, StorageError> {
        Ok(self.read(|state| state.admin_by_name(name).cloned()).await)
    }

    async fn insert_operator(&mut self, operator: &Operator) -> Result<(), NameTaken> {
        let insert = |state: &mut State| {
            let email = operator.email.as_str().to_lowercase();
            if state.operator_by_email(operator.merchant, &email).is_some() {
                return Err(NameTaken::Taken);
            }
            state.operators.insert((operator.merchant, operator.id), operator.clone());
            Ok(())
        };
        self.write(insert).await
    }

    async fn find_operator(
        &mut self,
        merchant: MerchantId,
        id: OperatorId,
    ) -> Result<Option<Operator>, StorageError> {
        Ok(self.read(|state| state.operators.get(&(merchant, id)).cloned()).await)
    }

    async fn find_operator_by_email(
        &mut self,
        merchant: MerchantId,
        email: &str,
    ) -> Result<Option<Operator>, StorageError> {
        Ok(self.read(|state| state.operator_by_email(merchant, email).cloned()).await)
    }

    async fn set_password(
        &mut self,
        merchant: MerchantId,
        actor: Actor,
        password: &Password,
    ) -> Result<(), StorageError> {
        let set = |state: &mut State| {
            let known = state.passwords.get(&(merchant, actor));
            let last_login_at = known.and_then(|known| known.last_login_at);
            let password = Password { last_login_at, ..password.clone() };
            state.passwords.insert((merchant, actor), password);
        };
        self.write(set).await;
        Ok(())
    }

    async fn set_temporary_password(
        &mut self,
        merchant: MerchantId,
        customer: CustomerId,
        hash: &PasswordHash,
    ) -> Result<bool, StorageError> {
        let set = |state: &mut State| {
            let live = state.customers.get(&(merchant, customer)).is_some_and(Customer::is_live);
            let key = (merchant, Actor::Customer(customer));
            let known = state.passwords.get(&key);
            if !live || known.is_some_and(|known| !known.temporary) {
                return false;
            }
            let last_login_at = known.and_then(|known| known.last_login_at);
            let password = Password { hash: hash.clone(), temporary: true, last_login_at };
            state.passwords.insert(key, password);
            true
        };
        Ok(self.write(set).await)
    }

    async fn password(
        &mut self,
        merchant: MerchantId,
        actor: Actor,
    ) -> Result<Option<Password>, StorageError> {
        Ok(self.read(|state| state.passwords.get(&(merchant, actor)).cloned()).await)
    }

    async fn note_login(
        &mut self,
        merchant: MerchantId,
        actor: Actor,
        at: OffsetDateTime,
    ) -> Result<(), StorageError> {
        let note = |state: &mut State| {
            if let Some(password) = state.passwords.get_mut(&(merchant, actor)) {
                password.last_login_at = Some(at);
            }
        };
        self.write(note).await;
        Ok(())
    }

    async fn end_sessions(
        &mut self,
        merchant: MerchantId,
        actor: Actor,
        at: OffsetDateTime,
    ) -> Result<(), StorageError> {
        self.write(|state| state.sessions_since.insert((merchant, actor), at)).await;
        Ok(())
    }

    async fn sessions_since(
        &mut self,
        merchant: MerchantId,
        actor: Actor,
    ) -> Result<Option<OffsetDateTime>, StorageError> {
        Ok(self.read(|state| state.sessions_since.get(&(merchant, actor)).copied()).await)
    }
}

fn login_names(admin: &Admin) -> [String; 2] {
    [&admin.username, &admin.email].map(|name| name.as_str().to_lowercase())
}

impl State {
    fn check_names(&self, admin: &Admin) -> Result<(), NameTaken> {
        let other = |holder: Option<&Admin>| holder.is_some_and(|holder| holder.id != admin.id);
        if login_names(admin).iter().any(|name| other(self.admin_by_name(name))) {
            return Err(NameTaken::Taken);
        }
        let key = admin.api_key.as_ref().map(|key| key.fingerprint);
        if other(key.and_then(|key| self.admin_by_key(&key))) {
            return Err(NameTaken::KeyTaken);
        }
        Ok(())
    }

    fn admin_by_key(&self, key: &Fingerprint) -> Option<&Admin> {
        let shows =
            |admin: &&Admin| admin.api_key.as_ref().is_some_and(|own| own.fingerprint == *key);
        self.admins.values().find(shows)
    }

    fn admin_by_name(&self, name: &str) -> Option<&Admin> {
        self.admins.values().find(|admin| login_names(admin).iter().any(|login| login == name))
    }

    fn operator_by_email(&self, merchant: MerchantId, email: &str) -> Option<&Operator> {
        self.operators.values().find(|operator| {
            operator.merchant == merchant && operator.email.as_str().to_lowercase() == email
        })
    }
}
