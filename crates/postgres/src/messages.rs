//! Messages that wait to be sent, and the texts that merchants wrote for them.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_types::{Binary, Integer, Nullable, Text as SqlText, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::StorageError;
use domain::access::Actor;
use domain::id::MerchantId;
use domain::merchant::Language;
use domain::message::{Claim, Message, MessageKind, MessageRepository, Template, TemplateName};
use domain::secret::Sealed;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::schema::{message_templates, messages};
use crate::session::{PgSession, read};
use crate::statement::{Columns, FromRow, Statement};
use crate::{actor, errors};

/// Takes on the first of those that are due and that nobody else looks at right now.
const CLAIM: &str = "WITH due AS MATERIALIZED (SELECT merchant_id, id FROM messages WHERE due_at <= $1 \
    ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) \
    UPDATE messages SET attempts = attempts + 1, due_at = $2 FROM due \
    WHERE messages.merchant_id = due.merchant_id AND messages.id = due.id \
    RETURNING messages.merchant_id, messages.id, about_kind, about_id, kind, language, content, created_at, \
    expires_at, attempts";

struct ClaimRow(Claim);

impl FromRow for ClaimRow {
    fn from_row<'a>(
        columns: &mut Columns<'_, impl diesel::row::Row<'a, diesel::pg::Pg>>,
    ) -> diesel::deserialize::Result<Self> {
        let merchant: Uuid = columns.next::<SqlUuid, _>()?;
        let id: Uuid = columns.next::<SqlUuid, _>()?;
        let about_kind: String = columns.next::<SqlText, _>()?;
        let about_id: Option<Uuid> = columns.next::<Nullable<SqlUuid>, _>()?;
        let kind: String = columns.next::<SqlText, _>()?;
        let language: Option<String> = columns.next::<Nullable<SqlText>, _>()?;
        let content: Option<Vec<u8>> = columns.next::<Nullable<Binary>, _>()?;
        let message = Message {
            merchant: merchant.into(),
            id: id.into(),
            about: actor::from_columns(&about_kind, about_id)?,
            kind: MessageKind::named(&kind).ok_or("unknown kind of message")?,
            language: language.map(|code| Language::try_from(code.as_str())).transpose()?,
            content: content.map(Sealed::new),
            created_at: columns.next::<Timestamptz, _>()?,
            expires_at: columns.next::<Nullable<Timestamptz>, _>()?,
        };
        let attempts: i32 = columns.next::<Integer, _>()?;
        Ok(Self(Claim { message, attempt: attempts.cast_unsigned() }))
    }
}

#[async_trait]
impl MessageRepository for PgSession {
    async fn enqueue(&mut self, message: &Message) -> Result<(), StorageError> {
        let (about_kind, about_id) = actor::to_columns(message.about);
        let insert = diesel::insert_into(messages::table).values((
            messages::merchant_id.eq(Uuid::from(message.merchant)),
            messages::id.eq(Uuid::from(message.id)),
            messages::about_kind.eq(about_kind),
            messages::about_id.eq(about_id),
            messages::kind.eq(message.kind.name()),
            messages::language.eq(message.language.as_ref().map(Language::as_str)),
            messages::content.eq(message.content.as_ref().map(Sealed::as_bytes)),
            messages::created_at.eq(message.created_at),
            messages::expires_at.eq(message.expires_at),
            messages::due_at.eq(message.created_at),
        ));
        insert.execute(self.connection()).await.map(drop).map_err(errors::storage)
    }

    async fn waiting(&mut self) -> Result<u64, StorageError> {
        let count: i64 =
            read!(self, |connection| messages::table.count().get_result(connection).await)?;
        Ok(count.cast_unsigned())
    }

    async fn claim(
        &mut self,
        now: OffsetDateTime,
        until: OffsetDateTime,
    ) -> Result<Option<Claim>, StorageError> {
        let claim = Statement::new(CLAIM).bind::<Timestamptz, _>(now).bind::<Timestamptz, _>(until);
        let row: Option<ClaimRow> = claim.row(self.connection()).await.map_err(errors::storage)?;
        Ok(row.map(|row| row.0))
    }

    async fn finish(&mut self, claim: &Claim) -> Result<(), StorageError> {
        let delete = diesel::delete(claimed(claim));
        delete.execute(self.connection()).await.map(drop).map_err(errors::storage)
    }

    async fn put_off(
        &mut self,
        claim: &Claim,
        until: OffsetDateTime,
        attempts: u32,
    ) -> Result<(), StorageError> {
        let update = diesel::update(claimed(claim));
        let update =
            update.set((messages::due_at.eq(until), messages::attempts.eq(attempts.cast_signed())));
        update.execute(self.connection()).await.map(drop).map_err(errors::storage)
    }

    async fn forget(&mut self, merchant: MerchantId, about: Actor) -> Result<(), StorageError> {
        let (kind, id) = actor::to_columns(about);
        let merchants = messages::table.filter(messages::merchant_id.eq(Uuid::from(merchant)));
        let about = messages::about_kind.eq(kind).and(messages::about_id.is_not_distinct_from(id));
        let delete = diesel::delete(merchants.filter(about));
        delete.execute(self.connection()).await.map(drop).map_err(errors::storage)
    }

    async fn find_template(
        &mut self,
        merchant: MerchantId,
        name: &TemplateName,
    ) -> Result<Option<Template>, StorageError> {
        let row: Option<(String, String)> = read!(self, |connection| {
            let query = message_templates::table.find((
                Uuid::from(merchant),
                name.kind.name(),
                name.channel.name(),
                name.language.as_str(),
            ));
            let query = query.select((message_templates::subject, message_templates::body));
            query.first(connection).await.optional()
        })?;
        let read = |(subject, body): (String, String)| Template::new(&subject, &body);
        row.map(read).transpose().map_err(|_| errors::corrupt("message template"))
    }

    async fn set_template(
        &mut self,
        merchant: MerchantId,
        name: &TemplateName,
        template: &Template,
    ) -> Result<(), StorageError> {
        let text = (
            message_templates::subject.eq(template.subject()),
            message_templates::body.eq(template.body()),
        );
        let insert = diesel::insert_into(message_templates::table).values((
            message_templates::merchant_id.eq(Uuid::from(merchant)),
            message_templates::kind.eq(name.kind.name()),
            message_templates::channel.eq(name.channel.name()),
            message_templates::language.eq(name.language.as_str()),
            text,
        ));
        let key = (
            message_templates::merchant_id,
            message_templates::kind,
            message_templates::channel,
            message_templates::language,
        );
        let upsert = insert.on_conflict(key).do_update().set(text);
        upsert.execute(self.connection()).await.map(drop).map_err(errors::storage)
    }
}

/// The row, unless somebody else has it by now.
#[diesel::dsl::auto_type(no_type_alias)]
fn claimed<'a>(claim: &'a Claim) -> _ {
    let merchant: Uuid = claim.message.merchant.into();
    let id: Uuid = claim.message.id.into();
    let attempts: i32 = claim.attempt.cast_signed();
    messages::table
        .filter(messages::merchant_id.eq(merchant))
        .filter(messages::id.eq(id))
        .filter(messages::attempts.eq(attempts))
}
