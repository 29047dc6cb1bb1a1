//! The floor under all other scenarios: a request that does nothing but ask the database whether it is there.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::load::{self, Load};
use super::pgbench::{self, Script};
use super::{Effort, cpu, report};
use crate::backend;
use crate::cluster::{self, Cluster, Profile};
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::key::MasterKey;
use crate::service::{self, Build, Service};

const PORT: u16 = 18_080;
const PATH: &str = "/readyz";
const WARM_UP: Duration = Duration::from_millis(500);

/// One measurement of either side, with the CPU time it cost.
struct Sample<T> {
    outcome: T,
    service: Duration,
    postgres: Duration,
}

/// The processes that are measured.
#[derive(Clone, Copy)]
struct Measured {
    service: u32,
    postmaster: u32,
}

pub(super) async fn run(effort: Effort) -> Result<(), Failure> {
    let mut interrupt = Interrupt::listen()?;
    let binary = service::build(Build::Release)?;
    let key = MasterKey::given_or_kept(&cluster::state_folder()?)?;
    let cluster = Cluster::start(Profile::Benchmark)?;
    let url = cluster.url("postgres");
    backend::migrate(&url).await?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, PORT));
    let mut service = Service::launch(binary, &url, address, &key)?;
    let outcome = async {
        service.becomes_ready().await?;
        let measured = Measured {
            service: service.pid().ok_or_else(|| Failure::explained("the service has ended"))?,
            postmaster: cluster
                .postmaster()
                .ok_or_else(|| Failure::explained("PostgreSQL has ended"))?,
        };
        let work = tokio::task::spawn_blocking(move || measure(effort, address, &url, measured));
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

/// Measures both sides and tells about it in a table.
fn measure(
    effort: Effort,
    address: SocketAddr,
    url: &str,
    measured: Measured,
) -> Result<String, Failure> {
    let request = format!("GET {PATH} HTTP/1.1\r\nHost: {address}\r\n\r\n").into_bytes();
    let load = Load {
        address,
        connections: effort.connections as usize,
        warm_up: WARM_UP,
        duration: Duration::from_secs(effort.seconds.into()),
        expected: 200,
    };
    let script = Script {
        url: url.to_owned(),
        sql: "SELECT :one;\n",
        variables: vec![("one", "1".to_owned())],
        clients: effort.connections,
        seconds: effort.seconds,
    };
    let ours = || {
        measured.sample(|| {
            load.run(|| {
                let request = request.clone();
                move |_, _| request.clone()
            })
        })
    };
    let pairs = report::interleaved(effort.pairs, ours, || measured.sample(|| script.run()))?;
    if let Some(error) = pairs.iter().find_map(|(ours, _)| ours.outcome.first_error.as_deref()) {
        let errors: u64 = pairs.iter().map(|(ours, _)| ours.outcome.errors).sum();
        return Err(Failure::explained(format!(
            "{errors} requests failed, the first with:\n{error}"
        )));
    }
    Ok(tell(&pairs, cpu::resident_bytes(measured.service)))
}

impl Measured {
    fn sample<T>(self, run: impl FnOnce() -> Result<T, Failure>) -> Result<Sample<T>, Failure> {
        let before = (cpu::used_by_family(self.service), cpu::used_by_family(self.postmaster));
        let outcome = run()?;
        let after = (cpu::used_by_family(self.service), cpu::used_by_family(self.postmaster));
        Ok(Sample {
            outcome,
            service: after.0.saturating_sub(before.0),
            postgres: after.1.saturating_sub(before.1),
        })
    }
}

fn tell(
    pairs: &[(Sample<load::Outcome>, Sample<pgbench::Outcome>)],
    resident: Option<u64>,
) -> String {
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

/// The load's warm-up is in the CPU time but not in the count, which makes it a little pessimistic.
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
