//! The domain's services, wired to one storage: what every handler is given.

use std::sync::Arc;

use domain::account::Accounts;
use domain::customer::Customers;
use domain::invitation::Invitations;
use domain::level::Levels;
use domain::merchant::Merchants;
use domain::pos::PointsOfSale;
use domain::seller::Sellers;
use domain::token::Tokens;
use domain::{Clock, Entropy, SecretKeeper, Storage};

use crate::config::Config;
use crate::directory::{Directory, Memory};
use crate::keys::SigningKeys;

/// The ports other than storage.
#[derive(Clone)]
pub struct Ports {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Secrets.
    pub keeper: Arc<dyn SecretKeeper>,
}

/// Every service a handler may call. One per worker, because each worker has its own connections.
pub struct Services {
    /// What the operator set.
    pub config: Arc<Config>,
    /// The ports, for what dialects sign, compare and stamp themselves.
    pub ports: Ports,
    /// The keys that sign tokens.
    pub keys: Arc<SigningKeys>,
    /// Storage, for health.
    pub storage: Storage,
    /// Merchants and applications.
    pub merchants: Merchants,
    /// Customers.
    pub customers: Customers,
    /// Levels.
    pub levels: Levels,
    /// Invitations.
    pub invitations: Invitations,
    /// Points of sale.
    pub points_of_sale: PointsOfSale,
    /// Sellers.
    pub sellers: Sellers,
    /// Logins.
    pub accounts: Accounts,
    /// Tokens.
    pub tokens: Tokens,
    /// Remembered look-ups.
    pub directory: Directory,
}

impl Services {
    /// Wires the services to a storage.
    pub fn new(
        config: Arc<Config>,
        ports: Ports,
        keys: Arc<SigningKeys>,
        memory: Memory,
        storage: Storage,
    ) -> Self {
        let (clock, entropy, keeper) = (
            || Arc::clone(&ports.clock),
            || Arc::clone(&ports.entropy),
            || Arc::clone(&ports.keeper),
        );
        let merchants = Merchants::new(storage.clone());
        let levels = Levels::new(storage.clone());
        Self {
            customers: Customers::new(storage.clone(), clock(), entropy()),
            invitations: Invitations::new(storage.clone(), clock(), entropy(), keeper()),
            points_of_sale: PointsOfSale::new(storage.clone()),
            sellers: Sellers::new(storage.clone()),
            accounts: Accounts::new(storage.clone(), clock(), keeper()),
            tokens: Tokens::new(storage.clone(), clock(), entropy(), keeper()),
            directory: Directory::new(memory, merchants.clone(), levels.clone()),
            merchants,
            levels,
            config,
            ports,
            keys,
            storage,
        }
    }
}
