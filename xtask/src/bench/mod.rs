//! `cargo xtask bench`: how fast the service is, measured against what Postgres alone could do on the same machine.
//!
//! Absolute figures say little on a shared machine, so every scenario runs in pairs, ours and pgbench's right after
//! each other, and what counts is the median of the ratios and the CPU time per operation.

mod comparison;
mod cpu;
mod floor;
mod histogram;
mod load;
mod pgbench;
mod report;
mod stage;

use std::time::Duration;

use clap::{Args, Subcommand};

use crate::failure::Failure;

/// Pools fill and caches warm up before anything counts.
const WARM_UP: Duration = Duration::from_millis(500);

/// Measure the service against Postgres alone.
#[derive(Debug, Args)]
pub(crate) struct Bench {
    #[command(subcommand)]
    scenario: Scenario,
    #[command(flatten)]
    effort: Effort,
}

#[derive(Debug, Subcommand)]
enum Scenario {
    /// The cheapest request that asks the database, against `SELECT 1`
    Floor,
}

/// How long and how hard to measure.
#[derive(Clone, Copy, Debug, Args)]
struct Effort {
    /// How often to measure both sides
    #[arg(long, value_name = "N", default_value_t = 5, global = true, value_parser = clap::value_parser!(u32).range(1..))]
    pairs: u32,
    /// How many seconds each measurement takes
    #[arg(long, value_name = "N", default_value_t = 3, global = true, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
    /// How many connections ask at once
    #[arg(long, value_name = "N", default_value_t = 32, global = true, value_parser = clap::value_parser!(u32).range(1..=250))]
    connections: u32,
}

pub(crate) async fn run(options: &Bench) -> Result<(), Failure> {
    let effort = options.effort;
    match options.scenario {
        Scenario::Floor => stage::play(move |stage| floor::run(stage, effort)).await,
    }
}
