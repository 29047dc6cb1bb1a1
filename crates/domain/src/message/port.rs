//! What messages need from storage.

use async_trait::async_trait;

use super::model::Message;
use crate::storage::StorageError;

/// Storage of messages that wait.
#[async_trait]
pub trait MessageRepository: Send {
    /// Stores a message, to be sent as soon as possible.
    async fn enqueue(&mut self, message: &Message) -> Result<(), StorageError>;

    /// How many messages wait.
    async fn waiting(&mut self) -> Result<u64, StorageError>;
}
