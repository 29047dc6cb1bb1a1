//! Sellers.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::StorageError;
use domain::customer::{Email, PhoneNumber};
use domain::id::{MerchantId, SellerId};
use domain::seller::{Seller, SellerError, SellerRepository};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::document::text;
use crate::errors;
use crate::schema::sellers;
use crate::session::{PgSession, read};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sellers, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false)]
struct SellerRow {
    merchant_id: Uuid,
    id: Uuid,
    first_name: String,
    last_name: String,
    email: String,
    email_key: Option<String>,
    phone: Option<String>,
    pos_id: Option<Uuid>,
    active: bool,
    allow_point_transfer: bool,
    deleted_at: Option<OffsetDateTime>,
}

#[async_trait]
impl SellerRepository for PgSession {
    async fn insert(&mut self, seller: &Seller) -> Result<(), SellerError> {
        let insert = diesel::insert_into(sellers::table).values(SellerRow::from(seller));
        insert.execute(self.connection()).await.map(drop).map_err(|error| {
            match errors::violated_unique(&error) {
                Some("sellers_merchant_email_key") => SellerError::EmailTaken,
                _ => errors::storage(error).into(),
            }
        })
    }

    async fn find(
        &mut self,
        merchant: MerchantId,
        id: SellerId,
    ) -> Result<Option<Seller>, StorageError> {
        let row = read!(self, |connection| {
            let query = sellers::table.find((Uuid::from(merchant), Uuid::from(id)));
            query.select(SellerRow::as_select()).first(connection).await.optional()
        })?;
        row.map(Seller::try_from).transpose()
    }

    async fn find_by_email(
        &mut self,
        merchant: MerchantId,
        email_key: &str,
    ) -> Result<Option<Seller>, StorageError> {
        let row = read!(self, |connection| {
            let query = sellers::table.filter(sellers::merchant_id.eq(Uuid::from(merchant)));
            let query = query.filter(sellers::email_key.eq(email_key));
            query.select(SellerRow::as_select()).first(connection).await.optional()
        })?;
        row.map(Seller::try_from).transpose()
    }
}

impl From<&Seller> for SellerRow {
    fn from(seller: &Seller) -> Self {
        Self {
            merchant_id: seller.merchant.into(),
            id: seller.id.into(),
            first_name: seller.first_name.to_string(),
            last_name: seller.last_name.to_string(),
            email: seller.email.to_string(),
            // A removed seller's address is free for a successor.
            email_key: seller.email.key().filter(|_| seller.deleted_at.is_none()),
            phone: seller.phone.as_ref().map(ToString::to_string),
            pos_id: seller.pos.map(Uuid::from),
            active: seller.active,
            allow_point_transfer: seller.allow_point_transfer,
            deleted_at: seller.deleted_at,
        }
    }
}

impl TryFrom<SellerRow> for Seller {
    type Error = StorageError;

    fn try_from(row: SellerRow) -> Result<Self, Self::Error> {
        let line = |raw: String| text(raw).map_err(|_| errors::corrupt("seller"));
        Ok(Self {
            merchant: row.merchant_id.into(),
            id: row.id.into(),
            first_name: line(row.first_name)?,
            last_name: line(row.last_name)?,
            email: Email::try_from(row.email).map_err(|_| errors::corrupt("seller"))?,
            phone: row
                .phone
                .map(PhoneNumber::try_from)
                .transpose()
                .map_err(|_| errors::corrupt("seller"))?,
            pos: row.pos_id.map(Into::into),
            active: row.active,
            allow_point_transfer: row.allow_point_transfer,
            deleted_at: row.deleted_at,
        })
    }
}
