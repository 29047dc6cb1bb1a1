//! Points of sale.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::StorageError;
use domain::id::{MerchantId, PointOfSaleId};
use domain::pos::{PointOfSale, PointOfSaleRepository};
use serde_json::Value;
use uuid::Uuid;

use crate::document::{AddressDocument, optional_text, text};
use crate::errors;
use crate::schema::points_of_sale;
use crate::session::{PgSession, read};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = points_of_sale, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false)]
struct PointOfSaleRow {
    merchant_id: Uuid,
    id: Uuid,
    name: String,
    identifier: String,
    description: Option<String>,
    location: Value,
}

#[async_trait]
impl PointOfSaleRepository for PgSession {
    async fn insert(&mut self, pos: &PointOfSale) -> Result<(), StorageError> {
        let row = PointOfSaleRow::try_from(pos)?;
        let insert = diesel::insert_into(points_of_sale::table).values(row);
        insert.execute(self.connection()).await.map(drop).map_err(errors::storage)
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
        })
    }
}
