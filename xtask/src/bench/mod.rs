//! `cargo xtask bench`: how fast the service is, measured against what Postgres alone could do on the same machine.
//!
//! Absolute figures say little on a shared machine, so every scenario runs in pairs, ours and pgbench's right after
//! each other, and what counts is the median of the ratios and the CPU time per operation. pgbench runs the very
//! statements that the service was seen to run for one request of the scenario.

mod belongings;
mod comparison;
mod cpu;
mod crowd;
mod dialects;
mod goals;
mod histogram;
mod imports;
mod lists;
mod load;
mod log;
mod pgbench;
mod report;
mod scenario;
mod script;
mod stage;
mod strangers;
mod webhooks;

use std::time::Duration;

use clap::{Args, ValueEnum};
use tokio::runtime::Handle;

use self::comparison::Finding;
use self::stage::Stage;
use self::webhooks::Aspect;
use crate::backend::Domain;
use crate::failure::Failure;
use crate::key::MasterKey;

/// Pools fill and caches warm up before anything counts.
const WARM_UP: Duration = Duration::from_millis(500);

/// Measure every dialect against Postgres alone
#[derive(Clone, Debug, Args)]
pub(crate) struct Bench {
    /// Measure something else instead
    #[arg(value_enum)]
    subject: Option<Subject>,
    /// How many customers the merchant has
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1_000..))]
    customers: u32,
    /// How many customers the file of an import has
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1_000..))]
    rows: u32,
    /// Measure only what has this in its name, such as `Monri` or `update`; can be repeated
    #[arg(long, value_name = "TEXT")]
    only: Vec<String>,
    #[command(flatten)]
    effort: Effort,
}

/// What else there is to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Subject {
    /// Every order and every filter of Open Loyalty's lists; try it with a million customers
    Lists,
    /// Whether the time of an answer tells who has an account
    Strangers,
    /// A file of customers, against a staged COPY of the same rows
    Import,
    /// What deliveries cost and how fast they arrive
    Webhooks,
    /// What one receiver that hangs costs the others, and what answers without end cost
    Receivers,
}

/// How long and how hard to measure.
#[derive(Clone, Copy, Debug, Args)]
struct Effort {
    /// How often to measure both sides
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pairs: u32,
    /// How many seconds each measurement takes
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
    /// How many connections ask at once
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=250))]
    connections: u32,
}

pub(crate) async fn run(options: &Bench) -> Result<(), Failure> {
    let options = options.clone();
    let customers = options.customers;
    let with_belongings = async |url: &str, key: &MasterKey| {
        crowd::fill(url, key, customers).await?;
        belongings::give(url, key).await
    };
    match options.subject {
        None => {
            stage::play(customers, with_belongings, move |stage, key| {
                let keeper = Domain::open(&stage.url, key)?.keeper;
                let hash = Handle::current().block_on(belongings::hash(&*keeper))?;
                measure(stage, hash, &options)
            })
            .await
        }
        Some(Subject::Strangers) => {
            stage::play(customers, with_belongings, |stage, _| strangers::measure(stage)).await
        }
        Some(Subject::Import) => imports::run(customers, options.rows, options.effort.pairs).await,
        Some(Subject::Webhooks) => {
            webhooks::run(customers, options.effort, Aspect::Deliveries).await
        }
        Some(Subject::Receivers) => {
            webhooks::run(customers, options.effort, Aspect::Receivers).await
        }
        Some(Subject::Lists) => {
            let fill = async |url: &str, key: &MasterKey| lists::fill(url, key, customers).await;
            stage::play(customers, fill, move |stage, key| {
                lists::measure(stage, key, &options.only)
            })
            .await
        }
    }
}

/// Whether something is to be measured, by its name.
fn is_wanted(name: &str, only: &[String]) -> bool {
    only.is_empty() || only.iter().any(|part| name.contains(part))
}

fn measure(stage: &Stage, hash: Duration, options: &Bench) -> Result<String, Failure> {
    let mut findings = vec![comparison::ceiling(stage, options.effort)?];
    let mut failures = Vec::new();
    for scenario in dialects::scenarios(stage)? {
        if is_wanted(&scenario.name(), &options.only) {
            let measure = if scenario.kind.is_more_than_statements() {
                comparison::alone
            } else {
                comparison::compare
            };
            match measure(stage, options.effort, &scenario) {
                Ok(finding) => {
                    println!("{}", finding.line());
                    findings.push(finding);
                }
                Err(failure) => failures.push(format!("{}: {failure}", scenario.name())),
            }
        }
    }
    let process = stage.process();
    let text = format!(
        "{}\n{}\n{}",
        report::table(&Finding::HEADINGS, &findings.iter().map(Finding::row).collect::<Vec<_>>()),
        process.table(hash),
        goals::table(&findings, &process)
    );
    if failures.is_empty() {
        return Ok(text);
    }
    // What was found is worth showing all the same.
    println!("{text}");
    Err(Failure::explained(failures.join("\n")))
}
