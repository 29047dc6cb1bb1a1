//! What budgets need from storage.

use async_trait::async_trait;
use time::{Duration, OffsetDateTime};

use super::model::Budget;
use crate::id::MerchantId;
use crate::secret::Fingerprint;
use crate::storage::StorageError;

/// What came of drawing on budgets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drawn {
    /// Each had something left; how much of each is used now, in the order asked.
    Granted(Vec<u32>),
    /// At least one is used up; the moment from which none of them is any more.
    Refused(OffsetDateTime),
}

/// Storage of budgets. A merchant need not exist: unknown ones have budgets too.
#[async_trait]
pub trait BudgetRepository: Send {
    /// Draws one from each of several budgets. Belongs in a unit of work that is dropped when the draw is refused:
    /// otherwise those budgets that had something left are one poorer.
    async fn draw(
        &mut self,
        merchant: MerchantId,
        budgets: &[Budget],
        now: OffsetDateTime,
    ) -> Result<Drawn, StorageError>;

    /// The moment from which none of the budgets is used up any more; `None` if none is now. Draws nothing.
    async fn spent_until(
        &mut self,
        merchant: MerchantId,
        budgets: &[Budget],
        now: OffsetDateTime,
    ) -> Result<Option<OffsetDateTime>, StorageError>;

    /// Gives back so many draws to each budget whose window goes on; no budget ends up with more than it began with.
    async fn give_back(
        &mut self,
        merchant: MerchantId,
        budgets: &[Budget],
        draws: u32,
        now: OffsetDateTime,
    ) -> Result<(), StorageError>;

    /// Lines up for a turn of some length: turns of one line never overlap. Returns when the turn begins, or `None`
    /// and no place in the line if that is more than `patience` away.
    async fn line_up(
        &mut self,
        merchant: MerchantId,
        line: (&'static str, Fingerprint),
        length: Duration,
        patience: Duration,
        now: OffsetDateTime,
    ) -> Result<Option<OffsetDateTime>, StorageError>;

    /// Takes away what ended before a moment, over all merchants; returns how many.
    async fn purge(&mut self, ended_before: OffsetDateTime) -> Result<u64, StorageError>;
}
