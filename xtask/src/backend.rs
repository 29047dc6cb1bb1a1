//! The service's own crates, as far as this tool calls them.

use std::sync::Arc;
use std::time::Duration;

use domain::customer::Customers;
use domain::import::Imports;
use domain::level::Levels;
use domain::merchant::Merchants;
use domain::payment_method::PaymentMethods;
use domain::{Clock, Entropy, SecretKeeper, Storage};
use postgres::{PgBackend, PoolSettings};
use secrets::{Keeper, SystemClock, SystemEntropy};

use crate::failure::Failure;
use crate::key::MasterKey;

/// Connections of this tool; seeding keeps several batches going.
const CONNECTIONS: usize = 8;

/// Brings the database to the newest version.
pub(crate) async fn migrate(url: &str) -> Result<(), Failure> {
    if postgres::migrate(url).await.map_err(explained)?.carried_over {
        println!("the database came from a dump: readers of the feed of events begin anew");
    }
    Ok(())
}

/// Takes the newest `steps` migrations back.
pub(crate) async fn rollback(url: &str, steps: usize) -> Result<(), Failure> {
    postgres::rollback(url, steps).await.map_err(explained)
}

/// A database, for who needs no secrets.
pub(crate) fn connect(url: &str) -> Result<PgBackend, Failure> {
    let settings = PoolSettings { connections: CONNECTIONS, wait: Duration::from_secs(30) };
    PgBackend::new(url, settings).map_err(explained)
}

/// A failure of one of our crates.
pub(crate) fn explained(error: impl std::fmt::Display) -> Failure {
    Failure::explained(error.to_string())
}

/// The domain on a database, as the server has it.
#[derive(Clone)]
pub(crate) struct Domain {
    pub(crate) storage: Storage,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) keeper: Arc<dyn SecretKeeper>,
}

impl Domain {
    /// Connects when it is first used.
    pub(crate) fn open(url: &str, key: &MasterKey) -> Result<Self, Failure> {
        let keeper = Keeper::new(key.reveal().parse().map_err(explained)?).map_err(explained)?;
        Ok(Self {
            storage: Storage::new(connect(url)?),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy::default()),
            keeper: Arc::new(keeper),
        })
    }

    pub(crate) fn customers(&self) -> Customers {
        Customers::new(self.storage.clone(), Arc::clone(&self.clock), Arc::clone(&self.entropy))
    }

    pub(crate) fn merchants(&self) -> Merchants {
        Merchants::new(self.storage.clone())
    }

    pub(crate) fn imports(&self) -> Imports {
        let (clock, entropy) = (Arc::clone(&self.clock), Arc::clone(&self.entropy));
        Imports::new(self.storage.clone(), clock, entropy, Arc::clone(&self.keeper))
    }

    pub(crate) fn payment_methods(&self) -> PaymentMethods {
        let (clock, entropy) = (Arc::clone(&self.clock), Arc::clone(&self.entropy));
        PaymentMethods::new(self.storage.clone(), clock, entropy, Arc::clone(&self.keeper))
    }

    pub(crate) fn levels(&self) -> Levels {
        Levels::new(self.storage.clone(), Arc::clone(&self.clock), Arc::clone(&self.entropy))
    }
}
