//! Points of sale.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Total;
use domain::id::{MerchantId, PointOfSaleId};
use domain::pos::{
    Coordinates, PointOfSale, PointOfSaleError, PointOfSaleQuery, PointOfSaleRepository,
    PointOfSaleSortKey,
};
use domain::{Page, StorageError};
use serde_json::Value;
use uuid::Uuid;

use crate::document::{AddressDocument, optional_text, text};
use crate::errors;
use crate::listing;
use crate::schema::points_of_sale;
use crate::session::{PgSession, read};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(
    table_name = points_of_sale,
    check_for_backend(diesel::pg::Pg),
    primary_key(merchant_id, id),
    treat_none_as_default_value = false,
    treat_none_as_null = true
)]
struct PointOfSaleRow {
    merchant_id: Uuid,
    id: Uuid,
    name: String,
    identifier: String,
    description: Option<String>,
    location: Value,
    latitude: Option<String>,
    longitude: Option<String>,
}

#[async_trait]
impl PointOfSaleRepository for PgSession {
    async fn insert(&mut self, pos: &PointOfSale) -> Result<(), PointOfSaleError> {
        let row = PointOfSaleRow::try_from(pos)?;
        let insert = diesel::insert_into(points_of_sale::table).values(row);
        insert.execute(self.connection()).await.map(drop).map_err(refused)
    }

    async fn update(&mut self, pos: &PointOfSale) -> Result<(), PointOfSaleError> {
        let row = PointOfSaleRow::try_from(pos)?;
        let update = diesel::update(points_of_sale::table.find((row.merchant_id, row.id))).set(row);
        match update.execute(self.connection()).await.map_err(refused)? {
            0 => Err(PointOfSaleError::NotFound),
            _ => Ok(()),
        }
    }

    async fn find_many(
        &mut self,
        merchant: MerchantId,
        ids: &[PointOfSaleId],
    ) -> Result<Vec<PointOfSale>, StorageError> {
        let ids: Vec<Uuid> = ids.iter().copied().map(Uuid::from).collect();
        let rows = read!(self, |connection| {
            let query =
                points_of_sale::table.filter(points_of_sale::merchant_id.eq(Uuid::from(merchant)));
            let query = query.filter(points_of_sale::id.eq_any(&ids));
            query.select(PointOfSaleRow::as_select()).load(connection).await
        })?;
        rows.into_iter().map(PointOfSale::try_from).collect()
    }

    async fn find_by_identifier(
        &mut self,
        merchant: MerchantId,
        identifier: &str,
    ) -> Result<Option<PointOfSale>, StorageError> {
        let row = read!(self, |connection| {
            let query =
                points_of_sale::table.filter(points_of_sale::merchant_id.eq(Uuid::from(merchant)));
            let query = query.filter(points_of_sale::identifier.eq(identifier));
            query.select(PointOfSaleRow::as_select()).first(connection).await.optional()
        })?;
        row.map(PointOfSale::try_from).transpose()
    }

    async fn page(
        &mut self,
        merchant: MerchantId,
        query: &PointOfSaleQuery,
    ) -> Result<Page<PointOfSale>, StorageError> {
        let own =
            || points_of_sale::table.filter(points_of_sale::merchant_id.eq(Uuid::from(merchant)));
        let total: i64 = read!(self, |connection| own().count().get_result(connection).await)?;
        let (offset, limit) = listing::bounds(query.page);
        let rows = read!(self, |connection| {
            let order =
                listing::order(query.order.map(|order| (column(order.key), order.descending)));
            let list = own().order(order).offset(offset).limit(limit);
            list.select(PointOfSaleRow::as_select()).load(connection).await
        })?;
        let items = rows.into_iter().map(PointOfSale::try_from).collect::<Result<_, _>>()?;
        Ok(Page { items, total: Total::Exact(total.cast_unsigned()) })
    }
}

fn column(key: PointOfSaleSortKey) -> String {
    match key {
        PointOfSaleSortKey::Id => "id".to_owned(),
        PointOfSaleSortKey::Name => listing::lower("name"),
        PointOfSaleSortKey::Identifier => listing::lower("identifier"),
        PointOfSaleSortKey::Description => listing::lower("description"),
        PointOfSaleSortKey::City => listing::lower("(location ->> 'city')"),
    }
}

fn refused(error: diesel::result::Error) -> PointOfSaleError {
    match errors::violated_unique(&error) {
        Some("points_of_sale_merchant_identifier_key") => PointOfSaleError::IdentifierTaken,
        _ => errors::storage(error).into(),
    }
}

impl TryFrom<&PointOfSale> for PointOfSaleRow {
    type Error = StorageError;

    fn try_from(pos: &PointOfSale) -> Result<Self, Self::Error> {
        let location = AddressDocument::from(&pos.location);
        Ok(Self {
            merchant_id: pos.merchant.into(),
            id: pos.id.into(),
            name: pos.name.to_string(),
            identifier: pos.identifier.to_string(),
            description: pos.description.as_ref().map(ToString::to_string),
            location: serde_json::to_value(location).map_err(|_| errors::corrupt("location"))?,
            latitude: pos.coordinates.latitude.as_ref().map(ToString::to_string),
            longitude: pos.coordinates.longitude.as_ref().map(ToString::to_string),
        })
    }
}

impl TryFrom<PointOfSaleRow> for PointOfSale {
    type Error = StorageError;

    fn try_from(row: PointOfSaleRow) -> Result<Self, Self::Error> {
        let corrupt = |_| errors::corrupt("point of sale");
        let location: AddressDocument<'static> =
            serde_json::from_value(row.location).map_err(|_| errors::corrupt("location"))?;
        Ok(Self {
            merchant: row.merchant_id.into(),
            id: row.id.into(),
            name: text(row.name).map_err(corrupt)?,
            identifier: text(row.identifier).map_err(corrupt)?,
            description: optional_text(row.description).map_err(corrupt)?,
            location: location.into_address().map_err(corrupt)?,
            coordinates: Coordinates {
                latitude: optional_text(row.latitude).map_err(corrupt)?,
                longitude: optional_text(row.longitude).map_err(corrupt)?,
            },
        })
    }
}
