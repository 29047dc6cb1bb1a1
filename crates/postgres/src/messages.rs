//! Messages that wait to be sent.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::StorageError;
use domain::merchant::Language;
use domain::message::{Message, MessageRepository};
use domain::secret::Sealed;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::schema::messages;
use crate::session::{PgSession, read};
use crate::{actor, errors};

#[derive(Insertable)]
#[diesel(table_name = messages, treat_none_as_default_value = false)]
struct NewMessageRow<'a> {
    merchant_id: Uuid,
    id: Uuid,
    about_kind: &'static str,
    about_id: Option<Uuid>,
    kind: &'static str,
    language: Option<&'a str>,
    content: Option<&'a [u8]>,
    created_at: OffsetDateTime,
    expires_at: Option<OffsetDateTime>,
    due_at: OffsetDateTime,
}

impl<'a> From<&'a Message> for NewMessageRow<'a> {
    fn from(message: &'a Message) -> Self {
        let (about_kind, about_id) = actor::to_columns(message.about);
        Self {
            merchant_id: message.merchant.into(),
            id: message.id.into(),
            about_kind,
            about_id,
            kind: message.kind.name(),
            language: message.language.as_ref().map(Language::as_str),
            content: message.content.as_ref().map(Sealed::as_bytes),
            created_at: message.created_at,
            expires_at: message.expires_at,
            due_at: message.created_at,
        }
    }
}

#[async_trait]
impl MessageRepository for PgSession {
    async fn enqueue(&mut self, message: &Message) -> Result<(), StorageError> {
        let insert = diesel::insert_into(messages::table).values(NewMessageRow::from(message));
        insert.execute(self.connection()).await.map(drop).map_err(errors::storage)
    }

    async fn waiting(&mut self) -> Result<u64, StorageError> {
        let count: i64 =
            read!(self, |connection| messages::table.count().get_result(connection).await)?;
        Ok(count.cast_unsigned())
    }
}
