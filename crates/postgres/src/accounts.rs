//! Who may log in, and their passwords.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_types::{Text as SqlText, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::StorageError;
use domain::access::Actor;
use domain::account::{AccountRepository, Admin, NameTaken, Operator, Password};
use domain::id::{AdminId, CustomerId, MerchantId, OperatorId};
use domain::secret::{Fingerprint, PasswordHash};
use domain::text::hex;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::document::text;
use crate::schema::{operators, passwords};
use crate::session::{PgSession, read};
use crate::statement::Statement;
use crate::{actor, admins, errors};

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
        admins::insert(self.connection(), admin).await
    }

    async fn update_admin(&mut self, admin: &Admin) -> Result<(), NameTaken> {
        admins::update(self.connection(), admin).await
    }

    async fn admins(&mut self, merchant: MerchantId) -> Result<Vec<Admin>, StorageError> {
        admins::list(self, merchant).await
    }

    async fn admins_to_change(&mut self, merchant: MerchantId) -> Result<Vec<Admin>, StorageError> {
        admins::hold(self.connection(), merchant).await
    }

    async fn find_admin(
        &mut self,
        merchant: MerchantId,
        id: AdminId,
    ) -> Result<Option<Admin>, StorageError> {
        admins::find(self, merchant, id).await
    }

    async fn find_admin_by_name(&mut self, name: &str) -> Result<Option<Admin>, StorageError> {
        admins::find_by(self, admins::LOGIN, name).await
    }

    async fn find_admin_by_api_key(
        &mut self,
        key: &Fingerprint,
    ) -> Result<Option<Admin>, StorageError> {
        admins::find_by(self, admins::KEY, &hex(key.as_ref())).await
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

    async fn set_temporary_password(
        &mut self,
        merchant: MerchantId,
        customer: CustomerId,
        hash: &PasswordHash,
    ) -> Result<bool, StorageError> {
        // The owner's row is held until the password is stored, so that whoever is erased meanwhile leaves none behind.
        const SET: &str = "WITH owner AS (SELECT merchant_id, id FROM customers \
            WHERE merchant_id = $1 AND id = $2 AND deleted_at IS NULL FOR SHARE), \
            stored AS (INSERT INTO passwords (merchant_id, actor_kind, actor_id, hash, temporary) \
            SELECT merchant_id, 'customer', id, $3, true FROM owner \
            ON CONFLICT (merchant_id, actor_kind, actor_id) DO UPDATE SET hash = excluded.hash \
            WHERE passwords.temporary RETURNING 1) SELECT count(*) FROM stored";
        let stored: Option<i64> = Statement::new(SET)
            .bind::<SqlUuid, _>(Uuid::from(merchant))
            .bind::<SqlUuid, _>(Uuid::from(customer))
            .bind::<SqlText, _>(hash.as_str())
            .row(self.connection())
            .await
            .map_err(errors::storage)?;
        Ok(stored.is_some_and(|count| count > 0))
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
