//! Messages that wait.

use async_trait::async_trait;

use super::session::MemorySession;
use crate::message::{Message, MessageRepository};
use crate::storage::StorageError;

#[async_trait]
impl MessageRepository for MemorySession {
    async fn enqueue(&mut self, message: &Message) -> Result<(), StorageError> {
        self.write(|state| state.messages.push(message.clone())).await;
        Ok(())
    }

    async fn waiting(&mut self) -> Result<u64, StorageError> {
        let count = self.read(|state| state.messages.len()).await;
        u64::try_from(count).map_err(|error| StorageError::Failed(error.to_string()))
    }
}
