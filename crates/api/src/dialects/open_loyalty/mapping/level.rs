//! Levels: forms and bodies (contract 4.2 and 9.6).

use std::collections::BTreeMap;

use domain::customer::{Criterion, Customer, CustomerQuery, Email};
use domain::id::LevelId;
use domain::level::{
    Level, LevelQuery, LevelSortKey, LevelTerms, LevelText, Reward, SpecialReward,
    SpecialRewardTerms,
};
use domain::merchant::{Language, Merchant};
use domain::text::{Line, Note};

use super::super::errors::Error;
use super::super::wire::level::{
    FullLevel, LevelCustomer, LevelTranslation, ReachableLevel, RewardBody, SpecialRewardBody,
};
use super::form::{BLANK, EXTRA_FIELDS, NOT_VALID};
use super::reader::truth;
use super::sheet::{Child, Sheet};
use super::{figure, list, moment, sort};
use crate::http::form::FormValue;
use crate::http::zone::Zone;

const FORM: &[Child] = &[
    Child::Collection("translations", &[Child::Field("name"), Child::Field("description")]),
    Child::Field("active"),
    Child::Field("conditionValue"),
    Child::Field("minOrder"),
    Child::Compound("reward", &[Child::Field("name"), Child::Field("value"), Child::Field("code")]),
    Child::Collection(
        "specialRewards",
        &[
            Child::Field("name"),
            Child::Field("value"),
            Child::Field("code"),
            Child::Field("active"),
            Child::Field("startAt"),
            Child::Field("endAt"),
        ],
    ),
];

/// What a form says a level is to be. What it does not say is not: a form without `active` switches off.
pub(crate) fn level_terms(
    root: Option<&FormValue>,
    merchant: &Merchant,
) -> Result<LevelTerms, Error> {
    let mut sheet = Sheet::new(FORM, root)?;
    let texts = texts(&mut sheet, &merchant.languages);
    let active = sheet.checkbox("active").unwrap_or(false);
    let condition = sheet.required("conditionValue", BLANK, |text| {
        figure::read(&text).filter(|least| least.ten_thousandths() >= 0).ok_or(NOT_VALID)
    });
    let min_order = sheet.parsed("minOrder", |text| figure::read(&text).ok_or(NOT_VALID)).value();
    let reward = reward(&mut sheet, "reward");
    let special_rewards = special_rewards(&mut sheet, &super::zone(merchant));
    let read = condition.zip(reward).zip(special_rewards);
    finished(sheet, read).map(|((condition, reward), special_rewards)| LevelTerms {
        condition,
        min_order,
        reward,
        special_rewards,
        active,
        texts,
    })
}

/// What was read, if nothing was wrong with it.
pub(super) fn finished<T>(sheet: Sheet<'_>, read: Option<T>) -> Result<T, Error> {
    let refused = sheet.refused();
    sheet.finish()?;
    // Nothing is missing without an error that says so.
    read.ok_or(refused)
}

/// Words by language. Only the first language needs a name; one without any words is not there.
fn texts(sheet: &mut Sheet<'_>, languages: &[Language]) -> BTreeMap<Language, LevelText> {
    if sheet.keys("translations").iter().any(|key| !languages.iter().any(|it| it.as_str() == *key))
    {
        sheet.note("", EXTRA_FIELDS);
    }
    let mut texts = BTreeMap::new();
    for (at, language) in languages.iter().enumerate() {
        let path = |field: &str| format!("translations.{language}.{field}");
        let name: Option<Line> = if at == 0 {
            sheet.required(&path("name"), BLANK, |text| Line::try_from(text).map_err(|_| NOT_VALID))
        } else {
            sheet.line(&path("name")).value()
        };
        let description: Option<Note> = sheet.line(&path("description")).value();
        if name.is_some() || description.is_some() {
            let text = LevelText { name: name.unwrap_or_default(), description };
            texts.insert(language.clone(), text);
        }
    }
    texts
}

fn reward(sheet: &mut Sheet<'_>, path: &str) -> Option<Reward> {
    let line = |text: String| Line::try_from(text).map_err(|_| NOT_VALID);
    let name = sheet.required(&format!("{path}.name"), BLANK, line);
    let value = sheet.required(&format!("{path}.value"), BLANK, |text| {
        figure::read_percent(&text).filter(|share| share.millionths() >= 0).ok_or(NOT_VALID)
    });
    let code = sheet.required(&format!("{path}.code"), BLANK, line);
    Some(Reward { name: name?, value: value?, code: code? })
}

fn special_rewards(sheet: &mut Sheet<'_>, zone: &Zone) -> Option<Vec<SpecialRewardTerms>> {
    let mut all = Some(Vec::new());
    for key in sheet.keys("specialRewards") {
        let path = format!("specialRewards.{key}");
        let reward = reward(sheet, &path);
        let active = sheet.checkbox(&format!("{path}.active")).unwrap_or(false);
        let mut moment = |field: &str| {
            sheet.required(&format!("{path}.{field}"), BLANK, |text| {
                moment::moment(&text, zone).ok_or(NOT_VALID)
            })
        };
        let (starts_at, ends_at) = (moment("startAt"), moment("endAt"));
        let read = reward.zip(starts_at).zip(ends_at);
        let place = key.parse().ok().filter(|place: &usize| place.to_string() == key);
        all = all.zip(read).map(|(mut all, ((reward, starts_at), ends_at))| {
            all.push(SpecialRewardTerms { place, reward, active, starts_at, ends_at });
            all
        });
    }
    all
}

/// Which way a switch is to be turned; nothing, if that was not said.
pub(crate) fn is_switched_on(fields: &FormValue) -> Option<bool> {
    fields.get("active").map(truth)
}

/// The list of levels that the parameters describe.
pub(crate) fn level_query(parameters: &FormValue, active_only: bool) -> LevelQuery {
    let column = |name: &str| match name {
        "id" | "levelId" => Some(LevelSortKey::Id),
        "name" => Some(LevelSortKey::Name),
        "conditionValue" => Some(LevelSortKey::Condition),
        "minOrder" => Some(LevelSortKey::MinOrder),
        "active" => Some(LevelSortKey::Active),
        "reward.value" => Some(LevelSortKey::Reward),
        _ => None,
    };
    LevelQuery { active_only, order: list::order(parameters, column), page: sort::page(parameters) }
}

/// The list of those who are on a level.
pub(crate) fn level_customer_query(parameters: &FormValue, level: LevelId) -> CustomerQuery {
    CustomerQuery {
        criteria: vec![Criterion::Level(level)],
        sort: sort::sort(parameters),
        page: sort::page(parameters),
    }
}

/// A level, whole.
pub(crate) fn full_level<'l>(
    level: &'l Level,
    customers: u64,
    merchant: &Merchant,
    locale: Option<&Language>,
) -> FullLevel<'l> {
    let (default, zone) = (merchant.languages.first(), super::zone(merchant));
    FullLevel {
        id: level.id.into(),
        level_id: level.id.into(),
        name: level.name(locale, default),
        description: level.description(locale, default).map(Note::as_str),
        has_photo: level.photo.is_some(),
        active: level.active,
        condition_value: figure::amount(level.condition),
        min_order: level.min_order.map(figure::amount),
        reward: RewardBody {
            name: level.reward.name.as_str(),
            value: figure::fraction(level.reward.value),
            code: level.reward.code.as_str(),
        },
        special_rewards: level.special_rewards.iter().map(|it| special_reward(it, &zone)).collect(),
        customers_count: customers,
        translations: level
            .texts
            .iter()
            .map(|(language, text)| LevelTranslation {
                name: Some(text.name.as_str()).filter(|name| !name.is_empty()),
                description: text.description.as_ref().map(Note::as_str),
                id: level.translation_number(language),
                locale: language.as_str(),
            })
            .collect(),
    }
}

fn special_reward<'l>(special: &'l SpecialReward, zone: &Zone) -> SpecialRewardBody<'l> {
    SpecialRewardBody {
        name: special.reward.name.as_str(),
        value: figure::fraction(special.reward.value),
        code: special.reward.code.as_str(),
        id: special.id.into(),
        active: special.active,
        created_at: zone.format_basic(special.created_at),
        start_at: zone.format_basic(special.starts_at),
        end_at: zone.format_basic(special.ends_at),
    }
}

/// A level as customers see it.
pub(crate) fn reachable_level<'l>(
    level: &'l Level,
    merchant: &Merchant,
    locale: Option<&Language>,
) -> ReachableLevel<'l> {
    let default = merchant.languages.first();
    ReachableLevel {
        level_id: level.id.into(),
        name: level.name(locale, default),
        description: level.description(locale, default).map(Note::as_str),
        condition_value: figure::amount(level.condition),
        has_photo: level.photo.is_some(),
    }
}

/// Somebody who is on a level.
pub(crate) fn level_customer(customer: &Customer) -> LevelCustomer<'_> {
    LevelCustomer {
        customer_id: customer.id.into(),
        first_name: customer.name.first(),
        last_name: customer.name.last(),
        email: customer.email.as_ref().map(Email::as_str),
    }
}
