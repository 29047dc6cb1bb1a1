//! How a programme works: what its operator may set (OL 4.7).

use time::Duration;

use crate::customer::Status;
use crate::text::{Line, Text};

/// How a programme works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What messages call the programme (OL `programName`).
    pub programme_name: Line,
    /// Which identifier a customer must have and where messages go (OL `accountActivationMethod`).
    pub communication: CommunicationMethod,
    /// Whether somebody who registers himself must prove that messages reach him (OL `accountActivationRequired`).
    pub activation_required: bool,
    /// Whether customers may change their own profiles (OL `allowCustomersProfileEdits`).
    pub customers_edit_profiles: bool,
    /// How levels follow from figures.
    pub tiers: TierSettings,
    /// How points are earned, locked and lost.
    pub points: PointSettings,
    /// By which identifiers a purchase finds its customer, in this order (OL `customersIdentificationPriority`).
    pub identification: Vec<IdentificationField>,
    /// Whether returns are taken (OL `returns`).
    pub returns: bool,
    /// How early customers are warned.
    pub warnings: WarningSettings,
    /// Where the merchant wants to be told of events (OL §8).
    pub webhook: WebhookSettings,
    /// How long what is handed out works, and how much may be sent.
    pub tokens: TokenSettings,
    /// The key of the push gateway (OL `pushySecretKey`).
    pub push_key: Option<Line>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            programme_name: Line::constant("Loyalty Program"),
            communication: CommunicationMethod::default(),
            activation_required: true,
            customers_edit_profiles: true,
            tiers: TierSettings::default(),
            points: PointSettings::default(),
            identification: vec![
                IdentificationField::Phone,
                IdentificationField::LoyaltyCard,
                IdentificationField::Email,
            ],
            returns: true,
            warnings: WarningSettings::default(),
            webhook: WebhookSettings::default(),
            tokens: TokenSettings::default(),
            push_key: None,
        }
    }
}

/// Where messages go first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CommunicationMethod {
    /// To the e-mail address.
    #[default]
    Email,
    /// To the phone number.
    Sms,
}

/// How levels follow from figures (OL 5.1 to 5.3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TierSettings {
    /// Which figure counts (OL `tierAssignType`).
    pub basis: TierBasis,
    /// Whether delivery costs are left out (OL `excludeDeliveryCostsFromTierAssignment`).
    pub exclude_delivery: bool,
    /// The SKUs that are delivery costs (OL `excludedDeliverySKUs`).
    pub delivery_skus: Vec<Line>,
    /// SKUs that count towards no level (OL `excludedLevelSKUs`).
    pub excluded_skus: Vec<Line>,
    /// Categories that count towards no level (OL `excludedLevelCategories`).
    pub excluded_categories: Vec<Line>,
    /// When a customer falls (OL `levelDowngradeMode`).
    pub downgrade: DowngradeMode,
    /// After how many days a level is looked at again; at least 1 (OL `levelDowngradeDays`).
    pub downgrade_days: DowngradeDays,
    /// Which points count towards keeping a level (OL `levelDowngradeBase`).
    pub downgrade_base: DowngradeBase,
    /// Whether points are lost with the level (OL `levelResetPointsOnDowngrade`).
    pub reset_points: bool,
}

impl TierSettings {
    /// Whether a daily job looks at the levels again (OL 5.3).
    pub fn are_looked_at_again(&self) -> bool {
        self.basis == TierBasis::Points && self.downgrade == DowngradeMode::AfterDays
    }

    /// The time after which a level is looked at again. It is no less than a day: whoever was looked at would be due again
    /// at once.
    pub fn period(&self) -> Duration {
        Duration::days(i64::from(self.downgrade_days.0.max(1)))
    }

    /// Whether a look at a level takes the points away that it was about (OL 5.3).
    pub fn points_are_lost(&self) -> bool {
        self.reset_points && self.downgrade_base == DowngradeBase::ActivePoints
    }

    /// What a move between levels does to the time after which the level is looked at again (OL 5.2).
    pub fn period_after_move(&self) -> Period {
        let since_move = self.downgrade_base == DowngradeBase::EarnedSinceLevelChange;
        if self.downgrade == DowngradeMode::AfterDays && since_move {
            Period::BeginsAnew
        } else {
            Period::GoesOn
        }
    }
}

/// The time after which a level is looked at again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Period {
    /// It counts from when it counted before.
    #[default]
    GoesOn,
    /// It counts from now.
    BeginsAnew,
}

/// The figure that decides about levels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TierBasis {
    /// Money spent.
    #[default]
    Transactions,
    /// Points.
    Points,
}

/// When a customer falls to a lower level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DowngradeMode {
    /// Never.
    #[default]
    None,
    /// As soon as the points are gone.
    Automatic,
    /// When the daily job looks again.
    AfterDays,
}

/// Days until a level is looked at again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DowngradeDays(pub u32);

impl Default for DowngradeDays {
    fn default() -> Self {
        Self(365)
    }
}

/// Which points count towards keeping a level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DowngradeBase {
    /// As without a base: the available ones.
    #[default]
    None,
    /// Those available now.
    ActivePoints,
    /// Those earned since the level was last looked at.
    EarnedPoints,
    /// Those earned since the level last changed.
    EarnedSinceLevelChange,
}

/// How points are earned, locked and lost (OL 4.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointSettings {
    /// When points expire (OL `pointsDaysExpiryAfter`).
    pub expiry: PointExpiry,
    /// The days of [`PointExpiry::AfterDays`] (OL `pointsDaysActiveCount`).
    pub active_days: u32,
    /// For how many days new points are locked; not at all, if not given (OL `allTimeNotLocked`, `pointsDaysLocked`).
    pub locked_days: Option<u32>,
    /// Who earns (OL `customerStatusesEarning`).
    pub earning: Vec<Status>,
    /// Who spends (OL `customerStatusesSpending`).
    pub spending: Vec<Status>,
}

impl Default for PointSettings {
    fn default() -> Self {
        Self {
            expiry: PointExpiry::AfterDays,
            active_days: 30,
            locked_days: None,
            earning: vec![Status::Active],
            spending: vec![Status::Active],
        }
    }
}

/// When points expire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointExpiry {
    /// At the end of the day so many days later.
    AfterDays,
    /// With the month.
    EndOfMonth,
    /// With the year.
    EndOfYear,
    /// Never.
    Never,
}

/// An identifier by which a purchase finds its customer (OL 4.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentificationField {
    /// Phone number.
    Phone,
    /// Loyalty card.
    LoyaltyCard,
    /// E-mail address.
    Email,
}

/// How many days before the fact customers are warned (OL 4.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WarningSettings {
    /// Of points that expire.
    pub points: u32,
    /// Of a level that is looked at again.
    pub levels: u32,
    /// Of coupons that expire.
    pub coupons: u32,
}

impl Default for WarningSettings {
    fn default() -> Self {
        Self { points: 10, levels: 10, coupons: 10 }
    }
}

/// The merchant-wide webhook (OL §8).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebhookSettings {
    /// Whether anything is sent.
    pub enabled: bool,
    /// Where to.
    pub url: Option<Text<2048>>,
    /// A header that proves who is calling.
    pub header_name: Option<Line>,
    /// Its value.
    pub header_value: Option<Line>,
}

/// Life and budgets of codes and links (`domain.md` §8). Ours: the vendor's never expire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenSettings {
    /// Life of a code that is typed in, in minutes.
    pub code_minutes: u32,
    /// Life of a link in a message, in hours.
    pub link_hours: u32,
    /// The most SMS of the merchant in one day.
    pub daily_sms: u32,
}

impl Default for TokenSettings {
    fn default() -> Self {
        Self { code_minutes: 10, link_hours: 48, daily_sms: 10_000 }
    }
}
