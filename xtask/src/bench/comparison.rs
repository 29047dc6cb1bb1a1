//! The service and pgbench doing the same work in turns, and what to say about it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::crowd::FIRST_KEY;
use super::load::{self, Load, checked};
use super::log::{self, StepKind};
use super::pgbench::{self, Run, Script};
use super::report::{interleaved, median};
use super::scenario::{Dice, Kind, Scenario};
use super::script;
use super::stage::{Sample, Stage};
use super::{Effort, WARM_UP};
use crate::exchange::{ask, request};
use crate::failure::Failure;

/// How long the service is watched for statements that it prepares again.
const WATCH: Duration = Duration::from_secs(1);

/// One measurement of each side.
type Pair = (Sample<load::Outcome>, Sample<pgbench::Outcome>);

/// Medians of one scenario.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    pub(super) name: String,
    pub(super) kind: Option<Kind>,
    /// Answers a second.
    rate: f64,
    /// Milliseconds that half of the answers and 99 % of them took at most.
    quantiles: (f64, f64),
    /// Microseconds of the service's CPU time for each answer.
    pub(super) service: f64,
    /// Microseconds of Postgres's CPU time for each answer.
    postgres: f64,
    theirs: Option<Theirs>,
    /// Statements that Postgres parsed for each answer, once everything is warm.
    pub(super) parses: Option<f64>,
}

/// What pgbench did with the same statements.
#[derive(Clone, Copy, Debug)]
struct Theirs {
    rate: f64,
    postgres: f64,
    /// Our rate in theirs, pair by pair.
    ratio: f64,
}

/// The rate at which the service answers without doing anything.
pub(super) fn ceiling(stage: &Stage, effort: Effort) -> Result<Finding, Failure> {
    let one = || move |_, _| request("GET", "/livez", "", "");
    Ok(Finding::of("GET /livez".to_owned(), None, &runs(stage, effort, 200, one)?))
}

/// Measures a scenario of which pgbench can do no more than a small part.
pub(super) fn alone(
    stage: &Stage,
    effort: Effort,
    scenario: &Scenario,
) -> Result<Finding, Failure> {
    println!("{}", scenario.name());
    let requests = || scenario.requests(stage.customers);
    let runs = runs(stage, effort, scenario.expected, requests)?;
    Ok(Finding::of(scenario.name(), Some(scenario.kind), &runs))
}

/// The service by itself, as often as it would take turns.
fn runs<R>(
    stage: &Stage,
    effort: Effort,
    expected: u16,
    requests: impl Fn() -> R,
) -> Result<Vec<Sample<load::Outcome>>, Failure>
where
    R: FnMut(usize, u64) -> Vec<u8> + Send + 'static,
{
    let load = load(stage, effort, expected);
    let run = || stage.sample(|| checked(load.run(&requests)?));
    Ok(interleaved(effort.pairs, run, || Ok(()))?.into_iter().map(|run| run.0).collect())
}

/// Measures a scenario and pgbench in turns.
pub(super) fn compare(
    stage: &Stage,
    effort: Effort,
    scenario: &Scenario,
) -> Result<Finding, Failure> {
    println!("{}", scenario.name());
    let load = load(stage, effort, scenario.expected);
    let requests = || scenario.requests(stage.customers);
    checked(Load { duration: WATCH, ..load }.run(requests)?)?;
    let script = watch_two(stage, scenario)?;
    let theirs = || stage.sample(|| script.run(run(stage, effort)));
    let ours = || stage.sample(|| checked(load.run(requests)?));
    let pairs = interleaved(effort.pairs, ours, theirs)?;
    let watched = log::watch(&stage.url, || {
        checked(Load { duration: WATCH, warm_up: Duration::ZERO, ..load }.run(requests)?)
    })?;
    let parses = watched.1.iter().filter(|step| step.kind == StepKind::Parse).count();
    let runs: Vec<_> = pairs.iter().map(|pair| pair.0.clone()).collect();
    Ok(Finding {
        theirs: Theirs::of(&pairs),
        parses: Some(each(parses as u64, watched.0.count())),
        ..Finding::of(scenario.name(), Some(scenario.kind), &runs)
    })
}

fn load(stage: &Stage, effort: Effort, expected: u16) -> Load {
    Load {
        address: stage.address,
        connections: effort.connections as usize,
        warm_up: WARM_UP,
        duration: Duration::from_secs(effort.seconds.into()),
        expected,
    }
}

fn run(stage: &Stage, effort: Effort) -> Run<'_> {
    static RUNS: AtomicU64 = AtomicU64::new(1);
    let run = RUNS.fetch_add(1, Ordering::Relaxed);
    Run {
        url: &stage.url,
        clients: effort.connections,
        seconds: effort.seconds,
        customers: stage.customers,
        base: 2 * FIRST_KEY + run * 1_000_000_000,
    }
}

/// Has the service answer two requests and makes a script of what it asked.
fn watch_two(stage: &Stage, scenario: &Scenario) -> Result<Script, Failure> {
    let mut dice = Dice::new();
    let mut one = || {
        let person = scenario.somebody(stage.customers, &mut dice);
        let about = scenario.about(&person);
        let (_, steps) = log::watch(&stage.url, || ask(stage.address, &about, scenario.expected))?;
        script::Sample::of(person, steps)
    };
    script::write(scenario.kind, &[one()?, one()?])
}

impl Theirs {
    fn of(pairs: &[Pair]) -> Option<Self> {
        let figure = |of: fn(&Pair) -> f64| median(pairs.iter().map(of));
        Some(Self {
            rate: figure(|pair| pair.1.outcome.rate)?,
            postgres: figure(|pair| micros_each(pair.1.postgres, pair.1.outcome.transactions))?,
            ratio: figure(|pair| pair.0.outcome.rate() / pair.1.outcome.rate)?,
        })
    }
}

impl Finding {
    pub(super) const HEADINGS: [&'static str; 10] = [
        "32 connections",
        "/s",
        "p50 ms",
        "p99 ms",
        "service µs",
        "Postgres µs",
        "pgbench /s",
        "its Postgres µs",
        "÷ pgbench",
        "parses",
    ];

    fn of(name: String, kind: Option<Kind>, runs: &[Sample<load::Outcome>]) -> Self {
        let figure =
            |of: fn(&Sample<load::Outcome>) -> f64| median(runs.iter().map(of)).unwrap_or_default();
        Self {
            name,
            kind,
            rate: figure(|run| run.outcome.rate()),
            quantiles: (
                figure(|run| run.outcome.quantile(0.5).as_secs_f64() * 1e3),
                figure(|run| run.outcome.quantile(0.99).as_secs_f64() * 1e3),
            ),
            service: figure(|run| micros_each(run.service, run.outcome.count())),
            postgres: figure(|run| micros_each(run.postgres, run.outcome.count())),
            theirs: None,
            parses: None,
        }
    }

    /// Our rate in pgbench's.
    pub(super) fn ratio(&self) -> Option<f64> {
        self.theirs.map(|theirs| theirs.ratio)
    }

    /// Postgres's CPU time under the service in that under pgbench.
    pub(super) fn postgres_ratio(&self) -> Option<f64> {
        self.theirs.map(|theirs| self.postgres / theirs.postgres)
    }

    /// The row of the table.
    pub(super) fn row(&self) -> Vec<String> {
        let show = |value: Option<f64>, digits| {
            value.map_or_else(|| "–".to_owned(), |value| format!("{value:.digits$}"))
        };
        let theirs = self.theirs;
        vec![
            self.name.clone(),
            format!("{:.0}", self.rate),
            format!("{:.2}", self.quantiles.0),
            format!("{:.2}", self.quantiles.1),
            format!("{:.0}", self.service),
            format!("{:.0}", self.postgres),
            show(theirs.map(|theirs| theirs.rate), 0),
            show(theirs.map(|theirs| theirs.postgres), 0),
            show(self.ratio(), 2),
            show(self.parses, 2),
        ]
    }

    /// The row for those who watch.
    pub(super) fn line(&self) -> String {
        let cells = Self::HEADINGS.iter().zip(self.row());
        cells.map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join("; ")
    }
}

fn micros_each(used: Duration, count: u64) -> f64 {
    each(u64::try_from(used.as_micros()).unwrap_or(u64::MAX), count)
}

fn each(amount: u64, count: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts and times are far below 2^52")]
    let each = amount as f64 / count.max(1) as f64;
    each
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_time_is_shared_out_over_the_operations() {
        assert!((micros_each(Duration::from_secs(2), 20_000) - 100.0).abs() < 1e-9);
    }

    #[test]
    fn a_measurement_without_operations_does_not_divide_by_zero() {
        assert!(micros_each(Duration::from_secs(1), 0).is_finite());
    }

    #[test]
    fn a_row_has_a_cell_for_every_heading() {
        let finding = Finding::of("x".to_owned(), None, &[]);
        assert_eq!(finding.row().len(), Finding::HEADINGS.len());
    }
}
