//! What messages need from storage, and from those who carry them.

use std::borrow::Cow;
use std::fmt;

use async_trait::async_trait;
use time::OffsetDateTime;

use super::address::{MailAddress, TextNumber};
use super::model::{Claim, Message};
use super::template::{Template, TemplateName};
use crate::access::Actor;
use crate::id::{MerchantId, MessageId};
use crate::storage::StorageError;

/// Storage of messages that wait, and of the texts that a merchant wrote for them.
#[async_trait]
pub trait MessageRepository: Send {
    /// Stores a message, to be sent as soon as possible.
    async fn enqueue(&mut self, message: &Message) -> Result<(), StorageError>;

    /// How many messages wait.
    async fn waiting(&mut self) -> Result<u64, StorageError>;

    /// Takes on the message, of any merchant, that has been due longest at `now`, if there is one. Nobody else gets it
    /// before `until`; unless it is finished or put off by then, it is due again.
    async fn claim(
        &mut self,
        now: OffsetDateTime,
        until: OffsetDateTime,
    ) -> Result<Option<Claim>, StorageError>;

    /// Removes a message that is done with. Does nothing if somebody else has it by now.
    async fn finish(&mut self, claim: &Claim) -> Result<(), StorageError>;

    /// Makes a message due again at `until`, as if it had been tried `attempts` times so far. Does nothing if somebody
    /// else has it by now.
    async fn put_off(
        &mut self,
        claim: &Claim,
        until: OffsetDateTime,
        attempts: u32,
    ) -> Result<(), StorageError>;

    /// Removes every message about an account, because its owner is no more.
    async fn forget(&mut self, merchant: MerchantId, about: Actor) -> Result<(), StorageError>;

    /// The text that a merchant wrote.
    async fn find_template(
        &mut self,
        merchant: MerchantId,
        name: &TemplateName,
    ) -> Result<Option<Template>, StorageError>;

    /// Stores a merchant's own text in place of the built-in one or of an earlier one.
    async fn set_template(
        &mut self,
        merchant: MerchantId,
        name: &TemplateName,
        template: &Template,
    ) -> Result<(), StorageError>;
}

/// A mail that is ready to go.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The message's id: tries again carry the same.
    pub id: MessageId,
    /// Where to.
    pub to: MailAddress,
    /// One line.
    pub subject: String,
    /// Plain text; lines end in LF.
    pub body: String,
}

/// An SMS that is ready to go.
#[derive(Clone, PartialEq, Eq)]
pub struct TextMessage {
    /// The message's id: tries again carry the same.
    pub id: MessageId,
    /// Where to.
    pub to: TextNumber,
    /// Plain text.
    pub body: String,
}

impl fmt::Debug for Mail {
    /// Says nothing of what it says and to whom.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mail({})", self.id)
    }
}

impl fmt::Debug for TextMessage {
    /// Says nothing of what it says and to whom.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TextMessage({})", self.id)
    }
}

/// Carries mails. It gives up by itself within a minute.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Hands a mail over to whoever delivers it.
    async fn send(&self, mail: &Mail) -> Result<(), DeliveryError>;
}

/// Carries SMS. It gives up by itself within a minute.
#[async_trait]
pub trait Texter: Send + Sync {
    /// Hands an SMS over to whoever delivers it.
    async fn send(&self, text: &TextMessage) -> Result<(), DeliveryError>;
}

/// Why a message was not taken. The reason is for the log: it names no address and repeats nothing of the message or of
/// what the other side said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// This one will never be taken.
    #[error("refused: {0}")]
    Refused(Cow<'static, str>),
    /// Not this time.
    #[error("failed: {0}")]
    Failed(Cow<'static, str>),
}
