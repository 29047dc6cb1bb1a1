mod days;
mod levels;
mod model;
mod service;

use std::sync::Arc;

use time::macros::datetime;
use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, UtcOffset};

use super::{NewPoints, Points, PointsError, PointsProgramme, Transfer, TransferQuery};
use crate::access::Actor;
use crate::customer::{Customer, Demands, LevelAssignment};
use crate::event::EventKind;
use crate::id::TransferId;
use crate::job::{Calendar, DailyJobs};
use crate::level::{Ladder, Level};
use crate::merchant::{Merchant, PointSettings, Settings, TierSettings};
use crate::money::Amount;
use crate::page::PageRequest;
use crate::storage::Storage;
use crate::testing::{
    FixedClock, MemoryBackend, SequentialEntropy, a_birth, a_customer, a_level, a_merchant,
};
use crate::text::Line;

/// Half past eight in the evening in Warsaw, and four minutes to eight in the morning in Auckland, a day later.
const EVENING: OffsetDateTime = datetime!(2026-03-02 19:30 UTC);

/// Knows two places, neither of which changes its clocks.
struct TwoPlaces;

fn offset(zone: &str) -> UtcOffset {
    let hours = if zone == "Pacific/Auckland" { 13 } else { 1 };
    UtcOffset::from_hms(hours, 0, 0).unwrap()
}

impl Calendar for TwoPlaces {
    fn day(&self, zone: &str, at: OffsetDateTime) -> Date {
        at.to_offset(offset(zone)).date()
    }

    fn instant(&self, zone: &str, local: PrimitiveDateTime) -> OffsetDateTime {
        local.assume_offset(offset(zone)).to_offset(UtcOffset::UTC)
    }
}

/// A programme with one customer.
struct World {
    storage: Storage,
    clock: Arc<FixedClock>,
    points: Points,
    jobs: DailyJobs,
    merchant: Merchant,
    ladder: Ladder,
    ada: crate::id::CustomerId,
}

fn whole(points: i64) -> NewPoints {
    NewPoints { value: Amount::whole(points), valid_days: None, comment: None }
}

impl World {
    /// A programme whose levels count for nothing.
    async fn of(points: PointSettings) -> Self {
        Self::with(Settings { points, ..Settings::default() }, "Europe/Warsaw", &[]).await
    }

    /// A programme with levels, each from so many points and with so many percent; the customer is on the first one.
    async fn with(settings: Settings, zone: &str, levels: &[(i64, i64)]) -> Self {
        let storage = Storage::new(MemoryBackend::default());
        let clock = Arc::new(FixedClock::at(EVENING));
        let entropy = Arc::new(SequentialEntropy::default());
        let calendar = Arc::new(TwoPlaces);
        let points = Points::new(
            storage.clone(),
            Arc::clone(&clock) as _,
            Arc::clone(&entropy) as _,
            Arc::clone(&calendar) as _,
        );
        let jobs = DailyJobs::new(storage.clone(), Arc::clone(&clock) as _, entropy, calendar);
        let time_zone = Line::try_from(zone).unwrap();
        let merchant = Merchant { time_zone, settings, ..a_merchant() };
        let mut session = storage.session().await.unwrap();
        session.merchants().insert(&merchant).await.unwrap();
        let of_merchant = |(from, percent): &(i64, i64)| Level {
            merchant: merchant.id,
            ..a_level(*from, *percent)
        };
        let levels: Vec<_> = levels.iter().map(of_merchant).collect();
        for level in &levels {
            session.levels().insert(level).await.unwrap();
        }
        let level = levels.first().map(|level| LevelAssignment { level: level.id, manual: false });
        let record = Customer { level, created_at: EVENING, ..a_customer(merchant.id) };
        let ada = record.id;
        session.customers().create(&a_birth(record, Demands::default())).await.unwrap();
        drop(session);
        Self { storage, clock, points, jobs, merchant, ladder: Ladder::new(levels), ada }
    }

    fn programme(&self) -> PointsProgramme<'_> {
        PointsProgramme { merchant: &self.merchant, ladder: &self.ladder }
    }

    async fn ada(&self) -> Customer {
        let mut session = self.storage.session().await.unwrap();
        session.customers().find(self.merchant.id, self.ada).await.unwrap().unwrap()
    }

    async fn add(&self, points: NewPoints) -> Result<TransferId, PointsError> {
        self.points.add(self.programme(), Actor::System, self.ada().await, points).await
    }

    async fn spend(&self, points: NewPoints) -> Result<TransferId, PointsError> {
        self.points.spend(self.programme(), Actor::System, self.ada().await, points).await
    }

    async fn cancel(&self, id: TransferId) -> Result<(), PointsError> {
        self.points.cancel(self.programme(), Actor::System, id).await
    }

    /// Lets days pass, each with its jobs.
    async fn pass(&self, days: u32) {
        for _ in 0..days {
            self.clock.advance(Duration::DAY);
            self.jobs.run_due().await.unwrap();
        }
    }

    async fn transfer(&self, id: TransferId) -> Transfer {
        let mut session = self.storage.session().await.unwrap();
        session.points().find_many(self.merchant.id, &[id]).await.unwrap().pop().unwrap()
    }

    /// The whole ledger, oldest first.
    async fn ledger(&self) -> Vec<Transfer> {
        let page = PageRequest { offset: 0, limit: None };
        let query = TransferQuery { criteria: Vec::new(), oldest_first: true, page };
        let page = self.points.page(self.merchant.id, &query).await.unwrap();
        page.items.into_iter().map(|listed| listed.transfer).collect()
    }

    /// What was told of the customer but for its birth.
    async fn told(&self) -> Vec<EventKind> {
        let mut session = self.storage.session().await.unwrap();
        let events = session.customers().events(self.merchant.id, self.ada).await.unwrap();
        events.into_iter().skip(1).map(|told| told.event.kind).collect()
    }

    /// The place on the ladder.
    async fn level(&self) -> Option<Amount> {
        let level = self.ada().await.level?;
        self.ladder.level(level.level).map(|level| level.condition)
    }
}

/// A programme in which levels follow from points.
fn tiered(tiers: TierSettings) -> Settings {
    Settings { tiers, ..Settings::default() }
}
