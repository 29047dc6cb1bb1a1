//! Loyalty levels.

use std::collections::BTreeMap;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::StorageError;
use domain::id::MerchantId;
use domain::level::{Level, LevelRepository, LevelText, Reward};
use domain::merchant::Language;
use domain::money::{Amount, Fraction};
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::document::{optional_text, text};
use crate::errors;
use crate::schema::levels;
use crate::session::{PgSession, read};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = levels, check_for_backend(diesel::pg::Pg))]
struct LevelRow {
    merchant_id: Uuid,
    id: Uuid,
    condition: i64,
    reward_name: String,
    reward_value: i64,
    reward_code: String,
    active: bool,
    texts: Value,
    created_at: OffsetDateTime,
}

#[async_trait]
impl LevelRepository for PgSession {
    async fn insert(&mut self, level: &Level) -> Result<(), StorageError> {
        let insert = diesel::insert_into(levels::table).values(LevelRow::from(level));
        insert.execute(self.connection()).await.map(drop).map_err(errors::storage)
    }

    async fn list(&mut self, merchant: MerchantId) -> Result<Vec<Level>, StorageError> {
        let rows = read!(self, |connection| {
            let query = levels::table.filter(levels::merchant_id.eq(Uuid::from(merchant)));
            let query = query.order((levels::condition, levels::created_at, levels::id));
            query.select(LevelRow::as_select()).load(connection).await
        })?;
        rows.into_iter().map(Level::try_from).collect()
    }
}

impl From<&Level> for LevelRow {
    fn from(level: &Level) -> Self {
        let text = |(language, text): (&Language, &LevelText)| {
            let description = text.description.as_ref().map(domain::text::Text::as_str);
            (
                language.to_string(),
                json!({ "name": text.name.as_str(), "description": description }),
            )
        };
        Self {
            merchant_id: level.merchant.into(),
            id: level.id.into(),
            condition: level.condition.ten_thousandths(),
            reward_name: level.reward.name.to_string(),
            reward_value: level.reward.value.millionths(),
            reward_code: level.reward.code.to_string(),
            active: level.active,
            texts: Value::Object(level.texts.iter().map(text).collect()),
            created_at: level.created_at,
        }
    }
}

impl TryFrom<LevelRow> for Level {
    type Error = StorageError;

    fn try_from(row: LevelRow) -> Result<Self, Self::Error> {
        let line = |raw: String| text(raw).map_err(|_| errors::corrupt("level"));
        Ok(Self {
            merchant: row.merchant_id.into(),
            id: row.id.into(),
            condition: Amount::from_ten_thousandths(row.condition),
            reward: Reward {
                name: line(row.reward_name)?,
                value: Fraction::from_millionths(row.reward_value),
                code: line(row.reward_code)?,
            },
            active: row.active,
            texts: texts(row.texts)?,
            created_at: row.created_at,
        })
    }
}

fn texts(json: Value) -> Result<BTreeMap<Language, LevelText>, StorageError> {
    let corrupt = || errors::corrupt("level text");
    let Value::Object(members) = json else { return Err(corrupt()) };
    let text_of = |(code, words): (String, Value)| {
        let word = |name: &str| words.get(name).and_then(Value::as_str).map(str::to_owned);
        let name = text(word("name").unwrap_or_default()).map_err(|_| corrupt())?;
        let description = optional_text(word("description")).map_err(|_| corrupt())?;
        Ok((
            Language::try_from(code.as_str()).map_err(|_| corrupt())?,
            LevelText { name, description },
        ))
    };
    members.into_iter().map(text_of).collect()
}
