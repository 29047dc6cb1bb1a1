//! Logging in, and being let in again.

use std::fmt;
use std::sync::Arc;

use uuid::Uuid;

use super::error::LoginError;
use super::model::{Admin, LoggedIn, Login, Operator, Password, Role};
use super::port::NameTaken;
use super::strength::PasswordStrength;
use super::throttle::{Spent, Throttle};
use crate::access::{Actor, Permissions};
use crate::clock::Clock;
use crate::customer::{Customer, Lookup, Status, email_key};
use crate::id::{AdminId, CustomerId, MerchantId, SellerId};
use crate::secret::{Fingerprint, Secret, SecretKeeper};
use crate::seller::Seller;
use crate::storage::{Storage, StorageError};

/// Everyone's accounts.
#[derive(Clone)]
pub struct Accounts {
    pub(super) storage: Storage,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) keeper: Arc<dyn SecretKeeper>,
    pub(super) strength: PasswordStrength,
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
        Self { storage, clock, keeper, strength: PasswordStrength::default() }
    }

    /// The service when it asks for passwords of another strength.
    #[must_use]
    pub fn asking_for(self, strength: PasswordStrength) -> Self {
        Self { strength, ..self }
    }

    /// How strong a password must be that a person chooses (OL 2.5).
    pub fn strength(&self) -> PasswordStrength {
        self.strength
    }

    /// Logs an admin in, by user name or e-mail address (OL 2.1): of this merchant, or of any where others are admitted.
    pub async fn log_in_admin(&self, login: Login<'_>) -> Result<LoggedIn, LoginError> {
        let throttle = self.throttle("admin", &login).await?;
        let found = self.admin_by_login(login.name).await?.filter(|admin| admin.active);
        let found =
            found.filter(|admin| login.admits_others || login.merchant == Some(admin.merchant));
        let candidate = found.map(|admin| Candidate {
            merchant: admin.merchant,
            actor: Actor::Admin(admin.id),
            username: admin.username.into_string(),
            role: Some(admin.role),
        });
        self.admit(candidate, login, throttle).await
    }

    /// Logs a seller in, by e-mail address or id (OL 2.1).
    pub async fn log_in_seller(&self, login: Login<'_>) -> Result<LoggedIn, LoginError> {
        let throttle = self.throttle("seller", &login).await?;
        let found = match login.merchant {
            Some(merchant) => self.seller_by_login(merchant, login.name).await?,
            None => None,
        };
        if found.as_ref().is_some_and(|seller| !seller.active) {
            return Err(LoginError::Inactive);
        }
        let candidate = found.map(|seller| Candidate {
            merchant: seller.merchant,
            actor: Actor::Seller(seller.id),
            username: seller.email.to_string(),
            role: None,
        });
        self.admit(candidate, login, throttle).await
    }

    /// Logs a customer in, by e-mail address, id, card number or phone as typed; only active customers get in (OL 2.1).
    pub async fn log_in_customer(&self, login: Login<'_>) -> Result<LoggedIn, LoginError> {
        let throttle = self.throttle("customer", &login).await?;
        let found = match login.merchant {
            Some(merchant) => self.customer_by_login(merchant, login.name.trim()).await?,
            None => None,
        };
        let candidate = found.filter(may_log_in).map(|customer| Candidate {
            merchant: customer.merchant,
            actor: Actor::Customer(customer.id),
            username: customer
                .email
                .as_ref()
                .map_or_else(|| customer.id.to_string(), ToString::to_string),
            role: None,
        });
        self.admit(candidate, login, throttle).await
    }

    /// Logs an operator of an institution in (KC 1.3).
    pub async fn log_in_operator(&self, login: Login<'_>) -> Result<LoggedIn, LoginError> {
        let throttle = self.throttle("operator", &login).await?;
        let mut session = self.storage.session().await?;
        let email = login.name.trim().to_lowercase();
        let found = match login.merchant {
            Some(merchant) => session.accounts().find_operator_by_email(merchant, &email).await?,
            None => None,
        };
        drop(session);
        let candidate = found.map(|operator| Candidate {
            merchant: operator.merchant,
            actor: Actor::Operator(operator.id),
            username: operator.email.into_string(),
            role: None,
        });
        self.admit(candidate, login, throttle).await
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
        let sessions_since = session.accounts().sessions_since(merchant, actor).await?;
        let candidate = Candidate { merchant, actor, username, role };
        Ok(Some(LoggedIn { sessions_since, ..candidate.logged_in(password.as_ref()) }))
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

    /// The admin, of any merchant, whose lasting key has this fingerprint, if he is active (OL 2.4).
    pub async fn find_admin_by_api_key(
        &self,
        key: &Fingerprint,
    ) -> Result<Option<Admin>, StorageError> {
        let found = self.storage.session().await?.accounts().find_admin_by_api_key(key).await?;
        Ok(found.filter(|admin| admin.active))
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

    /// The admin, of any merchant, who logs in by a name.
    pub(crate) async fn admin_by_login(&self, name: &str) -> Result<Option<Admin>, StorageError> {
        let mut session = self.storage.session().await?;
        session.accounts().find_admin_by_name(&name.trim().to_lowercase()).await
    }

    /// The seller who logs in by a name, active or not.
    pub(crate) async fn seller_by_login(
        &self,
        merchant: MerchantId,
        name: &str,
    ) -> Result<Option<Seller>, StorageError> {
        let mut session = self.storage.session().await?;
        let found = match name.parse::<SellerId>() {
            Ok(id) => session.sellers().find(merchant, id).await?,
            Err(_) => {
                session.sellers().find_by_email(merchant, &name.trim().to_lowercase()).await?
            }
        };
        Ok(found.filter(|seller| seller.deleted_at.is_none()))
    }

    /// The customer who logs in by a name. Every way is tried, also after one led to somebody, so that the work tells
    /// nothing.
    pub(crate) async fn customer_by_login(
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
        let mut found = None;
        for way in ways {
            let customer = session.customers().look_up(merchant, &way).await?;
            found = found.or(customer);
        }
        Ok(found)
    }

    async fn throttle(&self, kind: &str, login: &Login<'_>) -> Result<Throttle, LoginError> {
        let throttle = Throttle::of_login(&*self.keeper, kind, login);
        throttle.check(&self.storage, &*self.clock).await?.map_err(too_many)?;
        Ok(throttle)
    }

    /// Checks the password with the same effort whether there is a candidate or not.
    async fn admit(
        &self,
        candidate: Option<Candidate>,
        login: Login<'_>,
        throttle: Throttle,
    ) -> Result<LoggedIn, LoginError> {
        let nobody = || (MerchantId::from(Uuid::nil()), Actor::Admin(AdminId::from(Uuid::nil())));
        let (merchant, actor) = candidate
            .as_ref()
            .map_or_else(nobody, |candidate| (candidate.merchant, candidate.actor));
        let mut session = self.storage.session().await?;
        let stored = session.accounts().password(merchant, actor).await?;
        drop(session);
        let hash = stored.as_ref().map(|password| password.hash.clone());
        let fits = self.keeper.verify_password(login.password.clone(), hash).await?;
        let Some(candidate) = candidate.filter(|_| fits) else {
            throttle.count(&self.storage, &*self.clock).await?.map_err(too_many)?;
            return Err(LoginError::BadCredentials);
        };
        if let Some(stored) = &stored {
            self.renew(&candidate, stored, login.password).await?;
        }
        let mut session = self.storage.session().await?;
        session
            .accounts()
            .note_login(candidate.merchant, candidate.actor, self.clock.now())
            .await?;
        Ok(candidate.logged_in(stored.as_ref()))
    }

    /// Puts a hash of today's kind in the place of an older one: only now is the password known.
    async fn renew(
        &self,
        candidate: &Candidate,
        stored: &Password,
        given: Secret<String>,
    ) -> Result<(), LoginError> {
        if !self.keeper.is_outdated(&stored.hash) {
            return Ok(());
        }
        let hash = self.keeper.hash_password(given).await?;
        let password = Password { hash, ..stored.clone() };
        let mut session = self.storage.session().await?;
        let (merchant, actor) = (candidate.merchant, candidate.actor);
        Ok(session.accounts().set_password(merchant, actor, &password).await?)
    }
}

fn too_many(Spent(retry_after): Spent) -> LoginError {
    LoginError::TooMany { retry_after }
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
            sessions_since: None,
        }
    }
}

fn may_log_in(customer: &Customer) -> bool {
    customer.is_live() && customer.status == Status::Active
}
