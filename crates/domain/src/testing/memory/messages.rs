//! Messages that wait, and merchants' own texts.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::session::MemorySession;
use super::state::{State, Waiting};
use crate::access::Actor;
use crate::id::MerchantId;
use crate::message::{Claim, Message, MessageRepository, Template, TemplateName};
use crate::storage::StorageError;

#[async_trait]
impl MessageRepository for MemorySession {
    async fn enqueue(&mut self, message: &Message) -> Result<(), StorageError> {
        self.write(|state| state.messages.push(Waiting::from(message))).await;
        Ok(())
    }

    async fn waiting(&mut self) -> Result<u64, StorageError> {
        let count = self.read(|state| state.messages.len()).await;
        u64::try_from(count).map_err(|error| StorageError::Failed(error.to_string()))
    }

    async fn claim(
        &mut self,
        now: OffsetDateTime,
        until: OffsetDateTime,
    ) -> Result<Option<Claim>, StorageError> {
        let claim = |state: &mut State| {
            let due = state.messages.iter_mut().filter(|waiting| waiting.due_at <= now);
            let first = due.min_by_key(|waiting| (waiting.due_at, waiting.message.id))?;
            first.attempts += 1;
            first.due_at = until;
            Some(Claim { message: first.message.clone(), attempt: first.attempts })
        };
        Ok(self.write(claim).await)
    }

    async fn finish(&mut self, claim: &Claim) -> Result<(), StorageError> {
        self.write(|state| state.messages.retain(|waiting| !is_claimed(waiting, claim))).await;
        Ok(())
    }

    async fn put_off(
        &mut self,
        claim: &Claim,
        until: OffsetDateTime,
        attempts: u32,
    ) -> Result<(), StorageError> {
        let put_off = |state: &mut State| {
            for waiting in state.messages.iter_mut().filter(|waiting| is_claimed(waiting, claim)) {
                (waiting.due_at, waiting.attempts) = (until, attempts);
            }
        };
        self.write(put_off).await;
        Ok(())
    }

    async fn forget(&mut self, merchant: MerchantId, about: Actor) -> Result<(), StorageError> {
        self.write(|state| state.forget_messages(merchant, about)).await;
        Ok(())
    }

    async fn find_template(
        &mut self,
        merchant: MerchantId,
        name: &TemplateName,
    ) -> Result<Option<Template>, StorageError> {
        Ok(self.read(|state| state.templates.get(&(merchant, name.clone())).cloned()).await)
    }

    async fn set_template(
        &mut self,
        merchant: MerchantId,
        name: &TemplateName,
        template: &Template,
    ) -> Result<(), StorageError> {
        let key = (merchant, name.clone());
        self.write(|state| state.templates.insert(key, template.clone())).await;
        Ok(())
    }
}

impl State {
    pub(super) fn forget_messages(&mut self, merchant: MerchantId, about: Actor) {
        let is_about = |message: &Message| (message.merchant, message.about) == (merchant, about);
        self.messages.retain(|waiting| !is_about(&waiting.message));
    }
}

/// Whether it is this claim that the message is under, and no later one.
fn is_claimed(waiting: &Waiting, claim: &Claim) -> bool {
    let same = |message: &Message| (message.merchant, message.id);
    same(&waiting.message) == same(&claim.message) && waiting.attempts == claim.attempt
}
