//! Webhooks of many changes, while those who make and send them are killed.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use clap::Args;
use domain::demo;

use super::herd::{Herd, Terms};
use super::load::{self, Tally};
use super::sink::Sink;
use super::verdict;
use crate::backend;
use crate::cluster::{self, Cluster, Profile};
use crate::database;
use crate::exchange::subscribe;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::key::MasterKey;
use crate::seed;
use crate::service::{self, Build};

/// How long nothing may arrive before it is given up: longer than a claim of a process that was killed holds.
const PATIENCE: Duration = Duration::from_secs(150);
const PROBE_INTERVAL: Duration = Duration::from_millis(500);

/// Change customers through all dialects while the processes that serve and those that send are killed, with a receiver
/// that fails three times out of ten: every committed event arrives, none of a dropped change does, what comes again is
/// the same, and what is first told of a customer comes in order.
#[derive(Debug, Args)]
pub(crate) struct Webhooks {
    /// How many changes are asked for
    #[arg(long, default_value_t = 10_000)]
    changes: u32,
    /// What decides who is killed when, and what is asked of whom
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Webhooks {
    /// As much as a gate has time for.
    pub(crate) const BRIEF: &Self = &Self { changes: 1_000, seed: 1 };
}

pub(crate) async fn run(options: &Webhooks) -> Result<(), Failure> {
    let mut interrupt = Interrupt::listen()?;
    let binary = service::build(Build::Debug, &mut interrupt).await?;
    let key = MasterKey::given_or_kept(&cluster::state_folder()?)?;
    let cluster = Cluster::start(Profile::Tests)?;
    let url = cluster.url("postgres");
    backend::migrate(&url).await?;
    seed::demo(&url, &key, seed::DEMO_CUSTOMERS).await?;
    let sink = Sink::open(options.seed)?;
    let mut herd = Herd::start(Terms { binary, url: url.clone(), key }).await?;
    let outcome = tokio::select! {
        outcome = play(options, &url, &sink, &mut herd) => outcome,
        () = interrupt.arrives() => Err(Failure::Interrupted),
    };
    herd.stop().await;
    outcome
}

async fn play(options: &Webhooks, url: &str, sink: &Sink, herd: &mut Herd) -> Result<(), Failure> {
    let servers = herd.servers();
    let since = prepare(url, servers[0], sink.address())?;
    let (changes, seed) = (options.changes, options.seed);
    let loading = {
        let url = url.to_owned();
        tokio::task::spawn_blocking(move || load::run(&url, servers, changes, seed))
    };
    let tally: Tally = herd
        .kill_until(seed, loading)
        .await?
        .map_err(|_| Failure::explained("the load broke down"))??;
    println!("{tally}, {} processes killed", herd.killed());
    settle(url, || sink.count()).await?;
    let report = verdict::judge(url, since, &sink.receipts())?;
    println!("{report}");
    report.into_outcome()
}

/// Subscribes, has the merchant's own webhook lead to the sink as well, and has some changes fail at the last moment.
/// What was stored before is nobody's business. Tells from where events count.
fn prepare(url: &str, server: SocketAddr, sink: SocketAddr) -> Result<u64, Failure> {
    for topic in ["created", "updated", "deleted"] {
        subscribe(server, topic, &format!("http://{sink}/{topic}"))?;
    }
    let store = demo::STORE;
    database::query(
        url,
        &format!(
            "UPDATE merchants SET settings = settings || jsonb_build_object('webhook_enabled', TRUE, \
             'webhook_url', 'http://{sink}/programme') WHERE store_code = '{store}'"
        ),
    )?;
    database::query(
        url,
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         IF NEW.first_name LIKE 'Rollback%' THEN RAISE unique_violation USING MESSAGE = 'on purpose'; END IF; \
         RETURN NULL; END $$; \
         CREATE CONSTRAINT TRIGGER refused AFTER INSERT OR UPDATE ON customers DEFERRABLE INITIALLY DEFERRED \
         FOR EACH ROW EXECUTE FUNCTION refuse()",
    )?;
    let since = database::query(
        url,
        "UPDATE delivery_cursor SET transaction_id = pg_snapshot_xmin(pg_current_snapshot()) \
         RETURNING transaction_id",
    )?;
    since.trim().parse().map_err(|_| Failure::explained("the cursor cannot be read"))
}

/// Waits until everything was told that is to be told; `arrived` counts what was.
pub(crate) async fn settle(url: &str, arrived: impl Fn() -> usize) -> Result<(), Failure> {
    let left = "SELECT (SELECT count(*) FROM delivery_lanes), (SELECT count(*) FROM events AS e, delivery_cursor AS c \
         WHERE (e.transaction_id, e.merchant_id, e.customer_id, e.version, e.ordinal) \
         > (c.transaction_id, c.merchant_id, c.subject_id, c.version, c.ordinal))";
    let (mut seen, mut since) = (0, Instant::now());
    loop {
        let found = database::query(url, left)?;
        if found.trim() == "0\t0" {
            return Ok(());
        }
        let count = arrived();
        if count > seen {
            (seen, since) = (count, Instant::now());
        }
        if since.elapsed() > PATIENCE {
            return Err(Failure::explained(format!(
                "nothing arrives any more; lanes and events left: {}",
                found.trim()
            )));
        }
        tokio::time::sleep(PROBE_INTERVAL).await;
    }
}
