//! Promises about daily jobs.

use std::sync::Arc;

use time::macros::{date, datetime};
use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime};

use crate::customer::{Customer, LevelAssignment};
use crate::event::{EventKind, LevelCause, LevelDirection};
use crate::job::{Calendar, DailyJobs, Job};
use crate::level::Level;
use crate::merchant::{DowngradeDays, DowngradeMode, Merchant, Settings, TierBasis, TierSettings};
use crate::storage::Storage;
use crate::testing::contract::crowd::all_at_once;
use crate::testing::contract::tenant::Tenant;
use crate::testing::{FixedClock, SequentialEntropy, a_level, a_merchant, an_id};

/// The days of jobs are kept, a lead ends with its unit of work, and however many run, each customer is looked at once.
pub async fn jobs(storage: &Storage) {
    a_finished_day_is_remembered_by_merchant(storage).await;
    the_lead_of_a_job_ends_with_the_unit_of_work(storage).await;
    of_many_at_once_each_customer_is_looked_at_by_one(storage).await;
}

const JOB: Job = Job::LevelRecalculation;

async fn a_finished_day_is_remembered_by_merchant(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let mut session = here.session().await;
    assert_eq!(session.jobs().last_day(here.merchant, JOB).await, Ok(None));
    for day in [date!(2026 - 03 - 01), date!(2026 - 03 - 02)] {
        session.jobs().note_day(here.merchant, JOB, day).await.expect("a day");
        assert_eq!(session.jobs().last_day(here.merchant, JOB).await, Ok(Some(day)));
    }
    assert_eq!(session.jobs().last_day(there.merchant, JOB).await, Ok(None));
    let days = session.jobs().last_days(JOB).await.expect("an answer");
    assert_eq!(days.get(&here.merchant), Some(&date!(2026 - 03 - 02)));
    assert_eq!(days.get(&there.merchant), None);
}

async fn the_lead_of_a_job_ends_with_the_unit_of_work(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let other = an_id();
    let lead = async |merchant| -> bool {
        let led = storage.atomically(async |unit| unit.jobs().lead(merchant, JOB).await);
        led.await.expect("an answer")
    };
    assert!(lead(tenant.merchant).await);
    assert!(lead(tenant.merchant).await, "the lead ends with the unit");
    assert!(lead(other).await);
}

/// Days of universal time.
struct Universal;

impl Calendar for Universal {
    fn day(&self, _: &str, at: OffsetDateTime) -> Date {
        at.date()
    }

    fn instant(&self, _: &str, local: PrimitiveDateTime) -> OffsetDateTime {
        local.assume_utc()
    }
}

async fn of_many_at_once_each_customer_is_looked_at_by_one(storage: &Storage) {
    let tiers = TierSettings {
        basis: TierBasis::Points,
        downgrade: DowngradeMode::AfterDays,
        downgrade_days: DowngradeDays(30),
        ..TierSettings::default()
    };
    let settings = Settings { tiers, ..Settings::default() };
    let merchant = Merchant { settings, ..a_merchant() };
    let mut session = storage.session().await.expect("a session");
    session.merchants().insert(&merchant).await.expect("a new merchant");
    let levels = [a_level(0, 5), a_level(20, 10)];
    let [start, gold] = levels.map(|level| Level { merchant: merchant.id, ..level });
    for level in [&start, &gold] {
        session.levels().insert(level).await.expect("a new level");
    }
    drop(session);
    let tenant = Tenant { storage, merchant: merchant.id };
    let now = datetime!(2026-03-02 08:15 UTC);
    let level = Some(LevelAssignment { level: gold.id, manual: false });
    let mut customers = Vec::new();
    // More than one batch.
    for _ in 0..120 {
        let created_at = now - Duration::days(30);
        let record = Customer { level, created_at, updated_at: created_at, ..tenant.customer() };
        customers.push(tenant.given(record).await);
    }
    let clock = Arc::new(FixedClock::at(now));
    let jobs = || {
        let entropy = Arc::new(SequentialEntropy::default());
        let clock = Arc::<FixedClock>::clone(&clock);
        DailyJobs::new(storage.clone(), clock, entropy, Arc::new(Universal))
    };
    let (first, second) = (jobs(), jobs());
    // Who finds the other at work leaves it to the other, and what is left over to the next round.
    let rounds = all_at_once([&first, &second].map(DailyJobs::run_due)).await;
    let rest = first.run_due().await.expect("an answer");
    let looked_at: u64 = rounds.into_iter().map(|round| round.expect("an answer")).sum();
    assert_eq!(looked_at + rest, 120);
    assert_eq!(second.run_due().await, Ok(0));
    let changed = EventKind::LevelChanged {
        from: Some(gold.id),
        to: Some(start.id),
        cause: LevelCause::Automatic,
        direction: Some(LevelDirection::Down),
    };
    let moved = EventKind::LevelMoved { to: Some(start.id), direction: LevelDirection::Down };
    let told = [EventKind::CustomerCreated, changed, moved];
    for before in customers {
        let expected = Customer {
            version: 2,
            level: Some(LevelAssignment { level: start.id, manual: false }),
            level_recalculated_at: Some(now),
            ..before.clone()
        };
        assert_eq!(tenant.find(before.id).await, Some(expected));
        let kinds = tenant.events(before.id).await.into_iter().map(|told| told.event.kind);
        assert_eq!(kinds.collect::<Vec<_>>(), told);
    }
    let mut session = tenant.session().await;
    assert_eq!(session.jobs().last_day(merchant.id, JOB).await, Ok(Some(date!(2026 - 03 - 02))));
}
