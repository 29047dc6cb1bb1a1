use std::sync::Arc;

use time::macros::datetime;
use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, UtcOffset};

use super::{Calendar, DailyJobs, Job};
use crate::customer::{Customer, LevelAssignment};
use crate::event::EventKind;
use crate::level::Level;
use crate::merchant::{
    DowngradeBase, DowngradeDays, DowngradeMode, Merchant, Settings, TierBasis, TierSettings,
    WarningSettings,
};
use crate::storage::Storage;
use crate::testing::{
    FixedClock, MemoryBackend, SequentialEntropy, a_birth, a_customer, a_level, a_merchant,
};
use crate::text::Line;

/// Knows Tokyo, which is nine hours ahead, and universal time.
struct TwoZones;

impl Calendar for TwoZones {
    fn day(&self, zone: &str, at: OffsetDateTime) -> Date {
        let hours = if zone == "Asia/Tokyo" { 9 } else { 0 };
        at.to_offset(UtcOffset::from_hms(hours, 0, 0).unwrap()).date()
    }

    fn instant(&self, zone: &str, local: PrimitiveDateTime) -> OffsetDateTime {
        let hours = if zone == "Asia/Tokyo" { 9 } else { 0 };
        local.assume_offset(UtcOffset::from_hms(hours, 0, 0).unwrap())
    }
}

struct World {
    storage: Storage,
    clock: Arc<FixedClock>,
    jobs: DailyJobs,
}

const EVENING: OffsetDateTime = datetime!(2026-03-02 23:30 UTC);

impl World {
    fn new() -> Self {
        let storage = Storage::new(MemoryBackend::default());
        let clock = Arc::new(FixedClock::at(EVENING));
        let entropy = Arc::new(SequentialEntropy::default());
        let calendar = Arc::new(TwoZones);
        let jobs = DailyJobs::new(storage.clone(), Arc::clone(&clock) as _, entropy, calendar);
        Self { storage, clock, jobs }
    }

    /// A merchant whose levels follow from points and are looked at again after a day, of which nobody is told before.
    async fn merchant(&self, zone: &str, tiers: TierSettings) -> Shop<'_> {
        let warnings = WarningSettings { levels: 0, ..WarningSettings::default() };
        let settings = Settings { tiers, warnings, ..Settings::default() };
        let time_zone = Line::try_from(zone).unwrap();
        let merchant = Merchant { time_zone, settings, ..a_merchant() };
        let mut session = self.storage.session().await.unwrap();
        session.merchants().insert(&merchant).await.unwrap();
        let levels = [a_level(0, 5), a_level(20, 10)];
        let [start, gold] = levels.map(|level| Level { merchant: merchant.id, ..level });
        for level in [&start, &gold] {
            session.levels().insert(level).await.unwrap();
        }
        Shop { world: self, merchant, start, gold }
    }
}

struct Shop<'w> {
    world: &'w World,
    merchant: Merchant,
    start: Level,
    gold: Level,
}

impl Shop<'_> {
    /// A customer on the better level whom nobody looked at since a moment.
    async fn customer(&self, since: OffsetDateTime) -> Customer {
        let level = Some(LevelAssignment { level: self.gold.id, manual: false });
        let record = Customer { level, created_at: since, ..a_customer(self.merchant.id) };
        let write = a_birth(record, crate::customer::Demands::default());
        let mut session = self.world.storage.session().await.unwrap();
        session.customers().create(&write).await.unwrap();
        write.record
    }

    async fn find(&self, customer: &Customer) -> Customer {
        let mut session = self.world.storage.session().await.unwrap();
        session.customers().find(self.merchant.id, customer.id).await.unwrap().unwrap()
    }

    async fn last_day(&self) -> Option<Date> {
        let mut session = self.world.storage.session().await.unwrap();
        session.jobs().last_day(self.merchant.id, Job::LevelRecalculation).await.unwrap()
    }
}

fn daily() -> TierSettings {
    TierSettings {
        basis: TierBasis::Points,
        downgrade: DowngradeMode::AfterDays,
        downgrade_days: DowngradeDays(1),
        ..TierSettings::default()
    }
}

#[tokio::test]
async fn a_day_is_done_once_and_the_next_one_at_midnight() {
    let world = World::new();
    let shop = world.merchant("UTC", daily()).await;
    let ada = shop.customer(EVENING - Duration::days(2)).await;
    assert_eq!(world.jobs.run_due().await, Ok(1));
    assert_eq!(shop.find(&ada).await.level.map(|level| level.level), Some(shop.start.id));
    // Waited long enough, but after this day was done.
    let bea = shop.customer(EVENING - Duration::days(2)).await;
    world.clock.advance(Duration::minutes(29));
    assert_eq!(world.jobs.run_due().await, Ok(0));
    world.clock.advance(Duration::minutes(1));
    assert_eq!(world.jobs.run_due().await, Ok(1));
    assert_eq!(shop.find(&bea).await.level.map(|level| level.level), Some(shop.start.id));
    assert_eq!(shop.find(&ada).await.version, 2);
    assert_eq!(world.jobs.run_due().await, Ok(0));
}

#[tokio::test]
async fn days_begin_where_the_merchant_is() {
    let world = World::new();
    let tokyo = world.merchant("Asia/Tokyo", daily()).await;
    let here = world.merchant("UTC", daily()).await;
    world.jobs.run_due().await.unwrap();
    let days = (tokyo.last_day().await.unwrap(), here.last_day().await.unwrap());
    assert_eq!(days, (EVENING.date().next_day().unwrap(), EVENING.date()));
    world.clock.advance(Duration::HOUR);
    tokyo.customer(EVENING - Duration::days(2)).await;
    here.customer(EVENING - Duration::days(2)).await;
    assert_eq!(world.jobs.run_due().await, Ok(1));
}

#[tokio::test]
async fn a_missed_day_is_made_up_for_at_the_next_start() {
    let world = World::new();
    let shop = world.merchant("UTC", daily()).await;
    world.jobs.run_due().await.unwrap();
    shop.customer(EVENING).await;
    world.clock.advance(Duration::days(5));
    assert_eq!(world.jobs.run_due().await, Ok(1));
    assert_eq!(shop.last_day().await, EVENING.date().checked_add(Duration::days(5)));
}

#[tokio::test]
async fn a_restart_does_nothing_twice() {
    let world = World::new();
    let shop = world.merchant("UTC", daily()).await;
    let ada = shop.customer(EVENING - Duration::days(2)).await;
    world.jobs.run_due().await.unwrap();
    let entropy = Arc::new(SequentialEntropy::default());
    let clock = Arc::clone(&world.clock) as _;
    let restarted = DailyJobs::new(world.storage.clone(), clock, entropy, Arc::new(TwoZones));
    assert_eq!(restarted.run_due().await, Ok(0));
    assert_eq!(shop.find(&ada).await.version, 2);
}

#[tokio::test]
async fn only_points_that_are_looked_at_again_are_recalculated() {
    let world = World::new();
    let mut customers = Vec::new();
    for (basis, downgrade) in [
        (TierBasis::Transactions, DowngradeMode::AfterDays),
        (TierBasis::Points, DowngradeMode::None),
        (TierBasis::Points, DowngradeMode::Automatic),
    ] {
        let shop = world.merchant("UTC", TierSettings { basis, downgrade, ..daily() }).await;
        let customer = shop.customer(EVENING - Duration::days(9)).await;
        customers.push((shop, customer));
    }
    assert_eq!(world.jobs.run_due().await, Ok(0));
    for (shop, customer) in customers {
        assert_eq!(shop.find(&customer).await.version, 1);
        assert_eq!(shop.last_day().await, None);
    }
}

#[tokio::test]
async fn whoever_keeps_the_level_is_only_noted_as_looked_at() {
    let world = World::new();
    let shop = world.merchant("UTC", daily()).await;
    let ada = shop.customer(EVENING - Duration::days(2)).await;
    world.jobs.run_due().await.unwrap();
    world.clock.advance(Duration::days(2));
    assert_eq!(world.jobs.run_due().await, Ok(1));
    let found = shop.find(&ada).await;
    assert_eq!(found.version, 3);
    assert_eq!(found.level_recalculated_at, Some(EVENING + Duration::days(2)));
    assert_eq!(found.updated_at, ada.updated_at);
    let mut session = world.storage.session().await.unwrap();
    let told = session.customers().events(shop.merchant.id, ada.id).await.unwrap();
    let moves =
        told.iter().filter(|told| matches!(told.event.kind, EventKind::LevelChanged { .. }));
    assert_eq!(moves.count(), 1);
}

#[tokio::test]
async fn a_level_assigned_by_hand_is_kept_against_the_job_if_it_is_better() {
    let world = World::new();
    let base = DowngradeBase::EarnedPoints;
    let shop = world.merchant("UTC", TierSettings { downgrade_base: base, ..daily() }).await;
    let level = Some(LevelAssignment { level: shop.gold.id, manual: true });
    let created_at = EVENING - Duration::days(2);
    let record = Customer { level, created_at, ..a_customer(shop.merchant.id) };
    let write = a_birth(record, crate::customer::Demands::default());
    let mut session = world.storage.session().await.unwrap();
    session.customers().create(&write).await.unwrap();
    drop(session);
    assert_eq!(world.jobs.run_due().await, Ok(1));
    assert_eq!(shop.find(&write.record).await.level, level);
}

#[tokio::test]
async fn a_period_of_no_days_counts_as_one_day() {
    let world = World::new();
    let none = TierSettings { downgrade_days: DowngradeDays(0), ..daily() };
    let shop = world.merchant("UTC", none).await;
    shop.customer(EVENING - Duration::days(1)).await;
    shop.customer(EVENING).await;
    assert_eq!(world.jobs.run_due().await, Ok(1));
}
