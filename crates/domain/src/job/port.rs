//! What daily jobs need from outside.

use std::collections::HashMap;

use async_trait::async_trait;
use time::{Date, OffsetDateTime};

use crate::id::MerchantId;
use crate::storage::StorageError;

/// Something that is done for every merchant once a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Job {
    /// Looks again at the levels of customers whose time is over (OL 5.3).
    LevelRecalculation,
}

impl Job {
    /// The job's name in storage and in logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::LevelRecalculation => "level_recalculation",
        }
    }
}

/// Tells days in time zones.
pub trait Calendar: Send + Sync {
    /// The day that it is at a moment in the zone of an IANA name; in universal time, should the name mean nothing.
    fn day(&self, zone: &str, at: OffsetDateTime) -> Date;
}

/// Storage of what daily jobs have done.
#[async_trait]
pub trait JobRepository: Send {
    /// Takes the lead of a merchant's job until the unit of work ends; false if another process has it. Only in a unit
    /// of work.
    async fn lead(&mut self, merchant: MerchantId, job: Job) -> Result<bool, StorageError>;

    /// The day for which a merchant's job was last finished.
    async fn last_day(
        &mut self,
        merchant: MerchantId,
        job: Job,
    ) -> Result<Option<Date>, StorageError>;

    /// The days for which a job was last finished, of every merchant for which it ever was.
    async fn last_days(&mut self, job: Job) -> Result<HashMap<MerchantId, Date>, StorageError>;

    /// Notes that a merchant's job is finished for a day.
    async fn note_day(
        &mut self,
        merchant: MerchantId,
        job: Job,
        day: Date,
    ) -> Result<(), StorageError>;
}
