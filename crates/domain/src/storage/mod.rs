//! How use cases reach state: through a session for queries, and through a unit of work for changes of more than one thing.

mod port;

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

pub use port::{Backend, Session, StorageError, Transaction};

/// The handle that every service holds. Cheap to clone.
#[derive(Clone)]
pub struct Storage(Arc<dyn Backend>);

impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Storage")
    }
}

impl Storage {
    /// A handle on a backend.
    pub fn new(backend: impl Backend + 'static) -> Self {
        Self(Arc::new(backend))
    }

    /// Opens a session. Never open a second one while holding one: a full pool would wait for itself.
    pub async fn session(&self) -> Result<Box<dyn Session>, StorageError> {
        self.0.open().await
    }

    /// Runs `work` in one transaction: `Ok` keeps all of it, `Err` none. Nothing slow belongs inside.
    pub async fn atomically<T, E: From<StorageError>>(
        &self,
        work: impl AsyncFnOnce(&mut UnitOfWork) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut unit = UnitOfWork(self.0.begin().await?);
        match work(&mut unit).await {
            Ok(value) => {
                unit.0.commit().await?;
                Ok(value)
            }
            Err(error) => {
                // The caller needs the cause; a connection that cannot roll back is thrown away by the backend.
                let _ = unit.0.rollback().await;
                Err(error)
            }
        }
    }

    /// Whether storage answers.
    pub async fn is_available(&self) -> bool {
        match self.0.open().await {
            Ok(mut session) => session.ping().await.is_ok(),
            Err(_) => false,
        }
    }
}

/// A transaction in progress, with the repositories of a session.
pub struct UnitOfWork(Box<dyn Transaction>);

impl Deref for UnitOfWork {
    type Target = dyn Transaction;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl DerefMut for UnitOfWork {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut *self.0
    }
}
