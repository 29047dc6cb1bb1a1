//! Who may log in.

use time::OffsetDateTime;

use crate::access::{Actor, Permissions};
use crate::budget::ClientAddress;
use crate::customer::PhoneNumber;
use crate::id::{AdminId, MerchantId, OperatorId};
use crate::secret::{Fingerprint, PasswordHash, Sealed, Secret, SecretError, SecretKeeper};
use crate::storage::StorageError;
use crate::text::Line;

/// A person who administers a merchant's programme (OL 4.8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admin {
    /// Whose admin.
    pub merchant: MerchantId,
    /// The id.
    pub id: AdminId,
    /// Login name, unique over all merchants.
    pub username: Line,
    /// E-mail address; a second login name, unique over all merchants.
    pub email: Line,
    /// First name.
    pub first_name: Option<Line>,
    /// Last name.
    pub last_name: Option<Line>,
    /// Phone number.
    pub phone: Option<PhoneNumber>,
    /// What the admin may do.
    pub role: Role,
    /// Whether logins and tokens work.
    pub active: bool,
    /// The key of a program; who has one is external: no person, but a program that shows the key (OL 2.4).
    pub api_key: Option<ApiKey>,
    /// When the account was made.
    pub created_at: OffsetDateTime,
}

impl Admin {
    /// Whether the admin is a person who can log in and give everybody else what they may do.
    pub fn is_in_charge(&self) -> bool {
        self.active && self.role == Role::Master && self.api_key.is_none()
    }
}

/// The lasting key of a program: found by its fingerprint, and readable, because its owner's page shows it (OL 4.8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// By which it is found; unique over all merchants.
    pub fingerprint: Fingerprint,
    /// The key itself.
    pub sealed: Sealed,
}

/// What an admin may do (OL 2.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Everything, for ever.
    Master,
    /// Every permission by name.
    Full,
    /// Reading everything.
    Reporter,
}

impl Role {
    /// Every role.
    pub const ALL: &[Self] = &[Self::Master, Self::Full, Self::Reporter];

    /// The permissions that the role gives.
    pub fn permissions(self) -> Permissions {
        match self {
            Self::Master | Self::Full => Permissions::all(),
            Self::Reporter => Permissions::view_all(),
        }
    }
}

/// A person of an institution who logs in for machine access (KC 1.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// Whose operator.
    pub merchant: MerchantId,
    /// The id.
    pub id: OperatorId,
    /// E-mail address; the login name, unique within the merchant.
    pub email: Line,
}

/// A stored password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Password {
    /// Its hash.
    pub hash: PasswordHash,
    /// Whether it was generated and is meant to be changed.
    pub temporary: bool,
    /// When it last opened the account.
    pub last_login_at: Option<OffsetDateTime>,
}

impl Password {
    /// A password that its owner, or somebody in charge of the account, chose.
    pub async fn chosen(
        keeper: &dyn SecretKeeper,
        password: Secret<String>,
    ) -> Result<Self, StorageError> {
        let hash = keeper.hash_password(password).await.map_err(|error| match error {
            SecretError::Overloaded => StorageError::Unavailable(error.to_string()),
            SecretError::Unreadable => StorageError::Failed(error.to_string()),
        })?;
        Ok(Self { hash, temporary: false, last_login_at: None })
    }
}

/// Somebody at the door.
#[derive(Clone, Debug)]
pub struct Login<'a> {
    /// Whose door; an unknown merchant has one as well, and nobody gets in.
    pub merchant: Option<MerchantId>,
    /// Whether admins of other merchants get in here too.
    pub admits_others: bool,
    /// Where the request comes from.
    pub address: ClientAddress,
    /// The name as typed.
    pub name: &'a str,
    /// The password.
    pub password: Secret<String>,
}

/// A successful login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedIn {
    /// Whose account.
    pub merchant: MerchantId,
    /// Who.
    pub actor: Actor,
    /// The name that tokens show.
    pub username: String,
    /// What an admin may do; empty for others.
    pub permissions: Permissions,
    /// Whether an admin is a master.
    pub master: bool,
    /// Whether the password is meant to be changed.
    pub temporary_password: bool,
    /// The login before this one.
    pub last_login_at: Option<OffsetDateTime>,
    /// Tokens from before this moment work no more: the owner chose a new password.
    pub sessions_since: Option<OffsetDateTime>,
}
