//! What daily jobs need from outside.

use std::collections::HashMap;

use async_trait::async_trait;
use time::{Date, OffsetDateTime, PrimitiveDateTime};

use crate::id::MerchantId;
use crate::merchant::Settings;
use crate::storage::StorageError;

/// Something that is done for every merchant once a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Job {
    /// Lets customers spend points that were locked (OL 4.5).
    PointsUnlocking,
    /// Takes points away that were not spent in time (OL 4.5).
    PointsExpiry,
    /// Looks again at the levels of customers whose time is over (OL 5.3).
    LevelRecalculation,
    /// Tells customers that points will expire (OL §8).
    PointsWarning,
    /// Tells customers that they will fall when their level is looked at again (OL §8).
    LevelWarning,
}

impl Job {
    /// Every job, in the order in which they are done on one day: nobody is told of what has just happened.
    pub const ALL: [Self; 5] = [
        Self::PointsUnlocking,
        Self::PointsExpiry,
        Self::LevelRecalculation,
        Self::PointsWarning,
        Self::LevelWarning,
    ];

    /// Whether a programme has use for it. Where levels follow from money, or nobody falls after a time, there is nothing to
    /// look at (OL 5.3).
    pub fn is_for(self, settings: &Settings) -> bool {
        match self {
            Self::PointsUnlocking | Self::PointsExpiry | Self::PointsWarning => true,
            Self::LevelRecalculation | Self::LevelWarning => settings.tiers.are_looked_at_again(),
        }
    }

    /// The job's name in storage and in logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::PointsUnlocking => "points_unlocking",
            Self::PointsExpiry => "points_expiry",
            Self::LevelRecalculation => "level_recalculation",
            Self::PointsWarning => "points_warning",
            Self::LevelWarning => "level_warning",
        }
    }
}

/// Tells days in time zones.
pub trait Calendar: Send + Sync {
    /// The day that it is at a moment in the zone of an IANA name; in universal time, should the name mean nothing.
    fn day(&self, zone: &str, at: OffsetDateTime) -> Date;

    /// The moment at which clocks in such a zone show a time. A time that a change of clocks skips moves forward by the gap,
    /// and of a repeated one the first counts.
    fn instant(&self, zone: &str, local: PrimitiveDateTime) -> OffsetDateTime;
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
