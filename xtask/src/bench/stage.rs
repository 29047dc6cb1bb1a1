//! What every scenario plays on: a server of its own, safe like production's, and the service as it is released.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::cpu;
use super::report;
use crate::backend;
use crate::cluster::{self, Cluster, Profile};
use crate::database;
use crate::failure::Failure;
use crate::http;
use crate::interrupt::Interrupt;
use crate::key::MasterKey;
use crate::service::{self, Build, Service};

/// How often the service is started to see how long that takes.
const STARTS: u32 = 5;
const PROBE_INTERVAL: Duration = Duration::from_millis(1);
/// What differs from an operator's settings: callers are not slowed down, tokens last as long as the bench, and the
/// bench may claim to be many clients and must not learn who has an account.
const SETTINGS: [(&str, &str); 5] = [
    ("CLIENTELE_TRUSTED_PROXIES", "127.0.0.1"),
    ("CLIENTELE_OPEN_LOYALTY__HIDE_UNKNOWN_ACCOUNTS", "true"),
    ("CLIENTELE_KOUNTA__BASIC_REQUESTS_PER_MINUTE", "0"),
    ("CLIENTELE_KOUNTA__OAUTH_REQUESTS_PER_MINUTE", "0"),
    ("CLIENTELE_MONRI__ACCESS_TOKEN_SECONDS", "86400"),
];

/// A service that is ready, on a database of the demonstration merchants and many customers of the first.
#[derive(Clone, Debug)]
pub(super) struct Stage {
    pub(super) address: SocketAddr,
    /// The service's database.
    pub(super) url: String,
    pub(super) customers: u32,
    service: u32,
    postmaster: u32,
    started_in: f64,
    idle: Option<u64>,
}

/// A measurement and the CPU time it cost.
#[derive(Clone, Debug)]
pub(super) struct Sample<T> {
    pub(super) outcome: T,
    pub(super) service: Duration,
    pub(super) postgres: Duration,
}

/// What the process needs, whatever it is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Process {
    /// Milliseconds from its start to its first good `/readyz`, on a migrated database; the median.
    pub(super) started_in: f64,
    /// MiB in RAM before the first request.
    pub(super) idle: Option<f64>,
    /// MiB in RAM after the last.
    pub(super) loaded: Option<f64>,
}

/// Sets the stage, has `scenario` play on it, prints what it found and takes everything down again.
pub(super) async fn play<S>(
    customers: u32,
    crowd: impl AsyncFnOnce(&str, &MasterKey) -> Result<(), Failure>,
    scenario: S,
) -> Result<(), Failure>
where
    S: FnOnce(&Stage, &MasterKey) -> Result<String, Failure> + Send + 'static,
{
    let mut interrupt = Interrupt::listen()?;
    let binary = service::build(Build::Release, &mut interrupt).await?;
    let key = MasterKey::given_or_kept(&cluster::state_folder()?)?;
    let cluster = Cluster::start(Profile::Benchmark)?;
    let url = cluster.url("postgres");
    backend::migrate(&url).await?;
    println!("adding {customers} customers");
    tokio::select! {
        filled = fill(&url, &key, crowd) => filled?,
        () = interrupt.arrives() => return Err(Failure::Interrupted),
    }
    let address = cluster::free_address()?;
    let (mut service, started_in) = start_often(&binary, &url, address, &key).await?;
    let outcome = async {
        let pid = service.pid().ok_or_else(|| Failure::explained("the service has ended"))?;
        let stage = Stage {
            address,
            url,
            customers,
            service: pid,
            postmaster: cluster
                .postmaster()
                .ok_or_else(|| Failure::explained("PostgreSQL has ended"))?,
            started_in,
            idle: cpu::resident_bytes(pid),
        };
        let work = tokio::task::spawn_blocking(move || scenario(&stage, &key));
        tokio::select! {
            text = work => text.map_err(|_| Failure::explained("the measurement broke down"))?,
            failure = service.dies() => Err(failure),
            () = interrupt.arrives() => Err(Failure::Interrupted),
        }
    }
    .await;
    service.stop().await;
    println!("{}", outcome?);
    Ok(())
}

/// Fills the database without waiting for the disk; the measurements wait for it as production does.
async fn fill(
    url: &str,
    key: &MasterKey,
    crowd: impl AsyncFnOnce(&str, &MasterKey) -> Result<(), Failure>,
) -> Result<(), Failure> {
    database::query(url, "ALTER SYSTEM SET synchronous_commit = off")?;
    database::query(url, "SELECT pg_reload_conf()")?;
    crowd(url, key).await?;
    database::query(url, "ALTER SYSTEM RESET synchronous_commit")?;
    database::query(url, "SELECT pg_reload_conf()").map(drop)
}

/// Starts the service several times; the last one stays.
async fn start_often(
    binary: &Path,
    url: &str,
    address: SocketAddr,
    key: &MasterKey,
) -> Result<(Service, f64), Failure> {
    let mut times = Vec::new();
    loop {
        let mut command = Service::command(binary.to_path_buf(), url, address, key);
        command.envs(SETTINGS).stdout(Stdio::null());
        let (service, milliseconds) = start(command, address).await?;
        times.push(milliseconds);
        if times.len() >= STARTS as usize {
            return Ok((service, report::median(times).unwrap_or_default()));
        }
        service.stop().await;
    }
}

async fn start(command: Command, address: SocketAddr) -> Result<(Service, f64), Failure> {
    let begun = Instant::now();
    let mut service = Service::start(command, address)?;
    while http::probe(address, "/readyz").await != Some(200) {
        if begun.elapsed() > Duration::from_secs(5) {
            // Tells why it is not.
            service.becomes_ready().await?;
        }
        tokio::time::sleep(PROBE_INTERVAL).await;
    }
    Ok((service, begun.elapsed().as_secs_f64() * 1e3))
}

impl Stage {
    /// Runs a measurement and says what it cost. The program that makes the load is not among the costs.
    pub(super) fn sample<T>(
        &self,
        run: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<Sample<T>, Failure> {
        let before = (cpu::used_by_family(self.service), cpu::used_by_family(self.postmaster));
        let outcome = run()?;
        let after = (cpu::used_by_family(self.service), cpu::used_by_family(self.postmaster));
        Ok(Sample {
            outcome,
            service: after.0.saturating_sub(before.0),
            postgres: after.1.saturating_sub(before.1),
        })
    }

    /// The process as it was and is.
    pub(super) fn process(&self) -> Process {
        Process {
            started_in: self.started_in,
            idle: self.idle.map(mebibytes),
            loaded: cpu::resident_bytes(self.service).map(mebibytes),
        }
    }
}

impl Process {
    /// The table, with the time of a password hash, which is the better part of a login.
    pub(super) fn table(&self, hash: Duration) -> String {
        let show =
            |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.1}"));
        let rows = [
            vec!["start to ready, ms".to_owned(), format!("{:.0}", self.started_in)],
            vec!["memory before the first request, MiB".to_owned(), show(self.idle)],
            vec!["memory after the last, MiB".to_owned(), show(self.loaded)],
            vec!["one password hash, ms".to_owned(), format!("{:.1}", hash.as_secs_f64() * 1e3)],
        ];
        report::table(&["the process", "value"], &rows)
    }
}

pub(super) fn mebibytes(bytes: u64) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "the memory of a process is far below 2^52 bytes"
    )]
    let bytes = bytes as f64;
    bytes / (1024.0 * 1024.0)
}
