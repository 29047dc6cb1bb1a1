//! One session on the shared state: each call for itself, or all of them together.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use async_trait::async_trait;

use super::Shared;
use super::gate::Turn;
use super::state::State;
use crate::account::AccountRepository;
use crate::audit::AuditRepository;
use crate::budget::BudgetRepository;
use crate::code::CodeRepository;
use crate::customer::CustomerRepository;
use crate::delivery::DeliveryRepository;
use crate::import::ImportRepository;
use crate::invitation::InvitationRepository;
use crate::job::JobRepository;
use crate::level::LevelRepository;
use crate::merchant::MerchantRepository;
use crate::message::MessageRepository;
use crate::payment_method::PaymentMethodRepository;
use crate::picture::PictureRepository;
use crate::points::PointsRepository;
use crate::pos::PointOfSaleRepository;
use crate::seller::SellerRepository;
use crate::storage::{Session, StorageError, Transaction};
use crate::subscription::SubscriptionRepository;
use crate::token::TokenRepository;
use crate::transaction::TransactionRepository;

/// Implements every repository.
pub(super) struct MemorySession {
    shared: Arc<Shared>,
    unit: Option<Unit>,
}

/// A state of one's own until it is committed. The turn keeps others from changing the shared one meanwhile.
struct Unit {
    state: Arc<State>,
    turn: Turn,
}

impl MemorySession {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, unit: None }
    }

    pub(super) async fn begin(shared: Arc<Shared>) -> Self {
        let turn = shared.turn().await;
        let state = Arc::clone(&shared.committed());
        Self { shared, unit: Some(Unit { state, turn }) }
    }

    /// Asks the state as it is now.
    pub(super) async fn read<T>(&self, question: impl FnOnce(&State) -> T) -> T {
        give_way().await;
        let state = match &self.unit {
            Some(unit) => Arc::clone(&unit.state),
            None => Arc::clone(&self.shared.committed()),
        };
        question(&state)
    }

    /// Changes the state. A change that fails must have changed nothing.
    pub(super) async fn write<T>(&mut self, change: impl FnOnce(&mut State) -> T) -> T {
        give_way().await;
        if let Some(unit) = &mut self.unit {
            return change(Arc::make_mut(&mut unit.state));
        }
        let _turn = self.shared.turn().await;
        change(Arc::make_mut(&mut self.shared.committed()))
    }
}

/// Lets whoever else is ready go first, as a round trip to a database would.
async fn give_way() {
    let mut given = false;
    poll_fn(|context| {
        if given {
            return Poll::Ready(());
        }
        given = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[async_trait]
impl Session for MemorySession {
    fn merchants(&mut self) -> &mut dyn MerchantRepository {
        self
    }

    fn customers(&mut self) -> &mut dyn CustomerRepository {
        self
    }

    fn levels(&mut self) -> &mut dyn LevelRepository {
        self
    }

    fn points_of_sale(&mut self) -> &mut dyn PointOfSaleRepository {
        self
    }

    fn sellers(&mut self) -> &mut dyn SellerRepository {
        self
    }

    fn accounts(&mut self) -> &mut dyn AccountRepository {
        self
    }

    fn tokens(&mut self) -> &mut dyn TokenRepository {
        self
    }

    fn codes(&mut self) -> &mut dyn CodeRepository {
        self
    }

    fn budgets(&mut self) -> &mut dyn BudgetRepository {
        self
    }

    fn messages(&mut self) -> &mut dyn MessageRepository {
        self
    }

    fn jobs(&mut self) -> &mut dyn JobRepository {
        self
    }

    fn audit(&mut self) -> &mut dyn AuditRepository {
        self
    }

    fn invitations(&mut self) -> &mut dyn InvitationRepository {
        self
    }

    fn points(&mut self) -> &mut dyn PointsRepository {
        self
    }

    fn imports(&mut self) -> &mut dyn ImportRepository {
        self
    }

    fn transactions(&mut self) -> &mut dyn TransactionRepository {
        self
    }

    fn subscriptions(&mut self) -> &mut dyn SubscriptionRepository {
        self
    }

    fn deliveries(&mut self) -> &mut dyn DeliveryRepository {
        self
    }

    fn pictures(&mut self) -> &mut dyn PictureRepository {
        self
    }

    fn payment_methods(&mut self) -> &mut dyn PaymentMethodRepository {
        self
    }

    async fn ping(&mut self) -> Result<(), StorageError> {
        Ok(())
    }
}

#[async_trait]
impl Transaction for MemorySession {
    async fn commit(self: Box<Self>) -> Result<(), StorageError> {
        give_way().await;
        if let Some(Unit { state, turn }) = self.unit {
            *self.shared.committed() = state;
            drop(turn);
        }
        Ok(())
    }

    async fn rollback(self: Box<Self>) -> Result<(), StorageError> {
        Ok(())
    }
}
