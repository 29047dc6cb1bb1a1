//! Sellers.

use async_trait::async_trait;

use super::session::MemorySession;
use super::state::State;
use crate::customer::PhoneNumber;
use crate::id::{MerchantId, SellerId};
use crate::page::Page;
use crate::seller::{
    Seller, SellerError, SellerField, SellerFilter, SellerQuery, SellerRepository, SellerSortKey,
};
use crate::storage::StorageError;

#[async_trait]
impl SellerRepository for MemorySession {
    async fn insert(&mut self, seller: &Seller) -> Result<(), SellerError> {
        let insert = |state: &mut State| {
            state.check_address(seller)?;
            state.sellers.insert((seller.merchant, seller.id), seller.clone());
            Ok(())
        };
        self.write(insert).await
    }

    async fn update(&mut self, seller: &Seller) -> Result<(), SellerError> {
        let update = |state: &mut State| {
            state.check_address(seller)?;
            let old = state.sellers.get_mut(&(seller.merchant, seller.id));
            *old.ok_or(SellerError::NotFound)? = seller.clone();
            Ok(())
        };
        self.write(update).await
    }

    async fn find(
        &mut self,
        merchant: MerchantId,
        id: SellerId,
    ) -> Result<Option<Seller>, StorageError> {
        Ok(self.read(|state| state.sellers.get(&(merchant, id)).cloned()).await)
    }

    async fn find_to_change(
        &mut self,
        merchant: MerchantId,
        id: SellerId,
    ) -> Result<Option<Seller>, StorageError> {
        self.find(merchant, id).await
    }

    async fn find_by_email(
        &mut self,
        merchant: MerchantId,
        email_key: &str,
    ) -> Result<Option<Seller>, StorageError> {
        Ok(self.read(|state| state.seller_by_email(merchant, email_key).cloned()).await)
    }

    async fn page(
        &mut self,
        merchant: MerchantId,
        query: &SellerQuery,
    ) -> Result<Page<Seller>, StorageError> {
        let fits = |seller: &&Seller| {
            seller.merchant == merchant
                && seller.deleted_at.is_none()
                && query.filters.iter().all(|filter| fits(seller, filter))
        };
        let list = |state: &State| {
            let mut fitting: Vec<_> = state.sellers.values().filter(fits).cloned().collect();
            fitting.sort_by_key(|seller| seller.id);
            if let Some(order) = query.order {
                let value = |seller: &Seller| sort_value(seller, order.key);
                fitting.sort_by(|left, right| {
                    order.compare(value(left).as_ref(), value(right).as_ref())
                });
            }
            fitting
        };
        Ok(Page::cut(self.read(list).await, query.page))
    }
}

fn fits(seller: &Seller, filter: &SellerFilter) -> bool {
    let value = match filter.field {
        SellerField::FirstName => seller.first_name.as_str(),
        SellerField::LastName => seller.last_name.as_str(),
        SellerField::Email => seller.email.as_str(),
        SellerField::Phone => match &seller.phone {
            Some(phone) => phone.as_str(),
            None => return false,
        },
    };
    value.to_lowercase().contains(&filter.text.to_lowercase())
}

fn sort_value(seller: &Seller, key: SellerSortKey) -> Option<String> {
    let text = |raw: &str| Some(raw.to_lowercase());
    match key {
        SellerSortKey::Id => Some(seller.id.to_string()),
        SellerSortKey::Name => text(&format!("{} {}", seller.first_name, seller.last_name)),
        SellerSortKey::FirstName => text(seller.first_name.as_str()),
        SellerSortKey::LastName => text(seller.last_name.as_str()),
        SellerSortKey::Email => text(seller.email.as_str()),
        SellerSortKey::Phone => seller.phone.as_ref().map(PhoneNumber::as_str).and_then(text),
        // Digits compare like the truth values they stand for.
        SellerSortKey::Active => Some(u8::from(seller.active).to_string()),
    }
}

impl State {
    fn check_address(&self, seller: &Seller) -> Result<(), SellerError> {
        let key = seller.email.key().unwrap_or_default();
        let holder = self.seller_by_email(seller.merchant, &key);
        if seller.deleted_at.is_none() && holder.is_some_and(|holder| holder.id != seller.id) {
            return Err(SellerError::EmailTaken);
        }
        Ok(())
    }

    /// The seller who logs in by an address: one who was not removed.
    fn seller_by_email(&self, merchant: MerchantId, key: &str) -> Option<&Seller> {
        self.sellers.values().find(|seller| {
            seller.merchant == merchant
                && seller.deleted_at.is_none()
                && seller.email.key().as_deref() == Some(key)
        })
    }
}
