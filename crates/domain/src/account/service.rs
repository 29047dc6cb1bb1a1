//! Logging in, and being let in again.

use std::fmt;
use std::sync::Arc;

use super::error::LoginError;
use super::model::{Admin, LoggedIn, Operator, Password, Role};
use super::port::NameTaken;
use crate::access::{Actor, Permissions};
use crate::clock::Clock;
use crate::customer::{Customer, Lookup, Status, email_key};
use crate::id::{CustomerId, MerchantId, SellerId};
use crate::secret::{Secret, SecretKeeper};
use crate::storage::{Storage, StorageError};

/// Everyone's accounts.
#[derive(Clone)]
pub struct Accounts {
    storage: Storage,
    clock: Arc<dyn Clock>,
    keeper: Arc<dyn SecretKeeper>,
}

impl fmt::Debug for Accounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Accounts")
    }
}

/// Somebody whose password is about to be checked.
struct Candidate {
    merchant: MerchantId,
    actor: Actor,
    username: String,
    role: Option<Role>,
}

impl Accounts {
    /// The service on its ports.
    pub fn new(storage: Storage, clock: Arc<dyn Clock>, keeper: Arc<dyn SecretKeeper>) -> Self {
        Self { storage, clock, keeper }
    }

    /// Logs an admin of any merchant in, by user name or e-mail address (OL 2.1).
    pub async fn log_in_admin(
        &self,
        name: &str,
        password: Secret<String>,
    ) -> Result<LoggedIn, LoginError> {
        let found = self
            .storage
            .session()
            .await?
            .accounts()
            .find_admin_by_name(&name.trim().to_lowercase())
            .await?;
        let candidate = found.filter(|admin| admin.active).map(|admin| Candidate {
            merchant: admin.merchant,
            actor: Actor::Admin(admin.id),
            username: admin.username.into_string(),
            role: Some(admin.role),
        });
        self.admit(candidate, password).await
    }

    /// Logs a seller in, by e-mail address or id (OL 2.1).
    pub async fn log_in_seller(
        &self,
        merchant: MerchantId,
        name: &str,
        password: Secret<String>,
    ) -> Result<LoggedIn, LoginError> {
        let mut session = self.storage.session().await?;
        let found = match name.parse::<SellerId>() {
            Ok(id) => session.sellers().find(merchant, id).await?,
            Err(_) => {
                session.sellers().find_by_email(merchant, &name.trim().to_lowercase()).await?
            }
        };
        drop(session);
        let found = found.filter(|seller| seller.deleted_at.is_none());
        if found.as_ref().is_some_and(|seller| !seller.active) {
            return Err(LoginError::Inactive);
        }
        let candidate = found.map(|seller| Candidate {
            merchant,
            actor: Actor::Seller(seller.id),
            username: seller.email.to_string(),
            role: None,
        });
        self.admit(candidate, password).await
    }

    /// Logs a customer in, by e-mail address, id, card number or phone as typed; only active customers get in (OL 2.1).
    pub async fn log_in_customer(
        &self,
        merchant: MerchantId,
        name: &str,
        password: Secret<String>,
    ) -> Result<LoggedIn, LoginError> {
        let found = self.customer_by_login(merchant, name.trim()).await?;
        let candidate = found.filter(may_log_in).map(|customer| Candidate {
            merchant,
            actor: Actor::Customer(customer.id),
            username: customer
                .email
                .as_ref()
                .map_or_else(|| customer.id.to_string(), ToString::to_string),
            role: None,
        });
        self.admit(candidate, password).await
    }

    /// Logs an operator of an institution in (KC 1.3). An unknown institution is no merchant.
    pub async fn log_in_operator(
        &self,
        merchant: Option<MerchantId>,
        email: &str,
        password: Secret<String>,
    ) -> Result<LoggedIn, LoginError> {
        let mut session = self.storage.session().await?;
        let found = match merchant {
            Some(merchant) => {
                session
                    .accounts()
                    .find_operator_by_email(merchant, &email.trim().to_lowercase())
                    .await?
            }
            None => None,
        };
        drop(session);
        let candidate = found.map(|operator| Candidate {
            merchant: operator.merchant,
            actor: Actor::Operator(operator.id),
            username: operator.email.into_string(),
            role: None,
        });
        self.admit(candidate, password).await
    }

    /// Lets somebody in again on the strength of a token: whoever was removed or switched off since is refused.
    pub async fn readmit(
        &self,
        merchant: MerchantId,
        actor: Actor,
    ) -> Result<Option<LoggedIn>, StorageError> {
        let mut session = self.storage.session().await?;
        let (username, role) = match actor {
            Actor::Admin(id) => match session.accounts().find_admin(merchant, id).await? {
                Some(admin) if admin.active => (admin.username.into_string(), Some(admin.role)),
                _ => return Ok(None),
            },
            Actor::Seller(id) => match session.sellers().find(merchant, id).await? {
                Some(seller) if seller.active && seller.deleted_at.is_none() => {
                    (seller.email.to_string(), None)
                }
                _ => return Ok(None),
            },
            Actor::Customer(id) => match session.customers().find(merchant, id).await? {
                Some(customer) if may_log_in(&customer) => (
                    customer.email.as_ref().map_or_else(|| id.to_string(), ToString::to_string),
                    None,
                ),
                _ => return Ok(None),
            },
            Actor::Operator(id) => match session.accounts().find_operator(merchant, id).await? {
                Some(operator) => (operator.email.into_string(), None),
                None => return Ok(None),
            },
            Actor::Application(_) | Actor::System => return Ok(None),
        };
        let password = session.accounts().password(merchant, actor).await?;
        let candidate = Candidate { merchant, actor, username, role };
        Ok(Some(candidate.logged_in(password.as_ref())))
    }

    /// Adds an admin with a password.
    pub async fn add_admin(
        &self,
        admin: &Admin,
        password: Secret<String>,
    ) -> Result<(), NameTaken> {
        let password = Password::chosen(&*self.keeper, password).await?;
        self.storage
            .atomically(async |unit| {
                unit.accounts().insert_admin(admin).await?;
                Ok(unit
                    .accounts()
                    .set_password(admin.merchant, Actor::Admin(admin.id), &password)
                    .await?)
            })
            .await
    }

    /// Adds an operator with a password.
    pub async fn add_operator(
        &self,
        operator: &Operator,
        password: Secret<String>,
    ) -> Result<(), NameTaken> {
        let password = Password::chosen(&*self.keeper, password).await?;
        self.storage
            .atomically(async |unit| {
                unit.accounts().insert_operator(operator).await?;
                Ok(unit
                    .accounts()
                    .set_password(operator.merchant, Actor::Operator(operator.id), &password)
                    .await?)
            })
            .await
    }

    /// Gives an account a password of its owner's choice.
    pub async fn set_password(
        &self,
        merchant: MerchantId,
        actor: Actor,
        password: Secret<String>,
    ) -> Result<(), StorageError> {
        let password = Password::chosen(&*self.keeper, password).await?;
        self.storage.session().await?.accounts().set_password(merchant, actor, &password).await
    }

    async fn customer_by_login(
        &self,
        merchant: MerchantId,
        name: &str,
    ) -> Result<Option<Customer>, StorageError> {
        let mut session = self.storage.session().await?;
        if let Ok(id) = name.parse::<CustomerId>() {
            return session.customers().find(merchant, id).await;
        }
        let mut ways =
            vec![Lookup::LoyaltyCard(name.to_owned()), Lookup::PhoneAsTyped(name.to_owned())];
        if let Some(email) = email_key(name) {
            ways.insert(0, Lookup::Email(email));
        }
        for way in ways {
            if let Some(customer) = session.customers().look_up(merchant, &way).await? {
                return Ok(Some(customer));
            }
        }
        Ok(None)
    }

    /// Checks the password with the same effort whether there is a candidate or not.
    async fn admit(
        &self,
        candidate: Option<Candidate>,
        given: Secret<String>,
    ) -> Result<LoggedIn, LoginError> {
        let mut stored = None;
        if let Some(candidate) = &candidate {
            let mut session = self.storage.session().await?;
            stored = session.accounts().password(candidate.merchant, candidate.actor).await?;
        }
        let hash = stored.as_ref().map(|password| password.hash.clone());
        let fits = self.keeper.verify_password(given, hash).await?;
        let candidate = candidate.filter(|_| fits).ok_or(LoginError::BadCredentials)?;
        let mut session = self.storage.session().await?;
        session
            .accounts()
            .note_login(candidate.merchant, candidate.actor, self.clock.now())
            .await?;
        Ok(candidate.logged_in(stored.as_ref()))
    }
}

impl Candidate {
    fn logged_in(self, password: Option<&Password>) -> LoggedIn {
        LoggedIn {
            merchant: self.merchant,
            actor: self.actor,
            username: self.username,
            permissions: self.role.map_or(Permissions::NONE, Role::permissions),
            master: self.role == Some(Role::Master),
            temporary_password: password.is_some_and(|password| password.temporary),
            last_login_at: password.and_then(|password| password.last_login_at),
        }
    }
}

fn may_log_in(customer: &Customer) -> bool {
    customer.is_live() && customer.status == Status::Active
}
