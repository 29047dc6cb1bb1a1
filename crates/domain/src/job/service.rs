//! Running what is due.

use std::fmt;
use std::sync::Arc;

use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

use super::port::{Calendar, Job};
use crate::clock::{Clock, Entropy};
use crate::customer::{Customers, WriteError};
use crate::id::CustomerId;
use crate::level::{Ladder, period_began};
use crate::merchant::Merchant;
use crate::points::{Due, PointsDay, PointsProgramme};
use crate::storage::{Session, Storage, StorageError, UnitOfWork};

/// How many customers or transfers are changed in one unit of work: few enough that nobody waits long for one of them.
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
    /// So many customers were changed; there may be more.
    Partial(u64),
    /// Nobody was left, and the day is noted.
    Last,
    /// Another process leads the job, or has finished it.
    NotOurs,
}

/// One job of one merchant on one day.
struct Work<'w> {
    job: Job,
    merchant: &'w Merchant,
    ladder: &'w Ladder,
    today: Date,
    /// The last customer who was looked at and stays as it is, for a job that would find it again.
    behind: Option<(OffsetDateTime, CustomerId)>,
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

    /// Does what is due today and not done yet; returns how many customers were changed, once for each job. To be called
    /// again and again, more often than once a day.
    pub async fn run_due(&self) -> Result<u64, StorageError> {
        let mut session = self.storage.session().await?;
        let merchants = session.merchants().list().await?;
        drop(session);
        let mut changed = 0;
        for job in Job::ALL {
            let done = self.storage.session().await?.jobs().last_days(job).await?;
            for merchant in &merchants {
                let today = self.calendar.day(merchant.time_zone.as_str(), self.clock.now());
                let is_due = done.get(&merchant.id).is_none_or(|day| *day < today);
                if is_due && job.is_for(&merchant.settings) {
                    changed += Box::pin(self.run(job, merchant, today)).await?;
                }
            }
        }
        Ok(changed)
    }

    async fn run(&self, job: Job, merchant: &Merchant, today: Date) -> Result<u64, StorageError> {
        let levels = self.storage.session().await?.levels().list(merchant.id).await?;
        let ladder = &Ladder::new(levels);
        let mut work = Work { job, merchant, ladder, today, behind: None };
        let mut changed = 0;
        loop {
            let batch = self.storage.atomically(async |unit| self.run_batch(unit, &mut work).await);
            match batch.await? {
                Batch::Partial(count) => changed += count,
                Batch::Last | Batch::NotOurs => return Ok(changed),
            }
        }
    }

    async fn run_batch(
        &self,
        unit: &mut UnitOfWork,
        work: &mut Work<'_>,
    ) -> Result<Batch, StorageError> {
        let (job, merchant, today) = (work.job, work.merchant.id, work.today);
        if !unit.jobs().lead(merchant, job).await? {
            return Ok(Batch::NotOurs);
        }
        // Only now nobody else is at it.
        if unit.jobs().last_day(merchant, job).await?.is_some_and(|day| day >= today) {
            return Ok(Batch::NotOurs);
        }
        if let Some(changed) = self.change_some(&mut **unit, work).await? {
            return Ok(Batch::Partial(changed));
        }
        unit.jobs().note_day(merchant, job, today).await?;
        Ok(Batch::Last)
    }

    /// Does a part of the work; `None` if nothing was left of it.
    async fn change_some(
        &self,
        session: &mut dyn Session,
        work: &mut Work<'_>,
    ) -> Result<Option<u64>, StorageError> {
        let now = self.clock.now();
        let programme = PointsProgramme { merchant: work.merchant, ladder: work.ladder };
        let points = PointsDay { customers: &self.customers, programme };
        let due = match work.job {
            Job::PointsUnlocking => Due::Unlocking(now),
            Job::PointsExpiry => Due::Expiring(now),
            Job::PointsWarning => Due::Warning(self.warned_until(work)),
            Job::LevelRecalculation => return self.recalculate(session, work, points, now).await,
            Job::LevelWarning => return self.warn_of_levels(session, work, now).await,
        };
        points.book_due(session, due, BATCH).await
    }

    /// Where the day ends at which points expire that customers are warned of today.
    fn warned_until(&self, work: &Work<'_>) -> OffsetDateTime {
        let days = Duration::days(i64::from(work.merchant.settings.warnings.points) + 1);
        let day = work.today.saturating_add(days);
        self.calendar.instant(work.merchant.time_zone.as_str(), day.midnight())
    }

    async fn recalculate(
        &self,
        session: &mut dyn Session,
        work: &Work<'_>,
        points: PointsDay<'_>,
        now: OffsetDateTime,
    ) -> Result<Option<u64>, StorageError> {
        let tiers = &work.merchant.settings.tiers;
        let over = now.saturating_sub(tiers.period());
        let merchant = work.merchant.id;
        let due = session.customers().list_due_for_recalculation(merchant, over, BATCH).await?;
        let mut looked_at = 0;
        for before in &due {
            let look = self.customers.recalculation(before, work.ladder, tiers);
            let (write, transfers) = if tiers.points_are_lost() {
                points.with_points_lost(session, before, look).await?
            } else {
                (look, Vec::new())
            };
            // Who was changed by somebody else first is still due and comes with a later batch.
            looked_at += stored(session.points().book(&write, &transfers).await)?;
        }
        Ok((!due.is_empty()).then_some(looked_at))
    }

    async fn warn_of_levels(
        &self,
        session: &mut dyn Session,
        work: &mut Work<'_>,
        now: OffsetDateTime,
    ) -> Result<Option<u64>, StorageError> {
        let tiers = &work.merchant.settings.tiers;
        let ahead = Duration::days(work.merchant.settings.warnings.levels.into());
        let over = now.saturating_sub(tiers.period());
        let began = over.saturating_add(ahead);
        // Who is due already is told by what happens, maybe at this moment in another process.
        let behind = work.behind.unwrap_or((over, Uuid::max().into()));
        let merchant = work.merchant.id;
        let due = session.customers().list_unwarned(merchant, began, behind, BATCH).await?;
        let mut warned = 0;
        for before in &due {
            if let Some(write) = self.customers.level_warning(before, work.ladder, tiers) {
                // Who was changed by somebody else first is looked at tomorrow again.
                warned += stored(session.customers().update(&write).await)?;
            }
        }
        work.behind = due.last().map(|last| (period_began(last), last.id));
        Ok(work.behind.map(|_| warned))
    }
}

/// 1 for a write that was stored, 0 for one that came too late.
fn stored<T>(outcome: Result<T, WriteError>) -> Result<u64, StorageError> {
    match outcome {
        Ok(_) => Ok(1),
        Err(WriteError::Stale) => Ok(0),
        Err(WriteError::Storage(error)) => Err(error),
        Err(WriteError::Taken(_)) => {
            Err(StorageError::Failed("a job touched a key of a customer".to_owned()))
        }
    }
}
