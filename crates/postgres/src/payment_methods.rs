//! Saved payment methods.

use async_trait::async_trait;
use diesel::deserialize;
use diesel::pg::Pg;
use diesel::row::Row;
use diesel::sql_types::{BigInt, Bytea, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use domain::id::{CustomerId, MerchantId};
use domain::payment_method::{
    Expiry, KeptToken, PaymentMethod, PaymentMethodError, PaymentMethodRepository,
};
use domain::secret::Sealed;
use domain::{PageRequest, StorageError};
use uuid::Uuid;

use crate::errors;
use crate::listing;
use crate::merchants::fingerprint;
use crate::session::{PgSession, read};
use crate::statement::{Columns, FromRow, Statement};

/// The columns, in the order in which they are bound and read.
macro_rules! columns {
    () => {
        "merchant_id, id, customer_id, masked_number, expires_on, keep_until, token_fingerprint, sealed_token, \
         created_at, updated_at"
    };
}

/// A row of the same token and another customer is left alone, and then none comes back.
const ATTACH: &str = concat!(
    "INSERT INTO payment_methods AS known (",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
     ON CONFLICT (merchant_id, token_fingerprint) DO UPDATE SET masked_number = excluded.masked_number, \
     expires_on = excluded.expires_on, keep_until = excluded.keep_until, updated_at = CASE \
     WHEN (known.masked_number, known.expires_on, known.keep_until) \
     IS DISTINCT FROM (excluded.masked_number, excluded.expires_on, excluded.keep_until) \
     THEN excluded.updated_at ELSE known.updated_at END \
     WHERE known.customer_id = excluded.customer_id RETURNING ",
    columns!(),
);

const OF_CUSTOMER: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM payment_methods WHERE merchant_id = $1 AND customer_id = $2 \
     ORDER BY created_at DESC, id DESC OFFSET $3 LIMIT $4",
);

const OF_MERCHANT: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM payment_methods WHERE merchant_id = $1 ORDER BY created_at DESC, id DESC OFFSET $2 LIMIT $3",
);

#[async_trait]
impl PaymentMethodRepository for PgSession {
    async fn attach(
        &mut self,
        method: &PaymentMethod,
    ) -> Result<PaymentMethod, PaymentMethodError> {
        let statement = Statement::new(ATTACH)
            .bind::<SqlUuid, _>(Uuid::from(method.merchant))
            .bind::<SqlUuid, _>(Uuid::from(method.id))
            .bind::<SqlUuid, _>(Uuid::from(method.customer))
            .bind::<Text, _>(method.number.to_string())
            .bind::<Date, _>(method.expiry.last_day())
            .bind::<Nullable<Timestamptz>, _>(method.keep_until)
            .bind::<Bytea, _>(method.token.fingerprint.as_ref().to_vec())
            .bind::<Bytea, _>(method.token.sealed.as_bytes().to_vec())
            .bind::<Timestamptz, _>(method.created_at)
            .bind::<Timestamptz, _>(method.updated_at);
        let stored = statement.row(self.connection()).await.map_err(errors::storage)?;
        stored.ok_or(PaymentMethodError::TokenTaken)
    }

    async fn list_of_customer(
        &mut self,
        merchant: MerchantId,
        customer: CustomerId,
        page: PageRequest,
    ) -> Result<Vec<PaymentMethod>, StorageError> {
        let (offset, limit) = listing::bounds(page);
        let list = || {
            Statement::new(OF_CUSTOMER)
                .bind::<SqlUuid, _>(Uuid::from(merchant))
                .bind::<SqlUuid, _>(Uuid::from(customer))
                .bind::<BigInt, _>(offset)
                .bind::<BigInt, _>(limit)
        };
        read!(self, |connection| list().rows(connection).await)
    }

    async fn list(
        &mut self,
        merchant: MerchantId,
        page: PageRequest,
    ) -> Result<Vec<PaymentMethod>, StorageError> {
        let (offset, limit) = listing::bounds(page);
        let list = || {
            Statement::new(OF_MERCHANT)
                .bind::<SqlUuid, _>(Uuid::from(merchant))
                .bind::<BigInt, _>(offset)
                .bind::<BigInt, _>(limit)
        };
        read!(self, |connection| list().rows(connection).await)
    }
}

impl FromRow for PaymentMethod {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        Ok(Self {
            merchant: columns.next::<SqlUuid, Uuid>()?.into(),
            id: columns.next::<SqlUuid, Uuid>()?.into(),
            customer: columns.next::<SqlUuid, Uuid>()?.into(),
            number: columns.next::<Text, String>()?.parse()?,
            expiry: Expiry::try_from(columns.next::<Date, time::Date>()?)?,
            keep_until: columns.next::<Nullable<Timestamptz>, _>()?,
            token: KeptToken {
                fingerprint: fingerprint(columns.next::<Bytea, _>()?)?,
                sealed: Sealed::new(columns.next::<Bytea, _>()?),
            },
            created_at: columns.next::<Timestamptz, _>()?,
            updated_at: columns.next::<Timestamptz, _>()?,
        })
    }
}
