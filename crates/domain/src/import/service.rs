//! Storing what a file says, batch by batch.

use std::fmt;
use std::sync::Arc;

use super::model::{Import, ImportRow};
use crate::account::Accounts;
use crate::clock::{Clock, Entropy};
use crate::code::{CodeError, Codes};
use crate::customer::{Activation, Customer, CustomerError, Customers, Origin};
use crate::id::MerchantId;
use crate::level::Ladder;
use crate::merchant::Merchant;
use crate::secret::{Fingerprint, SecretKeeper};
use crate::storage::{Storage, StorageError, UnitOfWork};

/// How often a batch that got in somebody's way is tried again.
const TRIES: usize = 5;

/// Why a batch was not stored. Nothing of it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Somebody else imports the same file, and is further.
    #[error("somebody else is importing this file")]
    Overtaken,
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Imports of files. Whether the caller may is asked before (`access`).
///
/// A batch, its events, its messages and how far the file has come are kept together or not at all. So an import that was
/// cut off goes on where it was, with nobody twice and nobody left out.
#[derive(Clone)]
pub struct Imports {
    storage: Storage,
    clock: Arc<dyn Clock>,
    customers: Customers,
    codes: Codes,
}

impl fmt::Debug for Imports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Imports")
    }
}

impl Imports {
    /// The service on its ports.
    pub fn new(
        storage: Storage,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        keeper: Arc<dyn SecretKeeper>,
    ) -> Self {
        let time = || Arc::clone(&clock);
        let customers = Customers::new(storage.clone(), time(), Arc::clone(&entropy));
        let accounts = Accounts::new(storage.clone(), time(), Arc::clone(&keeper));
        let codes = Codes::new(storage.clone(), time(), entropy, keeper, accounts);
        Self { storage, clock, customers, codes }
    }

    /// Begins to import a file, or finds out how far it has come.
    pub async fn begin(
        &self,
        merchant: MerchantId,
        fingerprint: Fingerprint,
    ) -> Result<Import, StorageError> {
        let (processed, stored) = (0, 0);
        let begun_at = self.clock.now();
        let new = Import { merchant, fingerprint, processed, stored, begun_at, finished_at: None };
        self.storage.session().await?.imports().begin(&new).await
    }

    /// Notes that the file is at its end.
    pub async fn finish(&self, import: &mut Import) -> Result<(), ImportError> {
        let after = Import { finished_at: Some(self.clock.now()), ..*import };
        let moved = self.storage.session().await?.imports().advance(import, &after).await?;
        if !moved {
            return Err(ImportError::Overtaken);
        }
        *import = after;
        Ok(())
    }

    /// Stores a batch of rows in their order, each judged for itself: of two with one address the first is stored. A
    /// customer whom nothing reaches that would activate it is stored nevertheless.
    ///
    /// `progress` is the import that the batch belongs to and how many rows of the file it deals with, those included
    /// that say too little to become anybody.
    pub async fn store(
        &self,
        origin: &Origin,
        merchant: &Merchant,
        ladder: &Ladder,
        rows: Vec<ImportRow>,
        progress: Option<(&mut Import, u64)>,
    ) -> Result<Vec<Result<Customer, CustomerError>>, ImportError> {
        let before = progress.as_ref().map(|(import, processed)| (**import, *processed));
        for attempt in 1.. {
            // Once it is tried to keep the batch, nobody knows whether it was, should that fail.
            let mut is_complete = false;
            let batch = self.storage.atomically(async |unit| {
                let results = self.store_in(unit, origin, merchant, ladder, rows.clone()).await?;
                let after = match before {
                    Some(before) => Some(advance(unit, before, &results).await?),
                    None => None,
                };
                is_complete = true;
                Ok((results, after))
            });
            match batch.await {
                Err(ImportError::Storage(StorageError::Unavailable(_)))
                    if !is_complete && attempt < TRIES => {}
                Err(error) => return Err(error),
                Ok((results, after)) => {
                    if let (Some((import, _)), Some(after)) = (progress, after) {
                        *import = after;
                    }
                    return Ok(results);
                }
            }
        }
        Err(StorageError::Unavailable("a batch was tried too often".to_owned()).into())
    }

    async fn store_in(
        &self,
        unit: &mut UnitOfWork,
        origin: &Origin,
        merchant: &Merchant,
        ladder: &Ladder,
        rows: Vec<ImportRow>,
    ) -> Result<Vec<Result<Customer, CustomerError>>, ImportError> {
        let is_to_be_told =
            |row: &ImportRow| row.send_activation && row.customer.activation == Activation::Pending;
        let told: Vec<_> = rows.iter().map(is_to_be_told).collect();
        let commands = rows.into_iter().map(|row| row.customer).collect();
        let created = self.customers.create_many_in(&mut **unit, origin, ladder, commands).await?;
        for (result, told) in created.iter().zip(told) {
            let (Ok(customer), true) = (result, told) else { continue };
            match self.codes.send_activation(&mut **unit, merchant, customer, None).await {
                Err(
                    CodeError::Storage(error) | CodeError::Customer(CustomerError::Storage(error)),
                ) => {
                    return Err(error.into());
                }
                Err(CodeError::Secret(error)) => {
                    return Err(StorageError::Failed(error.to_string()).into());
                }
                // There is no number to send it to, or too much was sent: an admin sends it again (OL E26).
                Ok(()) | Err(_) => {}
            }
        }
        Ok(created)
    }
}

/// Notes how far an import has come with a batch.
async fn advance(
    unit: &mut UnitOfWork,
    (before, processed): (Import, u64),
    results: &[Result<Customer, CustomerError>],
) -> Result<Import, ImportError> {
    let stored = results.iter().filter(|result| result.is_ok()).count() as u64;
    let after = Import {
        processed: before.processed + processed,
        stored: before.stored + stored,
        ..before
    };
    if unit.imports().advance(&before, &after).await? {
        Ok(after)
    } else {
        Err(ImportError::Overtaken)
    }
}
