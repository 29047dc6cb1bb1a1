//! Settings as a form and as a body (contract 4.7).

use domain::customer::Status;
use domain::merchant::{
    CommunicationMethod, DowngradeBase, DowngradeDays, DowngradeMode, IdentificationField,
    Language, Merchant, PointExpiry, PointSettings, Settings, TierBasis, TierSettings,
    WarningSettings, WebhookSettings,
};
use domain::text::{Line, Text};

use super::super::errors::Error;
use super::super::wire::settings::{IdentificationBody, SettingsBody};
use super::form::{BLANK, NOT_VALID};
use super::reader::Given;
use super::sheet::{Child, Sheet};
use crate::http::form::FormValue;
use crate::http::zone::Zone;

/// What a programme can be run in.
pub(super) const CURRENCIES: [&str; 7] = ["pln", "usd", "eur", "hkd", "cop", "inr", "vnd"];
/// The languages that this server speaks.
pub(super) const LANGUAGES: [(&str, &str); 2] = [("English", "en"), ("Polski", "pl")];
pub(super) const METHODS: [(&str, CommunicationMethod); 2] =
    [("email", CommunicationMethod::Email), ("sms", CommunicationMethod::Sms)];
pub(super) const STATUSES: [(&str, Status); 4] = [
    ("new", Status::New),
    ("active", Status::Active),
    ("blocked", Status::Blocked),
    ("deleted", Status::Anonymized),
];
pub(super) const EXPIRIES: [(&str, PointExpiry); 4] = [
    ("after_x_days", PointExpiry::AfterDays),
    ("at_month_end", PointExpiry::EndOfMonth),
    ("at_year_end", PointExpiry::EndOfYear),
    ("all_time_active", PointExpiry::Never),
];
const BASES: [(&str, TierBasis); 2] =
    [("transactions", TierBasis::Transactions), ("points", TierBasis::Points)];
const MODES: [(&str, DowngradeMode); 3] = [
    ("none", DowngradeMode::None),
    ("automatic", DowngradeMode::Automatic),
    ("after_x_days", DowngradeMode::AfterDays),
];
const DOWNGRADE_BASES: [(&str, DowngradeBase); 4] = [
    ("none", DowngradeBase::None),
    ("active_points", DowngradeBase::ActivePoints),
    ("earned_points", DowngradeBase::EarnedPoints),
    ("earned_points_since_last_level_change", DowngradeBase::EarnedSinceLevelChange),
];
const IDENTIFIERS: [(&str, IdentificationField); 3] = [
    ("phone", IdentificationField::Phone),
    ("loyaltyCardNumber", IdentificationField::LoyaltyCard),
    ("email", IdentificationField::Email),
];

const AT_LEAST_ONE: &str = "This value should be 1 or more.";

/// The form, in the order in which a refusal shows it.
const FORM: &[Child] = &[
    Child::Field("currency"),
    Child::Field("defaultFrontendTranslations"),
    Child::Field("customerStatusesEarning"),
    Child::Field("accountActivationMethod"),
    Child::Quiet("preferredCommunicationMethod"),
    Child::Quiet("accountActivationRequired"),
    Child::Field("customerStatusesSpending"),
    Child::Field("timezone"),
    Child::Field("programName"),
    Child::Field("allowCustomersProfileEdits"),
    Child::Field("allTimeNotLocked"),
    Child::Field("pointsDaysLocked"),
    Child::Field("pointsDaysExpiryAfter"),
    Child::Field("pointsDaysActiveCount"),
    Child::Field("expirePointsNotificationDays"),
    Child::Field("expireLevelsNotificationDays"),
    Child::Field("expireCouponsNotificationDays"),
    Child::Field("returns"),
    Child::Collection(
        "customersIdentificationPriority",
        &[Child::Field("priority"), Child::Field("field")],
    ),
    Child::Field("tierAssignType"),
    Child::Field("levelDowngradeMode"),
    Child::Field("levelDowngradeDays"),
    Child::Field("levelDowngradeBase"),
    Child::Field("levelResetPointsOnDowngrade"),
    Child::Field("excludeDeliveryCostsFromTierAssignment"),
    Child::List("excludedDeliverySKUs"),
    Child::List("excludedLevelSKUs"),
    Child::List("excludedLevelCategories"),
    Child::Field("webhooks"),
    Child::Field("uriWebhooks"),
    Child::Field("webhookHeaderName"),
    Child::Field("webhookHeaderValue"),
    Child::Field("pushySecretKey"),
];

/// The settings as a body.
pub(crate) fn settings_body(merchant: &Merchant) -> SettingsBody {
    let settings = &merchant.settings;
    let (tiers, points, webhook) = (&settings.tiers, &settings.points, &settings.webhook);
    let texts = |lines: &[Line]| lines.iter().map(ToString::to_string).collect();
    let statuses = |all: &[Status]| all.iter().map(|one| word(&STATUSES, *one)).collect();
    let method = method(settings.communication);
    SettingsBody {
        currency: merchant.currency.lower(),
        default_frontend_translations: merchant
            .languages
            .first()
            .map_or_else(|| "en".to_owned(), ToString::to_string),
        customer_statuses_earning: statuses(&points.earning),
        account_activation_method: method,
        preferred_communication_method: method,
        account_activation_required: settings.activation_required,
        customer_statuses_spending: statuses(&points.spending),
        timezone: merchant.time_zone.to_string(),
        program_name: settings.programme_name.to_string(),
        allow_customers_profile_edits: settings.customers_edit_profiles,
        all_time_not_locked: points.locked_days.is_none(),
        points_days_locked: points.locked_days,
        points_days_expiry_after: word(&EXPIRIES, points.expiry),
        points_days_active_count: points.active_days,
        expire_points_notification_days: settings.warnings.points,
        expire_levels_notification_days: settings.warnings.levels,
        expire_coupons_notification_days: settings.warnings.coupons,
        returns: settings.returns,
        customers_identification_priority: identification_body(&settings.identification),
        tier_assign_type: word(&BASES, tiers.basis),
        level_downgrade_mode: word(&MODES, tiers.downgrade),
        level_downgrade_days: tiers.downgrade_days.0,
        level_downgrade_base: word(&DOWNGRADE_BASES, tiers.downgrade_base),
        level_reset_points_on_downgrade: tiers.reset_points,
        exclude_delivery_costs_from_tier_assignment: tiers.exclude_delivery,
        excluded_delivery_skus: texts(&tiers.delivery_skus),
        excluded_level_skus: texts(&tiers.excluded_skus),
        excluded_level_categories: texts(&tiers.excluded_categories),
        webhooks: webhook.enabled,
        uri_webhooks: webhook.url.as_ref().map(ToString::to_string),
        webhook_header_name: webhook.header_name.as_ref().map(ToString::to_string),
        webhook_header_value: webhook.header_value.as_ref().map(ToString::to_string),
        pushy_secret_key: settings.push_key.as_ref().map(ToString::to_string),
    }
}

/// The contract's word for a communication method.
pub(crate) fn method(communication: CommunicationMethod) -> &'static str {
    word(&METHODS, communication)
}

fn identification_body(order: &[IdentificationField]) -> Vec<IdentificationBody> {
    let ranked = order.iter().enumerate();
    ranked
        .map(|(at, field)| IdentificationBody {
            priority: order.len() - at,
            field: word(&IDENTIFIERS, *field),
        })
        .collect()
}

fn word<T: Copy + PartialEq>(words: &[(&'static str, T)], value: T) -> &'static str {
    words.iter().find(|(_, meant)| *meant == value).map_or("", |(word, _)| word)
}

/// The merchant with the settings that the form asks for, in place of all it had. `sms` tells whether there is a
/// gateway: without one the method cannot be chosen.
pub(crate) fn changed_settings(
    merchant: &Merchant,
    root: Option<&FormValue>,
    sms: bool,
) -> Result<Merchant, Error> {
    let mut sheet = match root {
        Some(root) => Sheet::lenient(FORM, root),
        None => Sheet::new(FORM, None)?,
    };
    let now = &merchant.settings;
    let currency = sheet.required("currency", BLANK, |text| {
        let known = CURRENCIES.contains(&text.to_lowercase().as_str());
        known.then(|| text.parse().ok()).flatten().ok_or(NOT_VALID)
    });
    let time_zone = sheet.required("timezone", BLANK, |text| {
        let known = Zone::names().contains(&text);
        if known { Line::try_from(text).map_err(|_| NOT_VALID) } else { Err(NOT_VALID) }
    });
    let programme_name =
        sheet.required("programName", BLANK, |text| Line::try_from(text).map_err(|_| NOT_VALID));
    let languages = languages(&mut sheet, &merchant.languages);
    let settings = Settings {
        programme_name: programme_name.unwrap_or_default(),
        communication: communication(&mut sheet, now.communication, sms),
        activation_required: sheet
            .checkbox("accountActivationRequired")
            .unwrap_or(now.activation_required),
        customers_edit_profiles: is_ticked(&mut sheet, "allowCustomersProfileEdits"),
        tiers: tiers(&mut sheet),
        points: points(&mut sheet),
        identification: identification(&mut sheet),
        returns: is_ticked(&mut sheet, "returns"),
        warnings: warnings(&mut sheet),
        webhook: webhook(&mut sheet),
        tokens: now.tokens,
        push_key: sheet.line("pushySecretKey").value(),
    };
    let changed = Merchant {
        currency: currency.unwrap_or(merchant.currency),
        time_zone: time_zone.unwrap_or_default(),
        languages,
        settings,
        ..merchant.clone()
    };
    sheet.finish()?;
    Ok(changed)
}

fn is_ticked(sheet: &mut Sheet<'_>, path: &str) -> bool {
    sheet.checkbox(path).unwrap_or(false)
}

fn choice<T: Copy>(sheet: &mut Sheet<'_>, path: &str, words: &[(&str, T)]) -> Given<T> {
    sheet.parsed(path, |text| {
        let known = words.iter().find(|(word, _)| *word == text);
        known.map(|(_, value)| *value).ok_or(NOT_VALID)
    })
}

fn number(sheet: &mut Sheet<'_>, path: &str) -> Option<u32> {
    // Storage counts days in what the calendar can hold.
    let few = |text: String| text.parse().ok().filter(|days| *days <= 36_500).ok_or(NOT_VALID);
    sheet.parsed(path, few).value()
}

/// The language that is asked for comes first; the others stay.
fn languages(sheet: &mut Sheet<'_>, known: &[Language]) -> Vec<Language> {
    let first = sheet.parsed("defaultFrontendTranslations", |text| {
        // Older cockpits name the file of a language.
        let code = match text.as_str() {
            "english.json" => "en",
            "polish.json" => "pl",
            code => code,
        };
        let spoken = LANGUAGES.iter().any(|(_, spoken)| *spoken == code)
            || known.iter().any(|language| language.as_str() == code);
        spoken.then(|| Language::try_from(code).ok()).flatten().ok_or(NOT_VALID)
    });
    let Some(first) = first.value() else { return known.to_vec() };
    let others = known.iter().filter(|language| **language != first).cloned();
    std::iter::once(first.clone()).chain(others).collect()
}

/// The method under either of its names. A client that knows one of them sends the other back as it was, so the one
/// that differs from what holds now is meant.
fn communication(
    sheet: &mut Sheet<'_>,
    now: CommunicationMethod,
    sms: bool,
) -> CommunicationMethod {
    const NAMES: [&str; 2] = ["accountActivationMethod", "preferredCommunicationMethod"];
    let given = NAMES.map(|name| choice(sheet, name, &METHODS));
    if given.iter().all(|given| matches!(given, Given::Absent | Given::Empty)) {
        sheet.note(NAMES[0], BLANK);
    }
    let mut chosen = now;
    for (name, given) in NAMES.into_iter().zip(given) {
        let Some(method) = given.value().filter(|method| *method != now) else { continue };
        if method == CommunicationMethod::Sms && !sms {
            sheet.note(name, NOT_VALID);
        }
        chosen = method;
    }
    chosen
}

fn tiers(sheet: &mut Sheet<'_>) -> TierSettings {
    let basis = choice(sheet, "tierAssignType", &BASES);
    if matches!(basis, Given::Absent | Given::Empty) {
        sheet.note("tierAssignType", BLANK);
    }
    let basis = basis.value().unwrap_or_default();
    let downgrade = choice(sheet, "levelDowngradeMode", &MODES).value().unwrap_or_default();
    let days = number(sheet, "levelDowngradeDays");
    let base = choice(sheet, "levelDowngradeBase", &DOWNGRADE_BASES);
    if basis == TierBasis::Points && downgrade == DowngradeMode::AfterDays {
        match days {
            None if !sheet.is_wrong("levelDowngradeDays") => {
                sheet.note("levelDowngradeDays", BLANK);
            }
            Some(0) => sheet.note("levelDowngradeDays", AT_LEAST_ONE),
            None | Some(_) => {}
        }
        if matches!(base, Given::Absent | Given::Empty) {
            sheet.note("levelDowngradeBase", BLANK);
        }
    }
    let exclude_delivery = is_ticked(sheet, "excludeDeliveryCostsFromTierAssignment");
    let delivery_skus = lines(sheet, "excludedDeliverySKUs");
    if exclude_delivery && delivery_skus.is_empty() {
        sheet.note("excludedDeliverySKUs", BLANK);
    }
    TierSettings {
        basis,
        exclude_delivery,
        delivery_skus,
        excluded_skus: lines(sheet, "excludedLevelSKUs"),
        excluded_categories: lines(sheet, "excludedLevelCategories"),
        downgrade,
        downgrade_days: days.filter(|days| *days > 0).map(DowngradeDays).unwrap_or_default(),
        downgrade_base: base.value().unwrap_or_default(),
        reset_points: is_ticked(sheet, "levelResetPointsOnDowngrade"),
    }
}

fn points(sheet: &mut Sheet<'_>) -> PointSettings {
    let usual = PointSettings::default();
    let locked_days = number(sheet, "pointsDaysLocked");
    let never_locked = sheet.checkbox("allTimeNotLocked");
    if never_locked == Some(false) && locked_days.is_none() && !sheet.is_wrong("pointsDaysLocked") {
        sheet.note("pointsDaysLocked", BLANK);
    }
    PointSettings {
        expiry: choice(sheet, "pointsDaysExpiryAfter", &EXPIRIES).value().unwrap_or(usual.expiry),
        active_days: number(sheet, "pointsDaysActiveCount").unwrap_or(usual.active_days),
        locked_days: locked_days.filter(|_| never_locked != Some(true)),
        earning: statuses(sheet, "customerStatusesEarning"),
        spending: statuses(sheet, "customerStatusesSpending"),
    }
}

/// The statuses of a list, each once; none at all is an error of the field.
fn statuses(sheet: &mut Sheet<'_>, path: &str) -> Vec<Status> {
    let mut all = Vec::new();
    for key in sheet.keys(path) {
        let known = match sheet.raw(path).and_then(|list| list.get(key)) {
            Some(FormValue::Text(text)) => STATUSES.iter().find(|(word, _)| word == text),
            _ => None,
        };
        match known {
            Some((_, status)) if !all.contains(status) => all.push(*status),
            Some(_) => {}
            None if sheet.is_wrong(path) => {}
            None => sheet.note(path, NOT_VALID),
        }
    }
    if all.is_empty() && !sheet.is_wrong(path) {
        sheet.note(path, BLANK);
    }
    all
}

fn warnings(sheet: &mut Sheet<'_>) -> WarningSettings {
    let usual = WarningSettings::default();
    WarningSettings {
        points: number(sheet, "expirePointsNotificationDays").unwrap_or(usual.points),
        levels: number(sheet, "expireLevelsNotificationDays").unwrap_or(usual.levels),
        coupons: number(sheet, "expireCouponsNotificationDays").unwrap_or(usual.coupons),
    }
}

/// The identifiers by falling priority; the usual order, if none was sent at all.
fn identification(sheet: &mut Sheet<'_>) -> Vec<IdentificationField> {
    const PATH: &str = "customersIdentificationPriority";
    if sheet.raw(PATH).is_none() {
        return Settings::default().identification;
    }
    let mut ranked: Vec<(u32, IdentificationField)> = Vec::new();
    for key in sheet.keys(PATH) {
        let (priority, field) = (format!("{PATH}.{key}.priority"), format!("{PATH}.{key}.field"));
        let rank = sheet.required(&priority, BLANK, |text| text.parse().map_err(|_| NOT_VALID));
        let known = choice(sheet, &field, &IDENTIFIERS);
        if matches!(known, Given::Absent | Given::Empty) {
            sheet.note(&field, BLANK);
        }
        let Some((rank, known)) = rank.zip(known.value()) else { continue };
        if ranked.iter().any(|(_, ranked)| *ranked == known) {
            sheet.note(&field, NOT_VALID);
        }
        ranked.push((rank, known));
    }
    ranked.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
    ranked.into_iter().map(|(_, field)| field).collect()
}

fn webhook(sheet: &mut Sheet<'_>) -> WebhookSettings {
    let url = sheet.parsed("uriWebhooks", |text| {
        let web = text.starts_with("https://") || text.starts_with("http://");
        let plain = !text.contains(|c: char| c.is_whitespace() || c.is_control());
        if web && plain { Text::try_from(text).map_err(|_| NOT_VALID) } else { Err(NOT_VALID) }
    });
    // What goes into a header must not be able to end it.
    let header_name = sheet.parsed("webhookHeaderName", |text| {
        let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        if text.chars().all(token) {
            Line::try_from(text).map_err(|_| NOT_VALID)
        } else {
            Err(NOT_VALID)
        }
    });
    let header_value = sheet.parsed("webhookHeaderValue", |text| {
        let visible = text.chars().all(|c| !c.is_control());
        if visible { Line::try_from(text).map_err(|_| NOT_VALID) } else { Err(NOT_VALID) }
    });
    WebhookSettings {
        enabled: is_ticked(sheet, "webhooks"),
        url: url.value(),
        header_name: header_name.value(),
        header_value: header_value.value(),
    }
}

/// The lines of a list, without the empty ones; what cannot be stored is an error of its own.
fn lines(sheet: &mut Sheet<'_>, path: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    for key in sheet.keys(path) {
        lines.extend(sheet.line(&format!("{path}.{key}")).value());
    }
    lines
}
