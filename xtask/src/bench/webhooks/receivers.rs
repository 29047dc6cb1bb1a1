//! `cargo xtask bench receivers`: what it costs the others when one receiver of a hundred hangs, and what it costs the
//! worker when answers never end.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;

use super::super::crowd::Person;
use super::super::dialects::creation;
use super::super::{cpu, report};
use super::latency::{self, Ledger};
use super::{Ground, wait_for};
use crate::chaos::webhooks::settle;
use crate::failure::Failure;
use crate::service::Service;
use crate::sink::{Answer, Received, Sink};

/// How many are told, the one that may hang included.
const RECEIVERS: u32 = 100;
/// Changes a second, and for how long.
const PACE: (u32, Duration) = (5, Duration::from_secs(10));
/// How many changes are answered without end: each by everybody.
const ENDLESS: u32 = 2;

/// How receivers behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mood {
    /// All of them take what comes.
    Good,
    /// The first one says nothing.
    OneHangs,
    /// All of them answer, and never come to an end.
    Endless,
}

/// Those who are told.
struct Crowd {
    mood: Mutex<Mood>,
    /// How those fare who never hang.
    others: Ledger,
    endless: AtomicU64,
}

pub(super) fn measure(ground: &Ground) -> Result<String, Failure> {
    let crowd = Arc::new(Crowd {
        mood: Mutex::new(Mood::Good),
        others: Ledger::of(RECEIVERS - 1),
        endless: AtomicU64::new(0),
    });
    let receiving = Arc::clone(&crowd);
    let sink = Sink::start(move |received| receiving.receive(received))?;
    let runtime = Handle::current();
    let worker = ground.start_worker()?;
    // What was there before is nobody's news.
    runtime.block_on(settle(&ground.url, || 0))?;
    ground.subscribe(&sink, RECEIVERS.into())?;
    let without = crowd.delays(ground)?;
    crowd.behave(Mood::OneHangs);
    let with = crowd.delays(ground)?;
    runtime.block_on(worker.stop());

    crowd.behave(Mood::Good);
    let worker = ground.start_worker()?;
    let warm = crowd.delays(ground);
    let grown = warm.and_then(|_| crowd.answer_without_end(ground, &worker));
    runtime.block_on(worker.stop());
    let grown = grown?;

    let milliseconds = |delay: Duration| format!("{:.1}", delay.as_secs_f64() * 1e3);
    let row = |name: &str, value: String| vec![name.to_owned(), value];
    let rows = [
        row("change to receipt, p50 ms", milliseconds(without.0)),
        row("change to receipt, p99 ms", milliseconds(without.1)),
        row("the others while one of a hundred hangs, p50 ms", milliseconds(with.0)),
        row("the others while one of a hundred hangs, p99 ms", milliseconds(with.1)),
        row(
            "  ÷ without (at most 2)",
            format!("{:.2}", with.1.as_secs_f64() / without.1.as_secs_f64()),
        ),
        row(
            &format!(
                "memory of the worker, {} answers without end (at most 20 MiB)",
                RECEIVERS * ENDLESS
            ),
            format!("+{grown:.1} MiB"),
        ),
    ];
    Ok(report::table(&["receivers", "value"], &rows))
}

impl Crowd {
    fn behave(&self, mood: Mood) {
        *self.mood.lock().unwrap_or_else(PoisonError::into_inner) = mood;
    }

    fn mood(&self) -> Mood {
        *self.mood.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn receive(&self, received: &Received<'_>) -> Answer {
        match (self.mood(), received.path()) {
            (Mood::Endless, _) => {
                self.endless.fetch_add(1, Ordering::SeqCst);
                return Answer::Endless;
            }
            (Mood::OneHangs, "/0") => return Answer::Nothing,
            (Mood::Good, "/0") => {}
            _ => self.others.receive(received.body, received.at),
        }
        Answer::Status(204)
    }

    /// Changes customers at a steady rate, and tells how long it took until the others knew: half of them, and 99 of 100.
    fn delays(&self, ground: &Ground) -> Result<(Duration, Duration), Failure> {
        self.others.forget();
        Handle::current().block_on(latency::pace(ground.api, PACE, &self.others, next))?;
        wait_for(|| self.others.is_settled(), || "not everybody was told in time".to_owned())?;
        self.others.quantiles().ok_or_else(|| Failure::explained("nothing arrived in time"))
    }

    /// By how many MiB the worker grew at most while everybody answered without end.
    fn answer_without_end(&self, ground: &Ground, worker: &Service) -> Result<f64, Failure> {
        let pid = worker.pid().ok_or_else(|| Failure::explained("the worker has ended"))?;
        let resident = |bytes: Option<u64>| {
            bytes.ok_or_else(|| Failure::explained("the worker's memory cannot be read"))
        };
        cpu::forget_most_resident(pid)?;
        let before = resident(cpu::resident_bytes(pid))?;
        self.behave(Mood::Endless);
        let ledger = Ledger::of(0);
        let once = (ENDLESS, Duration::from_secs(1));
        Handle::current().block_on(latency::pace(ground.api, once, &ledger, next))?;
        let all = u64::from(RECEIVERS * ENDLESS);
        let told = || self.endless.load(Ordering::SeqCst);
        wait_for(|| told() >= all, || format!("{} of {all} were told", told()))?;
        // Until the last answer was read as far as it is read.
        Handle::current().block_on(settle(&ground.url, || 0))?;
        let after = resident(cpu::most_resident_bytes(pid))?;
        #[expect(clippy::cast_precision_loss, reason = "the memory of a process is far below 2^52")]
        Ok(after.saturating_sub(before) as f64 / f64::from(1 << 20))
    }
}

fn next() -> (u64, Vec<u8>) {
    let person = Person::newcomer();
    (person.key, creation(&person))
}
