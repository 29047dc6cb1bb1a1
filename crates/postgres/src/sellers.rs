//! Sellers.

use async_trait::async_trait;
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use diesel_async::RunQueryDsl;
use domain::Total;
use domain::customer::{Email, PhoneNumber};
use domain::id::{MerchantId, SellerId};
use domain::seller::{
    Seller, SellerError, SellerField, SellerFilter, SellerQuery, SellerRepository, SellerSortKey,
};
use domain::{Page, StorageError};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::document::text;
use crate::errors;
use crate::listing;
use crate::schema::sellers;
use crate::session::{PgSession, read};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(
    table_name = sellers,
    check_for_backend(diesel::pg::Pg),
    primary_key(merchant_id, id),
    treat_none_as_default_value = false,
    treat_none_as_null = true
)]
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
        insert.execute(self.connection()).await.map(drop).map_err(refused)
    }

    async fn update(&mut self, seller: &Seller) -> Result<(), SellerError> {
        let row = SellerRow::from(seller);
        let update = diesel::update(sellers::table.find((row.merchant_id, row.id))).set(row);
        match update.execute(self.connection()).await.map_err(refused)? {
            0 => Err(SellerError::NotFound),
            _ => Ok(()),
        }
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

    async fn find_to_change(
        &mut self,
        merchant: MerchantId,
        id: SellerId,
    ) -> Result<Option<Seller>, StorageError> {
        let query = sellers::table.find((Uuid::from(merchant), Uuid::from(id)));
        let query = query.select(SellerRow::as_select()).for_update();
        let row = query.first(self.connection()).await.optional().map_err(errors::storage)?;
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

    async fn page(
        &mut self,
        merchant: MerchantId,
        query: &SellerQuery,
    ) -> Result<Page<Seller>, StorageError> {
        let fitting = || fitting(merchant, &query.filters);
        let total: i64 = read!(self, |connection| fitting().count().get_result(connection).await)?;
        let (offset, limit) = listing::bounds(query.page);
        let rows = read!(self, |connection| {
            let order =
                listing::order(query.order.map(|order| (column(order.key), order.descending)));
            let list = fitting().order(order).offset(offset).limit(limit);
            list.select(SellerRow::as_select()).load(connection).await
        })?;
        let items = rows.into_iter().map(Seller::try_from).collect::<Result<_, _>>()?;
        Ok(Page { items, total: Total::Exact(total.cast_unsigned()) })
    }
}

/// Sellers who were not removed and fit the filters.
fn fitting(merchant: MerchantId, filters: &[SellerFilter]) -> sellers::BoxedQuery<'static, Pg> {
    let own = sellers::merchant_id.eq(Uuid::from(merchant)).and(sellers::deleted_at.is_null());
    let all = sellers::table.filter(own).into_boxed();
    filters.iter().fold(all, |query, filter| {
        let column = match filter.field {
            SellerField::FirstName => "first_name",
            SellerField::LastName => "last_name",
            SellerField::Email => "email",
            SellerField::Phone => "phone",
        };
        let place = sql::<Integer>(&format!("strpos({}, ", listing::lower(column)));
        let place = place.bind::<Text, _>(filter.text.to_lowercase()).sql(")");
        query.filter(place.gt(0))
    })
}

fn column(key: SellerSortKey) -> String {
    match key {
        SellerSortKey::Id => "id".to_owned(),
        SellerSortKey::Name => listing::lower("(first_name || ' ' || last_name)"),
        SellerSortKey::FirstName => listing::lower("first_name"),
        SellerSortKey::LastName => listing::lower("last_name"),
        SellerSortKey::Email => listing::lower("email"),
        SellerSortKey::Phone => "phone".to_owned(),
        SellerSortKey::Active => "active".to_owned(),
    }
}

fn refused(error: diesel::result::Error) -> SellerError {
    match errors::violated_unique(&error) {
        Some("sellers_merchant_email_key") => SellerError::EmailTaken,
        _ => errors::storage(error).into(),
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
