//! Points of sale.

use async_trait::async_trait;

use super::session::MemorySession;
use super::state::State;
use crate::id::{MerchantId, PointOfSaleId};
use crate::page::Page;
use crate::pos::{
    PointOfSale, PointOfSaleError, PointOfSaleQuery, PointOfSaleRepository, PointOfSaleSortKey,
};
use crate::storage::StorageError;

#[async_trait]
impl PointOfSaleRepository for MemorySession {
    async fn insert(&mut self, pos: &PointOfSale) -> Result<(), PointOfSaleError> {
        let insert = |state: &mut State| {
            state.check_identifier(pos)?;
            state.points_of_sale.push(pos.clone());
            Ok(())
        };
        self.write(insert).await
    }

    async fn update(&mut self, pos: &PointOfSale) -> Result<(), PointOfSaleError> {
        let update = |state: &mut State| {
            state.check_identifier(pos)?;
            let is_meant =
                |old: &&mut PointOfSale| (old.merchant, old.id) == (pos.merchant, pos.id);
            let old = state.points_of_sale.iter_mut().find(is_meant);
            *old.ok_or(PointOfSaleError::NotFound)? = pos.clone();
            Ok(())
        };
        self.write(update).await
    }

    async fn find_many(
        &mut self,
        merchant: MerchantId,
        ids: &[PointOfSaleId],
    ) -> Result<Vec<PointOfSale>, StorageError> {
        let is_meant = |pos: &&PointOfSale| pos.merchant == merchant && ids.contains(&pos.id);
        let find = |state: &State| state.points_of_sale.iter().filter(is_meant).cloned().collect();
        Ok(self.read(find).await)
    }

    async fn find_by_identifier(
        &mut self,
        merchant: MerchantId,
        identifier: &str,
    ) -> Result<Option<PointOfSale>, StorageError> {
        let is_meant =
            |pos: &&PointOfSale| pos.merchant == merchant && pos.identifier.as_str() == identifier;
        Ok(self.read(|state| state.points_of_sale.iter().find(is_meant).cloned()).await)
    }

    async fn page(
        &mut self,
        merchant: MerchantId,
        query: &PointOfSaleQuery,
    ) -> Result<Page<PointOfSale>, StorageError> {
        let list = |state: &State| {
            let own = state.points_of_sale.iter().filter(|pos| pos.merchant == merchant);
            let mut own: Vec<_> = own.cloned().collect();
            own.sort_by_key(|pos| pos.id);
            if let Some(order) = query.order {
                let value = |pos: &PointOfSale| sort_value(pos, order.key);
                own.sort_by(|left, right| {
                    order.compare(value(left).as_ref(), value(right).as_ref())
                });
            }
            own
        };
        Ok(Page::cut(self.read(list).await, query.page))
    }
}

fn sort_value(pos: &PointOfSale, key: PointOfSaleSortKey) -> Option<String> {
    let text = |raw: &str| Some(raw.to_lowercase());
    match key {
        PointOfSaleSortKey::Id => Some(pos.id.to_string()),
        PointOfSaleSortKey::Name => text(pos.name.as_str()),
        PointOfSaleSortKey::Identifier => text(pos.identifier.as_str()),
        PointOfSaleSortKey::Description => {
            pos.description.as_ref().and_then(|it| text(it.as_str()))
        }
        PointOfSaleSortKey::City => text(pos.location.city.as_str()),
    }
}

impl State {
    fn check_identifier(&self, pos: &PointOfSale) -> Result<(), PointOfSaleError> {
        let is_taken = |other: &PointOfSale| {
            other.merchant == pos.merchant
                && other.id != pos.id
                && other.identifier == pos.identifier
        };
        if self.points_of_sale.iter().any(is_taken) {
            return Err(PointOfSaleError::IdentifierTaken);
        }
        Ok(())
    }
}
