//! Codes and links in messages. What decides and what changes is one statement each, so that calls at the same time are
//! decided one by one.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::row::Row;
use diesel::sql_types::{Binary, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::StorageError;
use domain::access::Actor;
use domain::code::{CodePurpose, CodeRepository, NewCode, Put, Redeemed};
use domain::customer::PhoneNumber;
use domain::id::MerchantId;
use domain::secret::Fingerprint;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::schema::codes;
use crate::session::{PgSession, read};
use crate::statement::{Columns, FromRow, Statement};
use crate::{actor, errors};

const PUT: &str = "\
    INSERT INTO codes (merchant_id, actor_kind, actor_id, purpose, number, fingerprint, phone, attempts, issued_at, \
    expires_at) SELECT $1, $2, $3, $4, 1, $5, $6, 0, $7, $8 WHERE NOT EXISTS (SELECT FROM codes AS other \
    WHERE other.merchant_id = $1 AND other.purpose = $4 AND other.fingerprint = $5) \
    ON CONFLICT (merchant_id, actor_kind, actor_id, purpose) DO UPDATE SET number = codes.number + 1, \
    fingerprint = excluded.fingerprint, phone = excluded.phone, attempts = 0, issued_at = excluded.issued_at, \
    expires_at = excluded.expires_at, used_at = NULL \
    WHERE $9 IS NULL OR codes.issued_at <= $9 OR codes.used_at IS NOT NULL RETURNING number";

const REDEEM: &str = "\
    UPDATE codes SET used_at = $1, fingerprint = CASE WHEN $2 THEN fingerprint END WHERE merchant_id = $3 \
    AND purpose = $4 AND fingerprint = $5 AND used_at IS NULL AND expires_at > $1 \
    RETURNING true, actor_kind, actor_id, phone";

/// The guess is compared where it is counted: whoever comes next sees the count, and no code after the last try.
const REDEEM_OF: &str = "\
    UPDATE codes SET attempts = attempts + 1, used_at = CASE WHEN fingerprint = $1 THEN $2 END, \
    fingerprint = CASE WHEN fingerprint = $1 THEN CASE WHEN $3 THEN fingerprint END \
    WHEN attempts + 1 < $4 THEN fingerprint END \
    WHERE merchant_id = $5 AND actor_kind = $6 AND actor_id = $7 AND purpose = $8 AND fingerprint IS NOT NULL \
    AND used_at IS NULL AND expires_at > $2 RETURNING used_at IS NOT NULL, actor_kind, actor_id, phone";

#[async_trait]
impl CodeRepository for PgSession {
    async fn put(
        &mut self,
        code: &NewCode,
        unless_after: Option<OffsetDateTime>,
    ) -> Result<Put, StorageError> {
        let (kind, id) = holder(code.holder)?;
        let merchant = Uuid::from(code.merchant);
        let put = Statement::new(PUT)
            .bind::<SqlUuid, _>(merchant)
            .bind::<Text, _>(kind)
            .bind::<SqlUuid, _>(id)
            .bind::<Text, _>(code.purpose.name())
            .bind::<Binary, _>(code.fingerprint.as_ref().to_vec())
            .bind::<Nullable<Text>, _>(code.phone.as_ref().map(PhoneNumber::as_str))
            .bind::<Timestamptz, _>(code.issued_at)
            .bind::<Timestamptz, _>(code.expires_at)
            .bind::<Nullable<Timestamptz>, _>(unless_after);
        let number: Option<Number> = put.row(self.connection()).await.map_err(unless_raced)?;
        if let Some(Number(number)) = number {
            return Ok(Put::Numbered(number.cast_unsigned()));
        }
        let same = codes::table.filter(codes::merchant_id.eq(merchant));
        let same = same.filter(codes::purpose.eq(code.purpose.name()));
        let same = same.filter(codes::fingerprint.eq(code.fingerprint.as_ref()));
        let occupied = diesel::select(diesel::dsl::exists(same)).get_result(self.connection());
        let occupied: bool = occupied.await.map_err(errors::storage)?;
        Ok(if occupied { Put::Occupied } else { Put::TooSoon })
    }

    async fn redeem(
        &mut self,
        merchant: MerchantId,
        purpose: CodePurpose,
        fingerprint: Fingerprint,
        now: OffsetDateTime,
    ) -> Result<Option<Redeemed>, StorageError> {
        let redeem = Statement::new(REDEEM)
            .bind::<Timestamptz, _>(now)
            .bind::<Bool, _>(purpose.is_remembered())
            .bind::<SqlUuid, _>(Uuid::from(merchant))
            .bind::<Text, _>(purpose.name())
            .bind::<Binary, _>(fingerprint.as_ref().to_vec());
        redeemed(redeem.row(self.connection()).await.map_err(errors::storage)?)
    }

    async fn redeem_of(
        &mut self,
        merchant: MerchantId,
        actor: Actor,
        purpose: CodePurpose,
        guess: Fingerprint,
        now: OffsetDateTime,
    ) -> Result<Option<Redeemed>, StorageError> {
        let (kind, id) = holder(actor)?;
        let redeem = Statement::new(REDEEM_OF)
            .bind::<Binary, _>(guess.as_ref().to_vec())
            .bind::<Timestamptz, _>(now)
            .bind::<Bool, _>(purpose.is_remembered())
            .bind::<Integer, _>(CodePurpose::TRIES.cast_signed())
            .bind::<SqlUuid, _>(Uuid::from(merchant))
            .bind::<Text, _>(kind)
            .bind::<SqlUuid, _>(id)
            .bind::<Text, _>(purpose.name());
        redeemed(redeem.row(self.connection()).await.map_err(errors::storage)?)
    }

    async fn holder(
        &mut self,
        merchant: MerchantId,
        purpose: CodePurpose,
        fingerprint: Fingerprint,
        now: OffsetDateTime,
    ) -> Result<Option<Actor>, StorageError> {
        let row: Option<(String, Uuid)> = read!(self, |connection| {
            let query = codes::table.filter(codes::merchant_id.eq(Uuid::from(merchant)));
            let query = query.filter(codes::purpose.eq(purpose.name()));
            let query = query.filter(codes::fingerprint.eq(fingerprint.as_ref()));
            let query = query.filter(codes::expires_at.gt(now));
            let query = query.select((codes::actor_kind, codes::actor_id));
            query.first(connection).await.optional()
        })?;
        row.map(|(kind, id)| whose(&kind, id)).transpose()
    }

    async fn revoke(&mut self, merchant: MerchantId, actor: Actor) -> Result<(), StorageError> {
        let (kind, id) = holder(actor)?;
        let own = codes::merchant_id.eq(Uuid::from(merchant)).and(codes::actor_kind.eq(kind));
        let update = diesel::update(codes::table.filter(own.and(codes::actor_id.eq(id))));
        let update = update.set(codes::fingerprint.eq(None::<Vec<u8>>));
        update.execute(self.connection()).await.map(drop).map_err(errors::storage)
    }

    async fn purge(&mut self, expired_before: OffsetDateTime) -> Result<u64, StorageError> {
        let delete = diesel::delete(codes::table.filter(codes::expires_at.lt(expired_before)));
        delete.execute(self.connection()).await.map(|count| count as u64).map_err(errors::storage)
    }
}

/// Two accounts that are given the same code at the same moment: either may try again.
fn unless_raced(error: diesel::result::Error) -> StorageError {
    match errors::violated_unique(&error) {
        Some("codes_merchant_fingerprint_key") => StorageError::Unavailable(error.to_string()),
        _ => errors::storage(error),
    }
}

fn holder(actor: Actor) -> Result<(&'static str, Uuid), StorageError> {
    match actor::to_columns(actor) {
        (kind, Some(id)) => Ok((kind, id)),
        (_, None) => Err(errors::corrupt("holder of a code")),
    }
}

fn whose(kind: &str, id: Uuid) -> Result<Actor, StorageError> {
    actor::from_columns(kind, Some(id)).map_err(|_| errors::corrupt("holder of a code"))
}

fn redeemed(row: Option<Outcome>) -> Result<Option<Redeemed>, StorageError> {
    let Some(row) = row.filter(|row| row.fits) else { return Ok(None) };
    let phone = row.phone.map(PhoneNumber::try_from).transpose();
    let phone = phone.map_err(|_| errors::corrupt("phone number of a code"))?;
    Ok(Some(Redeemed { holder: whose(&row.kind, row.id)?, phone }))
}

struct Number(i32);

impl FromRow for Number {
    fn from_row<'a>(
        columns: &mut Columns<'_, impl Row<'a, diesel::pg::Pg>>,
    ) -> diesel::deserialize::Result<Self> {
        columns.next::<Integer, _>().map(Self)
    }
}

struct Outcome {
    fits: bool,
    kind: String,
    id: Uuid,
    phone: Option<String>,
}

impl FromRow for Outcome {
    fn from_row<'a>(
        columns: &mut Columns<'_, impl Row<'a, diesel::pg::Pg>>,
    ) -> diesel::deserialize::Result<Self> {
        Ok(Self {
            fits: columns.next::<Bool, _>()?,
            kind: columns.next::<Text, _>()?,
            id: columns.next::<SqlUuid, _>()?,
            phone: columns.next::<Nullable<Text>, _>()?,
        })
    }
}
