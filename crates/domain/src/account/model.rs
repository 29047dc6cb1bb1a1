//! Who may log in.

use time::OffsetDateTime;

use crate::access::{Actor, Permissions};
use crate::budget::ClientAddress;
use crate::id::{AdminId, MerchantId, OperatorId};
use crate::secret::{PasswordHash, Secret};
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
    /// What the admin may do.
    pub role: Role,
    /// Whether logins and tokens work.
    pub active: bool,
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
