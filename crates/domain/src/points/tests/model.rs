//! Whatever happens, the ledger is what somebody with pen and paper would have.

use proptest::prelude::*;
use time::{Duration, OffsetDateTime, Time};

use super::{World, offset, whole};
use crate::merchant::{PointExpiry, PointSettings};
use crate::money::Amount;
use crate::points::NewPoints;

#[derive(Clone, Debug)]
enum Step {
    Add { points: i64, valid_days: Option<u32> },
    Spend(i64),
    Cancel(usize),
    Days(u32),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    Locked(OffsetDateTime),
    Open,
    Lost,
    Taken,
}

/// A line of somebody's notebook.
#[derive(Clone, Debug)]
struct Note {
    points: i64,
    left: i64,
    fate: Fate,
    ends: Option<OffsetDateTime>,
}

/// The notebook. It knows whole points and nothing of totals.
#[derive(Default)]
struct Notebook {
    notes: Vec<Note>,
    /// The lines of the ledger that are in the notebook; spendings are not.
    places: Vec<Option<usize>>,
}

impl Notebook {
    fn available(&self) -> i64 {
        self.notes.iter().filter(|note| note.fate == Fate::Open).map(|note| note.left).sum()
    }

    fn spend(&mut self, points: i64) -> bool {
        if self.available() < points {
            return false;
        }
        let mut missing = points;
        for note in self.notes.iter_mut().filter(|note| note.fate == Fate::Open) {
            let taken = note.left.min(missing);
            note.left -= taken;
            missing -= taken;
        }
        self.places.push(None);
        true
    }

    fn cancel(&mut self, place: usize) -> bool {
        let Some(at) = self.places[place] else { return false };
        let note = &mut self.notes[at];
        let open = matches!(note.fate, Fate::Open | Fate::Locked(_)) && note.left == note.points;
        if open {
            note.fate = Fate::Taken;
        }
        open
    }

    fn night(&mut self, now: OffsetDateTime) {
        for note in &mut self.notes {
            if let Fate::Locked(until) = note.fate
                && until <= now
            {
                note.fate = Fate::Open;
            }
            if note.fate == Fate::Open && note.ends.is_some_and(|ends| ends < now) {
                note.fate = Fate::Lost;
            }
        }
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (1_i64..60, prop::option::of(0_u32..20))
            .prop_map(|(points, valid_days)| Step::Add { points, valid_days }),
        (1_i64..80).prop_map(Step::Spend),
        (0_usize..1000).prop_map(Step::Cancel),
        (1_u32..12).prop_map(Step::Days),
    ];
    prop::collection::vec(step, 1..40)
}

async fn compare(steps: Vec<Step>, locked_days: Option<u32>, active_days: u32) {
    let settings = PointSettings {
        expiry: PointExpiry::AfterDays,
        active_days,
        locked_days,
        ..PointSettings::default()
    };
    let world = World::of(settings).await;
    let mut book = Notebook::default();
    for step in steps {
        world.clock.advance(Duration::SECOND);
        let now = crate::clock::Clock::now(&*world.clock);
        match step {
            Step::Add { points, valid_days } => {
                world.add(NewPoints { valid_days, ..whole(points) }).await.unwrap();
                let locked = locked_days.map(|days| now + Duration::days(days.into()));
                let open_from = locked.unwrap_or(now).to_offset(offset("Europe/Warsaw"));
                let days = Duration::days(valid_days.unwrap_or(active_days).into());
                let ends = open_from.replace_time(Time::from_hms(23, 59, 59).unwrap()) + days;
                let fate = locked.map_or(Fate::Open, Fate::Locked);
                book.places.push(Some(book.notes.len()));
                book.notes.push(Note { points, left: points, fate, ends: Some(ends) });
            }
            Step::Spend(points) => {
                let spent = world.spend(whole(points)).await.is_ok();
                assert_eq!(spent, book.spend(points));
            }
            Step::Cancel(place) => {
                let ledger = world.ledger().await;
                if !ledger.is_empty() {
                    let place = place % ledger.len();
                    let canceled = world.cancel(ledger[place].id).await.is_ok();
                    assert_eq!(canceled, book.cancel(place));
                }
            }
            Step::Days(days) => {
                for _ in 0..days {
                    world.pass(1).await;
                    book.night(crate::clock::Clock::now(&*world.clock));
                }
            }
        }
        same(&world, &book).await;
    }
}

async fn same(world: &World, book: &Notebook) {
    let points = world.ada().await.points;
    let sum = |part: &dyn Fn(&Note) -> i64| Amount::whole(book.notes.iter().map(part).sum());
    let left = |fits: fn(&Note) -> bool| sum(&|note| if fits(note) { note.left } else { 0 });
    assert_eq!(points.available, Amount::whole(book.available()));
    assert!(points.available >= Amount::ZERO);
    assert_eq!(points.locked, left(|note| matches!(note.fate, Fate::Locked(_))));
    assert_eq!(points.expired, left(|note| note.fate == Fate::Lost));
    assert_eq!(points.used, sum(&|note| note.points - note.left));
    let kept = |note: &Note| if note.fate == Fate::Taken { 0 } else { note.points };
    assert_eq!(points.earned, sum(&kept));
    assert_eq!(points.earned_since_recalculation, points.earned);
    assert_eq!(world.points.imbalances(world.merchant.id).await, Ok(Vec::new()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_history_of_an_account_is_what_pen_and_paper_say(
        steps in steps(),
        locked_days in prop::option::of(1_u32..6),
        active_days in 0_u32..15,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(compare(steps, locked_days, active_days));
    }
}
