//! Two demonstration merchants, the same on every machine (`docs/demo.md`).
//!
//! The first is what a newcomer plays with; the second shows that nothing crosses between merchants. They are made
//! through the services, so that they obey every rule.

mod accounts;
mod programme;

use std::sync::Arc;

use crate::account::{Accounts, NameTaken};
use crate::clock::{Clock, Entropy};
use crate::customer::{CustomerError, Customers};
use crate::id::NumberOutOfRange;
use crate::level::Levels;
use crate::merchant::{InvalidCurrency, Merchant, MerchantError, MerchantName, Merchants};
use crate::pos::{PointOfSaleError, PointsOfSale};
use crate::secret::{SecretError, SecretKeeper};
use crate::seller::{SellerError, Sellers};
use crate::storage::{Storage, StorageError};
use crate::text::InvalidText;

/// The password of everybody who has one.
pub const PASSWORD: &str = "Clientele-2026!";
/// The first merchant's store code.
pub const STORE: &str = "DEFAULT";
/// The second merchant's store code.
pub const SECOND_STORE: &str = "SECOND";
/// The first merchant's active seller.
pub const SELLER: &str = "seller@example.com";
/// The first merchant's institution.
pub const INSTITUTION: &str = "inst-0001";
/// The operator of either institution.
pub const OPERATOR: &str = "operator@inst.example";
/// The first merchant's API key.
pub const API_KEY: &str = "kc_demo_4f6a1c9e2b7d";
/// The second merchant's API key.
pub const SECOND_API_KEY: &str = "kc_demo_second";
/// The first merchant's authenticity token and merchant key.
pub const AUTHENTICITY_TOKEN: (&str, &str) =
    ("3f9c1d7be2a84056b1c7d90e4a6f5823c0de1b97", "mk_demo_8Yq2Lw5Zr1");
/// The second merchant's authenticity token and merchant key.
pub const SECOND_AUTHENTICITY_TOKEN: (&str, &str) =
    ("00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee", "mk_demo_second");
/// A client of the first merchant, with its secret.
pub const CLIENT: (&str, &str) = ("ko_demo_client", "ko_demo_secret");
/// Another client of the first merchant.
pub const OTHER_CLIENT: (&str, &str) = ("ko_other_client", "ko_other_secret");
/// A client of the second merchant.
pub const SECOND_CLIENT: (&str, &str) = ("ko_second_client", "ko_second_secret");
/// What signs webhooks to the first client.
pub const SIGNATURE_TOKEN: &str = "sigtok-3f9c1e77";
/// Where browsers are sent back to after consent.
pub const REDIRECT_URI: &str = "http://127.0.0.1:9999/callback";

/// Why the demonstration could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant is the error it wraps")]
pub enum DemoError {
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Merchant(#[from] MerchantError),
    #[error(transparent)]
    Account(#[from] NameTaken),
    #[error(transparent)]
    Seller(#[from] SellerError),
    #[error(transparent)]
    PointOfSale(#[from] PointOfSaleError),
    #[error(transparent)]
    Customer(#[from] CustomerError),
    #[error(transparent)]
    Secret(#[from] SecretError),
    #[error(transparent)]
    Text(#[from] InvalidText),
    #[error(transparent)]
    Currency(#[from] InvalidCurrency),
    #[error(transparent)]
    Number(#[from] NumberOutOfRange),
}

/// The services and ports that make the demonstration.
struct Hands {
    merchants: Merchants,
    levels: Levels,
    points_of_sale: PointsOfSale,
    sellers: Sellers,
    accounts: Accounts,
    customers: Customers,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    keeper: Arc<dyn SecretKeeper>,
}

/// Makes both merchants unless they exist, and returns the first.
pub async fn plant(
    storage: &Storage,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    keeper: Arc<dyn SecretKeeper>,
) -> Result<Merchant, DemoError> {
    let merchants = Merchants::new(storage.clone());
    let first = MerchantName::StoreCode(STORE.to_owned());
    if let Some(merchant) = merchants.find_by_name(&first).await? {
        return Ok(merchant);
    }
    let hands = Hands {
        merchants,
        levels: Levels::new(storage.clone(), Arc::clone(&clock), Arc::clone(&entropy)),
        points_of_sale: PointsOfSale::new(storage.clone()),
        sellers: Sellers::new(
            storage.clone(),
            Arc::clone(&clock),
            Arc::clone(&entropy),
            Arc::clone(&keeper),
        ),
        accounts: Accounts::new(storage.clone(), Arc::clone(&clock), Arc::clone(&keeper)),
        customers: Customers::new(storage.clone(), Arc::clone(&clock), Arc::clone(&entropy)),
        clock,
        entropy,
        keeper,
    };
    hands.second_merchant().await?;
    hands.first_merchant().await
}
