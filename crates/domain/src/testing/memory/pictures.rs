//! Files of pictures that no row names.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::session::MemorySession;
use super::state::State;
use crate::id::MerchantId;
use crate::picture::{ObjectKey, PicturePath, PictureRepository};
use crate::storage::StorageError;

#[async_trait]
impl PictureRepository for MemorySession {
    async fn note_stray(
        &mut self,
        merchant: MerchantId,
        path: &PicturePath,
        due_at: OffsetDateTime,
    ) -> Result<(), StorageError> {
        let note = |state: &mut State| state.strays.insert((merchant, path.clone()), due_at);
        self.write(note).await;
        Ok(())
    }

    async fn take_stray(
        &mut self,
        merchant: MerchantId,
        path: &PicturePath,
    ) -> Result<bool, StorageError> {
        let take = |state: &mut State| state.strays.remove(&(merchant, path.clone())).is_some();
        Ok(self.write(take).await)
    }

    async fn list_strays(
        &mut self,
        at: OffsetDateTime,
        most: u32,
    ) -> Result<Vec<ObjectKey>, StorageError> {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let list = |state: &State| {
            let mut due: Vec<_> =
                state.strays.iter().filter(|(_, due_at)| **due_at <= at).collect();
            due.sort_by_key(|(_, due_at)| **due_at);
            let keys = due
                .into_iter()
                .take(most)
                .map(|((merchant, path), _)| ObjectKey { merchant: *merchant, path: path.clone() });
            keys.collect()
        };
        Ok(self.read(list).await)
    }
}
