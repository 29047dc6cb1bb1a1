//! The people who administer a programme, and the programs that do (OL 4.8).

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use super::model::{Admin, ApiKey, Password, Role};
use super::port::NameTaken;
use crate::access::Actor;
use crate::clock::{Clock, Entropy};
use crate::customer::PhoneNumber;
use crate::id::{AdminId, MerchantId};
use crate::page::{Order, Page, PageRequest};
use crate::secret::{Secret, SecretError, SecretKeeper};
use crate::storage::{Storage, StorageError, UnitOfWork};
use crate::text::Line;
use crate::token::TokenPurpose;

/// What an admin is to be, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminTerms {
    /// First name.
    pub first_name: Option<Line>,
    /// Last name.
    pub last_name: Option<Line>,
    /// Phone number.
    pub phone: Option<PhoneNumber>,
    /// E-mail address.
    pub email: Line,
    /// What the admin may do; a replacement without one keeps the old one, a new admin is a master.
    pub role: Option<Role>,
    /// Whether logins and tokens work.
    pub active: bool,
    /// Whether it is a program.
    pub external: bool,
    /// The program's key; a program that had one keeps it. Not looked at otherwise.
    pub api_key: Option<Secret<String>>,
    /// A new password.
    pub password: Option<Secret<String>>,
}

/// What admins may say about themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnTerms {
    /// First name.
    pub first_name: Option<Line>,
    /// Last name.
    pub last_name: Option<Line>,
    /// Phone number.
    pub phone: Option<PhoneNumber>,
    /// E-mail address.
    pub email: Line,
    /// What the admin may do; stays, if not given.
    pub role: Option<Role>,
}

/// What a list of admins is ordered by; texts without letter case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdminSortKey {
    /// Id.
    Id,
    /// Login name.
    Username,
    /// First name.
    FirstName,
    /// Last name.
    LastName,
    /// E-mail address.
    Email,
    /// Phone number.
    Phone,
    /// Active or not.
    Active,
    /// Program or person.
    External,
    /// When the account was made.
    CreatedAt,
}

/// A list of admins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdminQuery {
    /// In which order; as they came, if not given.
    pub order: Option<Order<AdminSortKey>>,
    /// Which part.
    pub page: PageRequest,
}

/// Why a use case on admins failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdminError {
    /// The merchant has no such admin.
    #[error("there is no such admin")]
    NotFound,
    /// Somebody, of whatever merchant, logs in by this name.
    #[error("the login name is taken")]
    NameTaken,
    /// A program, of whatever merchant, shows this key.
    #[error("the key is taken")]
    KeyTaken,
    /// A program needs a key.
    #[error("a program has no key")]
    KeyMissing,
    /// A person needs a password.
    #[error("a person has no password")]
    PasswordMissing,
    /// The last person in charge of the programme would be gone.
    #[error("nobody would be left in charge")]
    NobodyLeft(MasterLoss),
    /// A secret could not be handled.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// How somebody ceases to be in charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MasterLoss {
    /// The account no longer works.
    SwitchedOff,
    /// The role is another one.
    Demoted,
    /// The person became a program.
    Program,
}

impl From<NameTaken> for AdminError {
    fn from(error: NameTaken) -> Self {
        match error {
            NameTaken::Taken => Self::NameTaken,
            NameTaken::KeyTaken => Self::KeyTaken,
            NameTaken::Storage(error) => Self::Storage(error),
        }
    }
}

/// A merchant's admins.
#[derive(Clone)]
pub struct Admins {
    storage: Storage,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    keeper: Arc<dyn SecretKeeper>,
}

impl fmt::Debug for Admins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Admins")
    }
}

impl Admins {
    /// The service on its ports.
    pub fn new(
        storage: Storage,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        keeper: Arc<dyn SecretKeeper>,
    ) -> Self {
        Self { storage, clock, entropy, keeper }
    }

    /// One part of a list of a merchant's admins, and the size of the whole.
    pub async fn page(
        &self,
        merchant: MerchantId,
        query: &AdminQuery,
    ) -> Result<Page<Admin>, StorageError> {
        let mut admins = self.storage.session().await?.accounts().admins(merchant).await?;
        if let Some(order) = query.order {
            let value = |admin: &Admin| sort_value(admin, order.key);
            admins
                .sort_by(|left, right| order.compare(value(left).as_ref(), value(right).as_ref()));
        }
        Ok(Page::cut(admins, query.page))
    }

    /// The admin with an id.
    pub async fn find(&self, merchant: MerchantId, id: AdminId) -> Result<Admin, AdminError> {
        let found = self.storage.session().await?.accounts().find_admin(merchant, id).await?;
        found.ok_or(AdminError::NotFound)
    }

    /// The key of a program, for those who may see it.
    pub fn reveal(&self, key: &ApiKey) -> Result<Secret<String>, SecretError> {
        let bytes = self.keeper.open(&key.sealed)?.into_inner();
        String::from_utf8(bytes).map(Secret::new).map_err(|_| SecretError::Unreadable)
    }

    /// Makes an admin, who logs in by the e-mail address.
    pub async fn create(
        &self,
        merchant: MerchantId,
        terms: AdminTerms,
    ) -> Result<AdminId, AdminError> {
        if !terms.external && terms.password.is_none() {
            return Err(AdminError::PasswordMissing);
        }
        let api_key = if terms.external {
            Some(self.key(terms.api_key.as_ref())?.ok_or(AdminError::KeyMissing)?)
        } else {
            None
        };
        let password = self.chosen(terms.password).await?;
        let admin = Admin {
            merchant,
            id: AdminId::from(self.entropy.uuid()),
            username: terms.email.clone(),
            email: terms.email,
            first_name: terms.first_name,
            last_name: terms.last_name,
            phone: terms.phone,
            role: terms.role.unwrap_or(Role::Master),
            active: terms.active,
            api_key,
            created_at: self.clock.now(),
        };
        let stored = self.storage.atomically(async |unit| {
            unit.accounts().insert_admin(&admin).await?;
            end_sessions(unit, &admin, password.as_ref()).await
        });
        stored.await?;
        Ok(admin.id)
    }

    /// Replaces what is known of an admin. Whoever is shut out or gets another password stays logged in nowhere.
    pub async fn replace(
        &self,
        merchant: MerchantId,
        id: AdminId,
        terms: AdminTerms,
    ) -> Result<(), AdminError> {
        let key = self.key(terms.api_key.as_ref().filter(|_| terms.external))?;
        let password = self.chosen(terms.password).await?;
        let change = |admin: Admin| {
            let api_key = match (terms.external, key.or_else(|| admin.api_key.clone())) {
                (true, None) => return Err(AdminError::KeyMissing),
                (true, key) => key,
                (false, _) if admin.api_key.is_some() && password.is_none() => {
                    return Err(AdminError::PasswordMissing);
                }
                (false, _) => None,
            };
            Ok(Admin {
                first_name: terms.first_name,
                last_name: terms.last_name,
                phone: terms.phone,
                role: terms.role.unwrap_or(admin.role),
                active: terms.active,
                api_key,
                ..admin.reached_at(terms.email)
            })
        };
        self.change(merchant, id, password.as_ref(), change).await
    }

    /// Replaces what an admin may say about itself.
    pub async fn replace_own(
        &self,
        merchant: MerchantId,
        id: AdminId,
        terms: OwnTerms,
    ) -> Result<(), AdminError> {
        let change = |admin: Admin| {
            Ok(Admin {
                first_name: terms.first_name,
                last_name: terms.last_name,
                phone: terms.phone,
                role: terms.role.unwrap_or(admin.role),
                ..admin.reached_at(terms.email)
            })
        };
        self.change(merchant, id, None, change).await
    }

    /// Changes one admin. All of the merchant's are held meanwhile, so that no two changes at once leave nobody in charge.
    async fn change(
        &self,
        merchant: MerchantId,
        id: AdminId,
        password: Option<&Password>,
        change: impl FnOnce(Admin) -> Result<Admin, AdminError>,
    ) -> Result<(), AdminError> {
        self.storage
            .atomically(async |unit| {
                let (others, own): (Vec<_>, Vec<_>) = {
                    let all = unit.accounts().admins_to_change(merchant).await?;
                    all.into_iter().partition(|admin| admin.id != id)
                };
                let before = own.into_iter().next().ok_or(AdminError::NotFound)?;
                let after = change(before.clone())?;
                if before.is_in_charge()
                    && let Some(loss) = loss(&after)
                    && !others.iter().any(Admin::is_in_charge)
                {
                    return Err(AdminError::NobodyLeft(loss));
                }
                unit.accounts().update_admin(&after).await?;
                end_sessions(unit, &after, password).await
            })
            .await
    }

    async fn chosen(
        &self,
        password: Option<Secret<String>>,
    ) -> Result<Option<Password>, StorageError> {
        match password {
            Some(password) => Password::chosen(&*self.keeper, password).await.map(Some),
            None => Ok(None),
        }
    }

    fn key(&self, key: Option<&Secret<String>>) -> Result<Option<ApiKey>, SecretError> {
        key.map(|key| {
            let sealed = self.keeper.seal(&Secret::new(key.expose().as_bytes().to_vec()))?;
            Ok(ApiKey { fingerprint: self.keeper.fingerprint(key.expose()), sealed })
        })
        .transpose()
    }
}

impl Admin {
    /// The admin with another e-mail address; who logs in by it goes on to do so.
    fn reached_at(self, email: Line) -> Self {
        let username = if self.username == self.email { email.clone() } else { self.username };
        Self { username, email, ..self }
    }
}

/// Stores a new password, and takes back the refresh tokens of who got one or is shut out.
async fn end_sessions(
    unit: &mut UnitOfWork,
    admin: &Admin,
    password: Option<&Password>,
) -> Result<(), AdminError> {
    let actor = Actor::Admin(admin.id);
    if let Some(password) = password {
        unit.accounts().set_password(admin.merchant, actor, password).await?;
    }
    if password.is_some() || !admin.active {
        unit.tokens().revoke(admin.merchant, actor, TokenPurpose::Refresh).await?;
    }
    Ok(())
}

/// Why an admin is not in charge; nothing, for one who is.
fn loss(admin: &Admin) -> Option<MasterLoss> {
    if !admin.active {
        Some(MasterLoss::SwitchedOff)
    } else if admin.role != Role::Master {
        Some(MasterLoss::Demoted)
    } else {
        admin.api_key.as_ref().map(|_| MasterLoss::Program)
    }
}

fn sort_value(admin: &Admin, key: AdminSortKey) -> Option<String> {
    let text = |line: &Line| Some(line.as_str().to_lowercase());
    // Digits compare like the truth values they stand for.
    let truth = |value: bool| Some(u8::from(value).to_string());
    match key {
        AdminSortKey::Id => Some(admin.id.to_string()),
        AdminSortKey::Username => text(&admin.username),
        AdminSortKey::FirstName => admin.first_name.as_ref().and_then(text),
        AdminSortKey::LastName => admin.last_name.as_ref().and_then(text),
        AdminSortKey::Email => text(&admin.email),
        AdminSortKey::Phone => admin.phone.as_ref().map(ToString::to_string),
        AdminSortKey::Active => truth(admin.active),
        AdminSortKey::External => truth(admin.api_key.is_some()),
        // Of one length until the year 2286.
        AdminSortKey::CreatedAt => Some(format!("{:040}", admin.created_at.unix_timestamp_nanos())),
    }
}
