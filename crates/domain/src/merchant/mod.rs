//! Merchants: the tenants, how each dialect names them, and the programs they gave credentials to.

mod application;
mod model;
mod port;
mod service;
mod settings;

pub use application::{Application, ApplicationName, Credentials};
pub use model::{BusinessDetails, Currency, InvalidCurrency, Language, Merchant, MerchantName};
pub use port::MerchantRepository;
pub use service::{MerchantError, Merchants};
pub use settings::{
    CommunicationMethod, DowngradeBase, DowngradeDays, DowngradeMode, IdentificationField, Period,
    PointExpiry, PointSettings, Settings, TierBasis, TierSettings, TokenSettings, WarningSettings,
    WebhookSettings,
};
