//! Tokens and signing keys.

use async_trait::async_trait;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Bytea};
use diesel_async::RunQueryDsl;
use domain::StorageError;
use domain::access::Actor;
use domain::id::MerchantId;
use domain::secret::{Fingerprint, Sealed};
use domain::token::{Scopes, SigningKeyName, Succession, Token, TokenPurpose, TokenRepository};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::document::optional_text;
use crate::merchants::fingerprint;
use crate::schema::{signing_keys, tokens};
use crate::session::{PgSession, read};
use crate::{actor, errors};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = tokens, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false)]
struct TokenRow {
    fingerprint: Vec<u8>,
    purpose: String,
    merchant_id: Uuid,
    actor_kind: String,
    actor_id: Uuid,
    scopes: Vec<String>,
    redirect_uri: Option<String>,
    expires_at: Option<OffsetDateTime>,
}

#[async_trait]
impl TokenRepository for PgSession {
    async fn insert(&mut self, token: &Token) -> Result<(), StorageError> {
        let insert = diesel::insert_into(tokens::table).values(TokenRow::try_from(token)?);
        insert.execute(self.connection()).await.map(drop).map_err(errors::storage)
    }

    async fn find(
        &mut self,
        purpose: TokenPurpose,
        fingerprint: Fingerprint,
    ) -> Result<Option<Token>, StorageError> {
        let row = read!(self, |connection| {
            let query = tokens::table.find((fingerprint.as_ref(), purpose_to_text(purpose)));
            query.select(TokenRow::as_select()).first(connection).await.optional()
        })?;
        row.map(Token::try_from).transpose()
    }

    async fn consume(
        &mut self,
        purpose: TokenPurpose,
        fingerprint: Fingerprint,
    ) -> Result<Option<Token>, StorageError> {
        let delete =
            diesel::delete(tokens::table.find((fingerprint.as_ref(), purpose_to_text(purpose))));
        let delete = delete.returning(TokenRow::as_select());
        let row: Option<TokenRow> =
            delete.get_result(self.connection()).await.optional().map_err(errors::storage)?;
        row.map(Token::try_from).transpose()
    }

    async fn renew(&mut self, succession: &Succession) -> Result<Option<Token>, StorageError> {
        let purpose = purpose_to_text(succession.purpose);
        let family = || tokens::table.find((succession.family.as_ref(), purpose));
        let newest = sql::<Bool>("COALESCE(renewed_as, fingerprint) = ")
            .bind::<Bytea, _>(succession.shown.as_ref());
        let works = tokens::expires_at.is_null().or(tokens::expires_at.gt(succession.at));
        let update = diesel::update(family().filter(newest).filter(works)).set((
            tokens::renewed_as.eq(succession.successor.as_ref()),
            tokens::expires_at.eq(succession.expires_at),
        ));
        let update = update.returning(TokenRow::as_select());
        let row: Option<TokenRow> =
            update.get_result(self.connection()).await.optional().map_err(errors::storage)?;
        if let Some(row) = row {
            return Token::try_from(row).map(Some);
        }
        // Whoever came first has moved the row on by now, and this takes it away as it is: the row is all of the family.
        let end = diesel::delete(family()).execute(self.connection()).await;
        end.map(|_| None).map_err(errors::storage)
    }

    async fn extend(
        &mut self,
        purpose: TokenPurpose,
        fingerprint: Fingerprint,
        expires_at: OffsetDateTime,
    ) -> Result<(), StorageError> {
        let update =
            diesel::update(tokens::table.find((fingerprint.as_ref(), purpose_to_text(purpose))));
        let update = update.set(tokens::expires_at.eq(expires_at));
        update.execute(self.connection()).await.map(drop).map_err(errors::storage)
    }

    async fn revoke(
        &mut self,
        merchant: MerchantId,
        actor: Actor,
        purpose: TokenPurpose,
    ) -> Result<(), StorageError> {
        let (kind, id) = actor::to_columns(actor);
        let held = tokens::merchant_id.eq(Uuid::from(merchant)).and(tokens::actor_kind.eq(kind));
        let held = held
            .and(tokens::actor_id.nullable().eq(id))
            .and(tokens::purpose.eq(purpose_to_text(purpose)));
        let delete = diesel::delete(tokens::table.filter(held));
        delete.execute(self.connection()).await.map(drop).map_err(errors::storage)
    }

    async fn purge(&mut self, expired_before: OffsetDateTime) -> Result<u64, StorageError> {
        let delete = diesel::delete(tokens::table.filter(tokens::expires_at.lt(expired_before)));
        delete.execute(self.connection()).await.map(|count| count as u64).map_err(errors::storage)
    }

    async fn keep_signing_key(
        &mut self,
        name: SigningKeyName,
        fresh: &Sealed,
    ) -> Result<Sealed, StorageError> {
        let row = (
            signing_keys::name.eq(key_to_text(name)),
            signing_keys::sealed_key.eq(fresh.as_bytes()),
        );
        let insert = diesel::insert_into(signing_keys::table).values(row).on_conflict_do_nothing();
        insert.execute(self.connection()).await.map_err(errors::storage)?;
        self.find_signing_key(name).await?.ok_or_else(|| errors::corrupt("signing key"))
    }

    async fn find_signing_key(
        &mut self,
        name: SigningKeyName,
    ) -> Result<Option<Sealed>, StorageError> {
        let key = read!(self, |connection| {
            let query =
                signing_keys::table.find(key_to_text(name)).select(signing_keys::sealed_key);
            query.first::<Vec<u8>>(connection).await.optional()
        })?;
        Ok(key.map(Sealed::new))
    }
}

fn purpose_to_text(purpose: TokenPurpose) -> &'static str {
    match purpose {
        TokenPurpose::Access => "access",
        TokenPurpose::Refresh => "refresh",
        TokenPurpose::AuthorizationCode => "authorization_code",
    }
}

fn purpose_from_text(raw: &str) -> Option<TokenPurpose> {
    let all = [TokenPurpose::Access, TokenPurpose::Refresh, TokenPurpose::AuthorizationCode];
    all.into_iter().find(|purpose| purpose_to_text(*purpose) == raw)
}

fn key_to_text(name: SigningKeyName) -> &'static str {
    match name {
        SigningKeyName::OpenLoyalty => "open_loyalty",
        SigningKeyName::KunaCore => "kuna_core",
    }
}

impl TryFrom<&Token> for TokenRow {
    type Error = StorageError;

    fn try_from(token: &Token) -> Result<Self, Self::Error> {
        let (kind, id) = actor::to_columns(token.actor);
        let scopes = [
            (token.scopes.customers, "customers"),
            (token.scopes.payment_methods, "payment_methods"),
        ];
        Ok(Self {
            fingerprint: token.fingerprint.as_ref().to_vec(),
            purpose: purpose_to_text(token.purpose).to_owned(),
            merchant_id: token.merchant.into(),
            actor_kind: kind.to_owned(),
            actor_id: id.ok_or_else(|| errors::corrupt("token holder"))?,
            scopes: scopes
                .into_iter()
                .filter(|(granted, _)| *granted)
                .map(|(_, name)| name.to_owned())
                .collect(),
            redirect_uri: token.redirect_uri.as_ref().map(ToString::to_string),
            expires_at: token.expires_at,
        })
    }
}

impl TryFrom<TokenRow> for Token {
    type Error = StorageError;

    fn try_from(row: TokenRow) -> Result<Self, Self::Error> {
        let corrupt = || errors::corrupt("token");
        let has = |name: &str| row.scopes.iter().any(|scope| scope == name);
        Ok(Self {
            scopes: Scopes { customers: has("customers"), payment_methods: has("payment_methods") },
            fingerprint: fingerprint(row.fingerprint)?,
            purpose: purpose_from_text(&row.purpose).ok_or_else(corrupt)?,
            merchant: row.merchant_id.into(),
            actor: actor::from_columns(&row.actor_kind, Some(row.actor_id))
                .map_err(|_| corrupt())?,
            redirect_uri: optional_text(row.redirect_uri).map_err(|_| corrupt())?,
            expires_at: row.expires_at,
        })
    }
}
