//! A backend that keeps everything in plain maps and behaves as a database does: changes are kept or dropped together,
//! units of work run one at a time, and every call gives others a turn, so that races mean something.

mod accounts;
mod audit;
mod codes;
mod criteria;
mod customers;
mod deliveries;
mod gate;
mod imports;
mod invitations;
mod jobs;
mod levels;
mod lookups;
mod merchants;
mod messages;
mod order;
mod payment_methods;
mod pictures;
mod points;
mod points_of_sale;
mod sellers;
mod session;
mod state;
mod subscriptions;
mod tokens;
mod transactions;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use self::gate::{Gate, Turn};
use self::session::MemorySession;
use self::state::State;
use crate::storage::{Backend, Session, StorageError, Transaction};

/// Storage in memory, for tests and for trying things out. Clones share what they store.
#[derive(Clone, Default)]
pub struct MemoryBackend(Arc<Shared>);

impl fmt::Debug for MemoryBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryBackend")
    }
}

#[async_trait]
impl Backend for MemoryBackend {
    async fn open(&self) -> Result<Box<dyn Session>, StorageError> {
        Ok(Box::new(MemorySession::new(Arc::clone(&self.0))))
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, StorageError> {
        Ok(Box::new(MemorySession::begin(Arc::clone(&self.0)).await))
    }
}

/// What all sessions share. Whoever changes it has the gate's turn; whoever reads needs none.
#[derive(Default)]
struct Shared {
    gate: Arc<Gate>,
    committed: Mutex<Arc<State>>,
}

impl Shared {
    async fn turn(&self) -> Turn {
        self.gate.enter().await
    }

    fn committed(&self) -> MutexGuard<'_, Arc<State>> {
        self.committed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
