//! The measure of what Postgres alone can do: a script of SQL, run by pgbench.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use crate::cluster::client;
use crate::failure::Failure;
use crate::process;

/// What to do over and over.
#[derive(Clone, Debug)]
pub(super) struct Script {
    /// In pgbench's own language.
    pub(super) sql: String,
    /// Values for the script's `:name`s.
    pub(super) variables: Vec<(String, String)>,
}

/// How to do it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run<'a> {
    pub(super) url: &'a str,
    pub(super) clients: u32,
    pub(super) seconds: u32,
    /// How many customers there are to choose from: `:customers`.
    pub(super) customers: u32,
    /// What the numbers of this run begin at: `:base`.
    pub(super) base: u64,
}

/// What pgbench reports.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Outcome {
    pub(super) transactions: u64,
    /// Transactions a second, the time to connect left out.
    pub(super) rate: f64,
    pub(super) average_latency: Duration,
}

impl Script {
    /// Runs the script with prepared statements. Any transaction that fails fails the whole.
    pub(super) fn run(&self, run: Run<'_>) -> Result<Outcome, Failure> {
        let file = ScriptFile::write(&self.sql)?;
        let mut pgbench = client("pgbench");
        pgbench.args(["-M", "prepared", "-n", "-j", "1"]);
        pgbench.args(["-c", &run.clients.to_string(), "-T", &run.seconds.to_string()]);
        for (name, value) in &self.variables {
            pgbench.arg("-D").arg(format!("{name}={value}"));
        }
        pgbench.arg("-D").arg(format!("customers={}", run.customers));
        pgbench.arg("-D").arg(format!("base={}", run.base));
        pgbench.arg("-f").arg(&file.0).arg(run.url).stdin(Stdio::null());
        let report = process::read(&mut pgbench)?;
        Outcome::parse(&report)
            .ok_or_else(|| Failure::explained(format!("unexpected report of pgbench:\n{report}")))
    }
}

impl Outcome {
    /// `None` when a figure is missing or a transaction failed.
    fn parse(report: &str) -> Option<Self> {
        let figure = |name: &str| {
            let rest = report.lines().find_map(|line| line.strip_prefix(name))?;
            rest.split_whitespace().next().map(str::to_owned)
        };
        let failed = figure("number of failed transactions: ");
        if failed.is_some_and(|count| count != "0") {
            return None;
        }
        let milliseconds: f64 = figure("latency average = ")?.parse().ok()?;
        Some(Self {
            transactions: figure("number of transactions actually processed: ")?
                .split('/')
                .next()?
                .parse()
                .ok()?,
            rate: figure("tps = ")?.parse().ok()?,
            average_latency: Duration::from_secs_f64(milliseconds / 1000.0),
        })
    }
}

/// A script on disk, gone when the run is over.
pub(super) struct ScriptFile(pub(super) PathBuf);

impl ScriptFile {
    pub(super) fn write(sql: &str) -> Result<Self, Failure> {
        let path = std::env::temp_dir().join(format!("clientele-bench-{}.sql", std::process::id()));
        fs::write(&path, sql).map_err(Failure::io("write a script"))?;
        Ok(Self(path))
    }
}

impl Drop for ScriptFile {
    fn drop(&mut self) {
        // A leftover in the temporary directory harms nobody.
        let _ = fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "transaction type: s.sql
number of clients: 8
duration: 2 s
number of transactions actually processed: 52012
number of failed transactions: 0 (0.000%)
latency average = 0.307 ms
initial connection time = 12.3 ms
tps = 26033.871200 (without initial connection time)
";

    #[test]
    fn the_figures_are_read_from_the_report() {
        let outcome = Outcome::parse(REPORT).unwrap();
        assert_eq!(outcome.transactions, 52_012);
        assert!((outcome.rate - 26_033.871_2).abs() < 1e-6);
        assert_eq!(outcome.average_latency, Duration::from_micros(307));
    }

    #[test]
    fn a_run_with_failed_transactions_is_no_measurement() {
        assert_eq!(
            Outcome::parse(&REPORT.replace("failed transactions: 0", "failed transactions: 3")),
            None
        );
    }

    #[test]
    fn a_cut_report_is_no_measurement() {
        assert_eq!(Outcome::parse(&REPORT[..REPORT.len() / 2]), None);
    }
}
