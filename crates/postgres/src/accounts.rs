//! Who may log in, and their passwords.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::StorageError;
use domain::access::Actor;
use domain::account::{AccountRepository, Admin, NameTaken, Operator, Password, Role};
use domain::id::{AdminId, MerchantId, OperatorId};
use domain::secret::{Fingerprint, PasswordHash};
use domain::text::hex;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::actor;
use crate::document::text;
use crate::errors;
use crate::merchants::take_names;
use crate::schema::{admins, directory, operators, passwords};
use crate::session::{PgSession, read};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = admins, check_for_backend(diesel::pg::Pg))]
struct AdminRow {
    merchant_id: Uuid,
    id: Uuid,
    username: String,
    email: String,
    role: String,
    active: bool,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = operators, check_for_backend(diesel::pg::Pg))]
struct OperatorRow {
    merchant_id: Uuid,
    id: Uuid,
    email: String,
    email_key: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = passwords, check_for_backend(diesel::pg::Pg))]
struct PasswordRow {
    hash: String,
    temporary: bool,
    last_login_at: Option<OffsetDateTime>,
}

#[async_trait]
impl AccountRepository for PgSession {
    async fn insert_admin(&mut self, admin: &Admin) -> Result<(), NameTaken> {
        let row = AdminRow::from(admin);
        let email = row.email.to_lowercase();
        let mut names = vec![("admin", row.username.to_lowercase())];
        if names[0].1 != email {
            names.push(("admin", email));
        }
        let connection = self.connection();
        if !take_names(connection, row.merchant_id, row.id, &names).await? {
            return Err(NameTaken::Taken);
        }
        let insert = diesel::insert_into(admins::table).values(row);
        insert.execute(connection).await.map(drop).map_err(|error| errors::storage(error).into())
    }

    async fn find_admin_by_api_key(
        &mut self,
        key: &Fingerprint,
    ) -> Result<Option<Admin>, StorageError> {
        let name = hex(key.as_ref());
        let row = read!(self, |connection| {
            let same = admins::merchant_id
                .eq(directory::merchant_id)
                .and(admins::id.eq(directory::subject_id));
            let query = admins::table.inner_join(directory::table.on(same));
            let query =
                query.filter(directory::kind.eq("admin_key").and(directory::name.eq(&name)));
            query.select(AdminRow::as_select()).first(connection).await.optional()
        })?;
        row.map(Admin::try_from).transpose()
    }

    async fn find_admin(
        &mut self,
        merchant: MerchantId,
        id: AdminId,
    ) -> Result<Option<Admin>, StorageError> {
        let row = read!(self, |connection| {
            let query = admins::table.find((Uuid::from(merchant), Uuid::from(id)));
            query.select(AdminRow::as_select()).first(connection).await.optional()
        })?;
        row.map(Admin::try_from).transpose()
    }

    async fn find_admin_by_name(&mut self, name: &str) -> Result<Option<Admin>, StorageError> {
        let row = read!(self, |connection| {
            let same = admins::merchant_id
                .eq(directory::merchant_id)
                .and(admins::id.eq(directory::subject_id));
            let query = admins::table.inner_join(directory::table.on(same));
            let query = query.filter(directory::kind.eq("admin").and(directory::name.eq(name)));
            query.select(AdminRow::as_select()).first(connection).await.optional()
        })?;
        row.map(Admin::try_from).transpose()
    }

    async fn insert_operator(&mut self, operator: &Operator) -> Result<(), NameTaken> {
        let row = OperatorRow {
            merchant_id: operator.merchant.into(),
            id: operator.id.into(),
            email: operator.email.to_string(),
            email_key: operator.email.as_str().to_lowercase(),
        };
        let insert = diesel::insert_into(operators::table).values(row);
        insert.execute(self.connection()).await.map(drop).map_err(|error| {
            match errors::violated_unique(&error) {
                Some("operators_merchant_email_key") => NameTaken::Taken,
                _ => errors::storage(error).into(),
            }
        })
    }

    async fn find_operator(
        &mut self,
        merchant: MerchantId,
        id: OperatorId,
    ) -> Result<Option<Operator>, StorageError> {
        let row = read!(self, |connection| {
            let query = operators::table.find((Uuid::from(merchant), Uuid::from(id)));
            query.select(OperatorRow::as_select()).first(connection).await.optional()
        })?;
        row.map(Operator::try_from).transpose()
    }

    async fn find_operator_by_email(
        &mut self,
        merchant: MerchantId,
        email: &str,
    ) -> Result<Option<Operator>, StorageError> {
        let row = read!(self, |connection| {
            let query = operators::table.filter(operators::merchant_id.eq(Uuid::from(merchant)));
            let query = query.filter(operators::email_key.eq(email));
            query.select(OperatorRow::as_select()).first(connection).await.optional()
        })?;
        row.map(Operator::try_from).transpose()
    }

    async fn set_password(
        &mut self,
        merchant: MerchantId,
        actor: Actor,
        password: &Password,
    ) -> Result<(), StorageError> {
        let (kind, id) = account(actor)?;
        let values = (
            passwords::hash.eq(password.hash.as_str()),
            passwords::temporary.eq(password.temporary),
            // A new password without a login of its own keeps the last login.
            password.last_login_at.map(|at| passwords::last_login_at.eq(at)),
        );
        let insert = diesel::insert_into(passwords::table).values((
            passwords::merchant_id.eq(Uuid::from(merchant)),
            passwords::actor_kind.eq(kind),
            passwords::actor_id.eq(id),
            values,
        ));
        let key = (passwords::merchant_id, passwords::actor_kind, passwords::actor_id);
        let insert = insert.on_conflict(key).do_update().set(values);
        insert.execute(self.connection()).await.map(drop).map_err(errors::storage)
    }

    async fn password(
        &mut self,
        merchant: MerchantId,
        actor: Actor,
    ) -> Result<Option<Password>, StorageError> {
        let (kind, id) = account(actor)?;
        let row = read!(self, |connection| {
            let query = passwords::table.find((Uuid::from(merchant), kind, id));
            query.select(PasswordRow::as_select()).first(connection).await.optional()
        })?;
        Ok(row.map(|row| Password {
            hash: PasswordHash::new(row.hash),
            temporary: row.temporary,
            last_login_at: row.last_login_at,
        }))
    }

    async fn note_login(
        &mut self,
        merchant: MerchantId,
        actor: Actor,
        at: OffsetDateTime,
    ) -> Result<(), StorageError> {
        let (kind, id) = account(actor)?;
        let update = diesel::update(passwords::table.find((Uuid::from(merchant), kind, id)));
        let update = update.set(passwords::last_login_at.eq(at));
        update.execute(self.connection()).await.map(drop).map_err(errors::storage)
    }

    async fn end_sessions(
        &mut self,
        merchant: MerchantId,
        actor: Actor,
        at: OffsetDateTime,
    ) -> Result<(), StorageError> {
        let (kind, id) = account(actor)?;
        let update = diesel::update(passwords::table.find((Uuid::from(merchant), kind, id)));
        let update = update.set(passwords::sessions_since.eq(at));
        update.execute(self.connection()).await.map(drop).map_err(errors::storage)
    }

    async fn sessions_since(
        &mut self,
        merchant: MerchantId,
        actor: Actor,
    ) -> Result<Option<OffsetDateTime>, StorageError> {
        let (kind, id) = account(actor)?;
        let since = read!(self, |connection| {
            let query = passwords::table.find((Uuid::from(merchant), kind, id));
            query.select(passwords::sessions_since).first(connection).await.optional()
        })?;
        Ok(since.flatten())
    }
}

/// The columns of somebody who has a password; the service itself has none.
fn account(actor: Actor) -> Result<(&'static str, Uuid), StorageError> {
    match actor::to_columns(actor) {
        (kind, Some(id)) => Ok((kind, id)),
        (_, None) => Err(errors::corrupt("account")),
    }
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
        }
    }
}

impl TryFrom<AdminRow> for Admin {
    type Error = StorageError;

    fn try_from(row: AdminRow) -> Result<Self, Self::Error> {
        let line = |raw: String| text(raw).map_err(|_| errors::corrupt("admin"));
        Ok(Self {
            merchant: row.merchant_id.into(),
            id: row.id.into(),
            username: line(row.username)?,
            email: line(row.email)?,
            role: match row.role.as_str() {
                "master" => Role::Master,
                "full" => Role::Full,
                "reporter" => Role::Reporter,
                _ => return Err(errors::corrupt("role")),
            },
            active: row.active,
        })
    }
}

impl TryFrom<OperatorRow> for Operator {
    type Error = StorageError;

    fn try_from(row: OperatorRow) -> Result<Self, Self::Error> {
        Ok(Self {
            merchant: row.merchant_id.into(),
            id: row.id.into(),
            email: text(row.email).map_err(|_| errors::corrupt("operator"))?,
        })
    }
}
