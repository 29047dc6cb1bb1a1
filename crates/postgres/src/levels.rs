//! Loyalty levels.

use std::collections::BTreeMap;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::StorageError;
use domain::id::{LevelId, MerchantId};
use domain::level::{Level, LevelRepository, LevelText, Reward, SpecialReward};
use domain::merchant::Language;
use domain::money::{Amount, Fraction};
use domain::picture::PicturePath;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::document::{optional_text, text};
use crate::errors;
use crate::schema::levels;
use crate::session::{PgSession, read};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(
    table_name = levels,
    check_for_backend(diesel::pg::Pg),
    primary_key(merchant_id, id),
    treat_none_as_default_value = false,
    treat_none_as_null = true
)]
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
    special_rewards: Value,
    min_order: Option<i64>,
    photo: Option<String>,
}

/// A special reward within its level. The value is in millionths, times are microseconds since 1970.
#[derive(Serialize, Deserialize)]
struct SpecialRewardDocument {
    id: Uuid,
    name: String,
    value: i64,
    code: String,
    active: bool,
    created_at: i64,
    starts_at: i64,
    ends_at: i64,
}

/// The levels of several merchants.
pub(crate) async fn of_many(
    connection: &mut AsyncPgConnection,
    merchants: &[Uuid],
) -> Result<Vec<Level>, StorageError> {
    let query = levels::table.filter(levels::merchant_id.eq_any(merchants));
    let rows = query.select(LevelRow::as_select()).load(connection).await;
    rows.map_err(errors::storage)?.into_iter().map(Level::try_from).collect()
}

#[async_trait]
impl LevelRepository for PgSession {
    async fn insert(&mut self, level: &Level) -> Result<(), StorageError> {
        let insert = diesel::insert_into(levels::table).values(LevelRow::try_from(level)?);
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

    async fn find_to_change(
        &mut self,
        merchant: MerchantId,
        id: LevelId,
    ) -> Result<Option<Level>, StorageError> {
        let query = levels::table.find((Uuid::from(merchant), Uuid::from(id)));
        let query = query.select(LevelRow::as_select()).for_update();
        let row = query.first(self.connection()).await.optional().map_err(errors::storage)?;
        row.map(Level::try_from).transpose()
    }

    async fn update(&mut self, level: &Level) -> Result<(), StorageError> {
        let row = LevelRow::try_from(level)?;
        let update = diesel::update(levels::table.find((row.merchant_id, row.id))).set(row);
        update.execute(self.connection()).await.map(drop).map_err(errors::storage)
    }

    async fn delete(&mut self, merchant: MerchantId, id: LevelId) -> Result<(), StorageError> {
        let delete = diesel::delete(levels::table.find((Uuid::from(merchant), Uuid::from(id))));
        delete.execute(self.connection()).await.map(drop).map_err(errors::storage)
    }
}

impl TryFrom<&Level> for LevelRow {
    type Error = StorageError;

    fn try_from(level: &Level) -> Result<Self, Self::Error> {
        let text = |(language, text): (&Language, &LevelText)| {
            let description = text.description.as_ref().map(domain::text::Text::as_str);
            (
                language.to_string(),
                json!({ "name": text.name.as_str(), "description": description }),
            )
        };
        let rewards: Vec<_> =
            level.special_rewards.iter().map(SpecialRewardDocument::from).collect();
        Ok(Self {
            merchant_id: level.merchant.into(),
            id: level.id.into(),
            condition: level.condition.ten_thousandths(),
            reward_name: level.reward.name.to_string(),
            reward_value: level.reward.value.millionths(),
            reward_code: level.reward.code.to_string(),
            active: level.active,
            texts: Value::Object(level.texts.iter().map(text).collect()),
            created_at: level.created_at,
            special_rewards: serde_json::to_value(rewards)
                .map_err(|_| errors::corrupt("special reward"))?,
            min_order: level.min_order.map(Amount::ten_thousandths),
            photo: level.photo.as_ref().map(PicturePath::to_string),
        })
    }
}

impl From<&SpecialReward> for SpecialRewardDocument {
    fn from(special: &SpecialReward) -> Self {
        Self {
            id: special.id.into(),
            name: special.reward.name.to_string(),
            value: special.reward.value.millionths(),
            code: special.reward.code.to_string(),
            active: special.active,
            created_at: micros(special.created_at),
            starts_at: micros(special.starts_at),
            ends_at: micros(special.ends_at),
        }
    }
}

impl TryFrom<SpecialRewardDocument> for SpecialReward {
    type Error = StorageError;

    fn try_from(document: SpecialRewardDocument) -> Result<Self, Self::Error> {
        Ok(Self {
            id: document.id.into(),
            reward: reward(document.name, document.value, document.code)?,
            active: document.active,
            created_at: moment(document.created_at)?,
            starts_at: moment(document.starts_at)?,
            ends_at: moment(document.ends_at)?,
        })
    }
}

fn micros(moment: OffsetDateTime) -> i64 {
    i64::try_from(moment.unix_timestamp_nanos() / 1000).unwrap_or(i64::MAX)
}

fn moment(micros: i64) -> Result<OffsetDateTime, StorageError> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1000)
        .map_err(|_| errors::corrupt("special reward"))
}

fn reward(name: String, value: i64, code: String) -> Result<Reward, StorageError> {
    let line = |raw: String| text(raw).map_err(|_| errors::corrupt("reward"));
    Ok(Reward { name: line(name)?, value: Fraction::from_millionths(value), code: line(code)? })
}

impl TryFrom<LevelRow> for Level {
    type Error = StorageError;

    fn try_from(row: LevelRow) -> Result<Self, Self::Error> {
        let special: Vec<SpecialRewardDocument> = serde_json::from_value(row.special_rewards)
            .map_err(|_| errors::corrupt("special reward"))?;
        let photo = row.photo.as_deref().map(PicturePath::try_from).transpose();
        Ok(Self {
            merchant: row.merchant_id.into(),
            id: row.id.into(),
            condition: Amount::from_ten_thousandths(row.condition),
            reward: reward(row.reward_name, row.reward_value, row.reward_code)?,
            special_rewards: special
                .into_iter()
                .map(TryInto::try_into)
                .collect::<Result<_, _>>()?,
            min_order: row.min_order.map(Amount::from_ten_thousandths),
            active: row.active,
            texts: texts(row.texts)?,
            photo: photo.map_err(|_| errors::corrupt("picture"))?,
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
