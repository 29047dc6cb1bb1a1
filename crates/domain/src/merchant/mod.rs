//! Merchants: the tenants, how each dialect names them, and the programs they gave credentials to.

mod application;
mod model;
mod port;
mod service;

pub use application::{Application, ApplicationName, Credentials};
pub use model::{
    BusinessDetails, CommunicationMethod, Currency, InvalidCurrency, Language, Merchant,
    MerchantName, Settings,
};
pub use port::MerchantRepository;
pub use service::{MerchantError, Merchants};
