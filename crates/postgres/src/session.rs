//! One connection that implements every repository.

use async_trait::async_trait;
use diesel::result::Error;
use diesel_async::pooled_connection::deadpool::Object;
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use domain::StorageError;
use domain::account::AccountRepository;
use domain::audit::AuditRepository;
use domain::budget::BudgetRepository;
use domain::code::CodeRepository;
use domain::customer::CustomerRepository;
use domain::delivery::DeliveryRepository;
use domain::import::ImportRepository;
use domain::invitation::InvitationRepository;
use domain::job::JobRepository;
use domain::level::LevelRepository;
use domain::merchant::MerchantRepository;
use domain::message::MessageRepository;
use domain::payment_method::PaymentMethodRepository;
use domain::picture::PictureRepository;
use domain::points::PointsRepository;
use domain::pos::PointOfSaleRepository;
use domain::seller::SellerRepository;
use domain::storage::Session;
use domain::subscription::SubscriptionRepository;
use domain::token::TokenRepository;
use domain::transaction::TransactionRepository;

use crate::errors;
use crate::pool::PgBackend;

/// A loaned connection. Dropped in mid-transaction it never returns to the pool.
pub(crate) struct PgSession {
    backend: PgBackend,
    connection: Object<AsyncPgConnection>,
    in_transaction: bool,
    /// Whether the transaction wrote events.
    wrote_events: bool,
}

impl PgSession {
    pub(crate) fn new(backend: PgBackend, connection: Object<AsyncPgConnection>) -> Self {
        Self { backend, connection, in_transaction: false, wrote_events: false }
    }

    pub(crate) fn in_transaction(
        backend: PgBackend,
        connection: Object<AsyncPgConnection>,
    ) -> Self {
        Self { backend, connection, in_transaction: true, wrote_events: false }
    }

    pub(crate) fn connection(&mut self) -> &mut AsyncPgConnection {
        &mut self.connection
    }

    /// Notes that events were written: whoever waits for them is told when they can be seen.
    pub(crate) fn note_events(&mut self) {
        if self.in_transaction {
            self.wrote_events = true;
        } else {
            self.backend.tell_of_events();
        }
    }

    /// Tells of what was noted, at the end of a transaction.
    pub(crate) fn finish_events(&mut self) {
        if std::mem::take(&mut self.wrote_events) {
            self.backend.tell_of_events();
        }
    }

    /// Whether a read that ended in this error may be run again on another connection.
    pub(crate) fn may_retry(&self, error: &Error) -> bool {
        !self.in_transaction && errors::is_disconnect(error)
    }

    /// Takes a fresh connection in place of a dead one.
    pub(crate) async fn reconnect(&mut self) -> Result<(), StorageError> {
        let fresh = self.backend.connection().await?;
        drop(Object::take(std::mem::replace(&mut self.connection, fresh)));
        Ok(())
    }
}

/// Runs a read. If the connection turns out to be dead, a fresh one takes its place and the read is run again: the
/// price of not asking every connection for a sign of life first. (A macro, because a closure that borrows both the
/// connection and its arguments cannot be shown to be `Send`.)
macro_rules! read {
    ($session:expr, |$connection:ident| $query:expr) => {{
        let $connection = $session.connection();
        match $query {
            Err(error) if $session.may_retry(&error) => {
                $session.reconnect().await?;
                let $connection = $session.connection();
                $query.map_err($crate::errors::storage)
            }
            outcome => outcome.map_err($crate::errors::storage),
        }
    }};
}

pub(crate) use read;

#[async_trait]
impl Session for PgSession {
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
        read!(self, |connection| {
            diesel::select(diesel::dsl::sql::<diesel::sql_types::Integer>("1"))
                .execute(connection)
                .await
        })?;
        Ok(())
    }
}
