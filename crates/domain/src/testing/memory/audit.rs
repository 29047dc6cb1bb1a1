//! Who looked at whom.

use async_trait::async_trait;

use super::session::MemorySession;
use super::state::State;
use crate::audit::{AuditRepository, View};
use crate::id::{CustomerId, MerchantId};
use crate::storage::StorageError;

#[async_trait]
impl AuditRepository for MemorySession {
    async fn note_views(&mut self, views: &[View]) -> Result<(), StorageError> {
        let note = |state: &mut State| {
            for view in views {
                if !state.views.iter().any(|noted| noted.id == view.id) {
                    state.views.push(*view);
                }
            }
        };
        self.write(note).await;
        Ok(())
    }

    async fn views(
        &mut self,
        merchant: MerchantId,
        customer: CustomerId,
    ) -> Result<Vec<View>, StorageError> {
        let is_meant = |view: &&View| (view.merchant, view.customer) == (merchant, customer);
        let list = |state: &State| {
            let mut views: Vec<_> = state.views.iter().filter(is_meant).copied().collect();
            views.sort_by_key(|view| (view.at, view.id));
            views
        };
        Ok(self.read(list).await)
    }
}
