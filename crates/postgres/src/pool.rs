//! Connections, kept and lent.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use deadpool::managed::{PoolError, QueueMode, Timeouts};
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
};
use diesel_async::{AsyncPgConnection, TransactionManager as _};
use domain::StorageError;
use domain::storage::{Backend, Session, Transaction};
use futures_util::FutureExt as _;

use crate::connect::{self, ConnectError};
use crate::errors;
use crate::session::PgSession;

type Manager = <AsyncPgConnection as diesel_async::AsyncConnection>::TransactionManager;

/// How many connections there are and how long one waits for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolSettings {
    /// The most connections.
    pub connections: usize,
    /// The longest wait for a free or new one; after it, storage is unavailable.
    pub wait: Duration,
}

/// How connections are used at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolUse {
    /// How many are open.
    pub open: usize,
    /// How many of these are lent.
    pub lent: usize,
    /// How many wait for one.
    pub waiting: usize,
}

/// Storage on PostgreSQL. A connection is driven by the runtime that opened it, so each worker has a backend of its own.
#[derive(Clone)]
pub struct PgBackend {
    pool: Pool<AsyncPgConnection>,
    on_events: Option<Arc<dyn Fn() + Send + Sync>>,
}

impl fmt::Debug for PgBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PgBackend")
    }
}

impl PgBackend {
    /// A backend at an address. Connections are opened when they are first needed.
    pub fn new(url: &str, settings: PoolSettings) -> Result<Self, ConnectError> {
        let mut config = ManagerConfig::default();
        // A ping at every loan would cost a third of all reads. A lost connection fails its first statement instead,
        // and whoever opens a session or a transaction tries once more.
        config.recycling_method = RecyclingMethod::Fast;
        config.custom_setup = Box::new(|url| connect::for_requests(url).boxed());
        let manager = AsyncDieselConnectionManager::new_with_config(url, config);
        let pool = Pool::builder(manager)
            .max_size(settings.connections)
            .timeouts(Timeouts {
                wait: Some(settings.wait),
                create: Some(settings.wait),
                recycle: Some(settings.wait),
            })
            .runtime(deadpool::Runtime::Tokio1)
            // The connection used last has its statements prepared and its pages warm.
            .queue_mode(QueueMode::Lifo)
            .build()
            .map_err(|_| ConnectError::Address)?;
        Ok(Self { pool, on_events: None })
    }

    /// The backend with something that is called whenever events may have been committed through it. It must be quick.
    #[must_use]
    pub fn on_events(mut self, call: Arc<dyn Fn() + Send + Sync>) -> Self {
        self.on_events = Some(call);
        self
    }

    pub(crate) fn tell_of_events(&self) {
        if let Some(call) = &self.on_events {
            call();
        }
    }

    /// How the connections are used now.
    pub fn usage(&self) -> PoolUse {
        let status = self.pool.status();
        let lent = status.size.saturating_sub(status.available);
        PoolUse { open: status.size, lent, waiting: status.waiting }
    }

    pub(crate) async fn connection(&self) -> Result<Object<AsyncPgConnection>, StorageError> {
        self.pool.get().await.map_err(|error| match error {
            PoolError::Timeout(kind) => {
                StorageError::Unavailable(format!("no connection in time ({kind:?})"))
            }
            other => StorageError::Unavailable(other.to_string()),
        })
    }
}

#[async_trait]
impl Backend for PgBackend {
    async fn open(&self) -> Result<Box<dyn Session>, StorageError> {
        Ok(Box::new(PgSession::new(self.clone(), self.connection().await?)))
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, StorageError> {
        let mut connection = self.connection().await?;
        if let Err(error) = Manager::begin_transaction(&mut *connection).await {
            if !errors::is_disconnect(&error) {
                return Err(errors::storage(error));
            }
            drop(Object::take(connection));
            connection = self.connection().await?;
            Manager::begin_transaction(&mut *connection).await.map_err(errors::storage)?;
        }
        Ok(Box::new(PgSession::in_transaction(self.clone(), connection)))
    }
}

#[async_trait]
impl Transaction for PgSession {
    async fn commit(mut self: Box<Self>) -> Result<(), StorageError> {
        let outcome = Manager::commit_transaction(self.connection()).await;
        // Also of a commit whose answer was lost.
        self.finish_events();
        outcome.map_err(errors::storage)
    }

    async fn rollback(mut self: Box<Self>) -> Result<(), StorageError> {
        Manager::rollback_transaction(self.connection()).await.map_err(errors::storage)
    }
}
