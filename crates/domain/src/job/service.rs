//! Running what is due.

use std::fmt;
use std::sync::Arc;

use time::{Date, Duration};

use super::port::{Calendar, Job};
use crate::clock::{Clock, Entropy};
use crate::customer::{Customers, WriteError};
use crate::level::Ladder;
use crate::merchant::Merchant;
use crate::storage::{Storage, StorageError, UnitOfWork};

/// How many customers are changed in one unit of work: few enough that nobody waits long for one of them.
const BATCH: u32 = 100;

/// What is done for every merchant once on each of its days, whatever the number of processes.
///
/// Each batch of a job is a unit of work whose process leads the job meanwhile, and the day is noted with the last one. So
/// two processes never do the same, whoever dies is replaced with the next batch, and a restart does nothing twice.
#[derive(Clone)]
pub struct DailyJobs {
    storage: Storage,
    customers: Customers,
    clock: Arc<dyn Clock>,
    calendar: Arc<dyn Calendar>,
}

impl fmt::Debug for DailyJobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DailyJobs")
    }
}

/// What became of a batch.
enum Batch {
    /// So many customers were looked at; there may be more.
    Partial(u64),
    /// So many were looked at, and the day is noted.
    Last(u64),
    /// Another process leads the job, or has finished it.
    NotOurs,
}

impl DailyJobs {
    /// The jobs on their ports.
    pub fn new(
        storage: Storage,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        calendar: Arc<dyn Calendar>,
    ) -> Self {
        let customers = Customers::new(storage.clone(), Arc::clone(&clock), entropy);
        Self { storage, customers, clock, calendar }
    }

    /// Does what is due today and not done yet; returns how many customers were looked at. To be called again and again,
    /// more often than once a day.
    pub async fn run_due(&self) -> Result<u64, StorageError> {
        let mut session = self.storage.session().await?;
        let merchants = session.merchants().list().await?;
        let done = session.jobs().last_days(Job::LevelRecalculation).await?;
        drop(session);
        let mut looked_at = 0;
        for merchant in &merchants {
            // Where levels follow from money, or nobody falls after a time, there is nothing to look at (OL 5.3).
            if !merchant.settings.tiers.are_looked_at_again() {
                continue;
            }
            let today = self.calendar.day(merchant.time_zone.as_str(), self.clock.now());
            if done.get(&merchant.id).is_none_or(|day| *day < today) {
                looked_at += self.recalculate_levels(merchant, today).await?;
            }
        }
        Ok(looked_at)
    }

    async fn recalculate_levels(
        &self,
        merchant: &Merchant,
        today: Date,
    ) -> Result<u64, StorageError> {
        let levels = self.storage.session().await?.levels().list(merchant.id).await?;
        let ladder = Ladder::new(levels);
        let mut looked_at = 0;
        loop {
            let batch = self
                .storage
                .atomically(async |unit| {
                    self.recalculate_batch(unit, merchant, &ladder, today).await
                })
                .await?;
            match batch {
                Batch::Partial(count) => looked_at += count,
                Batch::Last(count) => return Ok(looked_at + count),
                Batch::NotOurs => return Ok(looked_at),
            }
        }
    }

    async fn recalculate_batch(
        &self,
        unit: &mut UnitOfWork,
        merchant: &Merchant,
        ladder: &Ladder,
        today: Date,
    ) -> Result<Batch, StorageError> {
        let job = Job::LevelRecalculation;
        if !unit.jobs().lead(merchant.id, job).await? {
            return Ok(Batch::NotOurs);
        }
        // Only now nobody else is at it.
        if unit.jobs().last_day(merchant.id, job).await?.is_some_and(|day| day >= today) {
            return Ok(Batch::NotOurs);
        }
        let tiers = &merchant.settings.tiers;
        // Without a day between, whoever was looked at would be due again at once.
        let days = Duration::days(i64::from(tiers.downgrade_days.0.max(1)));
        let over = self.clock.now().saturating_sub(days);
        let due = unit.customers().list_due_for_recalculation(merchant.id, over, BATCH).await?;
        let mut looked_at = 0;
        for before in &due {
            let write = self.customers.recalculation(before, ladder, tiers);
            match unit.customers().update(&write).await {
                Ok(_) => looked_at += 1,
                // Somebody was first: the customer is still due and comes with a later batch.
                Err(WriteError::Stale) => {}
                Err(WriteError::Taken(_)) => {
                    let cause = "a move between levels touched a key";
                    return Err(StorageError::Failed(cause.to_owned()));
                }
                Err(WriteError::Storage(error)) => return Err(error),
            }
        }
        if !due.is_empty() {
            return Ok(Batch::Partial(looked_at));
        }
        unit.jobs().note_day(merchant.id, job, today).await?;
        Ok(Batch::Last(looked_at))
    }
}
