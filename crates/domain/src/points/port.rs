//! What points need from storage.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::model::Transfer;
use super::query::{ListedTransfer, SpentPoints, TransferQuery};
use super::totals::PointTotals;
use crate::customer::{CustomerWrite, Stored, WriteError};
use crate::id::{CustomerId, MerchantId, TransferId};
use crate::money::Amount;
use crate::page::Page;
use crate::storage::StorageError;

/// Transfers whose time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Locked until a moment or until some time before it.
    Unlocking(OffsetDateTime),
    /// Active, and to be spent until some time before a moment; also where nothing is left.
    Expiring(OffsetDateTime),
    /// Active, with something left, to be spent until some time before a moment, and nobody was told.
    Warning(OffsetDateTime),
}

/// A customer whose record and ledger differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imbalance {
    /// Who.
    pub customer: CustomerId,
    /// What the record says.
    pub record: PointTotals,
    /// What the ledger says.
    pub ledger: PointTotals,
}

/// Storage of the points ledger.
#[async_trait]
pub trait PointsRepository: Send {
    /// Stores a change of a customer as [`update`](crate::customer::CustomerRepository::update) does, together with the
    /// lines of the ledger that it belongs to: new ones, and known ones with what became of them. All of it or nothing.
    async fn book(
        &mut self,
        write: &CustomerWrite,
        transfers: &[Transfer],
    ) -> Result<Stored, WriteError>;

    /// The transfers with some ids that exist, in any order.
    async fn find_many(
        &mut self,
        merchant: MerchantId,
        ids: &[TransferId],
    ) -> Result<Vec<Transfer>, StorageError>;

    /// Active transfers of a customer with something left, the oldest first: only as many as it takes to have an amount,
    /// all of them if they do not.
    async fn oldest_active(
        &mut self,
        merchant: MerchantId,
        customer: CustomerId,
        amount: Amount,
    ) -> Result<Vec<Transfer>, StorageError>;

    /// The moments after a moment at which active points of a customer expire, ascending, with how many do.
    async fn expiring(
        &mut self,
        merchant: MerchantId,
        customer: CustomerId,
        after: OffsetDateTime,
    ) -> Result<Vec<(OffsetDateTime, Amount)>, StorageError>;

    /// At most so many transfers whose time has come, those that wait longest first.
    async fn list_due(
        &mut self,
        merchant: MerchantId,
        due: Due,
        most: u32,
    ) -> Result<Vec<Transfer>, StorageError>;

    /// Transfers, and how many there are in all.
    async fn page(
        &mut self,
        merchant: MerchantId,
        query: &TransferQuery,
    ) -> Result<Page<ListedTransfer>, StorageError>;

    /// What all customers spent, but for those who were erased.
    async fn spent(&mut self, merchant: MerchantId) -> Result<SpentPoints, StorageError>;

    /// Every customer whose totals are not the sums of the ledger, by id.
    async fn imbalances(&mut self, merchant: MerchantId) -> Result<Vec<Imbalance>, StorageError>;
}
