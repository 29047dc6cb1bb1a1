//! Secrets that change while deliveries are underway: whoever tries the last two secrets can verify everything. The
//! verifying is done by the library of Standard Webhooks that receivers use.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use super::load;
use super::webhooks::settle;
use crate::cluster::Profile;
use crate::database::{self, Server};
use crate::demo;
use crate::exchange::{self, ask, request};
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::service::{self, Build, Service};
use crate::sink::{Received, Sink};
use crate::{contracts, seed};

/// What verifies.
const VERIFIER: &str = include_str!("verify.py");
/// Between two rotations.
const BREATH: Duration = Duration::from_millis(400);
/// The headers that are signed, and the signature.
const SIGNED: [&str; 3] = ["webhook-id", "webhook-timestamp", "webhook-signature"];

/// Rotate the secret of a webhook over and over while customers change: no delivery is unverifiable for who tries the
/// last two secrets.
///
/// Needs the library of Standard Webhooks: `pip install -r xtask/python.txt`.
#[derive(Debug, Args)]
pub(crate) struct Rotation {
    /// How many changes are asked for
    #[arg(long, default_value_t = 2_000)]
    changes: u32,
}

impl Rotation {
    /// As much as a gate has time for.
    pub(crate) const BRIEF: &Self = &Self { changes: 1_000 };
}

/// A delivery as it arrived.
struct Arrival {
    headers: [(&'static str, String); 3],
    body: String,
    /// How many secrets its receiver had been given by then.
    known: usize,
}

/// What the receiver has.
#[derive(Default)]
struct Book {
    /// Every secret, in the order in which they came.
    secrets: Vec<String>,
    arrivals: Vec<Arrival>,
}

type SharedBook = Arc<Mutex<Book>>;

pub(crate) async fn run(options: &Rotation) -> Result<(), Failure> {
    let mut interrupt = Interrupt::listen()?;
    let server = Server::open(Profile::Tests, &interrupt)?;
    on(&server, options, &mut interrupt).await
}

/// Rotates on a new database.
pub(crate) async fn on(
    server: &Server,
    options: &Rotation,
    interrupt: &mut Interrupt,
) -> Result<(), Failure> {
    // An interpreter that has what `pip` was asked for stands beside the program that came with it.
    let python = contracts::program()?.with_file_name("python");
    let binary = service::build(Build::Debug, interrupt).await?;
    let scratch = server.scratch("rotation")?;
    let (mut command, address) =
        Service::on_demo(binary, &scratch.url, seed::DEMO_CUSTOMERS).await?;
    command
        .env("CLIENTELE_OPS__KEY", demo::OPS_KEY)
        .env("CLIENTELE_WEBHOOKS__PRIVATE_ADDRESSES", "true")
        .env("CLIENTELE_KOUNTA__BASIC_REQUESTS_PER_MINUTE", "0")
        .env("CLIENTELE_LOG__FILTER", "error");
    let mut service = Service::start(command, address)?;
    let (changes, url) = (options.changes, scratch.url.clone());
    let outcome = async {
        service.becomes_ready().await?;
        let play = tokio::task::spawn_blocking(move || play(address, &url, changes));
        tokio::select! {
            played = play => played.map_err(|_| Failure::explained("the rotation broke down"))?,
            failure = service.dies() => Err(failure),
            () = interrupt.arrives() => Err(Failure::Interrupted),
        }
    }
    .await;
    service.stop().await;
    judge(&python, &outcome?)
}

/// Has customers change while the secret does, and tells what arrived.
fn play(server: SocketAddr, url: &str, changes: u32) -> Result<Book, Failure> {
    let book = SharedBook::default();
    let noting = Arc::clone(&book);
    let sink = Sink::start(move |received| {
        let mut book = locked(&noting);
        let known = book.secrets.len();
        // Whoever has no secret yet does not verify.
        if known > 0 {
            book.arrivals.push(Arrival::of(received, known));
        }
        200
    })?;
    let endpoint = subscribe(server, url, sink.address())?;
    locked(&book).secrets.push(rotate(server, &endpoint)?);
    let tally = std::thread::scope(|scope| {
        let loading = scope.spawn(|| load::run(url, [server; 2], changes, 1));
        while !loading.is_finished() {
            std::thread::sleep(BREATH);
            locked(&book).secrets.push(rotate(server, &endpoint)?);
        }
        loading.join().map_err(|_| Failure::explained("the load broke down"))?
    })?;
    println!("{tally}");
    let arrived = || locked(&book).arrivals.len();
    tokio::runtime::Handle::current().block_on(settle(url, arrived))?;
    drop(sink);
    Ok(std::mem::take(&mut *locked(&book)))
}

fn locked(book: &Mutex<Book>) -> MutexGuard<'_, Book> {
    book.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Has a receiver be told of new customers, and tells where its secret is changed.
fn subscribe(server: SocketAddr, url: &str, sink: SocketAddr) -> Result<String, Failure> {
    exchange::subscribe(server, "created", &format!("http://{sink}/"))?;
    let path = "SELECT format('/ops/v1/merchants/%s/endpoints/%s', merchant_id, number) FROM subscriptions \
        ORDER BY number DESC LIMIT 1";
    Ok(database::query(url, path)?.trim().to_owned())
}

/// Makes a new secret.
fn rotate(server: SocketAddr, endpoint: &str) -> Result<String, Failure> {
    let key = format!("Authorization: Bearer {}\r\n", demo::OPS_KEY);
    let answer =
        ask(server, &request("POST", &format!("{endpoint}/rotate-secret"), &key, ""), 200)?;
    let answer: Value = serde_json::from_slice(&answer).unwrap_or_default();
    let secret = answer["secret"].as_str();
    secret.map(str::to_owned).ok_or_else(|| Failure::explained("a rotation showed no secret"))
}

impl Arrival {
    fn of(received: &Received<'_>, known: usize) -> Self {
        let header = |name| received.header(name).unwrap_or_default().to_owned();
        Self {
            headers: SIGNED.map(|name| (name, header(name))),
            body: String::from_utf8_lossy(received.body).into_owned(),
            known,
        }
    }

    /// What the verifier reads about it, for somebody who has one secret.
    fn question(&self, secret: &str) -> String {
        let headers: Value =
            self.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        json!({"secret": secret, "headers": headers, "body": self.body}).to_string()
    }
}

/// Whether whoever has the last two secrets can verify everything.
fn judge(python: &Path, book: &Book) -> Result<(), Failure> {
    let newest = |arrival: &Arrival| &book.secrets[arrival.known - 1];
    let before = |arrival: &Arrival| &book.secrets[arrival.known.saturating_sub(2)];
    let by_newest = unverifiable(python, book, newest)?;
    let by_before = unverifiable(python, book, before)?;
    let neither = by_newest.intersection(&by_before).count();
    println!(
        "{} deliveries, {} rotations; not verifiable with the newest secret: {}, with the one before: {}, with neither: {neither}",
        book.arrivals.len(),
        book.secrets.len(),
        by_newest.len(),
        by_before.len(),
    );
    if book.arrivals.is_empty() || book.secrets.len() < 3 {
        return Err(Failure::explained("too little happened to tell"));
    }
    if neither > 0 {
        return Err(Failure::explained("some deliveries cannot be verified"));
    }
    Ok(())
}

/// Which arrivals do not verify with one secret each.
fn unverifiable<'b>(
    python: &Path,
    book: &'b Book,
    secret: impl Fn(&'b Arrival) -> &'b String,
) -> Result<BTreeSet<usize>, Failure> {
    let questions: Vec<_> =
        book.arrivals.iter().map(|arrival| arrival.question(secret(arrival))).collect();
    let printed = answers(python, questions.join("\n").into_bytes())?;
    let number = |line: &str| {
        line.parse().map_err(|_| Failure::explained(format!("the verifier says `{line}`")))
    };
    printed.lines().map(number).collect()
}

/// What the verifier says to everything that it is asked.
fn answers(python: &Path, questions: Vec<u8>) -> Result<String, Failure> {
    let mut verifier = Command::new(python);
    verifier.args(["-c", VERIFIER]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = verifier.spawn().map_err(Failure::io("start the verifier"))?;
    let stdin = child.stdin.take();
    // It answers while it is still being asked.
    let asking = std::thread::spawn(move || stdin.map(|mut stdin| stdin.write_all(&questions)));
    let output = child.wait_with_output().map_err(Failure::io("wait for the verifier"))?;
    let asked = asking.join().map_err(|_| Failure::explained("nobody asked the verifier"))?;
    if !output.status.success() || !matches!(asked, Some(Ok(()))) {
        return Err(Failure::explained(
            "the verifier broke down; does it have the library? `pip install -r xtask/python.txt`",
        ));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
