//! What an adapter implements.

use async_trait::async_trait;

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
use crate::subscription::SubscriptionRepository;
use crate::token::TokenRepository;
use crate::transaction::TransactionRepository;

/// A store of everything the domain keeps.
#[async_trait]
pub trait Backend: Send + Sync {
    /// Opens a session in which every call stands for itself.
    async fn open(&self) -> Result<Box<dyn Session>, StorageError>;

    /// Opens a session whose calls are kept or dropped together.
    async fn begin(&self) -> Result<Box<dyn Transaction>, StorageError>;
}

/// One connection's view of every repository. `&mut self`: one query at a time.
#[async_trait]
pub trait Session: Send {
    /// Merchants and their applications.
    fn merchants(&mut self) -> &mut dyn MerchantRepository;
    /// Customers and their events.
    fn customers(&mut self) -> &mut dyn CustomerRepository;
    /// Loyalty levels.
    fn levels(&mut self) -> &mut dyn LevelRepository;
    /// Points of sale.
    fn points_of_sale(&mut self) -> &mut dyn PointOfSaleRepository;
    /// Sellers.
    fn sellers(&mut self) -> &mut dyn SellerRepository;
    /// Accounts that log in.
    fn accounts(&mut self) -> &mut dyn AccountRepository;
    /// Secrets handed out for one purpose.
    fn tokens(&mut self) -> &mut dyn TokenRepository;
    /// Codes and links in messages.
    fn codes(&mut self) -> &mut dyn CodeRepository;
    /// How often things happened.
    fn budgets(&mut self) -> &mut dyn BudgetRepository;
    /// Messages that wait to be sent.
    fn messages(&mut self) -> &mut dyn MessageRepository;
    /// What daily jobs have done.
    fn jobs(&mut self) -> &mut dyn JobRepository;
    /// Who looked at whom.
    fn audit(&mut self) -> &mut dyn AuditRepository;
    /// Invitations to the programme.
    fn invitations(&mut self) -> &mut dyn InvitationRepository;
    /// The points ledger.
    fn points(&mut self) -> &mut dyn PointsRepository;
    /// How far imports of files have come.
    fn imports(&mut self) -> &mut dyn ImportRepository;
    /// Transactions of tills.
    fn transactions(&mut self) -> &mut dyn TransactionRepository;
    /// What programs want to be told.
    fn subscriptions(&mut self) -> &mut dyn SubscriptionRepository;
    /// Deliveries of events, and the feed of all events.
    fn deliveries(&mut self) -> &mut dyn DeliveryRepository;
    /// Files of pictures that no row names.
    fn pictures(&mut self) -> &mut dyn PictureRepository;
    /// Saved payment methods.
    fn payment_methods(&mut self) -> &mut dyn PaymentMethodRepository;
    /// Asks for a sign of life.
    async fn ping(&mut self) -> Result<(), StorageError>;
}

/// A session that ends in a decision. Dropped without one, it keeps nothing.
#[async_trait]
pub trait Transaction: Session {
    /// Keeps everything.
    async fn commit(self: Box<Self>) -> Result<(), StorageError>;
    /// Drops everything.
    async fn rollback(self: Box<Self>) -> Result<(), StorageError>;
}

/// Why storage did not answer. The text is for the log, never for a caller.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    /// No connection, or none in time: worth another try.
    #[error("storage is unavailable: {0}")]
    Unavailable(String),
    /// A defect: a statement that cannot work, or a stored value that its own type refuses.
    #[error("storage failed: {0}")]
    Failed(String),
}
