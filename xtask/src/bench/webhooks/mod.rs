//! `cargo xtask bench webhooks`: what deliveries cost the changes that they tell of, how fast a full outbox is drained, and
//! how long after a change its receiver knows of it. The receiver is a sink on loopback that answers 204.

mod latency;
mod receivers;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;

use self::latency::Ledger;
use super::crowd::{self, Person};
use super::dialects::creation;
use super::load::{Load, checked};
use super::pgbench::{Run, Script};
use super::{Effort, WARM_UP, cpu, report};
use crate::backend;
use crate::cluster::{self, Cluster, Profile};
use crate::database;
use crate::exchange::subscribe;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::key::MasterKey;
use crate::service::{self, Build, Service};
use crate::sink::Sink;

/// How many subscriptions there are in the end.
const MANY: u64 = 10;
/// Changes a second while delays are taken, and for how long.
const PACE: (u32, Duration) = (200, Duration::from_secs(10));
/// How long changes are collected for the drain.
const COLLECTED: Duration = Duration::from_secs(12);
/// How long all that was committed may take to arrive.
const PATIENCE: Duration = Duration::from_mins(3);
const LOOK_AGAIN: Duration = Duration::from_millis(5);
/// How many rows one claim of pgbench takes, and how many there are.
const CLAIM: u32 = 100;
const CLAIMABLE: u32 = 1_000_000;
/// What differs from an operator's settings: the workers have a process of their own, and the sink is on this machine.
const SETTINGS: [(&str, &str); 3] = [
    ("CLIENTELE_WEBHOOKS__WORKERS", "false"),
    ("CLIENTELE_WEBHOOKS__PRIVATE_ADDRESSES", "true"),
    ("CLIENTELE_KOUNTA__BASIC_REQUESTS_PER_MINUTE", "0"),
];

/// What is measured on.
struct Ground {
    url: String,
    api: SocketAddr,
    binary: PathBuf,
    key: MasterKey,
    postmaster: u32,
    effort: Effort,
}

/// What has arrived.
struct Arrivals {
    count: AtomicU64,
    ledger: Ledger,
}

/// What draining took.
struct Drain {
    /// Deliveries a second.
    rate: f64,
    /// Microseconds of CPU time of the worker for each.
    worker: f64,
    /// The same of PostgreSQL.
    postgres: f64,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aspect {
    /// What deliveries cost and how fast they arrive.
    Deliveries,
    /// What receivers cost that do not behave.
    Receivers,
}

/// Gives the first demonstration merchant `customers` and measures.
pub(super) async fn run(customers: u32, effort: Effort, aspect: Aspect) -> Result<(), Failure> {
    let mut interrupt = Interrupt::listen()?;
    let binary = service::build(Build::Release, &mut interrupt).await?;
    let key = MasterKey::given_or_kept(&cluster::state_folder()?)?;
    let cluster = Cluster::start(Profile::Benchmark)?;
    let url = cluster.url("postgres");
    backend::migrate(&url).await?;
    println!("adding {customers} customers");
    crowd::fill(&url, &key, customers).await?;
    let api = cluster::free_address()?;
    let postmaster = cluster.postmaster();
    let postmaster = postmaster.ok_or_else(|| Failure::explained("PostgreSQL has ended"))?;
    let ground = Ground { url, api, binary, key, postmaster, effort };
    let mut service = ground.start(api, &[]).await?;
    let work = tokio::task::spawn_blocking(move || match aspect {
        Aspect::Deliveries => ground.measure(),
        Aspect::Receivers => receivers::measure(&ground),
    });
    let outcome = tokio::select! {
        text = work => text.map_err(|_| Failure::explained("the measurement broke down"))?,
        failure = service.dies() => Err(failure),
        () = interrupt.arrives() => Err(Failure::Interrupted),
    };
    service.stop().await;
    println!("{}", outcome?);
    Ok(())
}

impl Ground {
    async fn start(&self, address: SocketAddr, arguments: &[&str]) -> Result<Service, Failure> {
        let mut command = Service::command(self.binary.clone(), &self.url, address, &self.key);
        command.args(arguments).envs(SETTINGS).stdout(Stdio::null());
        let mut service = Service::start(command, address)?;
        service.becomes_ready().await?;
        Ok(service)
    }

    /// Starts a process that only delivers.
    fn start_worker(&self) -> Result<Service, Failure> {
        let address = cluster::free_address()?;
        Handle::current().block_on(self.start(address, &["worker"]))
    }

    fn measure(&self) -> Result<String, Failure> {
        let arrivals = Arc::new(Arrivals { count: AtomicU64::new(0), ledger: Ledger::of(1) });
        let seen = Arc::clone(&arrivals);
        let sink = Sink::start(move |received| {
            seen.ledger.receive(received.body, received.at);
            seen.count.fetch_add(1, Ordering::Relaxed);
            204
        })?;
        let runtime = Handle::current();
        let seconds = Duration::from_secs(u64::from(self.effort.seconds));

        let worker = self.start_worker()?;
        let (none, _) = self.write(seconds)?;
        self.subscribe(&sink, 1)?;
        let mut wanted = 0;
        let (one, written) = self.write(seconds)?;
        let delivered = arrivals.count.load(Ordering::Relaxed);
        wanted += written;
        arrivals.wait_for(wanted)?;

        let next = || {
            let person = Person::newcomer();
            (person.key, creation(&person))
        };
        runtime.block_on(latency::pace(self.api, PACE, &arrivals.ledger, next))?;
        wanted += u64::from(PACE.0) * PACE.1.as_secs();
        arrivals.wait_for(wanted)?;
        let delays = arrivals.ledger.quantiles();
        let (half, most) = delays.ok_or_else(|| Failure::explained("nothing arrived in time"))?;
        runtime.block_on(worker.stop());

        let (alone, written) = self.write(COLLECTED)?;
        wanted += written;
        let (worker, drain) = self.drain(&arrivals, wanted, written)?;
        let claims = self.claims()?;

        self.subscribe(&sink, MANY - 1)?;
        let (ten, written) = self.write(seconds)?;
        wanted += MANY * written;
        arrivals.wait_for(wanted)?;
        runtime.block_on(worker.stop());

        let delivered = rate(delivered, seconds + WARM_UP);
        let row = |name: &str, value: String| vec![name.to_owned(), value];
        let of_none = |rate: f64| format!("{rate:.0} ({:.2} of none)", rate / none);
        let milliseconds = |delay: Duration| format!("{:.1}", delay.as_secs_f64() * 1e3);
        let rows = [
            row("changes/s, no subscription", format!("{none:.0}")),
            row("changes/s, one subscription", of_none(one)),
            row("  delivered/s meanwhile", format!("{delivered:.0}")),
            row("changes/s, one subscription, nobody delivers", of_none(alone)),
            row("changes/s, ten subscriptions", of_none(ten)),
            row("drain, deliveries/s", format!("{:.0}", drain.rate)),
            row(
                "  ÷ rows/s that pgbench claims",
                format!("{:.2} of {claims:.0}", drain.rate / claims),
            ),
            row("  CPU of the worker for each, µs", format!("{:.0}", drain.worker)),
            row("  CPU of PostgreSQL for each, µs", format!("{:.0}", drain.postgres)),
            row("change to receipt at 200/s, p50 ms", milliseconds(half)),
            row("change to receipt at 200/s, p99 ms", milliseconds(most)),
        ];
        Ok(report::table(&["webhooks", "value"], &rows))
    }

    /// Creates customers for a while: how many a second, and how many in all.
    fn write(&self, duration: Duration) -> Result<(f64, u64), Failure> {
        let connections = self.effort.connections as usize;
        let load =
            Load { address: self.api, connections, warm_up: WARM_UP, duration, expected: 201 };
        let outcome = checked(load.run(|| |_, _| creation(&Person::newcomer()))?)?;
        Ok((outcome.rate(), outcome.count()))
    }

    fn subscribe(&self, sink: &Sink, count: u64) -> Result<(), Failure> {
        for number in 0..count {
            subscribe(self.api, "created", &format!("http://{}/{number}", sink.address()))?;
        }
        Ok(())
    }

    /// Starts a worker on `backlog` deliveries and waits until `wanted` have arrived in all.
    fn drain(
        &self,
        arrivals: &Arrivals,
        wanted: u64,
        backlog: u64,
    ) -> Result<(Service, Drain), Failure> {
        let postgres = cpu::used_by_family(self.postmaster);
        let begun = Instant::now();
        let worker = self.start_worker()?;
        arrivals.wait_for(wanted)?;
        let took = begun.elapsed();
        let postgres = cpu::used_by_family(self.postmaster).saturating_sub(postgres);
        let own = worker.pid().map(cpu::used_by_family).unwrap_or_default();
        let drain = Drain {
            rate: rate(backlog, took),
            worker: micros_for_each(own, backlog),
            postgres: micros_for_each(postgres, backlog),
        };
        Ok((worker, drain))
    }

    /// Rows a second that pgbench takes off a queue, a hundred at a time, with four clients.
    fn claims(&self) -> Result<f64, Failure> {
        for statement in [
            "CREATE TABLE claimable (id bigint PRIMARY KEY, due_at timestamptz NOT NULL, body text NOT NULL)",
            &format!(
                "INSERT INTO claimable SELECT n, now(), repeat('x', 200) FROM generate_series(1, {CLAIMABLE}) AS n"
            ),
            "CREATE INDEX claimable_due_idx ON claimable (due_at, id)",
            "VACUUM ANALYZE claimable",
            "CHECKPOINT",
        ] {
            database::query(&self.url, statement)?;
        }
        let script = Script {
            sql: format!(
                "WITH due AS (SELECT id FROM claimable WHERE due_at <= now() ORDER BY due_at, id LIMIT {CLAIM} \
                 FOR UPDATE SKIP LOCKED) DELETE FROM claimable USING due WHERE claimable.id = due.id;\n"
            ),
            variables: Vec::new(),
        };
        let run =
            Run { url: &self.url, clients: 4, seconds: self.effort.seconds, customers: 0, base: 0 };
        let outcome = script.run(run)?;
        database::query(&self.url, "DROP TABLE claimable")?;
        Ok(outcome.rate * f64::from(CLAIM))
    }
}

impl Arrivals {
    /// Waits until so many have arrived.
    fn wait_for(&self, wanted: u64) -> Result<(), Failure> {
        let count = || self.count.load(Ordering::Relaxed);
        wait_for(|| count() >= wanted, || format!("{} of {wanted} have arrived", count()))
    }
}

/// Waits until something holds; `complaint` says what else is the case when it does not in time.
fn wait_for(holds: impl Fn() -> bool, complaint: impl Fn() -> String) -> Result<(), Failure> {
    let begun = Instant::now();
    while !holds() {
        if begun.elapsed() > PATIENCE {
            return Err(Failure::explained(complaint()));
        }
        std::thread::sleep(LOOK_AGAIN);
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a count of deliveries is far below 2^52")]
fn rate(count: u64, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

#[expect(clippy::cast_precision_loss, reason = "a count of deliveries is far below 2^52")]
fn micros_for_each(used: Duration, count: u64) -> f64 {
    used.as_secs_f64() * 1e6 / count as f64
}
