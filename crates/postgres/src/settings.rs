//! A programme's settings as one JSON document. What is missing in it has its default, so that new settings need no
//! migration.

use domain::StorageError;
use domain::customer::Status;
use domain::merchant::{
    CommunicationMethod, DowngradeBase, DowngradeDays, DowngradeMode, IdentificationField,
    PointExpiry, PointSettings, Settings, TierBasis, TierSettings, TokenSettings, WarningSettings,
    WebhookSettings,
};
use domain::text::{InvalidText, Line, Text};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::errors;

/// Declares how an enum is written in the document, both ways from one list.
macro_rules! words {
    ($write:ident, $read:ident, $kind:ty, $($variant:path => $word:literal),+ $(,)?) => {
        fn $write(value: $kind) -> String {
            match value { $($variant => $word),+ }.to_owned()
        }

        fn $read(word: &str) -> Option<$kind> {
            match word {
                $($word => Some($variant),)+
                _ => None,
            }
        }
    };
}

words!(communication, read_communication, CommunicationMethod,
    CommunicationMethod::Email => "email", CommunicationMethod::Sms => "sms");
words!(basis, read_basis, TierBasis,
    TierBasis::Transactions => "transactions", TierBasis::Points => "points");
words!(mode, read_mode, DowngradeMode,
    DowngradeMode::None => "none", DowngradeMode::Automatic => "automatic",
    DowngradeMode::AfterDays => "after_days");
words!(base, read_base, DowngradeBase,
    DowngradeBase::None => "none", DowngradeBase::ActivePoints => "active_points",
    DowngradeBase::EarnedPoints => "earned_points",
    DowngradeBase::EarnedSinceLevelChange => "earned_since_level_change");
words!(expiry, read_expiry, PointExpiry,
    PointExpiry::AfterDays => "after_days", PointExpiry::EndOfMonth => "end_of_month",
    PointExpiry::EndOfYear => "end_of_year", PointExpiry::Never => "never");
words!(field, read_field, IdentificationField,
    IdentificationField::Phone => "phone", IdentificationField::LoyaltyCard => "loyalty_card",
    IdentificationField::Email => "email");
words!(status, read_status, Status,
    Status::New => "new", Status::Active => "active", Status::Blocked => "blocked",
    Status::Anonymized => "anonymized");

#[derive(Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "a document of switches")]
struct Document {
    programme_name: String,
    communication: String,
    activation_required: bool,
    customers_edit_profiles: bool,
    tier_basis: String,
    exclude_delivery: bool,
    delivery_skus: Vec<String>,
    excluded_skus: Vec<String>,
    excluded_categories: Vec<String>,
    downgrade: String,
    downgrade_days: u32,
    downgrade_base: String,
    reset_points: bool,
    point_expiry: String,
    point_active_days: u32,
    point_locked_days: Option<u32>,
    earning: Vec<String>,
    spending: Vec<String>,
    identification: Vec<String>,
    returns: bool,
    warn_points: u32,
    warn_levels: u32,
    warn_coupons: u32,
    webhook_enabled: bool,
    webhook_url: Option<String>,
    webhook_header_name: Option<String>,
    webhook_header_value: Option<String>,
    code_minutes: u32,
    link_hours: u32,
    daily_sms: u32,
    push_key: Option<String>,
}

impl Default for Document {
    fn default() -> Self {
        Self::from(&Settings::default())
    }
}

/// The settings as they are stored.
pub(crate) fn to_json(settings: &Settings) -> Result<Value, StorageError> {
    serde_json::to_value(Document::from(settings)).map_err(|_| errors::corrupt("settings"))
}

/// The settings that were stored.
pub(crate) fn from_json(json: Value) -> Result<Settings, StorageError> {
    let document: Document =
        serde_json::from_value(json).map_err(|_| errors::corrupt("settings"))?;
    document.into_settings().ok_or_else(|| errors::corrupt("settings"))
}

impl From<&Settings> for Document {
    fn from(settings: &Settings) -> Self {
        let (tiers, points) = (&settings.tiers, &settings.points);
        let lines = |lines: &[Line]| lines.iter().map(ToString::to_string).collect();
        let statuses = |all: &[Status]| all.iter().copied().map(status).collect();
        Self {
            programme_name: settings.programme_name.to_string(),
            communication: communication(settings.communication),
            activation_required: settings.activation_required,
            customers_edit_profiles: settings.customers_edit_profiles,
            tier_basis: basis(tiers.basis),
            exclude_delivery: tiers.exclude_delivery,
            delivery_skus: lines(&tiers.delivery_skus),
            excluded_skus: lines(&tiers.excluded_skus),
            excluded_categories: lines(&tiers.excluded_categories),
            downgrade: mode(tiers.downgrade),
            downgrade_days: tiers.downgrade_days.0,
            downgrade_base: base(tiers.downgrade_base),
            reset_points: tiers.reset_points,
            point_expiry: expiry(points.expiry),
            point_active_days: points.active_days,
            point_locked_days: points.locked_days,
            earning: statuses(&points.earning),
            spending: statuses(&points.spending),
            identification: settings.identification.iter().copied().map(field).collect(),
            returns: settings.returns,
            warn_points: settings.warnings.points,
            warn_levels: settings.warnings.levels,
            warn_coupons: settings.warnings.coupons,
            webhook_enabled: settings.webhook.enabled,
            webhook_url: settings.webhook.url.as_ref().map(ToString::to_string),
            webhook_header_name: settings.webhook.header_name.as_ref().map(ToString::to_string),
            webhook_header_value: settings.webhook.header_value.as_ref().map(ToString::to_string),
            code_minutes: settings.tokens.code_minutes,
            link_hours: settings.tokens.link_hours,
            daily_sms: settings.tokens.daily_sms,
            push_key: settings.push_key.as_ref().map(ToString::to_string),
        }
    }
}

impl Document {
    fn into_settings(self) -> Option<Settings> {
        Some(Settings {
            programme_name: Text::try_from(self.programme_name).ok()?,
            communication: read_communication(&self.communication)?,
            activation_required: self.activation_required,
            customers_edit_profiles: self.customers_edit_profiles,
            tiers: TierSettings {
                basis: read_basis(&self.tier_basis)?,
                exclude_delivery: self.exclude_delivery,
                delivery_skus: lines(self.delivery_skus)?,
                excluded_skus: lines(self.excluded_skus)?,
                excluded_categories: lines(self.excluded_categories)?,
                downgrade: read_mode(&self.downgrade)?,
                downgrade_days: DowngradeDays(self.downgrade_days),
                downgrade_base: read_base(&self.downgrade_base)?,
                reset_points: self.reset_points,
            },
            points: PointSettings {
                expiry: read_expiry(&self.point_expiry)?,
                active_days: self.point_active_days,
                locked_days: self.point_locked_days,
                earning: read_all(&self.earning, read_status)?,
                spending: read_all(&self.spending, read_status)?,
            },
            identification: read_all(&self.identification, read_field)?,
            returns: self.returns,
            warnings: WarningSettings {
                points: self.warn_points,
                levels: self.warn_levels,
                coupons: self.warn_coupons,
            },
            webhook: WebhookSettings {
                enabled: self.webhook_enabled,
                url: optional(self.webhook_url).ok()?,
                header_name: optional(self.webhook_header_name).ok()?,
                header_value: optional(self.webhook_header_value).ok()?,
            },
            tokens: TokenSettings {
                code_minutes: self.code_minutes,
                link_hours: self.link_hours,
                daily_sms: self.daily_sms,
            },
            push_key: optional(self.push_key).ok()?,
        })
    }
}

fn read_all<T>(words: &[String], read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    words.iter().map(|word| read(word)).collect()
}

fn lines(raw: Vec<String>) -> Option<Vec<Line>> {
    raw.into_iter().map(|line| Line::try_from(line).ok()).collect()
}

fn optional<const MAX: usize>(raw: Option<String>) -> Result<Option<Text<MAX>>, InvalidText> {
    raw.map(Text::try_from).transpose()
}
