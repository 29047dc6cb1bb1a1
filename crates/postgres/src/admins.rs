//! Admins, with the names in the directory by which they log in.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::StorageError;
use domain::account::{Admin, ApiKey, NameTaken, Role};
use domain::customer::PhoneNumber;
use domain::id::{AdminId, MerchantId};
use domain::secret::{Fingerprint, Sealed};
use domain::text::hex;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::document::{optional_text, text};
use crate::errors;
use crate::merchants::take_names;
use crate::schema::{admins, directory};
use crate::session::{PgSession, read};

/// Under this kind the directory has login names in lower case.
pub(crate) const LOGIN: &str = "admin";
/// Under this kind the directory has the fingerprints of keys.
pub(crate) const KEY: &str = "admin_key";

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(
    table_name = admins,
    check_for_backend(diesel::pg::Pg),
    primary_key(merchant_id, id),
    treat_none_as_default_value = false,
    treat_none_as_null = true
)]
struct AdminRow {
    merchant_id: Uuid,
    id: Uuid,
    username: String,
    email: String,
    role: String,
    active: bool,
    first_name: Option<String>,
    last_name: Option<String>,
    phone: Option<String>,
    key_fingerprint: Option<Vec<u8>>,
    sealed_key: Option<Vec<u8>>,
    created_at: OffsetDateTime,
}

/// Stores a new admin. A refusal leaves the transaction good for nothing but its end.
pub(crate) async fn insert(
    connection: &mut AsyncPgConnection,
    admin: &Admin,
) -> Result<(), NameTaken> {
    take(connection, admin).await?;
    let insert = diesel::insert_into(admins::table).values(AdminRow::from(admin));
    insert.execute(connection).await.map(drop).map_err(|error| errors::storage(error).into())
}

/// Stores what became of an admin. A refusal leaves the transaction good for nothing but its end.
pub(crate) async fn update(
    connection: &mut AsyncPgConnection,
    admin: &Admin,
) -> Result<(), NameTaken> {
    let row = AdminRow::from(admin);
    let own = directory::merchant_id
        .eq(row.merchant_id)
        .and(directory::subject_id.eq(row.id))
        .and(directory::kind.eq_any([LOGIN, KEY]));
    let release = diesel::delete(directory::table.filter(own));
    release.execute(connection).await.map_err(errors::storage)?;
    take(connection, admin).await?;
    let update = diesel::update(admins::table.find((row.merchant_id, row.id))).set(row);
    update.execute(connection).await.map(drop).map_err(|error| errors::storage(error).into())
}

/// All admins of a merchant, as they came.
pub(crate) async fn list(
    session: &mut PgSession,
    merchant: MerchantId,
) -> Result<Vec<Admin>, StorageError> {
    let rows: Vec<AdminRow> = read!(session, |connection| {
        let own = admins::table.filter(admins::merchant_id.eq(Uuid::from(merchant)));
        let own = own.order((admins::created_at, admins::id));
        own.select(AdminRow::as_select()).load(connection).await
    })?;
    rows.into_iter().map(Admin::try_from).collect()
}

/// The same, locked.
pub(crate) async fn hold(
    connection: &mut AsyncPgConnection,
    merchant: MerchantId,
) -> Result<Vec<Admin>, StorageError> {
    let own = admins::table.filter(admins::merchant_id.eq(Uuid::from(merchant)));
    let own = own.order((admins::created_at, admins::id)).select(AdminRow::as_select());
    let rows: Vec<AdminRow> = own.for_update().load(connection).await.map_err(errors::storage)?;
    rows.into_iter().map(Admin::try_from).collect()
}

/// The admin with an id.
pub(crate) async fn find(
    session: &mut PgSession,
    merchant: MerchantId,
    id: AdminId,
) -> Result<Option<Admin>, StorageError> {
    let row = read!(session, |connection| {
        let query = admins::table.find((Uuid::from(merchant), Uuid::from(id)));
        query.select(AdminRow::as_select()).first(connection).await.optional()
    })?;
    row.map(Admin::try_from).transpose()
}

/// The admin whom the directory means by a name.
pub(crate) async fn find_by(
    session: &mut PgSession,
    kind: &'static str,
    name: &str,
) -> Result<Option<Admin>, StorageError> {
    let row = read!(session, |connection| {
        let same = admins::merchant_id
            .eq(directory::merchant_id)
            .and(admins::id.eq(directory::subject_id));
        let query = admins::table.inner_join(directory::table.on(same));
        let query = query.filter(directory::kind.eq(kind).and(directory::name.eq(name)));
        query.select(AdminRow::as_select()).first(connection).await.optional()
    })?;
    row.map(Admin::try_from).transpose()
}

/// Takes the names and the key in the directory.
async fn take(connection: &mut AsyncPgConnection, admin: &Admin) -> Result<(), NameTaken> {
    let (merchant, id) = (admin.merchant.into(), admin.id.into());
    let lower = |name: &str| (LOGIN, name.to_lowercase());
    let mut names = vec![lower(admin.username.as_str()), lower(admin.email.as_str())];
    names.dedup();
    if !take_names(connection, merchant, id, &names).await? {
        return Err(NameTaken::Taken);
    }
    if let Some(key) = &admin.api_key {
        let name = [(KEY, hex(key.fingerprint.as_ref()))];
        if !take_names(connection, merchant, id, &name).await? {
            return Err(NameTaken::KeyTaken);
        }
    }
    Ok(())
}

impl From<&Admin> for AdminRow {
    fn from(admin: &Admin) -> Self {
        Self {
            merchant_id: admin.merchant.into(),
            id: admin.id.into(),
            username: admin.username.to_string(),
            email: admin.email.to_string(),
            role: match admin.role {
                Role::Master => "master".to_owned(),
                Role::Full => "full".to_owned(),
                Role::Reporter => "reporter".to_owned(),
            },
            active: admin.active,
            first_name: admin.first_name.as_ref().map(ToString::to_string),
            last_name: admin.last_name.as_ref().map(ToString::to_string),
            phone: admin.phone.as_ref().map(ToString::to_string),
            key_fingerprint: admin.api_key.as_ref().map(|key| key.fingerprint.as_ref().to_vec()),
            sealed_key: admin.api_key.as_ref().map(|key| key.sealed.as_bytes().to_vec()),
            created_at: admin.created_at,
        }
    }
}

impl TryFrom<AdminRow> for Admin {
    type Error = StorageError;

    fn try_from(row: AdminRow) -> Result<Self, Self::Error> {
        let line = |raw: String| text(raw).map_err(|_| errors::corrupt("admin"));
        let optional = |raw| optional_text(raw).map_err(|_| errors::corrupt("admin"));
        let phone = row.phone.map(PhoneNumber::try_from).transpose();
        Ok(Self {
            merchant: row.merchant_id.into(),
            id: row.id.into(),
            username: line(row.username)?,
            email: line(row.email)?,
            first_name: optional(row.first_name)?,
            last_name: optional(row.last_name)?,
            phone: phone.map_err(|_| errors::corrupt("admin"))?,
            role: match row.role.as_str() {
                "master" => Role::Master,
                "full" => Role::Full,
                "reporter" => Role::Reporter,
                _ => return Err(errors::corrupt("role")),
            },
            active: row.active,
            api_key: key(row.key_fingerprint, row.sealed_key)?,
            created_at: row.created_at,
        })
    }
}

fn key(
    fingerprint: Option<Vec<u8>>,
    sealed: Option<Vec<u8>>,
) -> Result<Option<ApiKey>, StorageError> {
    let Some((fingerprint, sealed)) = fingerprint.zip(sealed) else { return Ok(None) };
    let fingerprint: [u8; 32] =
        fingerprint.try_into().map_err(|_| errors::corrupt("fingerprint"))?;
    Ok(Some(ApiKey { fingerprint: Fingerprint::from(fingerprint), sealed: Sealed::new(sealed) }))
}
