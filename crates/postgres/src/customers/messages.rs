//! Messages that leave with a change: how they are bound beside it.

use diesel::sql_types::{Array, Binary, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use domain::customer::CustomerWrite;
use domain::merchant::Language;
use domain::secret::Sealed;
use uuid::Uuid;

use crate::statement::Statement;

/// How many parameters [`bind`] binds.
pub(super) const PARAMETERS: usize = 6;
/// The columns that [`bind`] fills, under the names that a batch gives them.
pub(super) const COLUMNS_OF_BATCH: [&str; 6] = [
    "message_ids",
    "message_kinds",
    "message_languages",
    "message_contents",
    "message_times",
    "message_ends",
];

/// The common table expression that stores the messages about the one row of `changed`, whose parameters [`bind`]
/// binds from number `first` on.
pub(super) fn insert(first: usize) -> String {
    let columns: Vec<_> = (first..)
        .zip(["uuid", "text", "text", "bytea", "timestamptz", "timestamptz"])
        .map(|(number, kind)| format!("${number}::{kind}[]"))
        .collect();
    insert_from("changed", &columns.join(", "))
}

/// The same for the rows of `changed` that come from `given`, a row for each write of a batch.
pub(super) fn insert_batch() -> String {
    let columns = COLUMNS_OF_BATCH.map(|column| format!("given.{column}"));
    insert_from("changed JOIN given ON given.id = changed.id", &columns.join(", "))
}

fn insert_from(source: &str, columns: &str) -> String {
    format!(
        "announced AS (INSERT INTO messages (merchant_id, about_kind, about_id, id, kind, language, content, \
         created_at, expires_at, due_at) SELECT changed.merchant_id, 'customer', changed.id, message.id, \
         message.kind, message.language, message.content, message.created_at, message.expires_at, \
         message.created_at FROM {source}, unnest({columns}) \
         AS message (id, kind, language, content, created_at, expires_at))"
    )
}

/// Binds the messages of a write.
pub(super) fn bind<'a>(statement: Statement<'a>, write: &'a CustomerWrite) -> Statement<'a> {
    let messages = write.messages.iter();
    let language = |language: &'a Option<Language>| language.as_ref().map(Language::as_str);
    let content = |content: &'a Option<Sealed>| content.as_ref().map(Sealed::as_bytes);
    statement
        .bind::<Array<SqlUuid>, _>(
            messages.clone().map(|message| message.id.into()).collect::<Vec<Uuid>>(),
        )
        .bind::<Array<Text>, _>(
            messages.clone().map(|message| message.kind.name()).collect::<Vec<_>>(),
        )
        .bind::<Array<Nullable<Text>>, _>(
            messages.clone().map(|message| language(&message.language)).collect::<Vec<_>>(),
        )
        .bind::<Array<Nullable<Binary>>, _>(
            messages.clone().map(|message| content(&message.content)).collect::<Vec<_>>(),
        )
        .bind::<Array<Timestamptz>, _>(
            messages.clone().map(|message| message.created_at).collect::<Vec<_>>(),
        )
        .bind::<Array<Nullable<Timestamptz>>, _>(
            messages.map(|message| message.expires_at).collect::<Vec<_>>(),
        )
}
