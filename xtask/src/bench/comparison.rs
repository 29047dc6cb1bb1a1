//! The service and pgbench doing the same work in turns, and what to say about it.

use std::time::Duration;

use super::load::{self, Load};
use super::pgbench::{self, Script};
use super::report;
use super::stage::{Sample, Stage};
use crate::failure::Failure;

/// One measurement of each side.
type Pair = (Sample<load::Outcome>, Sample<pgbench::Outcome>);

/// Measures both sides `pairs` times and tells about it in a table. Requests are made as [`Load::run`] says; one
/// that goes wrong spoils the whole.
pub(super) fn compare<R>(
    stage: &Stage,
    pairs: u32,
    load: Load,
    requests: impl Fn() -> R,
    script: &Script,
) -> Result<String, Failure>
where
    R: FnMut(usize, u64) -> Vec<u8> + Send + 'static,
{
    let ours = || stage.sample(|| load.run(&requests));
    let pairs = report::interleaved(pairs, ours, || stage.sample(|| script.run()))?;
    if let Some(error) = pairs.iter().find_map(|(ours, _)| ours.outcome.first_error.as_deref()) {
        let errors: u64 = pairs.iter().map(|(ours, _)| ours.outcome.errors).sum();
        return Err(Failure::explained(format!(
            "{errors} requests failed, the first with:\n{error}"
        )));
    }
    Ok(tell(&pairs, stage.resident_bytes()))
}

fn tell(pairs: &[Pair], resident: Option<u64>) -> String {
    let ours = |figure: fn(&Sample<load::Outcome>) -> f64| {
        report::median(pairs.iter().map(|(ours, _)| figure(ours)))
    };
    let theirs = |figure: fn(&Sample<pgbench::Outcome>) -> f64| {
        report::median(pairs.iter().map(|(_, theirs)| figure(theirs)))
    };
    let ratio = report::median(
        pairs.iter().map(|(ours, theirs)| ours.outcome.rate() / theirs.outcome.rate),
    );
    let rows = [
        row("service /s", ours(|sample| sample.outcome.rate()), 0),
        row("service p50 ms", ours(|sample| milliseconds(sample.outcome.quantile(0.5))), 2),
        row("service p99 ms", ours(|sample| milliseconds(sample.outcome.quantile(0.99))), 2),
        row(
            "service CPU µs/op",
            ours(|sample| micros_each(sample.service, sample.outcome.count())),
            0,
        ),
        row(
            "PostgreSQL CPU µs/op under the service",
            ours(|s| micros_each(s.postgres, s.outcome.count())),
            0,
        ),
        row("pgbench /s", theirs(|sample| sample.outcome.rate), 0),
        row("pgbench average ms", theirs(|sample| milliseconds(sample.outcome.average_latency)), 2),
        row(
            "PostgreSQL CPU µs/op under pgbench",
            theirs(|s| micros_each(s.postgres, s.outcome.transactions)),
            0,
        ),
        row("service ÷ pgbench", ratio, 2),
        row("service memory MiB", resident.map(mebibytes), 1),
    ];
    report::table(&["median", "value"], &rows)
}

fn row(name: &str, value: Option<f64>, digits: usize) -> Vec<String> {
    vec![name.to_owned(), value.map_or_else(|| "–".to_owned(), |value| format!("{value:.digits$}"))]
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

fn micros_each(used: Duration, count: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a count of requests is far below 2^52")]
    let count = count.max(1) as f64;
    used.as_secs_f64() * 1e6 / count
}

fn mebibytes(bytes: u64) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "the memory of a process is far below 2^52 bytes"
    )]
    let bytes = bytes as f64;
    bytes / (1024.0 * 1024.0)
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
    fn an_unknown_figure_is_a_dash() {
        assert_eq!(row("x", None, 1), ["x", "–"]);
        assert_eq!(row("x", Some(1.25), 1), ["x", "1.2"]);
    }
}
