//! `cargo xtask bench lists`: how long Open Loyalty's lists take, each order and each filter for itself, right after
//! many writes and once everything is tidy.

mod questions;
mod search;

use std::process::Stdio;
use std::time::{Duration, Instant};

use self::questions::Question;
use super::crowd;
use super::is_wanted;
use super::load::{Load, checked};
use super::pgbench::ScriptFile;
use super::report;
use super::stage::Stage;
use crate::backend::Domain;
use crate::cluster::client;
use crate::database;
use crate::failure::Failure;
use crate::key::MasterKey;
use crate::process;

/// How many ask at once.
const CLIENTS: usize = 8;
const WARM_UP: Duration = Duration::from_millis(100);
const DURATION: Duration = Duration::from_millis(450);
/// What takes longer than that is asked for longer.
const PATIENCE: Duration = Duration::from_secs(2);
/// What the first page may take when eight ask at once, and page 10,000 when one asks, at the 99th percentile.
const GOALS: [Duration; 2] = [Duration::from_millis(50), Duration::from_millis(200)];
/// Where page 10,000 begins.
const DEEP: u32 = 9_999 * 10;

const FIRST_PAGE: [&str; 6] = [
    "Open Loyalty lists, page 1, 8 clients, ms",
    "total",
    "burst p50",
    "p99",
    "vacuumed p50",
    "p99",
];
const DEEP_PAGE: [&str; 10] = [
    "Open Loyalty lists, page 10,000, ms",
    "total",
    "burst, 1 client p50",
    "p99",
    "vacuumed p50",
    "p99",
    "burst, 8 clients p50",
    "p99",
    "vacuumed p50",
    "p99",
];

/// Half of the answers came in the first time, 99 % in the second.
type Quantiles = (Duration, Duration);

/// What one question showed, before and after tidying up.
struct Finding {
    name: String,
    total: String,
    first: Vec<Quantiles>,
    deep: Vec<Quantiles>,
    crowded: Vec<Quantiles>,
}

/// Gives the first demonstration merchant its customers.
pub(super) async fn fill(url: &str, key: &MasterKey, customers: u32) -> Result<(), Failure> {
    crowd::plant(&Domain::open(url, key)?).await?;
    // What is dead stays where it is until we say so.
    database::query(url, "ALTER SYSTEM SET autovacuum = off")?;
    database::query(url, "SELECT pg_reload_conf()")?;
    script(url, customers, include_str!("rows.sql"))?;
    database::query(url, "VACUUM ANALYZE")?;
    database::query(url, "CHECKPOINT").map(drop)
}

/// Asks everything twice.
pub(super) fn measure(stage: &Stage, key: &MasterKey, only: &[String]) -> Result<String, Failure> {
    let questions = questions::all(stage)?;
    let mut findings: Vec<Finding> = questions
        .iter()
        .filter(|question| is_wanted(&question.name, only))
        .map(|question| Finding::of(&question.name))
        .collect();
    let searches = search::all();
    println!("writing a twentieth anew");
    script(&stage.url, stage.customers, include_str!("burst.sql"))?;
    let begin = Instant::now();
    while database::query(&stage.url, "SELECT EXISTS (SELECT FROM customer_texts_due)")?.trim()
        == "t"
    {
        std::thread::sleep(Duration::from_millis(50));
    }
    println!("the service took {:.1} s for the search index", begin.elapsed().as_secs_f64());
    for state in ["burst", "vacuumed"] {
        println!("measuring, {state}");
        for finding in &mut findings {
            let asked = questions.iter().find(|question| question.name == finding.name);
            if let Some(question) = asked {
                finding.ask(stage, question)?;
            }
        }
        for search in searches.iter().filter(|search| is_wanted(search.name, only)) {
            let at = findings.iter().position(|finding| finding.name == search.name);
            let at = at.unwrap_or_else(|| {
                findings.push(Finding::of(search.name));
                findings.len() - 1
            });
            let (quantiles, found) = search.run(&stage.url, key, CLIENTS, DURATION)?;
            findings[at].total = found;
            findings[at].first.push(quantiles);
        }
        if state == "burst" {
            database::query(&stage.url, "VACUUM ANALYZE")?;
        }
    }
    let first: Vec<_> = findings.iter().map(|finding| finding.row(&[&finding.first])).collect();
    let deep = findings.iter().filter(|finding| !finding.deep.is_empty());
    let deep: Vec<_> =
        deep.map(|finding| finding.row(&[&finding.deep, &finding.crowded])).collect();
    Ok(format!(
        "{}\n{}\n{}",
        report::table(&FIRST_PAGE, &first),
        report::table(&DEEP_PAGE, &deep),
        verdict(&findings)
    ))
}

impl Finding {
    fn of(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            total: String::new(),
            first: Vec::new(),
            deep: Vec::new(),
            crowded: Vec::new(),
        }
    }

    fn ask(&mut self, stage: &Stage, question: &Question) -> Result<(), Failure> {
        let total = question.total(stage)?;
        self.total = total.to_string();
        self.first.push(quantiles(stage, question, 1, CLIENTS)?);
        if question.is_deep && total > u64::from(DEEP) {
            self.deep.push(quantiles(stage, question, DEEP / 10 + 1, 1)?);
            self.crowded.push(quantiles(stage, question, DEEP / 10 + 1, CLIENTS)?);
        }
        println!("{}", self.row(&[&self.first, &self.deep, &self.crowded]).join(" | "));
        Ok(())
    }

    fn row(&self, columns: &[&Vec<Quantiles>]) -> Vec<String> {
        let pair = |of: &[Quantiles], state: usize| {
            let shown =
                of.get(state).map(|(half, most)| [milliseconds(*half), milliseconds(*most)]);
            shown.unwrap_or(["–".to_owned(), "–".to_owned()])
        };
        let figures = columns.iter().flat_map(|of| [pair(of, 0), pair(of, 1)]).flatten();
        [self.name.clone(), self.total.clone()].into_iter().chain(figures).collect()
    }
}

fn quantiles(
    stage: &Stage,
    question: &Question,
    page: u32,
    connections: usize,
) -> Result<Quantiles, Failure> {
    for duration in [DURATION, PATIENCE] {
        let load =
            Load { address: stage.address, connections, warm_up: WARM_UP, duration, expected: 200 };
        let outcome = checked(load.run(|| question.requests(page))?)?;
        // Whoever is still waiting at the end is not counted, so there must be many who are.
        if outcome.count() >= 3 * connections as u64 || duration == PATIENCE {
            return Ok((outcome.quantile(0.5), outcome.quantile(0.99)));
        }
    }
    Err(Failure::explained("nobody was patient"))
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1e3)
}

/// Which questions took longer than they may.
fn verdict(findings: &[Finding]) -> String {
    let late = |of: fn(&Finding) -> &[Quantiles], goal: Duration| {
        let late =
            findings.iter().filter(|finding| of(finding).iter().any(|(_, most)| *most > goal));
        late.map(|finding| finding.name.as_str()).collect::<Vec<_>>()
    };
    let say = |what: &str, goal: Duration, late: &[&str]| {
        let verdict =
            if late.is_empty() { "all".to_owned() } else { format!("not {}", late.join(", ")) };
        format!("p99 of {what} within {} ms: {verdict}", goal.as_millis())
    };
    let [first, deep] = GOALS;
    [
        say("page 1 for 8 clients", first, &late(|finding| &finding.first, first)),
        say("page 10,000 for one client", deep, &late(|finding| &finding.deep, deep)),
    ]
    .join("\n")
}

/// Runs a script for the first demonstration merchant.
fn script(url: &str, customers: u32, text: &str) -> Result<(), Failure> {
    let merchant = "SELECT id FROM merchants WHERE store_code = 'DEFAULT'";
    let merchant = database::query(url, merchant)?;
    let mut psql = client("psql");
    psql.args(["-X", "-q", "-A", "-t", "-o", "/dev/null"]);
    psql.args(["-v", &format!("customers={customers}")]);
    psql.args(["-v", &format!("merchant={}", merchant.trim())]);
    let file = ScriptFile::write(text)?;
    psql.arg("-f").arg(&file.0).arg(url).stdin(Stdio::null());
    process::read(&mut psql).map(drop)
}
